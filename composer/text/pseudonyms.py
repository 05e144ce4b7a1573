"""A reader in a log that is no list of addresses."""

from __future__ import annotations

from hashlib import blake2b


def pseudonym(email: str, key: bytes) -> str:
    """32 hex digits that only who has ``key`` can make of this address; case does not count."""
    return blake2b(email.casefold().encode("utf-8", "surrogatepass"), digest_size=16, key=key).hexdigest()
