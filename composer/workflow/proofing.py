"""Before an issue leaves: proofs to the desk, and the approval of exactly what was seen."""

from __future__ import annotations

import asyncio
import getpass
import pwd
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from composer.deliver.address import read_address
from composer.errors import Conflict, MergeError, NetworkError, Unfinished, UsageError
from composer.ledger import Ledger
from composer.message import build_message
from composer.message.build import proof_prefix
from composer.model.edition import Edition
from composer.model.mailing import Message, Outcome, Recipient, Stage
from composer.model.newsletter import Newsletter
from composer.transports import make_transport
from composer.words import Words
from composer.workflow.readers import SAMPLE_NAME, find_reader, stand_in
from composer.workflow.telling import language_of
from composer.workspace import Workspace, find_issue, load_issue, save_pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class SentProof:
    """A proof that has left."""

    issue_id: str
    number: int
    digest: str
    subject: str
    sent_to: tuple[str, ...]
    outcomes: tuple[tuple[str, Outcome], ...]  # per address

    @property
    def words(self) -> Words:
        """The sentence that confirms it."""
        to = ", ".join(self.sent_to)
        return Words(
            fr=f"Épreuve {self.number} de {self.issue_id} remise pour {to}. Scellé {self.digest[:12]}.",
            en=f"Proof {self.number} of {self.issue_id} submitted for {to}. Seal {self.digest[:12]}.",
        )

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "issue": self.issue_id,
            "number": self.number,
            "digest": self.digest,
            "subject": self.subject,
            "sent_to": list(self.sent_to),
            "outcomes": [
                {"email": email, "stage": outcome.stage.value, "code": outcome.code, "reply": outcome.reply}
                for email, outcome in self.outcomes
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """«Bon à tirer» for exactly one edition."""

    issue_id: str
    digest: str
    approver: str

    @property
    def words(self) -> Words:
        """The sentence that confirms it."""
        return Words(
            fr=f"Bon à tirer de {self.approver} pour {self.issue_id}. Scellé {self.digest[:12]}.",
            en=f"{self.issue_id} approved by {self.approver}. Seal {self.digest[:12]}.",
        )

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {"issue": self.issue_id, "digest": self.digest, "approver": self.approver}


def send_proof(workspace: Workspace, ledger: Ledger, ref: str, *, to: Sequence[str] = (), now: datetime) -> SentProof:
    """Send the issue's present edition to ``to``, else to the desk, and note its digest under the issue's next proof number.

    The links to leave are inert. Raises UsageError without an address, NetworkError when nobody took it, Unfinished when some did not.
    """
    newsletter = workspace.newsletter
    readers = _readers(ledger, to or newsletter.desk.proof_to, now=now)
    issue = load_issue(workspace, find_issue(workspace, ref))
    edition = _render(workspace, issue.id)
    save_pictures(workspace, edition)
    number = ledger.proofs.next_number(issue.id)
    local = now.astimezone(ZoneInfo(newsletter.time_zone))
    shown = _as_rehearsal(edition) if newsletter.site.rehearsal else edition
    messages = [_message(shown, reader, newsletter, number=number, date=local) for reader in readers]
    outcomes = asyncio.run(_submit(workspace, messages))
    taken = tuple(message.envelope_to for message, outcome in zip(messages, outcomes, strict=True) if outcome.stage is Stage.DONE)
    if not taken:
        raise _nobody_took_it(newsletter, outcomes[0])
    proof = ledger.proofs.add(issue_id=issue.id, digest=edition.digest, sent_to=taken, now=now)
    told = tuple((message.envelope_to, outcome) for message, outcome in zip(messages, outcomes, strict=True))
    if len(taken) < len(messages):
        raise _some_refused(issue.id, told)
    return SentProof(
        issue_id=issue.id,
        number=proof.number,
        digest=edition.digest,
        subject=proof_prefix(proof.number, lang=edition.lang) + edition.subject,
        sent_to=taken,
        outcomes=told,
    )


def approve(workspace: Workspace, ledger: Ledger, ref: str, *, by: str | None = None, now: datetime) -> Approval:
    """Approve the issue's present edition, ``by`` somebody (else the machine's user).

    Raises Conflict when the edition is not the one last proofed, was never proofed though ``[desk] require`` wants it,
    or when its last editor would approve themself though approval is required.
    """
    issue = load_issue(workspace, find_issue(workspace, ref))
    approver = (by or _machine_user()).strip()
    digest = _render(workspace, issue.id).digest
    _require_same(workspace, ledger, issue.id, digest)
    if "approval" in workspace.newsletter.desk.require:
        _require_other(workspace, issue.id, approver)
    ledger.proofs.approve(issue_id=issue.id, digest=digest, approver=approver, now=now)
    return Approval(issue_id=issue.id, digest=digest, approver=approver)


def _render(workspace: Workspace, issue_id: str) -> Edition:
    from composer.workflow.previewing import render_issue

    return render_issue(workspace, issue_id)


# -- the messages of a proof --------------------------------------------------------------------------------------------------------------


def _readers(ledger: Ledger, to: Sequence[str], *, now: datetime) -> list[Recipient]:
    """The desk as recipients; raises UsageError for what is no address, or when there is none."""
    if not to:
        raise UsageError(
            Words(fr="À qui envoyer l’épreuve\u00a0? [desk] proof_to est vide.", en="Proof to whom? [desk] proof_to is empty."),
            where="--to",
            hint=Words(fr="`hebdo proof --to vous@exemple.fr`", en="`hebdo proof --to you@example.com`"),
        )
    readers: dict[str, Recipient] = {}
    for given in to:
        address = read_address(given)
        if address is None:
            raise UsageError(
                Words(fr=f"«\u00a0{given}\u00a0» n’est pas une adresse.", en=f"“{given}” is not an address."),
                where="--to",
                hint=Words(fr="`hebdo proof --to vous@exemple.fr`", en="`hebdo proof --to you@example.com`"),
            )
        known = find_reader(ledger, address.email) or stand_in(address.email, name="", consented_on=None)
        reader = replace(known, email=address.email, name=address.name or known.name, consented_on=known.consented_on or now.date())
        readers.setdefault(address.key, reader)
    return list(readers.values())


def _message(edition: Edition, reader: Recipient, newsletter: Newsletter, *, number: int, date: datetime) -> Message:
    domain = newsletter.sender.address.rpartition("@")[2] or "localhost"
    reader = replace(reader, message_id=f"epreuve-{number}-{secrets.token_hex(8)}@{domain}")
    try:
        return build_message(edition, reader, newsletter, date=date, kind="proof", number=number)
    except MergeError:
        # A desk's address has no name: the proof shows a sample reader's.
        return build_message(edition, replace(reader, name=reader.name or SAMPLE_NAME), newsletter, date=date, kind="proof", number=number)


def _as_rehearsal(edition: Edition) -> Edition:
    """The edition with a last line that says so: at the end, since at the top it would become the inbox line."""
    words = (
        "Répétition\u00a0: les adresses de ce message mènent à une machine d’essai."
        if edition.lang.startswith("fr")
        else "Rehearsal: the addresses in this message lead to a test machine."
    )
    line = (
        '<p style="margin:0;padding:16px;font:14px/20px Arial,sans-serif;color:#7a3e00;background-color:#fff4e0;text-align:center">'
        f"{words}</p>"
    )
    head, body_end, tail = edition.html.rpartition("</body>")
    html = f"{head}{line}{body_end}{tail}" if body_end else edition.html + line
    return replace(edition, html=html, text=f"{edition.text.rstrip()}\n\n{words}\n")


async def _submit(workspace: Workspace, messages: Sequence[Message]) -> list[Outcome]:
    transport = make_transport(workspace.newsletter.transport, root=workspace.root, language=language_of(workspace.newsletter))
    try:
        return [await transport.submit(message) for message in messages]
    finally:
        await transport.aclose()


def _nobody_took_it(newsletter: Newsletter, outcome: Outcome) -> NetworkError:
    transport = newsletter.transport
    said = " ".join(part for part in (str(outcome.code or ""), outcome.reply) if part)
    return NetworkError(
        Words(fr=f"L’épreuve n’est pas partie\u00a0: {said}", en=f"The proof has not left: {said}"),
        where=f"{transport.host}:{transport.port}" if transport.kind == "smtp" else transport.folder,
        hint=Words(
            fr="Vérifiez [transport] dans newsletter.toml, puis relancez `hebdo proof`.",
            en="Check [transport] in newsletter.toml, then run `hebdo proof` again.",
        ),
    )


def _some_refused(issue_id: str, told: Sequence[tuple[str, Outcome]]) -> Unfinished:
    refused = "; ".join(f"{email} ({outcome.code} {outcome.reply})" for email, outcome in told if outcome.stage is not Stage.DONE)
    return Unfinished(
        Words(fr=f"L’épreuve est partie, mais pas pour tous\u00a0: {refused}", en=f"The proof has left, but not for all: {refused}"),
        where=issue_id,
        hint=Words(fr="Corrigez ces adresses, puis relancez `hebdo proof`.", en="Correct these addresses, then run `hebdo proof` again."),
    )


# -- the rules of an approval -------------------------------------------------------------------------------------------------------------


def _require_same(workspace: Workspace, ledger: Ledger, issue_id: str, digest: str) -> None:
    """What is approved is what was last seen as a proof."""
    proofs = ledger.proofs.of_issue(issue_id)
    hint = Words(fr=f"`hebdo proof {issue_id}`", en=f"`hebdo proof {issue_id}`")
    if not proofs and "proof" in workspace.newsletter.desk.require:
        raise Conflict(
            Words(fr="Aucune épreuve de ce numéro n’est partie.", en="No proof of this issue has been sent."), where=issue_id, hint=hint
        )
    if proofs and proofs[0].digest != digest:
        raise Conflict(
            Words(
                fr=f"Le numéro a changé depuis l’épreuve {proofs[0].number}\u00a0: le bon à tirer vaudrait pour autre chose.",
                en=f"The issue has changed since proof {proofs[0].number}: the approval would stand for something else.",
            ),
            where=issue_id,
            hint=hint,
        )


def _require_other(workspace: Workspace, issue_id: str, approver: str) -> None:
    """Four eyes: whoever edited last does not approve."""
    if approver.casefold() != _last_editor(workspace.issues_path / issue_id).casefold():
        return
    raise Conflict(
        Words(
            fr=f"{approver} a modifié ce numéro en dernier\u00a0: le bon à tirer revient à quelqu’un d’autre.",
            en=f"{approver} edited this issue last: somebody else must approve it.",
        ),
        where=issue_id,
        hint=Words(fr=f"`hebdo approve {issue_id} --by PRÉNOM`", en=f"`hebdo approve {issue_id} --by NAME`"),
    )


def _last_editor(folder: Path) -> str:
    """The owner of the source that was written last; "" when nobody knows."""
    written = [file.stat() for file in folder.glob("*.md")]
    if not written:
        return ""
    try:
        return pwd.getpwuid(max(written, key=lambda stat: stat.st_mtime).st_uid).pw_name
    except KeyError:
        return ""


def _machine_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
