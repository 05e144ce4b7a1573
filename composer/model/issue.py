"""An issue and its stories, as edited, before any template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from composer.model.body import Blocks, Calls, FurtherReading, LinkLine, Paragraph, Picture, Spans, plain

Kind = Literal["lead", "story", "sponsor"]
Border = Literal["sure", "unsure"]
Status = Literal["todo", "draft", "review", "ready"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One item of an issue."""

    id: str  # the file's name without ``.md``
    kind: Kind = "story"
    headline: Spans = ()  # (): missing
    author: str = ""
    status: Status = "draft"
    teaser: str = ""  # "": the headline announces the story
    advertiser: str = ""  # sponsors only
    border: Border = "sure"  # unsure: a guess of the import that nobody has confirmed
    booking: str = ""
    image: Picture | None = None
    blocks: Blocks = ()  # what is mailed, in order, further reading and calls included
    web_only: Blocks = ()  # below ``<!-- web only -->``
    path: str = ""  # of the file, relative to the workspace; "": not on disk yet
    headline_line: int = 0

    @property
    def headline_text(self) -> str:
        """The headline's words."""
        return plain(self.headline)

    @property
    def standfirst(self) -> Paragraph | None:
        """The first block, when it is a plain paragraph."""
        first = self.blocks[0] if self.blocks else None
        return first if isinstance(first, Paragraph) and not first.run_in else None

    @property
    def further_reading(self) -> tuple[LinkLine, ...]:
        """All links of further reading, in order."""
        return tuple(link for block in self.blocks if isinstance(block, FurtherReading) for link in block.links)

    @property
    def calls(self) -> tuple[LinkLine, ...]:
        """All calls to action, in order."""
        return tuple(link for block in self.blocks if isinstance(block, Calls) for link in block.links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of the newsletter."""

    id: str  # the folder's name
    number: int | None = None
    date: date | None = None  # planned; sends nothing
    subject: str = ""
    preheader: str = ""  # "": derived from the teasers
    introduction: Blocks = ()
    stories: tuple[Story, ...] = ()  # in the order of the mail
    credits: tuple[str, ...] = ()  # those that belong to no picture yet
    unordered: tuple[str, ...] = field(default=())  # ids appended because ``order:`` does not list them
    missing: tuple[str, ...] = field(default=())  # ids that ``order:`` lists and no file has
    correction_of: str = ""  # the issue that this one corrects: it goes to those alone who got that one; "": an ordinary issue
    path: str = ""  # of ``issue.md``, relative to the workspace
    subject_line: int = 0
