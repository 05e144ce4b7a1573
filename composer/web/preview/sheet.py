"""What the pages of one issue show: values only, made by the press, read by the templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

from composer.errors import HebdoError
from composer.model.edition import Edition
from composer.model.findings import Finding, Level
from composer.web.preview.standing import Standing
from composer.web.shell import Speech
from composer.words import Words
from composer.workflow.reviewing import Review, stale_warning

GMAIL_KB = 102
HEAVY_KB = 80
GAUGE_KB = 120  # the bar ends here, the marks stand at HEAVY_KB and GMAIL_KB
GAUGE_PX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A story in the contents."""

    id: str
    kind: str
    path: str  # relative to the workspace
    headline: str
    advertiser: str
    status: str
    words: int
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding with the way to its line."""

    level: Level
    rule: str
    message: Words
    hint: Words | None
    path: str
    line: int
    headline: str  # of the story it stands in; "": the whole issue
    place: str  # ``une.md:14:61``
    excerpt: str  # the line as typed, cut
    address: str  # of the Source tab at that line; "": in a file that it does not open
    fixable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One issue as the pages show it."""

    id: str
    issue_file: str  # ``issues/…/issue.md``
    sender: str
    seen_at: datetime  # aware
    number: int | None = None
    date: date | None = None
    subject: str = ""  # typeset, sample values filled in
    preheader: str = ""
    cards: tuple[Card, ...] = ()
    files: tuple[str, ...] = ()  # every text file of the issue, relative to the workspace
    words: int = 0
    minutes: int = 1
    edition: Edition | None = None
    size_bytes: int = 0  # of the final HTML part with the longest merge values
    findings: tuple[Found, ...] = ()
    trouble: HebdoError | None = field(default=None)  # why there is no edition
    standing: Standing | None = None  # how far its mailing is; None: in the works
    on_change: Literal["hold", "send_sealed"] = "hold"  # what becomes of a scheduled issue whose words change
    review: Review | None = None  # how far it was read over; None: nobody knows here
    require: tuple[str, ...] = ()  # what the desk wants before an issue is scheduled

    @property
    def address(self) -> str:
        """The issue's pages."""
        return f"/numeros/{quote(self.id, safe='')}"

    @property
    def digest(self) -> str:
        """Of the edition shown; "" without one."""
        return self.edition.digest if self.edition else ""

    @property
    def size_kb(self) -> int:
        """As Gmail counts: 1,024 bytes, rounded up."""
        return -(-self.size_bytes // 1024)

    @property
    def gauge_width(self) -> int:
        """Of the filled bar, in the units of its drawing."""
        return min(GAUGE_PX, round(self.size_bytes / 1024 * GAUGE_PX / GAUGE_KB))

    @property
    def gauge_class(self) -> str:
        """Nothing up to 80 KB, then ``amber``, from 102 KB ``red``."""
        kb = self.size_bytes / 1024
        return "red" if kb >= GMAIL_KB else "amber" if kb >= HEAVY_KB else ""

    @property
    def strip(self) -> str:
        """The phrase of the line on top of an issue that is scheduled or has left; "" for one in the works."""
        standing = self.standing
        if standing is None:
            return ""
        if standing.left:
            return f"strip-{standing.key}" if standing.at else "strip-receipt"
        if standing.key == "held":
            return "strip-waiting"
        changed = "changed" if self.digest != standing.seal else "scheduled"
        return f"strip-{changed}-{self.on_change}"

    @property
    def stale(self) -> Words | None:
        """That the last proof is older than the last edit; None for an issue that is sealed, whose strip says what an edit means."""
        return stale_warning(self.review) if self.review and not self.strip else None

    @property
    def wanting(self) -> str:
        """What the desk's rules want next before this issue can be scheduled: ``proof``, ``approval``, or nothing."""
        if self.review is None or self.standing is not None:
            return ""
        if "proof" in self.require and self.review.standing is None:
            return "proof"
        return "approval" if "approval" in self.require and not self.review.approvers else ""

    @property
    def errors(self) -> int:
        """How many findings block."""
        return len(self.of_level("error"))

    @property
    def warnings(self) -> int:
        """How many are to be looked at."""
        return len(self.of_level("warning"))

    @property
    def advice(self) -> int:
        """How many are advice."""
        return len(self.of_level("advice"))

    @property
    def fixable(self) -> int:
        """How many ``--fix`` mends safely."""
        return sum(found.fixable for found in self.findings)

    @property
    def other_files(self) -> tuple[str, ...]:
        """Text files that are neither issue.md nor a story in the contents (a story that cannot be read is one)."""
        known = {self.issue_file, *(card.path for card in self.cards)}
        return tuple(path for path in self.files if path not in known)

    @property
    def trouble_address(self) -> str:
        """The Source tab at the place that the trouble names; "" when it names none of our files."""
        path, _, line = (self.trouble.where or "").partition(":") if self.trouble else ("", "", "")
        return self.source_address(path, int(line.partition(":")[0] or 0) if line[:1].isdigit() else 0) if path in self.files else ""

    def of_level(self, level: Level) -> tuple[Found, ...]:
        """The findings of one level, in order."""
        return tuple(found for found in self.findings if found.level == level)

    def name(self, speech: Speech) -> str:
        """«N° 212», or the folder's name when the issue has no number."""
        return speech.say("number", self.number) if self.number is not None else self.id

    def source_address(self, path: str, line: int = 0, col: int = 0) -> str:
        """The Source tab with ``path`` open, at ``line`` and ``col`` (1-based; 0: its beginning)."""
        query = {"f": path} | ({"l": str(line)} if line else {}) | ({"c": str(col)} if col else {})
        return f"{self.address}/source?{urlencode(query)}"

    def cut_subject(self, width: int) -> str:
        """The subject as an inbox with room for ``width`` characters cuts it."""
        return cut(self.subject, width)

    def cut_preheader(self, width: int) -> str:
        """The inbox line, cut."""
        return cut(self.preheader, width)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How the preview is looked at; every choice stands in the address, so that it can be kept and shared."""

    width: str = "375"  # 375 | 768 | large
    colours: str = "clair"  # clair | sombre | inverse
    format: str = "html"  # html | texte
    pictures: str = "1"  # 1 | 0
    reader: str = ""  # an address; "": the sample reader
    unknown: str = ""  # the address that was asked for and nobody has

    def address_with(self, name: str, value: str) -> str:
        """The query for the same view with one choice changed."""
        return urlencode(self._choices() | {name: value})

    def hidden_fields(self) -> tuple[tuple[str, str], ...]:
        """The choices that a form keeps, but for the reader, whom it asks."""
        return tuple((name, value) for name, value in self._choices().items() if name != "lecteur")

    def frame_query(self) -> str:
        """What the frame is asked for: all but the width, which is the frame's own."""
        return urlencode({name: value for name, value in self._choices().items() if name != "largeur"})

    def _choices(self) -> dict[str, str]:
        chosen = {"largeur": self.width, "couleurs": self.colours, "format": self.format, "images": self.pictures}
        return chosen | ({"lecteur": self.reader} if self.reader else {})


def read_view(query: QueryParams) -> View:
    """The view that an address asks for; what it does not know is the default."""

    def choice(name: str, *values: str) -> str:
        return query.get(name, "") if query.get(name) in values else values[0]

    return View(
        width=choice("largeur", "375", "768", "large"),
        colours=choice("couleurs", "clair", "sombre", "inverse"),
        format=choice("format", "html", "texte"),
        pictures=choice("images", "1", "0"),
        reader=query.get("lecteur", "").strip()[:254],
    )


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` characters, the last one an ellipsis when something was cut."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def find_way(finding: Finding, *, source: str, headline: str, address: str) -> Found:
    """``finding`` with its excerpt and its way; ``source`` is the text of its file."""
    lines = source.splitlines()
    excerpt = cut(lines[finding.line - 1].strip(), 160) if 0 < finding.line <= len(lines) else ""
    excerpt = "" if not excerpt.strip("-") else excerpt  # the fence of a front matter says nothing
    name = finding.path.rpartition("/")[2] if address else finding.path  # without a way there, the whole path
    place = ":".join([name, *(str(part) for part in (finding.line, finding.col) if part)]) if name else ""
    return Found(
        level=finding.level,
        rule=finding.rule,
        message=finding.message,
        hint=finding.hint,
        path=finding.path,
        line=finding.line,
        headline=headline,
        place=place,
        excerpt=excerpt,
        address=address,
        fixable=finding.fixable,
    )
