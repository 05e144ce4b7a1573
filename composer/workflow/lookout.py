"""Looks after what nobody else notices while an engine runs: edits after sealing, an hour that has passed, a way out that is down.

On a thread of its own: whatever takes long here slows neither the clock nor the sender.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from composer.deliver.relays import transport_place
from composer.deliver.schedule import find_zone, moment_words
from composer.engine.attempts import Way
from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, Mailing, MailingState
from composer.words import Words, counted
from composer.workflow.edits import tell_edits, watched
from composer.workflow.launching import uncertain_ways
from composer.workflow.room import RoomWatch
from composer.workflow.telling import said, tell
from composer.workspace import Workspace
from composer.workspace.matter import Stamp, stamp_files

_log = logging.getLogger(__name__)

LOOK_S = 0.5  # how often files are looked at
STEADY_LOOKS = 2  # looks that must find the same: a file half-written is nobody's edit
CALM_S = 10.0  # who goes on editing is told again after this much quiet
RESTLESS_S = 120.0  # … while the last notice is younger than this
SLOW_LOOK_S = 2.0  # how often the hour and the way out are looked at
OVERDUE = timedelta(seconds=60)  # past its hour by this and still not launched: late
SILENT_S = 40.0  # a way out that takes nothing for so long is told; with what a look costs, within a minute
WELL_S = 45.0  # a clock whose last good tick is older than this is not well
FAILING_S = 60.0  # ticks that fail for so long are told
BLIND_S = 60.0  # without a look that ended well for so long, nothing of the above would be told: the engine is not well
END_S = 5.0  # for the look under way; on a disk that hangs it is left behind


class Pulse:
    """How the clock's ticks end; written by the clock's thread, read by others."""

    def __init__(self, *, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._good_at: float | None = None
        self._failure: BaseException | None = None

    def beat(self) -> None:
        """A tick went well."""
        self._good_at, self._failure = self._steady(), None

    def failed(self, error: BaseException) -> None:
        """A tick failed."""
        self._failure = error

    @property
    def is_well(self) -> bool:
        """Whether a tick went well just now."""
        return self._good_at is not None and self._steady() - self._good_at < WELL_S

    @property
    def silent_s(self) -> float:
        """Since when no tick went well."""
        return 0.0 if self._good_at is None else self._steady() - self._good_at

    @property
    def failure(self) -> BaseException | None:
        """What the last tick failed of; None when it went well."""
        return self._failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the lookout asks of the engine; each is quick and safe on any thread."""

    now: Callable[[], datetime]  # aware, UTC
    may_tell: Callable[[], bool]  # one engine tells; the others stand by
    way: Callable[[], Way]
    pulse: Pulse
    urge: Callable[[str, Words], None]  # tells what the ledger cannot keep


@dataclass(slots=True)
class _Watch:
    """What is known of one sealed issue's files."""

    judged: Stamp | None = None  # as they were when last compared
    found: Stamp | None = None  # as the last look found them
    looks: int = 0  # that found the same
    since: float = 0.0  # when that began (monotonic, s)
    told_at: float = field(default=-RESTLESS_S)


class Lookout:
    """One thread beside the clock, until ``close``."""

    def __init__(self, workspace: Workspace, ledger: Ledger, seen: Seen) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._seen = seen
        self._watches: dict[int, _Watch] = {}
        self._room = RoomWatch(workspace, ledger, now=seen.now)
        self._slow_at = 0.0
        self._late: frozenset[int] = frozenset()
        self._is_failing = False
        self._died_at: datetime | None = None
        self._looked_at = time.monotonic()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hebdo-lookout", daemon=True)

    @property
    def is_late(self) -> bool:
        """Whether something is past its hour, neither launched nor held: the heartbeat stops."""
        return bool(self._late)

    @property
    def is_blind(self) -> bool:
        """Whether no look has ended well for a minute: a disk that hangs, or an error at every look."""
        return time.monotonic() - self._looked_at > BLIND_S

    def start(self, died_at: datetime | None = None) -> None:
        """Begin; ``died_at`` is when an engine before this one fell silent without a word."""
        self._died_at = died_at
        self._looked_at = time.monotonic()
        self._thread.start()

    def close(self) -> None:
        """End, after the look under way; one that takes seconds is left behind."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(END_S)
            if self._thread.is_alive():
                _log.warning("the lookout: its last look does not end; it is left behind")

    def _run(self) -> None:
        while not self._ending.wait(LOOK_S):
            try:
                if self._seen.may_tell():
                    self.look()
                self._looked_at = time.monotonic()
            except Exception as error:  # noqa: BLE001 - it outlives whatever goes wrong in one look
                _log.warning("the lookout: %s", error)

    def look(self) -> None:
        """One look: at the files, and every two seconds at the rest. What fails keeps no other from being done; the first is raised at the end."""
        moment = time.monotonic()
        duties: list[Callable[[], None]] = [partial(self._look_at_files, moment)]
        if moment >= self._slow_at:
            self._slow_at = moment + SLOW_LOOK_S
            duties = [self._tell_pulse, self._tell_restart, self._tell_late, self._tell_way, self._room.look, *duties]
        if failures := [error for duty in duties if (error := _try(duty)) is not None]:
            raise failures[0]

    # -- edits after sealing ----------------------------------------------------------------------------------------------------------

    def _look_at_files(self, moment: float) -> None:
        mailings = {mailing.id: mailing for mailing in watched(self._ledger)}
        self._watches = {id_: self._watches.get(id_, _Watch()) for id_ in mailings}
        for id_, watch in self._watches.items():
            found = stamp_files(self._workspace, mailings[id_].issue_id)
            if found != watch.found:
                watch.found, watch.looks, watch.since = found, 0, moment
            watch.looks += 1
            if watch.found != watch.judged and self._is_quiet(watch, moment):
                self._judge(mailings[id_], watch, moment)

    @staticmethod
    def _is_quiet(watch: _Watch, moment: float) -> bool:
        """A first edit is told at once; who goes on editing is told when there is a pause."""
        restless = moment - watch.told_at < RESTLESS_S
        return watch.judged is None or (watch.looks >= STEADY_LOOKS and (not restless or moment - watch.since >= CALM_S))

    def _judge(self, mailing: Mailing, watch: _Watch, moment: float) -> None:
        judged = watch.found
        if tell_edits(self._workspace, self._ledger, [mailing], self._seen.now()):
            watch.told_at = moment
        watch.judged = judged

    # -- the hour, the way out, the engine itself -------------------------------------------------------------------------------------

    def _tell_late(self) -> None:
        now = self._seen.now()
        overdue = [mailing for mailing in self._ledger.mailings.due(now=now) if now - mailing.due_at > OVERDUE]
        self._late = frozenset(mailing.id for mailing in overdue)
        for mailing in overdue:
            words = _late(self._workspace, mailing, self._seen.pulse.failure)
            if self._ledger.notices.last(("late",), mailing_id=mailing.id) is None:
                tell(self._workspace, self._ledger, mailing, words, kind="late", now=now)

    def _tell_way(self) -> None:
        way, now, both = self._seen.way(), self._seen.now(), ("transport", "transport-up")
        if way.silent_s >= SILENT_S and self._ledger.mailings.running(now=now):
            words = said(self._workspace, _way_down(self._workspace, way))
            self._ledger.notices.add_unless_last(both, mailing_id=None, kind="transport", words=words, now=now)
        elif way.has_answered and (last := self._ledger.notices.last(both)) is not None and last.kind == "transport":
            words = said(self._workspace, _way_up(self._workspace, last.created_at, now))
            self._ledger.notices.add_unless_last(both, mailing_id=None, kind="transport-up", words=words, now=now)

    def _tell_pulse(self) -> None:
        """Ticks that fail can often not be written down either: the ledger is what fails."""
        pulse = self._seen.pulse
        if not self._is_failing and pulse.silent_s > FAILING_S:
            self._is_failing = True
            self._seen.urge("engine", _failing(pulse.failure))
        elif self._is_failing and pulse.is_well:
            self._is_failing = False
            self._seen.urge("engine-up", Words(fr="Le moteur tourne de nouveau.", en="The engine is running again."))

    def _tell_restart(self) -> None:
        if self._died_at is None:
            return
        words = said(self._workspace, _restarted(self._workspace, self._died_at, self._seen.now()))
        self._ledger.notices.add(mailing_id=None, kind="engine-up", words=words, now=self._seen.now())
        self._died_at = None


def _try(duty: Callable[[], None]) -> Exception | None:
    """What ``duty`` fails of; None when it does not."""
    try:
        duty()
    except Exception as error:  # noqa: BLE001 - raised again when all duties had their turn
        return error
    return None


def tell_uncertain(workspace: Workspace, ledger: Ledger, now: datetime) -> None:
    """After a crash: what was on the wire may have left, and waits for a decision."""
    if workspace.newsletter.desk.on_uncertain == "retry":
        return  # it is tried again, which is told
    for mailing in ledger.mailings.in_states(MailingState.RUNNING, MailingState.PAUSED, MailingState.HELD):
        figures = ledger.mailings.figures(mailing.id)
        unsure = dict(figures.counts)[DeliveryState.UNCERTAIN] if figures else 0
        if unsure:
            tell(workspace, ledger, mailing, _unsure(mailing, unsure), kind="uncertain", now=now)


# Words --------------------------------------------------------------------------------------------------------------------------


def _unsure(mailing: Mailing, unsure: int) -> Words:
    many, ways = counted(unsure, ("message était", "messages étaient"), ("message was", "messages were")), uncertain_ways(mailing.issue_id)
    return Words(
        fr=f"le moteur s’est arrêté brutalement ; {many.fr} en route et peut-être parti{'s' if unsure > 1 else ''}. "
        f"Les autres continuent.\n{ways.fr}",
        en=f"the engine ended abruptly; {many.en} on the wire and may have left. The others go on.\n{ways.en}",
    )


def _when(workspace: Workspace, moment: datetime) -> Words:
    zone = find_zone(workspace.newsletter.time_zone)
    return moment_words(moment.astimezone(zone), zone.key)


def _late(workspace: Workspace, mailing: Mailing, failure: BaseException | None) -> Words:
    when, why = _when(workspace, mailing.due_at), _why(failure)
    return Words(
        fr=f"en retard : prévu {when.fr}, pas encore parti.{why.fr} Voir `hebdo status {mailing.issue_id}`",
        en=f"late: due {when.en}, has not left yet.{why.en} See `hebdo status {mailing.issue_id}`",
    )


def _why(failure: BaseException | None) -> Words:
    if failure is None:
        return Words(fr="", en="")
    if isinstance(failure, HebdoError):
        return Words(fr=f" {failure.sentence('fr')}", en=f" {failure.sentence('en')}")
    return Words(fr=f" {failure}", en=f" {failure}")


def _failing(failure: BaseException | None) -> Words:
    why = _why(failure)
    return Words(
        fr=f"L’horloge n’avance plus depuis une minute : rien ne partira à l’heure.{why.fr}",
        en=f"The clock has not moved for a minute: nothing will leave on time.{why.en}",
    )


def _place(workspace: Workspace) -> str:
    return transport_place(workspace.newsletter.transport)


def _way_down(workspace: Workspace, way: Way) -> Words:
    reply = f" : {way.words.rstrip('.')}" if way.words else ""
    english = reply.replace(" : ", ": ", 1)
    return Words(
        fr=f"Le serveur d’envoi {_place(workspace)} ne prend rien{reply}. Les remises attendent et Hebdo réessaie de lui-même. "
        "Vérifiez [transport] dans newsletter.toml et ce serveur ; où en est l’envoi : `hebdo status`",
        en=f"The mail server {_place(workspace)} takes nothing{english}. The deliveries wait and Hebdo tries again by itself. "
        "Check [transport] in newsletter.toml and that server; how far the mailing is: `hebdo status`",
    )


def _way_up(workspace: Workspace, since: datetime, now: datetime) -> Words:
    minutes = max(1, round((now - since).total_seconds() / 60))
    return Words(
        fr=f"Le serveur d’envoi {_place(workspace)} prend de nouveau les messages, après {minutes} min. L’envoi continue.",
        en=f"The mail server {_place(workspace)} takes messages again, after {minutes} min. The mailing goes on.",
    )


def _restarted(workspace: Workspace, died_at: datetime, now: datetime) -> Words:
    died, again = _when(workspace, died_at), _when(workspace, now)
    return Words(
        fr=f"Le moteur est reparti ({again.fr}). Il s’était arrêté sans prévenir ; dernier signe de vie : {died.fr}.",
        en=f"The engine is running again ({again.en}). It had ended without a word; last sign of life: {died.en}.",
    )
