"""Which organisation a domain belongs to (RFC 7489 §3.2), by the Public Suffix List that the library carries."""

from __future__ import annotations

from functools import lru_cache

from publicsuffixlist import PublicSuffixList


def organisation_of(domain: str) -> str:
    """The organisational domain: one label below the public suffix; the domain itself where there is none."""
    return _list().privatesuffix(domain.rstrip(".").lower()) or domain.rstrip(".").lower()


@lru_cache(maxsize=1)
def _list() -> PublicSuffixList:
    return PublicSuffixList()
