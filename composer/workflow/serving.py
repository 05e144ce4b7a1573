"""What stays up: readers' pages, clock and sender in one process, or clock and sender alone."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn

from composer.deliver.relays import transport_place
from composer.deliver.schedule import find_zone
from composer.errors import NetworkError
from composer.ledger import Ledger, open_ledger
from composer.model.mailing import DeliveryState, Mailing, MailingFigures, MailingState
from composer.words import Words
from composer.workflow.alerting import tell_the_rest
from composer.workflow.attendance import Attendance
from composer.workflow.counts import count_words
from composer.workflow.edits import tell_edits, watched
from composer.workflow.engine_room import EngineRoom
from composer.workflow.gate import GatedServer, allow_files, most_readers
from composer.workflow.idling import Patience, is_at_work, is_something_left
from composer.workflow.launching import conclude
from composer.workflow.listeners import DeskPages, Pages, listen_for_desk, page_config
from composer.workflow.metrics import Meter
from composer.workflow.ports import listen
from composer.workflow.sending_room import utc_now
from composer.workflow.settings_watch import SettingsWatch
from composer.workflow.telling import language_of
from composer.workspace import Workspace

if TYPE_CHECKING:
    from uvicorn._types import ASGIApplication

    App = Callable[[Workspace, Ledger], ASGIApplication]

LOOK_S = 0.1
LEFT_OVER = (DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.DEFERRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerReport:
    """What a worker leaves behind: the mailings that moved while it ran."""

    mailings: tuple[MailingFigures, ...]

    @property
    def is_unfinished(self) -> bool:
        """Whether something was not submitted: exit code 5."""
        return any(figures.count(*LEFT_OVER) or figures.mailing.state is MailingState.HELD for figures in self.mailings)

    @property
    def words(self) -> Words:
        """What a person reads at the end."""
        if not self.mailings:
            return Words(fr="Rien à envoyer.", en="Nothing to send.")
        lines = [_line(figures) for figures in self.mailings]
        return Words(fr="\n".join(line.fr for line in lines), en="\n".join(line.en for line in lines))

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "mailings": [
                {
                    "issue": figures.mailing.issue_id,
                    "mailing": figures.mailing.id,
                    "state": figures.mailing.state.value,
                    "reason": figures.mailing.reason,
                    "audience": figures.mailing.audience,
                    "counts": figures.by_name,
                }
                for figures in self.mailings
            ]
        }


def serve(
    workspace: Workspace,
    *,
    app: App,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[int], None] = lambda _: None,
    desk: DeskPages | None = None,
    told: Callable[[Words], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> None:
    """Readers' pages, clock and sender until SIGTERM, SIGINT or ``stop``; ``ready`` is told the port when all three run.

    ``desk`` opens the desk's pages too, on a listener of their own. Settings that change meanwhile are read again, and ``told`` says so:
    what is on the wire ends first, nothing leaves twice. ``app`` makes the readers' pages (``composer.web.readers.readers_app``).
    Raises NetworkError when a port cannot be had, LedgerError on a copy.
    """
    stop = stop or threading.Event()
    allow_files()
    with contextlib.ExitStack() as opened:
        listener = opened.enter_context(listen(host, port))
        desk_listener = opened.enter_context(listen_for_desk(desk)) if desk else None
        ledger = opened.enter_context(open_ledger(workspace.ledger_path, say=told, zone=find_zone(workspace.newsletter.time_zone)))
        opened.enter_context(ended_by_signals(stop))
        watch, attendance = SettingsWatch(workspace, told=told), Attendance(ledger, language=language_of(workspace.newsletter))
        taken = listener.getsockname()[1]
        first = True
        changed: Workspace | None = workspace
        while changed is not None:
            meter = Meter(changed, ledger)
            with contextlib.ExitStack() as up:
                # The pages first: the engine asks for them before it launches.
                pages = up.enter_context(Pages(_readers_server(app(changed, ledger)), listener, name="hebdo-pages"))
                beside = (
                    up.enter_context(Pages(desk.make(changed, ledger, meter), desk_listener, name="hebdo-desk"))
                    if desk and desk_listener
                    else None
                )
                room = meter.engine = up.enter_context(EngineRoom(changed, ledger, apart=True))
                if first:
                    ready(taken)
                    attendance.ready()
                    if desk and desk_listener:
                        desk.ready(desk_listener.getsockname()[1])
                first = False
                changed = _stay_up(room, pages, beside, watch, attendance, stop=stop, where=f"{host}:{taken}", told=told)
                if changed is None:
                    attendance.ending()
                for one in (room, pages, beside):  # all of them at once, not one after the other
                    if one is not None:
                        one.stop()


def _readers_server(app: ASGIApplication) -> uvicorn.Server:
    return GatedServer(page_config(app, lifespan=False, most=most_readers()))


def _stay_up(
    room: EngineRoom,
    pages: Pages,
    desk: Pages | None,
    watch: SettingsWatch,
    attendance: Attendance,
    *,
    stop: threading.Event,
    where: str,
    told: Callable[[Words], None],
) -> Workspace | None:
    """Until ``stop``, or until the settings changed: then the workspace with the new ones."""
    while not stop.wait(LOOK_S):
        room.raise_failure()
        attendance.look(room.silent_s)
        if not pages.is_alive:
            raise NetworkError(
                Words(fr="Les pages des lecteurs se sont arrêtées.", en="The readers’ pages have stopped."),
                where=where,
                hint=Words(
                    fr="Relancez `hebdo serve` ; ce qui est parti ne repart pas.",
                    en="Run `hebdo serve` again; what has left does not leave twice.",
                ),
            )
        if desk is not None and not desk.is_alive:
            desk = None  # mail leaves without them
            told(Words(fr="Les pages de la rédaction se sont arrêtées.", en="The desk’s pages have stopped."))
        if (changed := watch.look()) is not None:
            return changed
    return None


def run_worker(
    workspace: Workspace, *, until_idle: bool = False, told: Callable[[Words], None] = lambda _: None, stop: threading.Event | None = None
) -> WorkerReport:
    """Clock and sender without pages, until a signal or ``stop``; with ``until_idle`` until nothing is left to do now. Settings as in ``serve``.

    What waits for a new attempt, or for an hour to come, is not waited for; a hold window is. Raises NetworkError
    with ``until_idle`` when the way out cannot be reached: then everything is as it was.
    """
    stop = stop or threading.Event()
    allow_files()
    with open_ledger(workspace.ledger_path, say=told, zone=find_zone(workspace.newsletter.time_zone)) as ledger, ended_by_signals(stop):
        began = utc_now()
        watch, attendance = SettingsWatch(workspace, told=told), Attendance(ledger, language=language_of(workspace.newsletter))
        changed: Workspace | None = workspace
        trouble = ""
        while changed is not None:
            workspace, changed = changed, None
            with EngineRoom(workspace, ledger) as room:
                patience = Patience(room)
                attendance.ready()
                while changed is None and not stop.wait(LOOK_S):
                    room.raise_failure()
                    attendance.look(room.silent_s)
                    trouble = room.standing.trouble if until_idle else ""
                    if trouble and not is_something_left(ledger):
                        trouble = ""
                    if until_idle and (patience.is_over or trouble or not is_at_work(room, ledger)):
                        break
                    changed = watch.look()
        if until_idle and patience.is_over and patience.failure is not None:
            raise patience.failure
        conclude(workspace, ledger, utc_now())  # what has just ended: sent.json gets its figures
        tell_edits(workspace, ledger, watched(ledger), utc_now())  # it may have been too short for a look
        tell_the_rest(workspace, ledger, utc_now())
        if until_idle and trouble:
            raise _no_way_out(workspace, trouble)
        return WorkerReport(mailings=_moved(ledger, since=min(began, utc_now())))  # the clock may have been put back meanwhile


@contextlib.contextmanager
def ended_by_signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set ``stop``; nothing is changed outside the main thread, where Python allows no handlers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _moved(ledger: Ledger, *, since: datetime) -> tuple[MailingFigures, ...]:
    """Mailings that ran, ended or were held since then, the earliest first."""
    found = [mailing for mailing in ledger.mailings.in_states() if _has_moved(mailing, since - timedelta(seconds=1))]
    return tuple(figures for mailing in reversed(found) if (figures := ledger.mailings.figures(mailing.id)))


def _has_moved(mailing: Mailing, since: datetime) -> bool:
    if mailing.state in {MailingState.RUNNING, MailingState.PAUSED, MailingState.HELD}:
        return True
    moments = (mailing.launched_at, mailing.finished_at)
    return mailing.launched_at is not None and any(moment is not None and moment >= since for moment in moments)


def _line(figures: MailingFigures) -> Words:
    told = count_words(figures.counts) or Words(fr="rien", en="nothing")
    issue, reason = figures.mailing.issue_id, f" – {figures.mailing.reason}" if figures.mailing.reason else ""
    return Words(fr=f"{issue}\u00a0: {told.fr}{reason}", en=f"{issue}: {told.en}{reason}")


def _no_way_out(workspace: Workspace, words: str) -> NetworkError:
    return NetworkError(
        Words(
            fr=f"Le serveur d’envoi ne prend rien\u00a0: {words}. Les remises attendent.",
            en=f"The mail server takes nothing: {words}. The deliveries wait.",
        ),
        where=transport_place(workspace.newsletter.transport),
        hint=Words(
            fr="Vérifiez [transport] dans newsletter.toml, puis relancez `hebdo worker --until-idle`.",
            en="Check [transport] in newsletter.toml, then run `hebdo worker --until-idle` again.",
        ),
    )
