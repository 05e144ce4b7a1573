"""An issue rendered: what all readers get, with merge fields still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPicture:
    """A picture as readers load it."""

    name: str  # ``<sha256>.jpg|png|gif``, served under ``<public_url>/i/``
    source: str  # the author's file, relative to the issue's folder
    content: bytes
    width: int  # px of the file itself
    height: int  # px


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Subject, preheader, HTML and plain text, sealed by ``digest``.

    Merge fields are open ASCII tokens that begin with ``field_prefix`` (see composer.text.merge).
    """

    issue_id: str
    number: int | None
    subject: str  # may hold merge tokens
    preheader: str
    html: str  # LF; pictures and links absolute under public_url
    text: str  # LF; one line a paragraph
    pictures: tuple[EditionPicture, ...]
    field_prefix: str  # ASCII, derived from the content so that no content can contain it
    digest: str  # SHA-256, 64 hex digits
    theme: str
    lang: str  # BCP 47
    made_with: tuple[tuple[str, str], ...] = ()  # engine and template versions; not in the digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """From when on the web view of an issue that left shows another edition than its readers got."""

    id: int
    issue_id: str
    digest: str  # of the edition that is shown
    note: str  # what was corrected, for readers; "": not said
    corrected_at: datetime  # aware, UTC
