"""What an import took each column of the file for, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from composer.words import Words
from composer.workflow.reading_people import Column

_SAID = {
    "email": Words(fr="l’adresse", en="the address"),
    "name": Words(fr="le nom", en="the name"),
    "consented_on": Words(fr="la date d’accord", en="the date of consent"),
    "consent": Words(fr="l’origine de l’accord", en="where consent was given"),
    "status": Words(fr="l’état", en="the status"),
    "ignore": Words(fr="ignoré", en="ignored"),
    "no-dates": Words(fr="gardé comme champ, tout n’y est pas une date", en="kept as a field, not all of it are dates"),
    "field": Words(fr="gardé comme champ", en="kept as a field"),
}


def column_words(columns: Sequence[Column]) -> Words:
    """«email : l’adresse ; prenom, nom : le nom ; date : la date d’accord ; ville : gardé comme champ.»; nothing for a file without header."""
    headers: dict[str, list[str]] = {}
    for column in columns:
        if column.header:
            headers.setdefault(_kind(column), []).append(column.header)
    parts = [(", ".join(headers[kind]), _SAID[kind]) for kind in _SAID if kind in headers]
    if not parts:
        return Words(fr="", en="")
    return Words(
        fr=" ; ".join(f"{names} : {said.fr}" for names, said in parts) + ".",
        en="; ".join(f"{names}: {said.en}" for names, said in parts) + ".",
    )


def _kind(column: Column) -> str:
    if column.no_dates:
        return "no-dates"
    return "name" if column.role in {"first", "last"} else column.role
