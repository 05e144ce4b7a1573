"""Where the pictures of a document stand once its stories are known: the one that opens a story, or follows its standfirst, is the story's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from composer.compose.importing.values import Imported
from composer.compose.importing.word.values import quoted
from composer.model.body import Block, Paragraph, Picture
from composer.model.issue import Story
from composer.words import Words

_BELOW = 2  # blocks: a picture that text follows; one that closes a story may have been meant for the next


def place_pictures(found: Imported) -> Imported:
    """The picture that a story begins with goes into its front matter; one that may belong to the next story is told."""
    stories = [_with_own(story) for story in found.stories]
    told = tuple(_doubts(stories))
    if found.issue:
        return replace(found, issue=replace(found.issue, stories=tuple(stories)), warnings=(*found.warnings, *told))
    return replace(found, story=stories[0], warnings=found.warnings) if stories else found


def _with_own(story: Story) -> Story:
    at = 1 if len(story.blocks) > _BELOW and _is_standfirst(story.blocks[0]) else 0
    first = story.blocks[at] if len(story.blocks) > at else None
    if story.image or not isinstance(first, Picture) or not first.file:
        return story
    own = first if story.kind == "sponsor" else replace(first, link="")
    return replace(story, image=own, blocks=(*story.blocks[:at], *story.blocks[at + 1 :]))


def _is_standfirst(block: Block) -> bool:
    return isinstance(block, Paragraph) and not block.run_in


def _doubts(stories: Sequence[Story]) -> list[Words]:
    """A picture above a headline closes the story before it, and may have been meant for the one that follows."""
    told = []
    for story, after in pairwise(stories):
        last = story.blocks[-1] if story.blocks else None
        if isinstance(last, Picture) and last.file and not after.image:
            here, there = quoted(story.headline_text, 40), quoted(after.headline_text, 40)
            told.append(
                Words(
                    fr=f"l’image {last.file} est restée à la fin de « {here} » ; si elle est celle de « {there} », déplacez sa ligne",
                    en=f"the picture {last.file} stayed at the end of “{here}”; if it is that of “{there}”, move its line",
                )
            )
    return told
