"""Names of files and folders, made from words."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "’": "-", "'": "-"}
)
# Names that Windows refuses as files, whatever their ending.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))})


def slugify(text: str, *, max_length: int = 60) -> str:
    """ASCII words joined by ``-``, cut at a word's end: «L’été à Exemplia» gives ``l-ete-a-exemplia``.

    Text without any Latin letter or digit gives ``""``; the caller then chooses a name.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    ascii_text = "".join(char for char in decomposed if not unicodedata.combining(char)).lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_text))
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rpartition("-")[0]
        slug = cut or slug[:max_length]
    return f"{slug}-1" if slug in _RESERVED else slug


def fold_credit(credit: str) -> str:
    """A credit as it is compared: whoever writes it with other capitals or spaces means the same one."""
    return " ".join(credit.split()).casefold()
