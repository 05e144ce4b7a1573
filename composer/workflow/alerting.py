"""The channels by which the desk is told: mail to [desk] alert, a signed call to [desk] alert_webhook. Neither waits for the other."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from composer.engine.lock import FileLock
from composer.errors import HebdoError
from composer.ledger import SENDER_LOCK, Ledger
from composer.message import Signer
from composer.message.hook import MAX_DETAIL, build_call
from composer.message.notice import build_notice
from composer.model.mailing import Message, Outcome, Stage
from composer.model.notice import KINDS, Channel, Notice
from composer.outside.calls import call
from composer.text.hosts import mail_domain
from composer.transports import make_transport
from composer.words import Words
from composer.workflow.short_names import short_name, with_short_commands
from composer.workflow.signing import signer_of
from composer.workflow.telling import language_of, said
from composer.workspace import Workspace

STALE = timedelta(days=3)  # who sets [desk] alert today is not told of last month
ROUND_S = 100.0  # one round of mails, however slow the relay
MOST_AT_ONCE = 100  # notices in one mail
WITHOUT_S = 3600.0  # an address that takes nothing for so long no longer keeps a notice waiting that others have
REFUSALS = 3  # a notice that a webhook refuses as such this often makes room for the next
_SUBJECT_MAX = 120
_SPOILT = frozenset({400, 413, 415, 422})  # of this very call, not of the address
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How one round of telling ended."""

    told: tuple[Notice, ...] = ()  # by this channel, for good
    failure: str = ""  # why it stopped before the end; "": it did not
    wait_s: float = 0.0  # what the other side asked for
    refused: tuple[tuple[str, str], ...] = ()  # addresses that were refused for good, with the server's words


class Carrier(Protocol):
    """One channel."""

    name: Channel

    @property
    def is_set(self) -> bool:
        """Whether the desk has this channel."""
        ...

    async def carry(self, notices: Sequence[Notice], now: datetime) -> Round:
        """One round, the oldest first, bounded in time; raises nothing for what the world does."""
        ...


@dataclass(slots=True)
class MailCarrier:
    """All that waits in one mail to each address. Remembers who has what, so that one slow address costs the others no repetition."""

    workspace: Workspace
    name: Channel = "mail"
    _had: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    _since: dict[tuple[int, str], float] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        """Whether there is an address to write to, and one to write from."""
        return bool(self.workspace.newsletter.desk.alert and self.workspace.newsletter.sender.address)

    async def carry(self, notices: Sequence[Notice], now: datetime) -> Round:
        """One mail to each address that has not had them all."""
        batch = tuple(notices[:MOST_AT_ONCE])
        outcomes: dict[str, Outcome] = {}
        try:
            async with asyncio.timeout(ROUND_S):
                await self._submit(batch, now, outcomes)
        except TimeoutError:
            pass  # whoever has no outcome was not reached
        return self._settle(batch, outcomes)

    async def _submit(self, batch: Sequence[Notice], now: datetime, outcomes: dict[str, Outcome]) -> None:
        newsletter = self.workspace.newsletter
        transport = make_transport(newsletter.transport, root=self.workspace.root, language=language_of(newsletter))
        try:
            for address in newsletter.desk.alert:
                lacking = [notice for notice in batch if _key(notice) not in self._had.get(address, ())]
                if lacking:
                    outcomes[address] = await transport.submit(write_mail(self.workspace, lacking, to=address, now=now))
        finally:
            await transport.aclose()

    def _settle(self, batch: Sequence[Notice], outcomes: dict[str, Outcome]) -> Round:
        """Told: what every address has, or was refused for good, with one at least that has it."""
        clock, desk = asyncio.get_running_loop().time(), self.workspace.newsletter.desk.alert
        for address, outcome in outcomes.items():
            if outcome.stage is Stage.DONE:
                self._had.setdefault(address, set()).update(map(_key, batch))
        refused = {address: outcome.reply for address, outcome in outcomes.items() if _is_final(outcome)}
        told: list[Notice] = []
        for notice in batch:
            without = [address for address in desk if _key(notice) not in self._had.get(address, ()) and address not in refused]
            waited = clock - self._since.setdefault(_key(notice), clock) > WITHOUT_S
            somebody = any(_key(notice) in had for had in self._had.values())
            if somebody and (not without or waited):
                told.append(notice)
        self._forget(told)
        failed = [outcome.reply for outcome in outcomes.values() if outcome.stage is not Stage.DONE and not _is_final(outcome)]
        failure = "" if len(told) == len(batch) else next(iter([*failed, *refused.values()]), said(self.workspace, _no_answer()))
        return Round(told=tuple(told), failure=failure, refused=tuple(refused.items()))

    def _forget(self, told: Sequence[Notice]) -> None:
        for notice in told:
            self._since.pop(_key(notice), None)
            for had in self._had.values():
                had.discard(_key(notice))


@dataclass(slots=True)
class HookCarrier:
    """One signed call for each notice, in their order: the next one only when this one was taken."""

    workspace: Workspace
    name: Channel = "webhook"
    _refusals: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def is_set(self) -> bool:
        """Whether there is an address to call."""
        return bool(self.workspace.newsletter.desk.alert_webhook)

    async def carry(self, notices: Sequence[Notice], now: datetime) -> Round:
        """One call, so that it is noted before the next one: a crash repeats one notice at most."""
        newsletter, notice = self.workspace.newsletter, notices[0]
        signed = build_call(newsletter, notice, text=chat_words(self.workspace, notice), now=now)
        answer = await call(newsletter.desk.alert_webhook, method="POST", headers=signed.headers, body=signed.body)
        if not answer.is_taken and not self._gives_up(notice, answer.status):
            return Round(failure=said(self.workspace, answer.words) or str(answer.status), wait_s=answer.retry_after_s)
        return Round(told=(notice,))

    def _gives_up(self, notice: Notice, status: int) -> bool:
        """One that is refused as such again and again must not keep the others back."""
        if status not in _SPOILT:
            return False
        self._refusals[_key(notice)] = self._refusals.get(_key(notice), 0) + 1
        return self._refusals[_key(notice)] >= REFUSALS


def carriers(workspace: Workspace) -> tuple[Carrier, ...]:
    """The channels that the desk has."""
    both: tuple[Carrier, ...] = (MailCarrier(workspace), HookCarrier(workspace))
    return tuple(carrier for carrier in both if carrier.is_set)


def carry_notices(workspace: Workspace, ledger: Ledger, now: datetime) -> int:
    """One round over every channel, for a command that is about to end; gives how many notices were told.

    A desk without a channel is not told, and nothing is marked.
    """
    return len({notice.id for carrier in carriers(workspace) for notice in asyncio.run(_carry_all(carrier, ledger, now))})


def tell_the_rest(workspace: Workspace, ledger: Ledger, now: datetime) -> int:
    """``carry_notices`` unless another engine runs, which then tells: nobody is told twice."""
    lock = FileLock(workspace.var_path / SENDER_LOCK)
    if not lock.acquire():
        return 0
    try:
        return carry_notices(workspace, ledger, now)
    finally:
        lock.release()


async def _carry_all(carrier: Carrier, ledger: Ledger, now: datetime) -> list[Notice]:
    """Rounds until nothing waits or one fails."""
    told: list[Notice] = []
    while waiting := ledger.notices.untold(carrier.name, since=now - STALE):
        done = await carrier.carry(waiting, now)
        ledger.notices.told([notice.id for notice in done.told], carrier.name, now=now)
        told += done.told
        if done.failure or not done.told:
            break
    return told


# Words --------------------------------------------------------------------------------------------------------------------------


def write_mail(workspace: Workspace, notices: Sequence[Notice], *, to: str, now: datetime) -> Message:
    """One mail that tells all of ``notices``; its subject is the most urgent of them."""
    newsletter = workspace.newsletter
    zone = ZoneInfo(newsletter.time_zone)
    domain = mail_domain(newsletter.sender.address)
    return build_notice(
        newsletter,
        to=to,
        subject=_subject(workspace, notices),
        text="\n\n".join(_paragraph(workspace, notice, zone) for notice in notices),
        date=now.astimezone(zone),
        message_id=f"avis-{secrets.token_hex(10)}@{domain}",
        signer=_signer(workspace),
    )


def _signer(workspace: Workspace) -> Signer | None:
    """Nobody where a key is out of order: of that, too, the desk is told."""
    with suppress(HebdoError):
        return signer_of(workspace)
    return None


def chat_words(workspace: Workspace, notice: Notice) -> str:
    """What a chat shows of a notice: the newsletter, the kind, the words, the detail."""
    head = f"{_plain(workspace.newsletter.name)} – {kind_words(workspace, notice)}"
    words = with_short_commands(workspace, notice.issue_id, _plain_lines(notice.words)) if notice.issue_id else _plain_lines(notice.words)
    return "\n".join(part for part in (head, words, _plain_lines(notice.detail)) if part)


def kind_words(workspace: Workspace, notice: Notice) -> str:
    """The name of its kind, in the desk's language."""
    return said(workspace, KINDS.get(notice.kind) or Words(fr=notice.kind, en=notice.kind))


def _subject(workspace: Workspace, notices: Sequence[Notice]) -> str:
    """Its kind, its issue, its words: «En attente – n° 2 : Les bouquinistes – 0 abonné…»."""
    first = min(notices, key=lambda notice: (notice.urgency, -notice.id))
    kind = kind_words(workspace, first)
    words = _after(_after(_plain(first.words), first.issue_id), kind)
    issue = _plain(said(workspace, short_name(workspace, first.issue_id))) if first.issue_id else ""
    subject = " – ".join(part for part in (kind[:1].upper() + kind[1:], issue, words) if part)
    cut = subject if len(subject) <= _SUBJECT_MAX else subject[:_SUBJECT_MAX].rpartition(" ")[0] + "…"
    return cut if len(notices) == 1 else f"{cut} (+{len(notices) - 1})"


def _after(words: str, beginning: str) -> str:
    """``words`` without a ``beginning`` that the subject says already."""
    begins = bool(beginning) and words.casefold().startswith(beginning.casefold())
    return words[len(beginning) :].lstrip("\u00a0 :.,;") if begins else words


def _paragraph(workspace: Workspace, notice: Notice, zone: ZoneInfo) -> str:
    words, issue_id = _plain_lines(notice.words[:MAX_DETAIL]), notice.issue_id
    if issue_id:
        name = _plain(said(workspace, short_name(workspace, issue_id)))
        rest = _after(words, issue_id)
        words = said(workspace, Words(fr=f"{name} – {rest}", en=f"{name} – {rest}"))
        words = with_short_commands(workspace, issue_id, words)
    detail = _plain_lines(notice.detail[:MAX_DETAIL])
    below = "".join(f"\n    {line}" for line in detail.split("\n")) if detail else ""
    return f"{notice.created_at.astimezone(zone):%d/%m/%Y %H:%M}  {words}{below}"


def _plain(text: str) -> str:
    """On one line, without controls: names of folders and servers' words may hold anything."""
    return " ".join(_plain_lines(text).split("\n"))


def _plain_lines(text: str) -> str:
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n"))


def _is_final(outcome: Outcome) -> bool:
    """Whether the server refused this very address or mail for good; a relay that takes nobody's mail may be mended."""
    return outcome.stage in {Stage.RCPT, Stage.DATA, Stage.DOT} and outcome.code // 100 == 5


def _key(notice: Notice) -> tuple[int, str]:
    """What tells notices apart, those without a row in the ledger included."""
    return (notice.id, "" if notice.id else f"{notice.kind} {notice.created_at.isoformat()}")


def _no_answer() -> Words:
    return Words(fr=f"pas de réponse en {ROUND_S:g}\u00a0s", en=f"no answer within {ROUND_S:g} s")
