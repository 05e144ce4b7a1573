"""Stories and issues as the answers of ``--json``: words as typed, marks taken off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from composer.compose.arrange import body_pictures, derive_preheader
from composer.model.body import (
    Block,
    Blocks,
    Calls,
    CodeBlock,
    FurtherReading,
    Heading,
    LinkLine,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Table,
    plain,
)
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels

Answer = dict[str, Any]


def issue_answer(issue: Issue, *, labels: Labels = Labels()) -> Answer:  # noqa: B008 - a frozen value
    """An issue with its stories in order; ``preheader`` is the one that readers get."""
    return {
        "id": issue.id,
        "number": issue.number,
        "date": issue.date.isoformat() if issue.date else None,
        "subject": issue.subject,
        "preheader": derive_preheader(issue, labels),
        "introduction": "\n\n".join(_texts(issue.introduction)),
        "stories": [story_answer(story) for story in issue.stories],
        "credits": list(issue.credits),
        "unordered": list(issue.unordered),
        "missing": list(issue.missing),
        "correction_of": issue.correction_of or None,
        "path": issue.path,
    }


def lone_story_answer(story: Story) -> Answer:
    """A story of no issue: the same answer with everything else empty."""
    return {
        "id": None,
        "number": None,
        "date": None,
        "subject": "",
        "preheader": "",
        "introduction": "",
        "stories": [story_answer(story)],
        "credits": [],
    }


def story_answer(story: Story) -> Answer:
    """A story; ``paragraphs`` leaves out the standfirst, which a sponsor does not have; ``image`` is its picture, else the first of its body."""
    standfirst = story.standfirst if story.kind != "sponsor" else None
    rest = story.blocks[1:] if standfirst else story.blocks
    return {
        "id": story.id,
        "kind": story.kind,
        "headline": story.headline_text,
        "author": story.author,
        "status": story.status,
        "standfirst": plain(standfirst.spans) if standfirst else "",
        "teaser": story.teaser,
        "advertiser": story.advertiser,
        "border": story.border,
        "run_ins": [plain(block.run_in) for block in story.blocks if isinstance(block, Paragraph) and block.run_in],
        "headings": [plain(block.spans) for block in story.blocks if isinstance(block, Heading)],
        "paragraphs": list(_paragraphs(rest)),
        "lists": sum(isinstance(block, ListBlock) for block in story.blocks),
        "list_items": [text for block in story.blocks if isinstance(block, ListBlock) for text in _texts((block,))],
        "further_reading": [{"text": plain(link.spans), "url": link.url} for link in story.further_reading],
        "calls": [_call(link) for link in story.calls],
        "image": _image(story.image or next(body_pictures(story.blocks), None)),
        "pictures": [_image(block) for block in story.blocks if isinstance(block, Picture)],
        "web_only": _web_only(story.web_only),
        "path": story.path,
    }


def _call(link: LinkLine) -> Answer:
    return {"text": plain(link.spans), "url": link.url, "emoji": link.emoji}


def _image(picture: Picture | None) -> Answer | None:
    if picture is None:
        return None
    return {
        "file": picture.file,
        "alt": picture.alt,
        "caption": plain(picture.caption),
        "credit": picture.credit,
        "link": picture.link,
    }


def _web_only(blocks: Blocks) -> Answer:
    """Questions are the headings that ask; every other line below the mark is a paragraph, in its order."""
    questions = [plain(block.spans) for block in blocks if isinstance(block, Heading) and _asks(block)]
    return {"questions": questions, "paragraphs": list(_texts(tuple(block for block in blocks if not _asks(block))))}


def _asks(block: Block) -> bool:
    return isinstance(block, Heading) and plain(block.spans).rstrip(" \u00a0\u202f").endswith(("?", "؟"))


def _paragraphs(blocks: Blocks) -> Iterator[str]:
    """The paragraphs of a story, those of quotes included; a run-in head is not repeated."""
    for block in blocks:
        match block:
            case Paragraph():
                yield plain(block.spans)
            case Quote():
                yield from _texts(block.blocks)
            case _:
                pass


def _texts(blocks: Blocks) -> Iterator[str]:
    """Every line of words in ``blocks``, at any depth."""
    for block in blocks:
        match block:
            case Paragraph():
                yield f"{plain(block.run_in)} – {plain(block.spans)}" if block.run_in else plain(block.spans)
            case Heading():
                yield plain(block.spans)
            case ListBlock():
                for item in block.items:
                    yield from _texts(item.blocks)
            case Quote():
                yield from _texts(block.blocks)
            case _:
                yield from _other_texts(block)


def _other_texts(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from (plain(cell) for row in (block.header, *block.rows) for cell in row)
        case CodeBlock():
            yield block.text
        case Picture():
            yield from (text for text in (block.alt, plain(block.caption)) if text)
        case FurtherReading():
            yield plain(block.label)
            yield from (plain(link.spans) for link in block.links)
        case Calls():
            yield from (plain(link.spans) for link in block.links)
        case _:
            pass
