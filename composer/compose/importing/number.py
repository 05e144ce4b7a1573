"""The number of an issue, where its subject says it."""

from __future__ import annotations

import re

from composer.compose.importing.values import Notes

_NUMBER = re.compile(r"(?<![\w#&])(?:n[°ºo˚]\.?|num[ée]ro|issue|#)\s*(?P<number>\d{1,5})(?![\w%°€$]|[.,]\d|\s?[%€$])", re.IGNORECASE)
_SEPARATOR = r"\s*(?:[–—:|,•·/]|-(?=\s))"
_NAME = re.compile(
    r"(?:la |le |l['’]|notre |the |our )?(?:lettre|newsletter|infolettre|bulletin|gazette|hebdo|hebdomadaire|[ée]dition|revue|magazine|letter)\b[^:|]*",
    re.IGNORECASE,
)


def read_number(subject: str, notes: Notes, *, line: int) -> int | None:
    """The number in ``subject``, whose words stay whole; None, and told, where it may be another thing's."""
    found = list(_NUMBER.finditer(subject))
    if not found:
        return None
    before, after = subject[: found[0].start()].strip(), subject[found[0].end() :]
    if len(found) == 1 and int(found[0]["number"]) and _stands_apart(before, after):
        notes.warn(
            line=line,
            fr=f"le numéro {int(found[0]['number'])} est lu dans l’objet, qui reste entier",
            en=f"number {int(found[0]['number'])} is read in the subject, which stays whole",
        )
        return int(found[0]["number"])
    notes.warn(
        line=line,
        fr=f"« {found[0][0]} » dans l’objet n’est pas pris pour le numéro de la lettre",
        en=f"“{found[0][0]}” in the subject is not taken for the number of the newsletter",
    )
    return None


def _stands_apart(before: str, after: str) -> bool:
    """Whether the number opens the subject, closes it, or follows the newsletter's name, set off by a sign."""
    bracketed = before.endswith(("(", "[")) and after.startswith((")", "]"))
    ends = bracketed or not after.strip(" )].") or bool(re.match(_SEPARATOR, after))
    opens = not before.strip("([") or bool(re.search(rf"{_SEPARATOR}\s*$|[(\[]$|-$", before))
    return ends and (opens or bool(_NAME.fullmatch(before)))
