"""The messages of a proof: who gets them, and with whose eyes each is seen."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from composer.deliver.address import read_address
from composer.errors import UsageError
from composer.ledger import Ledger
from composer.message import Signer, build_message
from composer.message.build import proof_prefix
from composer.model.edition import Edition
from composer.model.mailing import Message, Recipient
from composer.model.newsletter import Newsletter
from composer.text.closing import close_html, close_text, field_values
from composer.text.hosts import mail_domain
from composer.text.merge import MergeField, split_tokens
from composer.words import Words
from composer.workflow.readers import SAMPLE_NAME, find_reader, require_reader, stand_in

_PERSONAL = frozenset({"first_name", "name"})
AS_USUAL = Words(fr="", en="")
_UNNAMED = Words(fr="sans nom", en="without a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One message to come: to whom, and with whose eyes."""

    email: str  # of the desk
    eyes: Recipient
    variant: Words = AS_USUAL  # in the subject, so that the two are told apart and not threaded


def read_desk(to: Sequence[str]) -> tuple[str, ...]:
    """The desk's addresses, each once; raises UsageError for what is no address, or when there is none."""
    hint = Words(fr="`hebdo proof --to vous@exemple.fr`", en="`hebdo proof --to you@example.com`")
    if not to:
        said = Words(fr="À qui envoyer l’épreuve ? [desk] proof_to est vide.", en="Proof to whom? [desk] proof_to is empty.")
        once = Words(
            fr=f'{hint.fr} ; une fois pour toutes, dans newsletter.toml sous [desk] : proof_to = ["vous@exemple.fr"]',
            en=f'{hint.en}; once for all, in newsletter.toml under [desk]: proof_to = ["you@example.com"]',
        )
        raise UsageError(said, where="--to", hint=once)
    given: dict[str, str] = {}
    for one in to:
        address = read_address(one)
        if address is None:
            raise UsageError(Words(fr=f"« {one} » n’est pas une adresse.", en=f"“{one}” is not an address."), where="--to", hint=hint)
        given.setdefault(address.key, one)
    return tuple(given.values())


def make_looks(ledger: Ledger, edition: Edition, desk: Sequence[str], seen_as: str | None, *, now: datetime) -> list[Look]:
    """The messages of a proof; who left the list may still be shown one, since it is the desk's own."""
    if seen_as is not None:
        person = require_reader(ledger, seen_as)
        variant = Words(fr=f"comme {person.email}", en=f"as {person.email}")
        return [Look(email=email_of(address), eyes=person, variant=variant) for address in desk]
    named = [Look(email=email_of(address), eyes=_reader(ledger, address, now=now)) for address in desk]
    if not _names_reader(edition):
        return named
    return [*named, *(replace(look, eyes=replace(look.eyes, name="", fields=()), variant=_UNNAMED) for look in named)]


def _reader(ledger: Ledger, given: str, *, now: datetime) -> Recipient:
    """Somebody of the desk as a reader with a name: their own, or a sample's."""
    email = email_of(given)
    known = find_reader(ledger, email) or stand_in(email, name="", consented_on=None)
    address = read_address(given)
    name = (address.name if address else "") or known.name or SAMPLE_NAME
    return replace(known, email=email, name=name, consented_on=known.consented_on or now.date())


def email_of(given: str) -> str:
    """The address alone of «Zoé <zoe@exemple.fr>»."""
    address = read_address(given)
    return address.email if address else given


def _names_reader(edition: Edition) -> bool:
    """Whether readers without a name get it otherwise; a field without fallback is the checks' business."""
    texts = (edition.subject, edition.html, edition.text)
    named = [part for text in texts for part in split_tokens(text, edition.field_prefix) if isinstance(part, MergeField)]
    own = [one for one in named if one.name in _PERSONAL]
    return bool(own) and all(one.fallback is not None for one in own)


# The messages -------------------------------------------------------------------------------------------------------------------------


def make_messages(
    edition: Edition, looks: Sequence[Look], newsletter: Newsletter, *, number: int, page: str, date: datetime, signer: Signer | None
) -> list[Message]:
    """A message for each look; ``page`` opens the web view of the edition. Raises MergeError and ConfigurationError."""
    return [_message(edition, look, newsletter, number=number, page=page, date=date, signer=signer) for look in looks]


def _message(
    edition: Edition, look: Look, newsletter: Newsletter, *, number: int, page: str, date: datetime, signer: Signer | None
) -> Message:
    """Closed for the reader whose eyes it is seen with, addressed to the desk: an answer to all must reach no subscriber."""
    domain = mail_domain(newsletter.sender.address) or "localhost"
    # With dots, since filters take a long run of letters and figures for a forged name (SpamAssassin: MSGID_RANDY).
    name = f"epreuve.{number}.{secrets.token_hex(8)}@{domain}"
    desk = replace(stand_in(look.email, name="", consented_on=None), message_id=name)
    seen = _closed(edition, replace(look.eyes, web_token=page), newsletter)
    variant = _said(look.variant, edition)
    return build_message(seen, desk, newsletter, date=date, kind="proof", number=number, variant=variant, signer=signer)


def _closed(edition: Edition, eyes: Recipient, newsletter: Newsletter) -> Edition:
    values = field_values(eyes, newsletter, issue_id=edition.issue_id, lang=edition.lang)
    return replace(
        edition,
        subject=close_text(edition.subject, edition.field_prefix, values),
        html=close_html(edition.html, edition.field_prefix, values),
        text=close_text(edition.text, edition.field_prefix, values),
    )


def subject_of(edition: Edition, look: Look, newsletter: Newsletter, number: int) -> str:
    """The subject as the desk gets it."""
    return proof_prefix(number, lang=edition.lang, variant=_said(look.variant, edition)) + _closed(edition, look.eyes, newsletter).subject


def _said(variant: Words, edition: Edition) -> str:
    return variant.fr if edition.lang.startswith("fr") else variant.en
