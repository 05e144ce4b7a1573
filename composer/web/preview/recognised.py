"""What an import recognised, as the page «Coller» shows it before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Noted = tuple[int, str]  # line of the raw text (0: unknown) and words


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStory:
    """One story."""

    kind: str
    headline: str
    author: str
    standfirst: str
    teaser: str
    advertiser: str
    unsure: bool
    run_ins: tuple[str, ...]
    picture: bool
    counts: tuple[tuple[str, int], ...]  # phrase and figure, zeros left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A whole paste."""

    is_issue: bool
    subject: str
    preheader: str
    introduction: str
    stories: tuple[SeenStory, ...]
    credits: tuple[str, ...]
    unclassified: tuple[Noted, ...]
    guesses: tuple[Noted, ...]
    warnings: tuple[str, ...]

    @property
    def has_sponsor(self) -> bool:
        """Whether the border of a sponsor can be asked about."""
        return any(story.kind == "sponsor" for story in self.stories)

    @property
    def unclassified_numbers(self) -> frozenset[int]:
        """Lines to mark in the raw text."""
        return frozenset(number for number, _ in self.unclassified)

    @property
    def guess_numbers(self) -> frozenset[int]:
        """Lines to mark in the raw text."""
        return frozenset(number for number, _ in self.guesses)


def read_answer(answer: Mapping[str, Any], *, is_issue: bool, unclassified: Sequence[Noted]) -> Seen:
    """The contract of ``import --json`` (its ``data``) as the page shows it."""
    return Seen(
        is_issue=is_issue,
        subject=_text(answer.get("subject")),
        preheader=_text(answer.get("preheader")),
        introduction=_text(answer.get("introduction")),
        stories=tuple(_story(story) for story in answer.get("stories", ())),
        credits=tuple(_text(credit) for credit in answer.get("credits", ())),
        unclassified=tuple(unclassified),
        guesses=tuple((int(guess["line"]), _text(guess["reason"])) for guess in answer.get("guesses", ())),
        warnings=tuple(_text(warning) for warning in answer.get("warnings", ())),
    )


def number_by_words(seen: Seen, text: str) -> Seen:
    """For a rich paste, whose own lines have other numbers: each line is looked for in the text shown; 0 where it is not found."""
    lines, at, found = [line.strip() for line in text.replace("\r\n", "\n").split("\n")], 0, []
    for _, words in seen.unclassified:
        number = next((n for n, line in enumerate(lines[at:], at + 1) if line == words.strip()), 0)
        at = number or at
        found.append((number, words))
    return replace(seen, unclassified=tuple(found), guesses=tuple((0, reason) for _, reason in seen.guesses))


def _story(story: Mapping[str, Any]) -> SeenStory:
    web_only = story.get("web_only") or {}
    counts = {
        "n-runins": len(story.get("run_ins", ())),
        "n-headings": len(story.get("headings", ())),
        "n-paragraphs": len(story.get("paragraphs", ())),
        "n-lists": int(story.get("lists", 0)),
        "n-reading": len(story.get("further_reading", ())),
        "n-calls": len(story.get("calls", ())),
        "n-questions": len(web_only.get("questions", ())),
    }
    return SeenStory(
        kind=_text(story.get("kind")) or "story",
        headline=_text(story.get("headline")),
        author=_text(story.get("author")),
        standfirst=_text(story.get("standfirst")),
        teaser=_text(story.get("teaser")),
        advertiser=_text(story.get("advertiser")),
        unsure=story.get("border") == "unsure",
        run_ins=tuple(_text(head) for head in story.get("run_ins", ())),
        picture=bool(story.get("image")),
        counts=tuple((key, n) for key, n in counts.items() if n),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return "\n".join(_text(part) for part in value) if isinstance(value, Sequence) else str(value)
