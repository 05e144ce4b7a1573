"""Names of the files of stories, from what they are and from their headlines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from composer.model.issue import Story
from composer.text.names import slugify

FRENCH_IDS: Mapping[str, str] = {"lead": "une", "sponsor": "partenaire"}
MAX_ID = 40
_LITTLE = re.compile(r"^(?:(?:l|d|j|n|s|c|qu|le|la|les|un|une|des|du|de|a|au|aux|en|the|an|of)-)+")


def name_stories(stories: Sequence[Story], ids: Mapping[str, str]) -> tuple[Story, ...]:
    """Stories with ids: those of ``ids`` for lead and sponsor, else the first words of the headline; each once."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    named: list[Story] = []
    for number, story in enumerate(stories, start=1):
        wanted = ids.get(story.kind) or _short_slug(story.headline_text) or f"article-{number}"
        name = wanted
        while name in taken:
            counts[wanted] = counts.get(wanted, 1) + 1
            name = f"{wanted}-{counts[wanted]}"
        taken.add(name)
        named.append(replace(story, id=name))
    return tuple(named)


def _short_slug(text: str) -> str:
    slug = slugify(text, max_length=MAX_ID)
    short = _LITTLE.sub("", slug) or slug
    return "article" if short in {"issue", "readme", "edition"} else short
