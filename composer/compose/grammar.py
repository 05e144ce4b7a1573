"""The grammar of an issue's files: text of a file in, Story or Issue out.

What cannot be read raises StoryError with file, line and mend. The order of an issue's stories is settled here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import cast, get_args

from composer.compose.arrange import arrange_stories
from composer.compose.blocks import read_body
from composer.compose.front import FrontMatter, read_front
from composer.compose.reading import Reading
from composer.model.body import Picture, plain
from composer.model.issue import Border, Issue, Kind, Status, Story
from composer.model.newsletter import Labels
from composer.text.inline import parse_inline
from composer.words import Words


def parse_story(text: str, *, id: str, path: str, labels: Labels) -> Story:  # noqa: A002 - the model's word
    """The story in the text of its file ``path``; raises StoryError."""
    front = read_front(text, path=path)
    kind = cast("Kind", _choice(front, "kind", get_args(Kind), default="story"))
    body = read_body(front.body, Reading(kind=kind, labels=labels, first_line=front.body_line, path=path))
    return Story(
        id=id,
        kind=kind,
        headline=body.headline,
        headline_line=body.headline_line,
        author=front.text("author"),
        status=cast("Status", _choice(front, "status", get_args(Status), default="draft")),
        teaser=front.text("teaser"),
        advertiser=front.text("advertiser"),
        border=cast("Border", _choice(front, "border", get_args(Border), default="sure")),
        booking=front.text("booking"),
        image=_image(front),
        blocks=body.blocks,
        web_only=body.web_only,
        path=path,
    )


def parse_issue(text: str, *, id: str, path: str, stories: Sequence[Story], labels: Labels) -> Issue:  # noqa: A002
    """The issue in the text of its ``issue.md``, with ``stories`` put in the order of the mail; raises StoryError.

    A story that ``order:`` does not list is appended and told in ``unordered``; an id without a story is told in ``missing``.
    """
    front = read_front(text, path=path)
    body = read_body(front.body, Reading(kind="story", labels=labels, first_line=front.body_line, path=path))
    ordered, unordered, missing = arrange_stories(stories, read_order(front))
    return Issue(
        id=id,
        number=_number(front),
        date=_date(front),
        subject=plain(body.headline).replace("\n", " ").strip(),
        subject_line=body.headline_line,
        preheader=front.text("preheader"),
        introduction=body.blocks,
        stories=ordered,
        credits=front.texts("credits"),
        unordered=unordered,
        missing=missing,
        correction_of=front.text("correction_of"),
        path=path,
    )


def read_order(front: FrontMatter) -> tuple[str, ...]:
    """The ids of ``order:``, each once; ``une.md`` and ``une, reglement`` are understood."""
    names = [name for text in front.texts("order") for name in text.split(",")]
    ids = [name.strip().removesuffix(".md") for name in names]
    return tuple(dict.fromkeys(name for name in ids if name))


def issue_number(text: str, *, path: str) -> int | None:
    """The number of an issue without reading its stories; raises StoryError."""
    return _number(read_front(text, path=path))


def _choice(front: FrontMatter, key: str, allowed: tuple[str, ...], *, default: str) -> str:
    value = front.text(key).lower()
    if not value or value in allowed:
        return value or default
    listed = ", ".join(allowed)
    raise front.wrong(
        key,
        fr=f"ne peut pas valoir « {value} »",
        en=f"cannot be “{value}”",
        hint=Words(fr=f"Écrivez l’un de ces mots : {listed}", en=f"Write one of these words: {listed}"),
    )


def _number(front: FrontMatter) -> int | None:
    value = front.text("number")
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    raise front.wrong(
        "number",
        fr=f"attend un nombre, pas « {value} »",
        en=f"takes a number, not “{value}”",
        hint=Words(fr="Écrivez `number: 212`", en="Write `number: 212`"),
    )


def _date(front: FrontMatter) -> date | None:
    value = front.text("date")
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise front.wrong(
            "date",
            fr=f"attend une date de l’année au jour, pas « {value} »",
            en=f"takes a date from year to day, not “{value}”",
            hint=Words(fr="Écrivez `date: 2026-11-26`", en="Write `date: 2026-11-26`"),
        ) from error


_IMAGE_KEYS = ("file", "alt", "caption", "credit", "link")


def _image(front: FrontMatter) -> Picture | None:
    """``image: {file, alt, caption, credit, link}``, or the file alone."""
    value = front.values.get("image", "")
    if not value:
        return None
    line = front.line_of("image")
    if isinstance(value, str):
        return Picture(file=value.strip().removeprefix("./"), line=line)
    texts = {key: value.get(key, "") for key in _IMAGE_KEYS} if isinstance(value, dict) else {}
    if not texts or not all(isinstance(text, str) for text in texts.values()):
        raise front.wrong(
            "image",
            fr="attend un fichier et ses textes",
            en="takes a file and its texts",
            hint=Words(fr='Écrivez `image: {file: images/une.jpg, alt: "…"}`', en='Write `image: {file: images/une.jpg, alt: "…"}`'),
        )
    read = {key: str(text).strip() for key, text in texts.items()}
    picture = Picture(file=read["file"].removeprefix("./"), alt=read["alt"], credit=read["credit"], link=read["link"], line=line)
    return replace(picture, caption=parse_inline(read["caption"], line=line)) if read["caption"] else picture
