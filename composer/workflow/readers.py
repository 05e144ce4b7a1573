"""Readers of views and proofs: somebody of the list, or one who stands for all. Their links to leave are inert."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from composer.deliver.address import read_address
from composer.errors import HebdoError, NotFound
from composer.ledger import Ledger
from composer.model.mailing import Recipient
from composer.text.addresses import PROOF_TOKEN
from composer.words import Words

SAMPLE_NAME = "Camille Exemple"
SAMPLE_EMAIL = "camille@exemple.fr"
_NO_MESSAGE = "exemple@exemple.fr"


def sample_reader(*, consented_on: date | None) -> Recipient:
    """The reader that stands for all where none is named."""
    return stand_in(SAMPLE_EMAIL, name=SAMPLE_NAME, consented_on=consented_on)


def typical_reader(ledger: Ledger | None, *, day: date) -> Recipient:
    """The sample reader as most of the list are: with a date of consent, ``day``, or without one. A ledger that cannot be read changes nothing."""
    dated = True
    with suppress(HebdoError):
        dated = ledger is None or ledger.subscribers.mostly_dated()
    return sample_reader(consented_on=day if dated else None)


def stand_in(email: str, *, name: str, consented_on: date | None, fields: tuple[tuple[str, str], ...] = ()) -> Recipient:
    """A recipient whose token takes nobody off the list: views and proofs are forwarded and clicked."""
    return Recipient(
        delivery_id=0, email=email, name=name, token=PROOF_TOKEN, message_id=_NO_MESSAGE, consented_on=consented_on, fields=fields
    )


def find_reader(ledger: Ledger, email: str) -> Recipient | None:
    """The subscriber with this address as a recipient, whatever its case; None when nobody has it."""
    address = read_address(email)
    person = ledger.subscribers.by_key(address.key) if address else None
    return stand_in(person.email, name=person.name, consented_on=person.consented_on, fields=person.fields) if person else None


def require_reader(ledger: Ledger, email: str) -> Recipient:
    """As find_reader; raises NotFound when nobody has it."""
    found = find_reader(ledger, email)
    if found is None:
        raise not_subscribed(email)
    return found


def not_subscribed(email: str) -> NotFound:
    """What to raise for an address that is not on the list."""
    return NotFound(
        Words(fr="Cette adresse n’est pas abonnée.", en="This address is not subscribed."),
        where=email,
        hint=Words(fr="Voyez qui l’est : `hebdo subscribers list`", en="See who is: `hebdo subscribers list`"),
    )
