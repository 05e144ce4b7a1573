"""People: importing, adding, listing, leaving; and the addresses that are not written to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from composer.deliver.address import Address, mask_address, read_address, refusal_words
from composer.errors import Conflict, NotFound, UsageError
from composer.ledger import Ledger
from composer.ledger.subscribers import NewSubscriber, Suppression
from composer.model.mailing import Subscriber
from composer.text.shown import one_line
from composer.words import NOTHING, Words
from composer.workflow.column_words import column_words
from composer.workflow.readers import not_subscribed
from composer.workflow.reading_people import FIELD_MAX, Person, read_people
from composer.workflow.reading_rows import decode

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def _many(n: int, plural: str = "s", singular: str = "") -> str:
    """The French ending: zero counts as one."""
    return plural if n > 1 else singular


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidLine:
    """A line that names nobody who can be written to."""

    line: int
    text: str
    why: Words


@dataclass(slots=True, kw_only=True)
class PeopleImport:
    """What an import did, or with ``dry_run`` would do; every line of people is counted once."""

    dry_run: bool
    lines: int = 0
    added: int = 0
    known: int = 0  # subscribed already; they stay as they are
    duplicates: int = 0  # named before in the same file
    left: int = 0  # left this newsletter before: nobody is revived
    suppressed: int = 0
    gone: int = 0  # the file says that they left or bounced elsewhere: put on the suppressions
    invalid: list[InvalidLine] = field(default_factory=list)
    encoding: str = ""
    separator: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    column_words: Words = NOTHING  # what each column was taken for

    @property
    def words(self) -> Words:
        """The sentence that says what happened."""
        would = (_many(self.added, "seraient ", "serait ") if self.dry_run else "", "would be added" if self.dry_run else "added")
        lines, added, known, unread = (_many(n) for n in (self.lines, self.added, self.known, len(self.invalid)))
        return Words(
            fr=f"{self.lines} ligne{lines}\u00a0: {self.added} {would[0]}ajouté{added}, {self.known} déjà abonné{known}, {self.duplicates} en double, "
            f"{self.left} parti{_many(self.left)} d’ici (non ranimé{_many(self.left)}), {self.suppressed} exclu{_many(self.suppressed)}, "
            f"{self.gone} parti{_many(self.gone)} ailleurs, {len(self.invalid)} illisible{unread}.",
            en=f"{self.lines} line{'' if self.lines == 1 else 's'}: {self.added} {would[1]}, {self.known} already subscribed, {self.duplicates} twice, {self.left} left here (not revived), "
            f"{self.suppressed} suppressed, {self.gone} gone elsewhere, {len(self.invalid)} unreadable.",
        )

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {name: value for name, value in asdict(self).items() if name != "column_words"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Somebody who leaves, or has left."""

    masked_email: str
    was_here: bool  # False: had left before; the answer to the reader is the same


def import_subscribers(
    ledger: Ledger,
    content: bytes,
    *,
    consent: str | None,
    dry_run: bool = False,
    mapping: Mapping[str, str] | Sequence[str] | None = None,
    now: datetime,
) -> PeopleImport:
    """Takes people from a CSV file in one transaction; ``consent`` says where and until when they gave it. Revives nobody.

    Raises UsageError without consent, for a file that is no table of people, and for an unmapped column that looks like a status.
    """
    read = read_people(content, mapping=mapping)
    said = _require_consent(consent)
    answer = PeopleImport(dry_run=dry_run, lines=len(read.people), encoding=read.encoding, separator=read.separator)
    answer.columns = {column.header: column.field if column.role == "field" else column.role for column in read.columns if column.header}
    answer.column_words = column_words(read.columns)
    new, gone = _sort_people(read.people, ledger, answer, consent=said, now=now)
    if not dry_run:
        ledger.suppressions.add_all(gone, reason="import", source=said, now=now)
        answer.added = ledger.subscribers.add_all(new, now=now)
    return answer


def add_subscriber(ledger: Ledger, email: str, *, name: str = "", consent: str | None, now: datetime) -> Subscriber:
    """Adds one person who asked for it. Raises Conflict for one who is here, has left or is suppressed."""
    address = _address(email)
    said = _require_consent(consent)
    known, suppressed = ledger.subscribers.by_key(address.key), ledger.suppressions.keys()
    if known is not None or address.key in suppressed:
        raise _not_added(known)
    person = NewSubscriber(
        email=address.email, email_key=address.key, name=one_line(name or address.name, FIELD_MAX), consent=said, consented_on=now.date()
    )
    ledger.subscribers.add_all([person], now=now)
    added = ledger.subscribers.by_key(address.key)
    if added is None:  # pragma: no cover - somebody else removed the row between the two lines
        raise _not_added(None)
    return added


def list_subscribers(ledger: Ledger, *, status: str | None = None) -> Iterator[Subscriber]:
    """Everybody in the order of arrival, or those with one status."""
    return ledger.subscribers.all(status=status)


def export_subscribers(ledger: Ledger) -> str:
    """Everybody as CSV; cells that a spreadsheet would run are guarded with a quote, which the import takes away again."""
    people = list(ledger.subscribers.all())
    names = list(dict.fromkeys(name for person in people for name, _ in person.fields))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["email", "name", "status", "consented_on", "consent", *map(_guard, names)])
    for person in people:
        more = dict(person.fields)
        given = person.consented_on.isoformat() if person.consented_on else ""
        cells = [person.email, person.name, person.status, given, person.consent, *(more.get(name, "") for name in names)]
        writer.writerow([_guard(cell) for cell in cells])
    return out.getvalue()


def remove_subscriber(ledger: Ledger, email: str, *, now: datetime) -> Leaving:
    """Takes a person off the list; their row stays, so that no import revives them. Raises NotFound."""
    address = _address(email)
    person = ledger.subscribers.by_key(address.key)
    if person is None:
        raise not_subscribed(email)
    return Leaving(masked_email=mask_address(person.email), was_here=ledger.subscribers.leave(person.id, by="desk", now=now))


def find_by_token(ledger: Ledger, token: str) -> Subscriber | None:
    """The person whose mails carry this token; looking changes nothing."""
    return ledger.subscribers.by_token(token) if 16 <= len(token) <= 43 else None


def unsubscribe(ledger: Ledger, token: str, now: datetime, *, by: str = "page") -> Leaving:
    """Takes the person with this token off the list, for good; a second time gives the same answer. Raises NotFound for no such token."""
    person = find_by_token(ledger, token)
    if person is None:
        raise NotFound(
            Words(fr="Ce lien de désinscription n’est pas valable.", en="This unsubscribe link is not valid."),
            hint=Words(fr="Prenez celui d’un courriel récent, tout en bas.", en="Take the one of a recent mail, at its end."),
        )
    return Leaving(masked_email=mask_address(person.email), was_here=ledger.subscribers.leave(person.id, by=by, now=now))


def import_suppressions(ledger: Ledger, content: bytes, *, dry_run: bool = False, source: str = "", now: datetime) -> PeopleImport:
    """Takes addresses that must not be written to: a CSV with a column of addresses, or one address a line."""
    text, encoding = decode(content)
    answer = PeopleImport(dry_run=dry_run, encoding=encoding)
    known, keys = ledger.suppressions.keys(), dict[str, None]()
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip(" \t\"'") for cell in line.replace(";", ",").replace("\t", ",").split(",")]
        found = next((address for cell in cells if (address := read_address(cell)) is not None), None)
        if not line.strip() or (found is None and "@" not in line and number == 1):
            continue  # blank, or the header
        answer.lines += 1
        if found is None:
            answer.invalid.append(InvalidLine(line=number, text=line.strip()[:120], why=_no_address(line)))
        elif found.key in known:
            answer.known += 1
        elif found.key in keys:
            answer.duplicates += 1
        else:
            keys[found.key] = None
    if not answer.lines:
        raise UsageError(
            Words(fr="Ce fichier est vide.", en="This file is empty."),
            hint=Words(fr="Donnez une adresse par ligne.", en="Give one address a line."),
        )
    answer.added = len(keys)
    if not dry_run:
        ledger.suppressions.add_all(list(keys), reason="import", source=source, now=now)
    return answer


def list_suppressions(ledger: Ledger) -> tuple[Suppression, ...]:
    """All suppressed addresses with reason and date."""
    return ledger.suppressions.all()


NO_STATUS = Words(fr="statut inconnu", en="unknown status")


def _sort_people(
    people: Sequence[Person], ledger: Ledger, answer: PeopleImport, *, consent: str, now: datetime
) -> tuple[list[NewSubscriber], list[str]]:
    statuses, suppressed = ledger.subscribers.statuses(), ledger.suppressions.keys()
    new: dict[str, NewSubscriber] = {}
    gone: dict[str, None] = {}
    # Who is gone by one line of the file is gone by all: exports of several lists name a person twice.
    left_elsewhere = {address.key for person in people if person.gone and (address := read_address(person.written)) is not None}
    for person in people:
        address = read_address(person.written)
        if address is None or person.gone is None:
            why = _no_address(person.written) if address is None else NO_STATUS
            answer.invalid.append(InvalidLine(line=person.line, text=person.written[:120], why=why))
        elif address.key in new or address.key in gone:
            answer.duplicates += 1
        elif address.key in statuses:
            answer.known += statuses[address.key] == "active"
            answer.left += statuses[address.key] != "active"
        elif address.key in suppressed:
            answer.suppressed += 1
        elif address.key in left_elsewhere:
            gone[address.key] = None
        else:
            new[address.key] = _new(person, address, consent, now)
    answer.added, answer.gone = len(new), len(gone)
    return list(new.values()), list(gone)


def _new(person: Person, address: Address, consent: str, now: datetime) -> NewSubscriber:
    given = person.consented_on
    return NewSubscriber(
        email=address.email,
        email_key=address.key,
        name=one_line(person.name or address.name, FIELD_MAX),
        consent=person.consent or consent,
        consented_on=given if given is None or given <= now.date() else None,
        fields=person.fields,
    )


def _no_address(written: str) -> Words:
    why = refusal_words(written)
    return Words(fr=f"pas d’adresse valable : {why.fr}", en=f"no valid address: {why.en}")


def _require_consent(consent: str | None) -> str:
    if consent and consent.strip():
        return one_line(consent, FIELD_MAX)
    raise UsageError(
        Words(fr="Où et jusqu’à quand ces personnes ont-elles consenti\u00a0?", en="Where and until when did these people consent?"),
        where="--consent",
        hint=Words(
            fr='Ajoutez par exemple `--consent "formulaire du site, jusqu’au 3 mars 2026"`.',
            en='Add for example `--consent "form on the site, until 3 March 2026"`.',
        ),
    )


def _address(email: str) -> Address:
    address = read_address(email)
    if address is None:
        raise UsageError(
            Words(
                fr=f"Cette adresse n’est pas valable : {refusal_words(email).fr}.",
                en=f"This address is not valid: {refusal_words(email).en}.",
            ),
            where=email,
            hint=Words(fr="Écrivez par exemple camille@exemple.fr.", en="Write for example camille@example.org."),
        )
    return address


def _not_added(known: Subscriber | None) -> Conflict:
    if known is not None and known.status == "active":
        words = Words(fr="Cette adresse est déjà abonnée.", en="This address is subscribed already.")
    elif known is not None:
        words = Words(fr="Cette personne est partie\u00a0: elle seule peut revenir.", en="This person has left: only they can come back.")
    else:
        words = Words(fr="Cette adresse est sur la liste d’exclusion.", en="This address is on the suppressions.")
    return Conflict(words, hint=Words(fr="`hebdo subscribers list`", en="`hebdo subscribers list`"))


def _guard(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
