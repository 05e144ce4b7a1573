"""The press: an issue goes in, its edition comes out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from babel.dates import format_date
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from composer.errors import TemplateError
from composer.model.body import Blocks
from composer.model.edition import Edition
from composer.model.issue import Issue, Story
from composer.model.newsletter import Newsletter
from composer.render.blocks import Press
from composer.render.inliner import Inliner
from composer.render.pictures import make_picture
from composer.render.plaintext import TextPress
from composer.render.proofs import prove_skeleton, prove_words
from composer.render.sayings import SAYINGS
from composer.render.slots import Slots, fill_slots, find_slots
from composer.render.structure import compile_structure
from composer.render.theme import Theme
from composer.render.typesetter import Typesetter
from composer.text.addresses import legal_url, privacy_url
from composer.text.counting import count_words, reading_minutes
from composer.text.merge import derive_prefix
from composer.words import Words

_POSTCODE = re.compile(r"\b(\d{4,5}) (?=[^\W\d_])")
# Whatever stands in an mj-text is a block: MJML passes it through, and the theme's rules are put on it apart.
_TEXT = re.compile(r"(<mj-text\b[^>]*(?<!/)>)\s*(?!bslot\d+x7d1-\d+-z\s*</mj-text>)(\S.*?)\s*(</mj-text>)", re.DOTALL)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What is derived from the issue before it is rendered."""

    preheader: str
    teasers: tuple[tuple[str, str], ...]  # story id, words that announce it
    credits: tuple[str, ...]


def render_edition(issue: Issue, newsletter: Newsletter, theme: Theme, *, furniture: Furniture, pictures: Mapping[str, bytes]) -> Edition:
    """The edition of ``issue``: the same input gives the same bytes.

    ``pictures`` holds the content of the files that the issue names, by that name and in its order; a missing one leaves no hole.
    Raises TemplateError and RenderError, the latter also for a picture that cannot be read.
    """
    sheet = _Sheet(issue, newsletter, theme, furniture, pictures)
    subject = " ".join(sheet.typesetter.plain(issue.subject).split())
    preheader = " ".join(sheet.typesetter.plain(furniture.preheader).split())
    (subject, preheader, html, text), prefix = _rename_fields((subject, preheader, sheet.html(), sheet.text()), sheet.field_prefix)
    edition = Edition(
        issue_id=issue.id,
        number=issue.number,
        subject=subject,
        preheader=preheader,
        html=html,
        text=text,
        pictures=tuple(sheet.pictures.values()),
        field_prefix=prefix,
        digest="",
        theme=theme.name,
        lang=newsletter.locale,
        made_with=(("theme", theme.version),),
    )
    return replace(edition, digest=seal(edition))


def _rename_fields(parts: tuple[str, ...], made_with: str) -> tuple[tuple[str, ...], str]:
    """``parts`` with their fields under a prefix that comes from what readers get, and that prefix.

    The one they were made with comes from all that was typed, line numbers and file names too: a blank line between two paragraphs would break the seal.
    """
    prefix = derive_prefix(part.replace(made_with, "\x00") for part in parts)
    return tuple(part.replace(made_with, prefix) for part in parts), prefix


def seal(edition: Edition) -> str:
    """SHA-256 over what readers get: subject, preheader, HTML, text, pictures (by the names that their content gives them)."""
    parts = [edition.subject, edition.preheader, edition.html, edition.text, *(picture.name for picture in edition.pictures)]
    sealed = hashlib.sha256()
    for part in parts:
        content = part.encode()
        sealed.update(len(content).to_bytes(8, "big") + content)
    return sealed.hexdigest()


class _Sheet:
    """One issue on its way through the press."""

    def __init__(self, issue: Issue, newsletter: Newsletter, theme: Theme, furniture: Furniture, contents: Mapping[str, bytes]) -> None:
        self.issue, self.newsletter, self.theme, self.furniture = issue, newsletter, theme, furniture
        everything = repr((issue, newsletter.name, newsletter.tagline, newsletter.labels, newsletter.publisher, furniture))
        self.field_prefix = derive_prefix([everything])
        self.slots = Slots(_slot_prefix("w", everything))
        self.slots_of_blocks = Slots(_slot_prefix("b", everything))
        self.typesetter = Typesetter(newsletter.typography, self.slots, self.field_prefix)
        self.direction = "rtl" if newsletter.locale.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
        self.width_px = int(theme.tokens.get("picture_px", 552))
        self.pictures = {file: make_picture(content, source=file, shown_px=self.width_px) for file, content in contents.items()}
        self.press = Press(
            typesetter=self.typesetter,
            pictures=self.pictures,
            public_url=newsletter.site.public_url,
            more_label=newsletter.labels.more,
            start="right" if self.direction == "rtl" else "left",
        )

    def html(self) -> str:
        """The HTML edition, merge fields open."""
        name = f"{self.theme.name}/issue.mjml"
        drawn = self._draw("issue.mjml")
        drawn = _TEXT.sub(lambda found: found[1] + self._keep_block(found[2]) + found[3], drawn)
        prefixes = (self.slots.prefix, self.slots_of_blocks.prefix)
        return self.slots.fill(_build_skeleton(drawn, self.slots_of_blocks.contents, prefixes, self.theme, name))

    def text(self) -> str:
        """The text edition, merge fields open."""
        lines = [line.rstrip(" \t") for line in self._draw("text.txt", field=self.typesetter.plain_field).split("\n")]
        return "\n".join(lines).strip("\n") + "\n"

    def _draw(self, template: str, **instead: object) -> str:
        environment = _environment(self.theme)
        try:
            return environment.get_template(template).render(self._matter | instead)
        except TemplateSyntaxError as error:
            raise _explain(error, f"{self.theme.name}/{error.name}:{error.lineno}") from error
        except JinjaError as error:
            raise _explain(error, f"{self.theme.name}/{template}") from error

    def _keep_block(self, block: str) -> str:
        # MJML says «direction:ltr» on the cells around it.
        return self.slots_of_blocks.keep(f'<div class="rtl" dir="rtl">{block}</div>' if self.direction == "rtl" else block)

    @cached_property
    def _matter(self) -> dict[str, Any]:
        newsletter, issue = self.newsletter, self.issue
        lang = newsletter.locale.partition("-")[0].lower()
        text_press = TextPress(self.typesetter, newsletter.labels.more)
        return {
            "newsletter": newsletter,
            "labels": newsletter.labels,
            "issue": issue,
            "stories": issue.stories,
            "anchors": {story.id: f"a{number}" for number, story in enumerate(issue.stories, 1)},
            "teasers": self.furniture.teasers,
            "credits": self.furniture.credits,
            "preheader": self.furniture.preheader,
            "date": _long_date(issue, newsletter),
            "minutes": reading_minutes(count_words(issue)),
            "lang": newsletter.locale,
            "direction": self.direction,
            "say": SAYINGS["fr" if lang == "fr" else "en"],
            "token": self.theme.tokens,
            "head_css": head_css(self.theme),
            "legal_url": legal_url(newsletter.site.public_url),
            "privacy_url": privacy_url(newsletter.site.public_url),
            "join_url": newsletter.site.public_url,
            "press": self.press,
            "words": self.typesetter,
            "plain": text_press,
            "t": self.typesetter.text,
            "attr": self.typesetter.attribute,
            "field": self.typesetter.field,
            "block": self._keep_block,
            "imprint": _imprint(newsletter),
            "rest": _rest,
            "picture_px": self.width_px,
        }


@lru_cache(maxsize=32)
def _build_skeleton(drawn: str, blocks: tuple[str, ...], prefixes: tuple[str, str], theme: Theme, name: str) -> str:
    """The markup around the words. Kept, since an edit of words leaves it as it is, and a preview renders at every pause of the keys."""
    words, whole_blocks = prefixes
    compiled = compile_structure(drawn, template=name)
    skeleton = fill_slots(compiled, whole_blocks, inliner(theme).inline(blocks))
    prove_skeleton(skeleton, template=name)
    prove_words(find_slots(fill_slots(drawn, whole_blocks, blocks), words), find_slots(skeleton, words), template=name)
    return skeleton


def _slot_prefix(kind: str, everything: str) -> str:
    """A prefix that no content has; the same for nearly all issues, so that equal structures are equal text."""
    number = 0
    while (prefix := f"{kind}slot{number}x7d1") in everything:
        number += 1
    return prefix


@lru_cache(maxsize=16)
def inliner(theme: Theme) -> Inliner:
    """The theme's rules for the elements themselves."""
    return Inliner(_environment(theme).get_template("inline.css").render(token=theme.tokens))


@lru_cache(maxsize=16)
def head_css(theme: Theme) -> Markup:
    """The theme's rules for the one style block: wide screens and the dark."""
    return Markup(_environment(theme).get_template("head.css").render(token=theme.tokens))  # noqa: S704 - no author's words in it


@lru_cache(maxsize=16)
def _environment(theme: Theme) -> Environment:
    return Environment(
        loader=DictLoader(dict(theme.templates)),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith((".mjml", ".html")),  # noqa: S701 - text and styles are no markup
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _explain(error: Exception, where: str) -> TemplateError:
    return TemplateError(
        Words(fr=f"Ce gabarit ne se lit pas : {error}", en=f"This template cannot be read: {error}"),
        where=where,
        hint=Words(fr="Corrigez-le, ou retirez-le pour le thème fourni.", en="Mend it, or remove it for the built-in theme."),
    )


def _imprint(newsletter: Newsletter) -> str:
    """Who publishes, and where; postcode and town stay on one line."""
    publisher = newsletter.publisher
    return ", ".join(filter(None, (publisher.name, _POSTCODE.sub("\\1\u00a0", publisher.address))))


def _rest(story: Story) -> Blocks:
    return story.blocks[1:] if story.standfirst else story.blocks


def _long_date(issue: Issue, newsletter: Newsletter) -> str:
    if issue.date is None:
        return ""
    locale = newsletter.locale.replace("-", "_")
    return format_date(issue.date, format="full", locale=locale).replace(" ", "\u00a0")
