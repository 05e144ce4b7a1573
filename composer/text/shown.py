"""What strangers wrote or a hand pasted, made fit for a terminal, a page and a line of a file."""

from __future__ import annotations

import unicodedata

_MOST = 240  # characters
_ACES = "xn--"
_BLANKS = " \u00a0\u202f"  # the no-break ones are French, ours and other people’s; they steer nothing and hide nothing


def shown(text: str, most: int = _MOST) -> str:
    """``text`` with everything that steers a terminal or turns writing round made visible, cut to ``most`` characters."""
    clean = "".join(char if _is_plain(char) else _escape(char) for char in text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def shown_name(name: str) -> str:
    """A domain as people write it, with its ASCII form where the two differ."""
    if _ACES not in name:
        return shown(name)
    try:
        written = name.encode("ascii").decode("idna")
    except UnicodeError:
        return shown(name)
    return f"{shown(written)} ({shown(name)})" if written != name else shown(name)


def one_line(text: str, most: int | None = None) -> str:
    """``text`` on one line of at most ``most`` characters, a blank for whatever cannot be printed."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())[:most]


def _is_plain(char: str) -> bool:
    # Cc, Cf, Cs, Co, Cn: controls, direction marks, lone surrogates, private and unassigned; Zl, Zp: line ends of their own.
    category = unicodedata.category(char)
    return category[0] != "C" and category not in {"Zl", "Zp"} and (category != "Zs" or char in _BLANKS)


def _escape(char: str) -> str:
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:  # a byte that is no UTF-8
        return f"\\x{number - 0xDC00:02x}"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
