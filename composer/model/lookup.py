"""A question to the name servers and what came back, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Found(StrEnum):
    """How a question ended; a receiver treats each of these differently."""

    VALUES = "values"
    NO_NAME = "no-name"  # NXDOMAIN: nothing stands under this name
    NO_DATA = "no-data"  # the name is there, without a record of this type
    FAILED = "failed"  # a server answered that it cannot tell: SERVFAIL, REFUSED, nonsense
    SILENT = "silent"  # no answer in time
    UNASKED = "unasked"  # no network, no server, or no time left


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the name servers said of one name and type."""

    name: str  # as asked: ASCII, lower case, no final dot
    kind: str  # TXT, MX, A …
    found: Found
    values: tuple[str, ...] = ()  # presentation form; TXT: the strings of a record joined, as readers of SPF do (RFC 7208 §3.3)
    strings: tuple[tuple[str, ...], ...] = ()  # TXT and SPF: the strings of each record as they stand
    aliases: tuple[str, ...] = ()  # targets of the CNAMEs that were followed, in order
    said: str = ""  # of a failure: SERVFAIL, REFUSED …
    bogus: bool = False  # the failure is DNSSEC's: without validation there is an answer

    @property
    def is_sure(self) -> bool:
        """Whether a server said what is there, be it nothing."""
        return self.found in {Found.VALUES, Found.NO_NAME, Found.NO_DATA}

    @property
    def is_void(self) -> bool:
        """A server said that there is nothing: what RFC 7208 §4.6.4 calls a void lookup."""
        return self.found in {Found.NO_NAME, Found.NO_DATA}


class Ask(Protocol):
    """A door to the name servers; the same question always gives the same answer."""

    def __call__(self, name: str, kind: str) -> Answer:
        """What the servers say of ``kind`` under ``name``; never raises."""
