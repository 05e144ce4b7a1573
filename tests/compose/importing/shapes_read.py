"""What was read, as plain values that can be compared."""

from __future__ import annotations

import re

from composer.compose.importing import Imported
from composer.model.body import Heading, Paragraph, plain
from composer.model.issue import Story


def run_ins(story: Story) -> list[str]:
    return [plain(block.run_in) for block in story.blocks if isinstance(block, Paragraph) and block.run_in]


def shape(found: Imported) -> list[object]:
    """All that must be the same however the text was typed; quotes and apostrophes apart."""
    issue = found.issue
    assert issue is not None
    stories = [
        (
            story.kind,
            flat(story.headline_text),
            flat(story.teaser),
            flat(story.author),
            story.border,
            tuple(map(flat, run_ins(story))),
            tuple(flat(plain(block.spans)) for block in story.blocks if isinstance(block, Paragraph)),
            tuple((link.emoji, flat(plain(link.spans))) for link in (*story.calls, *story.further_reading)),
        )
        for story in issue.stories
    ]
    return [flat(issue.subject), len(issue.introduction), stories, tuple(map(flat, issue.credits)), found.unclassified]


def flat(text: str) -> str:
    return " ".join(re.sub(r"(?<=\s)[—-](?=\s)", "–", text.replace("’", "'")).split()).casefold()


def summary(story: Story) -> list[object]:
    return [
        flat(story.headline_text),
        [type(block).__name__ for block in story.blocks],
        [flat(plain(block.spans)) for block in story.blocks if isinstance(block, Heading | Paragraph)],
        [flat(plain(link.spans)) for link in story.further_reading],
        [flat(plain(block.spans)) for block in story.web_only if isinstance(block, Heading | Paragraph)],
    ]
