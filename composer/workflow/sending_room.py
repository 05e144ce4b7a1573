"""The sender of one workspace: its loop and its way out, until it is asked to stop. It knows no lock and launches nothing."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from composer.deliver.hours import fit
from composer.deliver.relays import Relays
from composer.deliver.schedule import find_zone
from composer.engine.attempts import BuildMessage, Doors, Ended, Limits, Way
from composer.engine.sender import Sender
from composer.engine.tally import Attempts, Tally
from composer.errors import Conflict, HebdoError
from composer.ledger import Ledger
from composer.message import compile_template, splice
from composer.model.mailing import Mailing, Message, Outcome, Recipient
from composer.model.newsletter import Newsletter
from composer.model.pace import Relay
from composer.transports import make_transport
from composer.words import Words
from composer.workflow.attempt_record import attempt_record, tidy_hourly
from composer.workflow.signing import signer_of
from composer.workflow.telling import language_of, said
from composer.workspace import Workspace
from composer.workspace.keys import mail_key

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


def spare_the_collector() -> None:
    """For a process that only sends: what is loaded stays, and a message leaves no cycles behind; looking for them took 8 % of the time.

    Nothing is collected before: it takes longer than to compile the edition, for what loading left behind.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a sender has done since it began, for whoever measures."""

    attempts: Attempts = ()
    rate: float = 0.0  # messages a second
    connections: int = 0  # that it may use at most
    allowed: int = 0  # that the way out takes just now
    open: int | None = None  # None: the way out has no connections
    ledger_failures: int = 0
    unlogged: int = 0  # attempts that are missing in their log


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a sender stands with its way out and with its ledger."""

    way: Way = field(default_factory=Way)
    trouble: str = ""  # the last words of a way out that is down, "" while it works
    failure: HebdoError | None = None  # why the ledger cannot be written, None while it can
    work: Work = field(default_factory=Work)


class SendingRoom:
    """One sender; ``run`` in a thread or in a process of its own, the rest from any thread."""

    def __init__(self, workspace: Workspace, ledger: Ledger, *, worker: str, clock: Callable[[], datetime] = utc_now) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._worker = worker
        self._now = clock
        self._is_stopping = False
        self._tally = Tally()
        self._record = attempt_record(workspace)
        self._connections = 0  # that its sender may use; of all relays together
        self._open_connections: Callable[[], int | None] = lambda: None
        self._running: tuple[asyncio.AbstractEventLoop, Sender] | None = None

    def run(self) -> str:
        """Send until ``stop``, then ""; whoever calls it holds the sender's lock. Raises what ended it otherwise."""
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._send())
        return ""

    def stop(self) -> None:
        """Ask the sender to end; returns at once."""
        self._is_stopping = True
        if (running := self._running) is not None:
            loop, sender = running
            with contextlib.suppress(RuntimeError):  # the loop has just ended by itself
                loop.call_soon_threadsafe(sender.stop)

    @property
    def standing(self) -> Standing:
        """How it stands at this moment."""
        if (running := self._running) is None:
            return Standing()
        sender = running[1]
        waits, words = sender.trouble
        return Standing(way=sender.way, trouble=(words or "?") if waits else "", failure=sender.ledger_failure, work=self._work(sender))

    @property
    def is_busy(self) -> bool:
        """Whether something is on the wire, or about to be."""
        return (running := self._running) is not None and running[1].is_busy

    def _work(self, sender: Sender) -> Work:
        return Work(
            attempts=self._tally.attempts,
            rate=round(self._tally.rate, 1),
            connections=self._connections,
            allowed=sender.allowed,
            open=self._open_connections(),
            ledger_failures=sender.ledger_failures,
            unlogged=self._record.missing if self._record else 0,
        )

    async def _send(self) -> None:
        newsletter = self._workspace.newsletter
        settings, language = newsletter.transport, language_of(newsletter)
        transport = make_transport(settings, root=self._workspace.root, language=language)
        doors = Doors(
            ledger=self._ledger,
            transport=transport,
            prepare=self._prepare,
            clock=self._now,
            chance=lambda: random.uniform(-1.0, 1.0),  # noqa: S311 - spreads retries, guards nothing
            finished=lambda mailing: _log.info("%s", said(self._workspace, _finished(mailing)), extra=_fields(mailing)),
            relay_news=self._tell_of_relay,
            limits=(limits := limits_of(newsletter)),
            language=language,
            written=self._note,
            builds_apart=bool(newsletter.sender.dkim_sign),
        )
        self._connections = limits.relays.connections if limits.relays else settings.connections
        sender = Sender(doors, worker=self._worker, connections=self._connections)
        self._running = (asyncio.get_running_loop(), sender)
        self._open_connections = lambda: transport.open_connections
        tidying = asyncio.create_task(tidy_hourly(self._workspace, self._now))
        try:
            if not self._is_stopping:
                await sender.run()
        finally:
            self._running = None
            tidying.cancel()
            await transport.aclose()
            if self._record is not None:
                self._record.close()

    def _note(self, ended: Sequence[Ended]) -> None:
        """On the scribe's thread; nothing here may end it."""
        try:
            self._tally.count(ended)
            if self._record is not None:
                self._record.add(ended, now=self._now())
        except Exception:  # noqa: BLE001 - it is logged, and a mailing does not hang on its record
            _log.exception("an attempt could not be noted")

    def _tell_of_relay(self, relay: Relay, outcome: Outcome | None) -> None:
        """One relay of several is down, or up again; said once, however many senders meet it."""
        kind, words = ("relay-up", _up(relay)) if outcome is None else ("relay", _down(relay, outcome))
        both = ("relay", "relay-up")
        if outcome is None and self._ledger.notices.last(both, about=relay.name) is None:
            return
        told = said(self._workspace, words)
        self._ledger.notices.add_unless_last(both, mailing_id=None, kind=kind, words=told, about=relay.name, now=self._now())

    def _prepare(self, mailing: Mailing) -> BuildMessage:
        """The mailing's sealed edition, compiled; raises Conflict when the ledger has lost it."""
        newsletter = self._workspace.newsletter
        edition = self._ledger.editions.get(mailing.issue_id, mailing.digest)
        if edition is None:
            raise Conflict(
                Words(fr="La maquette scellée manque au registre.", en="The sealed edition is missing in the ledger."),
                where=mailing.issue_id,
                hint=Words(
                    fr=f"`hebdo unschedule {mailing.issue_id}`, puis programmez de nouveau.",
                    en=f"`hebdo unschedule {mailing.issue_id}`, then schedule again.",
                ),
            )
        template = compile_template(edition, newsletter, mail_key=mail_key(self._workspace), signer=signer_of(self._workspace))
        date = _local_second(self._now, ZoneInfo(newsletter.time_zone))

        def build(recipient: Recipient) -> Message:
            return splice(template, recipient, date=date())

        return build


def _local_second(clock: Callable[[], datetime], zone: ZoneInfo) -> Callable[[], datetime]:
    """The clock of ``zone`` in whole seconds: the same value all through a second, so that what is made of it can be remembered."""
    last = (-1, clock())  # one value: messages are built on a thread, and on the loop

    def date() -> datetime:
        nonlocal last
        now, (second, shown) = clock(), last
        if int(now.timestamp()) != second:
            shown = now.astimezone(zone).replace(microsecond=0)
            last = (int(now.timestamp()), shown)
        return shown

    return date


def _fields(mailing: Mailing) -> dict[str, object]:
    return {"mailing": mailing.id, "issue": mailing.issue_id}


def limits_of(newsletter: Newsletter) -> Limits:
    """What ``[pace]``, ``[transport]`` and ``[schedule] hours`` ask of the sender."""
    settings, hours, zone = newsletter.transport, newsletter.schedule.hours, find_zone(newsletter.time_zone)
    several = settings.relays if settings.kind == "smtp" else ()
    return Limits(
        pace=newsletter.pace,
        rate=settings.rate,
        relays=Relays(several, now_s=time.monotonic()) if several else None,
        opens_at=None if hours is None else lambda moment: fit(moment, hours, zone),
    )


def _down(relay: Relay, outcome: Outcome) -> Words:
    reply = f"{relay.host}:{relay.port} – {outcome.reply}"
    return Words(
        fr=f"Le relais « {relay.name} » est en panne, les autres prennent sa part : {reply}",
        en=f"The relay “{relay.name}” is down, the others take its share: {reply}",
    )


def _up(relay: Relay) -> Words:
    return Words(fr=f"Le relais « {relay.name} » fonctionne de nouveau.", en=f"The relay “{relay.name}” works again.")


def _finished(mailing: Mailing) -> Words:
    return Words(fr=f"envoi {mailing.id} de {mailing.issue_id} terminé", en=f"mailing {mailing.id} of {mailing.issue_id} is finished")
