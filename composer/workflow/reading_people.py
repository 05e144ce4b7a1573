"""A CSV file of people as other tools export it → rows that say what they mean. Decides nothing about the ledger."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from composer.deliver.address import read_address
from composer.errors import UsageError
from composer.text.shown import one_line
from composer.words import Words
from composer.workflow.reading_rows import decode, find_separator, read_rows, refuse_file, refuse_open_quotes

FIELD_MAX = 500  # characters kept of one value
FEW = 20  # a column with no more different values than this may be a status

EMAIL = {"email", "e mail", "mail", "courriel", "adresse email", "adresse e mail", "adresse mail", "adresse courriel", "adresse electronique", "email address", "e mail address", "address email", "subscriber", "mel"}  # fmt: skip
NAME = {"name", "full name", "fullname", "nom complet", "display name", "nom et prenom", "prenom et nom", "prenom nom", "nom prenom"}
FIRST = {"prenom", "first name", "firstname", "given name", "fname"}
LAST = {"nom", "nom de famille", "last name", "lastname", "surname", "family name", "lname"}
CONSENTED = {"consented on", "date inscription", "date d inscription", "inscrit le", "inscrite le", "inscription", "optin time", "opt in time", "confirm time", "subscribed at", "subscribed on", "subscribed date", "subscription date", "signup date", "abonne depuis", "date abonnement", "date d abonnement", "date consentement", "date de consentement", "consent date"}  # fmt: skip
# Less sure by their names: they count when every value is a date.
PERHAPS_CONSENTED = {"date", "created", "created at", "created on", "creation date", "date creation", "date de creation", "date created", "added", "added at", "added on", "date added", "date ajout", "date d ajout", "ajoute le", "signup", "sign up date", "signed up", "signed up at", "joined", "joined at", "joined on", "date joined", "member since", "inscrits le", "depuis", "abonne le", "date optin", "optin date", "opt in date"}  # fmt: skip
CONSENT = {"consent", "consentement", "consent source", "source du consentement"}

GONE_HEADER = re.compile(
    r"\b(un ?subscri\w*|desinscri\w*|desabonn\w*|unsub\w*|opt ?(ed )?out|bounce[ds]?|hard ?bounce[ds]?|cleaned|inacti\w*|blacklist\w*|blocklist\w*|"
    r"suppress\w*|complain\w*|plainte?s?|disabled|desactive\w*|supprime\w*|deleted|do not (mail|email)|rebonds?)\b"
)
STATUS_HEADER = re.compile(r"\b(status|statut|statuts)\b")
WHOLE_STATUS = {"state", "etat", "active", "actif", "abonne", "subscribed", "enabled", "confirmed", "confirme", "blocked", "bloque", "spam", "valid", "valide", "optin", "opt in", "inscrit"}  # fmt: skip

HERE = {"active", "actif", "active e", "subscribed", "abonne", "abonnee", "inscrit", "inscrite", "confirmed", "confirme", "enabled", "valid", "valide", "ok", "yes", "oui", "true", "vrai", "1", "y", "o", "opt in", "optin", "opted in"}  # fmt: skip
GONE = {"unsubscribed", "unsubscribe", "desinscrit", "desinscrite", "desabonne", "desabonnee", "bounced", "bounce", "hard bounce", "hardbounce", "soft bounce", "cleaned", "nettoye", "inactive", "inactif", "inactive e", "blocked", "bloque", "blacklisted", "blocklisted", "suppressed", "complained", "complaint", "spam", "plainte", "opt out", "optout", "opted out", "deleted", "supprime", "disabled", "removed", "unconfirmed", "pending", "non confirme", "en attente", "archived", "invalid", "no", "non", "false", "faux", "0", "n"}  # fmt: skip
LOUD = GONE - {"no", "non", "false", "faux", "0", "n", "pending", "en attente", "deleted", "removed", "archived", "invalid", "spam"}
NOTHING = {"", "0", "no", "non", "false", "faux", "n", "null", "none", "nan", "never", "jamais"}

ROLES = {
    "email": "email", "courriel": "email", "name": "name", "nom complet": "name", "prenom": "first", "first name": "first", "nom": "last", "last name": "last",
    "consented on": "consented_on", "date inscription": "consented_on", "consent": "consent", "consentement": "consent",
    "status": "status", "statut": "status", "ignore": "ignore", "ignorer": "ignore", "field": "field", "champ": "field",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What one column means."""

    index: int
    header: str  # as in the file
    role: str  # email, name, first, last, consented_on, consent, status, ignore, field
    field: str = ""  # role field: its name in the ledger
    mapped: bool = False  # the desk said what it means
    no_dates: bool = False  # by its name a date of consent, and not all of its values are dates: kept as a field
    here: frozenset[str] | None = None  # role status: the values that mean «subscribed», as the desk named them


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of the file."""

    line: int  # 1-based, where it begins
    written: str  # the address as it stands there
    name: str = ""
    consented_on: date | None = None
    consent: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    gone: bool | None = False  # True: left or bounced elsewhere; None: a status that nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """A file whose columns are understood."""

    encoding: str
    separator: str
    columns: tuple[Column, ...]
    people: tuple[Person, ...]


def read_people(content: bytes, *, mapping: Mapping[str, str] | Sequence[str] | None = None) -> PeopleFile:
    """The people in a CSV file of any encoding and separator.

    ``mapping`` says what columns mean («Statut=status», «Statut=status:actif|confirmé», «X=ignore»). Raises UsageError when the file
    is no table, has no column of addresses, or has a column that looks like a status and is not mapped.
    """
    text, encoding = decode(content)
    text, separator = find_separator(text)
    rows = tuple(read_rows(text, separator))
    if not rows:
        raise refuse_file(
            "Ce fichier est vide.", "This file is empty.", "Donnez un CSV avec une colonne `email`.", "Give a CSV with a column `email`."
        )
    columns, first = _columns(rows, _read_mapping(mapping))
    body = rows[first:]
    columns = _with_dates(columns, body)
    refuse_open_quotes(body, separator, address_at=next(column.index for column in columns if column.role == "email"), width=len(columns))
    _refuse_silent_status(columns, body)
    return PeopleFile(
        encoding=encoding, separator=separator, columns=columns, people=tuple(_person(line, row, columns) for line, row in body if any(row))
    )


def fold(text: str) -> str:
    """Lower case, no accents, words apart by one space: how headers and statuses are compared."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare).casefold()).split()) or " ".join(
        text.casefold().split()
    )


def _read_mapping(mapping: Mapping[str, str] | Sequence[str] | None) -> dict[str, str]:
    if mapping is None or isinstance(mapping, Mapping):
        return {fold(column): meaning for column, meaning in (mapping or {}).items()}
    found = {}
    for one in mapping:
        column, equals, meaning = one.rpartition("=") if ":" not in one else one.partition("=")
        if not equals or not column.strip() or not meaning.strip():
            raise refuse_file(
                f"«\u00a0{one}\u00a0» ne dit pas ce que veut dire une colonne.", f"“{one}” does not say what a column means.", "Écrivez par exemple `--map Statut=status`.", "Write for example `--map Status=status`."
            )  # fmt: skip
        found[fold(column)] = meaning.strip()
    return found


def _columns(rows: Sequence[tuple[int, list[str]]], mapping: Mapping[str, str]) -> tuple[tuple[Column, ...], int]:
    """The columns, and which row is the first of people: a file without header begins with an address."""
    head = rows[0][1]
    bare = [index for index, cell in enumerate(head) if read_address(cell) is not None]
    if bare:
        headers, first = ["" for _ in head], 0
        guessed = {bare[0]: "email"} | ({1 - bare[0]: "name"} if len(head) == 2 else {})
    else:
        headers, first, guessed = [cell.strip().lstrip("\ufeff") for cell in head], 1, {}
    unknown = [column for column in mapping if column not in {fold(header) for header in headers}]
    if unknown:
        raise refuse_file(
            f"Aucune colonne ne s’appelle «\u00a0{unknown[0]}\u00a0». Il y a\u00a0: {', '.join(headers)}.", f"No column is called “{unknown[0]}”. There are: {', '.join(headers)}.", "Corrigez `--map`.", "Mend `--map`."
        )  # fmt: skip
    taken: set[str] = set()
    columns = tuple(_column(index, header, guessed.get(index), mapping, taken) for index, header in enumerate(headers))
    if "email" not in taken:
        raise refuse_file(
            f"Aucune colonne d’adresses. Il y a\u00a0: {', '.join(headers)[:300]}.", f"No column of addresses. There are: {', '.join(headers)[:300]}.", "Dites laquelle\u00a0: `--map COLONNE=email`.", "Say which: `--map COLUMN=email`."
        )  # fmt: skip
    return columns, first


def _column(index: int, header: str, guessed: str | None, mapping: Mapping[str, str], taken: set[str]) -> Column:
    key = fold(header)
    field = key.replace(" ", "_") or f"colonne_{index + 1}"
    if key in mapping:
        meaning, _, values = mapping[key].partition(":")
        role = ROLES.get(fold(meaning), "field")
        here = frozenset(fold(value) for value in values.split("|")) if values else None
        named = fold(meaning).replace(" ", "_") if role == "field" and fold(meaning) not in ROLES else field
        taken.add(role)
        return Column(index=index, header=header, role=role, field=named, mapped=True, here=here)
    role = guessed or _role_of(key)
    if role in {"email", "name", "first", "last", "consented_on", "consent"} and role in taken:
        role = "field"  # the first of its kind counts, the second is kept as it is
    taken.add(role)
    return Column(index=index, header=header, role=role, field=field)


def _with_dates(columns: tuple[Column, ...], body: Sequence[tuple[int, list[str]]]) -> tuple[Column, ...]:
    """The columns, the first that is perhaps the date of consent taken for it when all its values are dates."""
    taken, found = any(column.role == "consented_on" for column in columns), []
    for column in columns:
        perhaps = not taken and column.role == "field" and not column.mapped and fold(column.header) in PERHAPS_CONSENTED
        values = [value for _, row in body if (value := _cell(row, column.index))] if perhaps else []
        if not values:
            found.append(column)
        elif all(read_date(value) for value in values):
            taken = True
            found.append(replace(column, role="consented_on"))
        else:
            found.append(replace(column, no_dates=True))
    return tuple(found)


def _role_of(key: str) -> str:
    kinds = (("email", EMAIL), ("name", NAME), ("first", FIRST), ("last", LAST), ("consented_on", CONSENTED), ("consent", CONSENT))
    return next((role for role, names in kinds if key in names), "ignore" if not key else "field")


def _refuse_silent_status(columns: Sequence[Column], rows: Sequence[tuple[int, list[str]]]) -> None:
    """Nobody is revived by an import: a column that may say who left is never overlooked."""
    for column in columns:
        if column.role != "field" or column.mapped:
            continue
        values = {fold(_cell(row, column.index)) for _, row in rows[:5000]}
        key = fold(column.header)
        by_name = bool(GONE_HEADER.search(key) or STATUS_HEADER.search(key) or key in WHOLE_STATUS)
        if by_name or (len(values) <= FEW and values & LOUD):
            seen = ", ".join(sorted(value for value in values if value)[:8]) or "–"
            raise UsageError(
                Words(
                    fr=f"La colonne «\u00a0{column.header}\u00a0» dit peut-être qui n’est plus abonné ({seen}). Rien n’est importé.",
                    en=f"The column “{column.header}” may say who is no longer subscribed ({seen}). Nothing is imported.",
                ),
                where=column.header,
                hint=Words(
                    fr=f'`--map "{column.header}=status"` pour la suivre, `--map "{column.header}=ignore"` si elle dit autre chose.',
                    en=f'`--map "{column.header}=status"` to follow it, `--map "{column.header}=ignore"` if it says something else.',
                ),
            )


def _cell(row: Sequence[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _clean(text: str) -> str:
    """A value without controls, and without the quote that guards a spreadsheet against formulas."""
    if text.startswith("'"):
        text = re.sub(r"^'(?=[=+\-@])", "", text)
    return one_line(text, FIELD_MAX)


def _person(line: int, row: Sequence[str], columns: Sequence[Column]) -> Person:
    values: dict[str, str] = {}
    fields: list[tuple[str, str]] = []
    gone: bool | None = False
    for column in columns:
        value = _clean(_cell(row, column.index))
        if column.role == "status" and gone is not True:
            said = _says_gone(column, value)
            gone = said if said is not False else gone
        elif column.role in {"field", "first", "last"} and value:
            fields.append(({"first": "prenom", "last": "nom"}.get(column.role, column.field), value))
        values.setdefault(column.role, value)
    name = values.get("name") or " ".join(part for part in (values.get("first", ""), values.get("last", "")) if part)
    return Person(
        line=line,
        written=values["email"],
        name=name,
        consented_on=read_date(values.get("consented_on", "")),
        consent=values.get("consent", ""),
        fields=tuple(fields),
        gone=gone,
    )


def _says_gone(column: Column, value: str) -> bool | None:
    said = fold(value)
    if column.here is not None:
        return said not in column.here
    if GONE_HEADER.search(fold(column.header)):
        return said not in NOTHING
    if said in HERE:
        return False
    return True if said in GONE else None


def read_date(text: str) -> date | None:
    """«2026-03-03…», «03/03/2026» as a date; None for anything else."""
    iso = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    french = re.match(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    parts = iso.groups() if iso else tuple(reversed(french.groups())) if french else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None
