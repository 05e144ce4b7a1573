"""Before an issue leaves: proofs to the desk. A proof touches no audience, takes nobody off the list, and is no public page."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from composer.deliver.address import read_address
from composer.errors import ConfirmationNeeded, NetworkError, Unfinished, UsageError
from composer.ledger import Ledger
from composer.message import build_message
from composer.message.build import proof_prefix
from composer.model.edition import Edition
from composer.model.mailing import Message, Outcome, Recipient, Stage
from composer.model.newsletter import Newsletter
from composer.render.views import mark_rehearsal
from composer.text.closing import close_html, close_text, field_values
from composer.text.merge import MergeField, split_tokens
from composer.transports import make_transport
from composer.words import Words
from composer.workflow.previewing import render_issue
from composer.workflow.readers import SAMPLE_NAME, find_reader, require_reader, stand_in
from composer.workflow.reviewing import is_sealed
from composer.workflow.telling import language_of
from composer.workspace import Workspace, find_issue
from composer.workspace.proofs import save_proofed

MANY = 10  # addresses; more than a desk has, so somebody says that it is meant
AT_ONCE = 8  # messages under way together; the transport may allow fewer
_PERSONAL = frozenset({"first_name", "name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One message of a proof."""

    email: str
    variant: Words  # whose eyes it is seen with; empty for the usual one
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        outcome = self.outcome
        return {
            "email": self.email,
            "variant": self.variant.en or None,
            "stage": outcome.stage.value,
            "code": outcome.code,
            "reply": outcome.reply,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SentProof:
    """A proof that has left."""

    issue_id: str
    number: int
    digest: str
    subject: str
    sent_to: tuple[str, ...]  # addresses, each once
    outcomes: tuple[Leaf, ...]  # one for each message
    edition: Edition = field(repr=False)
    folder: str = ""  # where the messages lie as files; "": they went to a server
    following: Words | None = None  # what comes next; None: it left, or is on its way

    @property
    def words(self) -> Words:
        """The sentence that confirms it."""
        to = ", ".join(self.sent_to)
        return Words(
            fr=f"Épreuve {self.number} de {self.issue_id} remise pour {to}.{self._variants.fr} Scellé {self.digest[:12]}.",
            en=f"Proof {self.number} of {self.issue_id} submitted for {to}.{self._variants.en} Seal {self.digest[:12]}.",
        )

    @property
    def _variants(self) -> Words:
        """That there are two messages for each address."""
        if len({leaf.variant for leaf in self.outcomes}) == 1:
            return Words(fr="", en="")
        return Words(
            fr=" Deux messages : tel que le reçoit qui a donné son nom, et qui ne l’a pas donné.",
            en=" Two messages: as readers get it who gave their name, and who did not.",
        )

    @property
    def remarks(self) -> tuple[Words, ...]:
        """What else there is to say: that nothing left this machine, and what comes next."""
        kept = Words(
            fr=f"Rien n’a quitté cette machine : les messages sont des fichiers dans {self.folder}/ ([transport] dans newsletter.toml).",
            en=f"Nothing has left this machine: the messages are files in {self.folder}/ ([transport] in newsletter.toml).",
        )
        return tuple(filter(None, (kept if self.folder else None, self.following)))

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "issue": self.issue_id,
            "number": self.number,
            "digest": self.digest,
            "subject": self.subject,
            "sent_to": list(self.sent_to),
            "outcomes": [leaf.to_json() for leaf in self.outcomes],
        }


def send_proof(
    workspace: Workspace,
    ledger: Ledger,
    ref: str,
    *,
    to: Sequence[str] = (),
    seen_as: str | None = None,
    yes: bool = False,
    keep: Callable[[Message], None] | None = None,
    now: datetime,
) -> SentProof:
    """Send the issue's present edition to ``to``, else to the desk, and note its digest under the issue's next proof number.

    Where the issue names its reader, each address gets it twice: with a name and without; ``seen_as`` a subscriber, once, as they will get it.
    The links to leave are inert. ``keep`` is shown each message before it leaves. Raises UsageError without an address, ConfirmationNeeded
    for many without ``yes``, NotFound when nobody is ``seen_as``, NetworkError when nobody took it, Unfinished when some did not.
    """
    newsletter, issue_id = workspace.newsletter, find_issue(workspace, ref)
    desk = _addresses(to or newsletter.desk.proof_to)
    if len(desk) > MANY and not yes:
        raise _many(len(desk), issue_id, to)
    edition = render_issue(workspace, issue_id)
    looks = _looks(ledger, edition, desk, seen_as, now=now)
    page = save_proofed(workspace, edition)
    local = now.astimezone(ZoneInfo(newsletter.time_zone))
    shown = mark_rehearsal(edition) if newsletter.site.rehearsal else edition
    _messages(shown, looks, newsletter, number=0, page=page, date=local)  # what cannot be written takes no number
    # The number is taken before anything leaves: two who send at once, or a crash in between, never share one.
    number = ledger.proofs.reserve(issue_id=issue_id, digest=edition.digest, now=now)
    messages = _messages(shown, looks, newsletter, number=number, page=page, date=local)
    if keep:
        for message in messages:
            keep(message)
    outcomes = asyncio.run(_submit(workspace, messages))
    leaves = tuple(Leaf(email=look.email, variant=look.variant, outcome=one) for look, one in zip(looks, outcomes, strict=True))
    taken = tuple(dict.fromkeys(leaf.email for leaf in leaves if leaf.outcome.stage is Stage.DONE))
    if not taken:
        raise _nobody_took_it(newsletter, outcomes[0])
    ledger.proofs.sent(issue_id, number, sent_to=taken, now=now)
    if any(leaf.outcome.stage is not Stage.DONE for leaf in leaves):
        raise _some_refused(issue_id, number, leaves)
    return SentProof(
        issue_id=issue_id,
        number=number,
        digest=edition.digest,
        subject=_subject(edition, looks[0], newsletter, number),
        sent_to=taken,
        outcomes=leaves,
        edition=edition,
        folder=newsletter.transport.folder if newsletter.transport.kind == "folder" else "",
        following=_following(newsletter, ledger, edition, now=local),
    )


def _following(newsletter: Newsletter, ledger: Ledger, edition: Edition, *, now: datetime) -> Words | None:
    issue_id = edition.issue_id
    if is_sealed(ledger, issue_id):
        return None
    if "approval" in newsletter.desk.require and not ledger.proofs.approvers(issue_id, edition.digest):
        return Words(fr=f"Ensuite : `hebdo approve {issue_id} --by PRÉNOM`", en=f"Next: `hebdo approve {issue_id} --by NAME`")
    at = "" if newsletter.schedule.weekday else f' --at "{now + timedelta(days=1):%Y-%m-%d} {newsletter.schedule.time}"'
    return Words(fr=f"Ensuite : `hebdo schedule {issue_id}{at}`", en=f"Next: `hebdo schedule {issue_id}{at}`")


# Who gets it, and as whom -------------------------------------------------------------------------------------------------------------


_AS_USUAL = Words(fr="", en="")
_UNNAMED = Words(fr="sans nom", en="without a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One message to come: to whom, and with whose eyes."""

    email: str  # of the desk
    eyes: Recipient
    variant: Words = _AS_USUAL  # in the subject, so that the two are told apart and not threaded


def _addresses(to: Sequence[str]) -> tuple[str, ...]:
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


def _looks(ledger: Ledger, edition: Edition, desk: Sequence[str], seen_as: str | None, *, now: datetime) -> list[_Look]:
    """The messages of a proof; who left the list may still be shown one, since it is the desk's own."""
    if seen_as is not None:
        person = require_reader(ledger, seen_as)
        variant = Words(fr=f"comme {person.email}", en=f"as {person.email}")
        return [_Look(email=_email(address), eyes=person, variant=variant) for address in desk]
    named = [_Look(email=_email(address), eyes=_reader(ledger, address, now=now)) for address in desk]
    if not _names_reader(edition):
        return named
    return [*named, *(replace(look, eyes=replace(look.eyes, name="", fields=()), variant=_UNNAMED) for look in named)]


def _reader(ledger: Ledger, given: str, *, now: datetime) -> Recipient:
    """Somebody of the desk as a reader with a name: their own, or a sample's."""
    email = _email(given)
    known = find_reader(ledger, email) or stand_in(email, name="", consented_on=None)
    address = read_address(given)
    name = (address.name if address else "") or known.name or SAMPLE_NAME
    return replace(known, email=email, name=name, consented_on=known.consented_on or now.date())


def _email(given: str) -> str:
    address = read_address(given)
    return address.email if address else given


def _names_reader(edition: Edition) -> bool:
    """Whether readers without a name get it otherwise; a field without fallback is the checks' business."""
    texts = (edition.subject, edition.html, edition.text)
    named = [part for text in texts for part in split_tokens(text, edition.field_prefix) if isinstance(part, MergeField)]
    own = [one for one in named if one.name in _PERSONAL]
    return bool(own) and all(one.fallback is not None for one in own)


# The messages -------------------------------------------------------------------------------------------------------------------------


def _messages(edition: Edition, looks: Sequence[_Look], newsletter: Newsletter, *, number: int, page: str, date: datetime) -> list[Message]:
    return [_message(edition, look, newsletter, number=number, page=page, date=date) for look in looks]


def _message(edition: Edition, look: _Look, newsletter: Newsletter, *, number: int, page: str, date: datetime) -> Message:
    """Closed for the reader whose eyes it is seen with, addressed to the desk: an answer to all must reach no subscriber."""
    domain = newsletter.sender.address.rpartition("@")[2] or "localhost"
    # With dots, since filters take a long run of letters and figures for a forged name (SpamAssassin: MSGID_RANDY).
    name = f"epreuve.{number}.{secrets.token_hex(8)}@{domain}"
    desk = replace(stand_in(look.email, name="", consented_on=None), message_id=name)
    seen = _closed(edition, replace(look.eyes, web_token=page), newsletter)
    return build_message(seen, desk, newsletter, date=date, kind="proof", number=number, variant=_said(look.variant, edition))


def _closed(edition: Edition, eyes: Recipient, newsletter: Newsletter) -> Edition:
    values = field_values(eyes, newsletter, issue_id=edition.issue_id, lang=edition.lang)
    return replace(
        edition,
        subject=close_text(edition.subject, edition.field_prefix, values),
        html=close_html(edition.html, edition.field_prefix, values),
        text=close_text(edition.text, edition.field_prefix, values),
    )


def _subject(edition: Edition, look: _Look, newsletter: Newsletter, number: int) -> str:
    return proof_prefix(number, lang=edition.lang, variant=_said(look.variant, edition)) + _closed(edition, look.eyes, newsletter).subject


def _said(variant: Words, edition: Edition) -> str:
    return variant.fr if edition.lang.startswith("fr") else variant.en


async def _submit(workspace: Workspace, messages: Sequence[Message]) -> list[Outcome]:
    transport = make_transport(workspace.newsletter.transport, root=workspace.root, language=language_of(workspace.newsletter))
    places = asyncio.Semaphore(AT_ONCE)

    async def submit(message: Message) -> Outcome:
        async with places:
            return await transport.submit(message)

    try:
        return await asyncio.gather(*(submit(message) for message in messages))
    finally:
        await transport.aclose()


# What may go wrong --------------------------------------------------------------------------------------------------------------------


def _many(count: int, issue_id: str, to: Sequence[str]) -> ConfirmationNeeded:
    typed = " ".join(["hebdo", "proof", issue_id, *(f"--to {_email(one)}" for one in to), "--yes"])
    return ConfirmationNeeded(
        Words(fr=f"Une épreuve pour {count} adresses, c’est beaucoup.", en=f"A proof to {count} addresses is a lot."),
        where="--to" if to else "[desk] proof_to",
        hint=Words(fr=f"Si c’est voulu : `{typed}`", en=f"If it is meant so: `{typed}`"),
    )


def _nobody_took_it(newsletter: Newsletter, outcome: Outcome) -> NetworkError:
    transport, said = newsletter.transport, _answer(outcome)
    return NetworkError(
        Words(fr=f"L’épreuve n’est pas partie : {said}", en=f"The proof has not left: {said}"),
        where=f"{transport.host}:{transport.port}" if transport.kind == "smtp" else transport.folder,
        hint=Words(
            fr="Vérifiez [transport] dans newsletter.toml, puis relancez `hebdo proof`.",
            en="Check [transport] in newsletter.toml, then run `hebdo proof` again.",
        ),
    )


def _some_refused(issue_id: str, number: int, leaves: Sequence[Leaf]) -> Unfinished:
    refused = {leaf.email: _answer(leaf.outcome) for leaf in leaves if leaf.outcome.stage is not Stage.DONE}
    told = "; ".join(f"{email} ({answer})" for email, answer in refused.items())
    again = " ".join(["hebdo", "proof", issue_id, *(f"--to {email}" for email in refused)])
    return Unfinished(
        Words(fr=f"L’épreuve {number} est partie, mais pas pour tous : {told}", en=f"Proof {number} has left, but not for all: {told}"),
        where=issue_id,
        hint=Words(fr=f"Corrigez ces adresses, puis `{again}`", en=f"Correct these addresses, then `{again}`"),
    )


def _answer(outcome: Outcome) -> str:
    return " ".join(part for part in (str(outcome.code or ""), outcome.reply) if part)
