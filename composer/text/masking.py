"""Addresses taken out of words that a server said."""

from __future__ import annotations

import re

MASK = "…"
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]]+(?=@)")  # what stands before an @; its domain may be said


def mask_addresses(words: str, email: str) -> str:
    """``words`` with what stands before every @ masked, and the local part of ``email`` wherever it stands as a word."""
    if "@" in words:
        words = _ADDRESS.sub(MASK, words)
        words = words.replace('"@', f"{MASK}@")  # RFC 5321 §4.1.2: a local part may be quoted
    local = email.rpartition("@")[0]
    if local and local.lower() in words.lower():
        words = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", MASK, words, flags=re.IGNORECASE)
    return words
