"""Clock and sender of one workspace, each on a thread of its own; pages or a command stand beside them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import platform
import random
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from composer.engine.attempts import BuildMessage, Doors, Way
from composer.engine.clock import Clock, JumpWatch
from composer.engine.lock import FileLock
from composer.engine.sender import Sender
from composer.errors import Conflict, HebdoError
from composer.ledger import SENDER_LOCK, Ledger
from composer.ledger.mailings import ALIVE
from composer.message import compile_template, splice
from composer.model.mailing import Mailing, Message, Recipient
from composer.transports import make_transport
from composer.words import Words
from composer.workflow.lookout import Lookout, Pulse, Seen, tell_uncertain
from composer.workflow.page_watch import PageWatch
from composer.workflow.rewinding import rewind
from composer.workflow.signing import require_signer, signer_of
from composer.workflow.teller import Signs, Teller
from composer.workflow.telling import language_of, said
from composer.workflow.vigil import Vigil
from composer.workspace import Workspace
from composer.workspace.files import system_error
from composer.workspace.keys import has_mail_key, mail_key

_log = logging.getLogger(__name__)

SILENT = timedelta(minutes=1)  # a clock that was not seen for longer has ended, with or without a word
STAND_BY_S = 0.5  # how often a sender that stands by asks for the lock


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


class EngineRoom:
    """What launches and sends while the block lasts. Leaving it ends both within seconds; the messages on the wire are recorded.

    Any number of engine rooms may run on one workspace: the ledger decides who launches, a lock who sends; the others stand by.
    """

    def __init__(self, workspace: Workspace, ledger: Ledger, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._now = clock
        self.worker = f"{platform.node()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._lock = FileLock(workspace.var_path / SENDER_LOCK)
        self._clock = Clock(self.beat)
        self._jumps = JumpWatch(clock)
        self._lost = timedelta()  # how far the wall clock was put back, as far as nothing has followed from it yet
        self._pulse = Pulse()
        signs = Signs(now=clock, may_tell=lambda: self._lock.is_held, is_well=self._is_well)
        self._teller = Teller(workspace, ledger, signs)
        seen = Seen(now=clock, may_tell=signs.may_tell, way=lambda: self.way, pulse=self._pulse, urge=self._teller.urge)
        self._lookout = Lookout(workspace, ledger, seen)
        self._pages = PageWatch(workspace, ledger, now=clock, may_tell=signs.may_tell)
        self._vigil = Vigil(workspace, ledger, now=clock, may_tell=signs.may_tell)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._send, name="hebdo-sender")
        self._running: tuple[asyncio.AbstractEventLoop, Sender] | None = None
        self._is_blind = False  # the lookout looks no more, which was told
        self._is_unsure = False  # something became uncertain and the desk has not been told: the ledger may refuse in between
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._ledger.home.require()
        if has_mail_key(self._workspace):
            mail_key(self._workspace)  # a spoilt one is told now, not at the hour
        require_signer(self._workspace)  # likewise
        died_at = self._ledger.clocks.bury(before=self._now() - SILENT)
        concerned = died_at is not None and bool(self._ledger.mailings.in_states(*ALIVE))  # before the tick changes it
        self.tick()  # the first one aloud: a copied ledger or an unreadable folder is told at once
        self._pulse.beat()
        self._clock.start()
        self._thread.start()
        self._teller.start()
        self._lookout.start(died_at if concerned else None)
        self._pages.start()
        self._vigil.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        self._pages.close()
        self._vigil.close()
        self._lookout.close()
        self._clock.stop()
        self._thread.join()
        self._teller.close()
        try:
            self._ledger.clocks.end(self.worker)
        except HebdoError as trouble:
            _log.warning("cannot sign off: %s", trouble)

    def tick(self) -> None:
        """One beat: launch what is due, conclude what ended."""
        from composer.workflow.launching import launch_due

        launch_due(self._workspace, self._ledger, self._now(), worker=self.worker, trouble=self._pages.trouble, tried=self._pages.tried)

    def beat(self) -> None:
        """A tick; how it ended is what the heartbeat and the desk are told by."""
        self._mind_lookout()
        try:
            self._follow_clock()
            self.tick()
        except Exception as error:
            self._pulse.failed(error)
            raise
        self._pulse.beat()

    def _is_well(self) -> bool:
        return self._pulse.is_well and not self._lookout.is_late and not self._lookout.is_blind

    def _mind_lookout(self) -> None:
        """The lookout tells of everything but itself."""
        if self._lookout.is_blind == self._is_blind:
            return
        self._is_blind = not self._is_blind
        kind, words = ("engine", _BLIND) if self._is_blind else ("engine-up", _SEEING)
        _log.warning("%s", said(self._workspace, words))
        if self._lock.is_held:
            self._teller.urge(kind, words)

    def _follow_clock(self) -> None:
        """What a clock that was put back would delay goes on; kept until it is written, since the ledger may be locked just now."""
        self._lost += self._jumps.look()
        if self._lost and self._lock.is_held:
            rewind(self._workspace, self._ledger, self._lost, self._now())
        self._lost = timedelta()  # who stands by looks at all rows when it takes over

    def stop(self) -> None:
        """Ask the sender to end; returns at once."""
        self._stopping.set()
        if self._running is not None:
            loop, sender = self._running
            with contextlib.suppress(RuntimeError):  # the loop has just ended by itself
                loop.call_soon_threadsafe(sender.stop)

    @property
    def silent_s(self) -> float:
        """How long ago the clock's last beat ended, well or not."""
        return self._clock.silent_s

    @property
    def is_sender(self) -> bool:
        """Whether this process holds the sender's lock."""
        return self._lock.is_held

    @property
    def way(self) -> Way:
        """Whether the way out answers."""
        return Way() if self._running is None else self._running[1].way

    @property
    def trouble(self) -> str:
        """The last words of a way out that is down, "" while it works."""
        if self._running is None:
            return ""
        waits, words = self._running[1].trouble
        return words or "?" if waits else ""

    @property
    def ledger_failure(self) -> HebdoError | None:
        """Why the sender cannot write its ledger, None while it can."""
        return None if self._running is None else self._running[1].ledger_failure

    def raise_failure(self) -> None:
        """Raise what ended the sender's thread, if anything did."""
        if self._failure is not None:
            raise self._failure

    # -- the sender's thread --------------------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        try:
            while not self._stopping.is_set():
                if self._take_over():
                    asyncio.run(self._run_sender())
                else:
                    self._stopping.wait(STAND_BY_S)
        except BaseException as error:  # noqa: BLE001 - handed to the main thread, which raises it
            self._failure = error
        finally:
            self._teller.close()  # before another one may tell
            self._lock.release()

    def _take_over(self) -> bool:
        """Become the only sender; what an earlier one left submitting may have gone."""
        try:
            if not self._lock.acquire():
                return False
            self._is_unsure |= bool(self._ledger.deliveries.recover(now=self._now(), all_workers=True))
            if self._is_unsure:
                tell_uncertain(self._workspace, self._ledger, self._now())
                self._is_unsure = False
            self._ledger.deliveries.rewind(now=self._now())  # the clock may have been put back while nobody was here
        except OSError as error:
            raise system_error(error, self._workspace.shown(self._lock.path), writing=True) from error
        except HebdoError as error:
            _log.warning("cannot take over yet: %s", error)
            return False
        return True

    async def _run_sender(self) -> None:
        settings = self._workspace.newsletter.transport
        transport = make_transport(settings, root=self._workspace.root, language=language_of(self._workspace.newsletter))
        doors = Doors(
            ledger=self._ledger,
            transport=transport,
            prepare=self._prepare,
            clock=self._now,
            chance=lambda: random.uniform(-1.0, 1.0),  # noqa: S311 - spreads retries, guards nothing
            finished=lambda mailing: _log.info("%s", said(self._workspace, _finished(mailing))),
            language=language_of(self._workspace.newsletter),
        )
        sender = Sender(doors, worker=self.worker, connections=settings.connections)
        self._running = (asyncio.get_running_loop(), sender)
        try:
            if not self._stopping.is_set():
                await sender.run()
        finally:
            self._running = None
            await transport.aclose()

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
        zone = ZoneInfo(newsletter.time_zone)

        def build(recipient: Recipient) -> Message:
            return splice(template, recipient, date=self._now().astimezone(zone))

        return build


def _finished(mailing: Mailing) -> Words:
    return Words(fr=f"envoi {mailing.id} de {mailing.issue_id} terminé", en=f"mailing {mailing.id} of {mailing.issue_id} is finished")


_BLIND = Words(
    fr="Le guet ne regarde plus depuis une minute : retards et modifications après le scellé ne sont plus annoncés. "
    "Voyez si le disque répond (`ls -l issues`), puis relancez `hebdo serve`",
    en="The lookout has not looked for a minute: delays and edits after sealing are no longer told. "
    "See whether the disk answers (`ls -l issues`), then run `hebdo serve` again",
)
_SEEING = Words(fr="Le guet regarde de nouveau.", en="The lookout is looking again.")
