"""Before an issue leaves: proofs to the desk. A proof touches no audience, takes nobody off the list, and is no public page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from composer.deliver.relays import transport_place
from composer.errors import ConfirmationNeeded, NetworkError, Unfinished
from composer.ledger import Ledger
from composer.model.edition import Edition
from composer.model.mailing import Message, Outcome, Stage
from composer.model.newsletter import Newsletter
from composer.render.views import mark_rehearsal
from composer.transports import make_transport
from composer.words import Words
from composer.workflow.previewing import render_issue
from composer.workflow.proof_looks import email_of, make_looks, make_messages, read_desk, subject_of
from composer.workflow.reviewing import is_sealed
from composer.workflow.signing import signer_of
from composer.workflow.telling import language_of
from composer.workspace import Workspace, find_issue
from composer.workspace.proofs import save_proofed

MANY = 10  # addresses; more than a desk has, so somebody says that it is meant
AT_ONCE = 8  # messages under way together; the transport may allow fewer


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
    desk = read_desk(to or newsletter.desk.proof_to)
    if len(desk) > MANY and not yes:
        raise _many(len(desk), issue_id, to)
    edition = render_issue(workspace, issue_id)
    looks = make_looks(ledger, edition, desk, seen_as, now=now)
    page = save_proofed(workspace, edition)
    signer = signer_of(workspace)
    local = now.astimezone(ZoneInfo(newsletter.time_zone))
    shown = mark_rehearsal(edition) if newsletter.site.rehearsal else edition
    make_messages(shown, looks, newsletter, number=0, page=page, date=local, signer=signer)  # what cannot be written takes no number
    # The number is taken before anything leaves: two who send at once, or a crash in between, never share one.
    number = ledger.proofs.reserve(issue_id=issue_id, digest=edition.digest, now=now)
    messages = make_messages(shown, looks, newsletter, number=number, page=page, date=local, signer=signer)
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
        subject=subject_of(edition, looks[0], newsletter, number),
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


# The way out ---------------------------------------------------------------------------------------------------------------------------


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
    typed = " ".join(["hebdo", "proof", issue_id, *(f"--to {email_of(one)}" for one in to), "--yes"])
    return ConfirmationNeeded(
        Words(fr=f"Une épreuve pour {count} adresses, c’est beaucoup.", en=f"A proof to {count} addresses is a lot."),
        where="--to" if to else "[desk] proof_to",
        hint=Words(fr=f"Si c’est voulu : `{typed}`", en=f"If it is meant so: `{typed}`"),
    )


def _nobody_took_it(newsletter: Newsletter, outcome: Outcome) -> NetworkError:
    said = _answer(outcome)
    return NetworkError(
        Words(fr=f"L’épreuve n’est pas partie : {said}", en=f"The proof has not left: {said}"),
        where=transport_place(newsletter.transport),
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
