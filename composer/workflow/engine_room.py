"""Clock and sender of one workspace, each on a thread of its own or the sender in a process; pages or a command stand beside them."""

from __future__ import annotations

import logging
import os
import platform
import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from composer.engine.clock import Clock, JumpWatch
from composer.engine.lock import FileLock
from composer.errors import HebdoError
from composer.ledger import SENDER_LOCK, Ledger
from composer.ledger.mailings import ALIVE
from composer.words import Words
from composer.workflow.lookout import Lookout, Pulse, Seen, tell_uncertain
from composer.workflow.page_watch import PageWatch
from composer.workflow.rewinding import rewind
from composer.workflow.sender_process import SenderProcess
from composer.workflow.sending_room import SendingRoom, Standing, utc_now
from composer.workflow.signing import require_signer
from composer.workflow.teller import Signs, Teller
from composer.workflow.telling import said
from composer.workflow.vigil import Vigil
from composer.workspace import Workspace
from composer.workspace.files import system_error
from composer.workspace.keys import has_mail_key, mail_key

_log = logging.getLogger(__name__)

SILENT = timedelta(minutes=1)  # a clock that was not seen for longer has ended, with or without a word
STAND_BY_S = 0.5  # how often a sender that stands by asks for the lock
LONG_LIFE_S = 60.0  # a sender that dies after it was not killed by its first message
MOST_PAUSE_S = 30.0


class EngineRoom:
    """What launches and sends while the block lasts. Leaving it ends both within seconds; the messages on the wire are recorded.

    Any number of engine rooms may run on one workspace: the ledger decides who launches, a lock who sends; the others stand by.
    """

    def __init__(self, workspace: Workspace, ledger: Ledger, *, apart: bool = False, clock: Callable[[], datetime] = utc_now) -> None:
        """With ``apart`` the sender has a process of its own, which goes by the clock on the wall."""
        self._apart = apart
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
        seen = Seen(now=clock, may_tell=signs.may_tell, way=lambda: self.standing.way, pulse=self._pulse, urge=self._teller.urge)
        self._lookout = Lookout(workspace, ledger, seen)
        self._pages = PageWatch(workspace, ledger, now=clock, may_tell=signs.may_tell)
        self._vigil = Vigil(workspace, ledger, now=clock, may_tell=signs.may_tell)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._send, name="hebdo-sender")
        self._sending: SendingRoom | SenderProcess | None = None
        self._stands_by = False  # another process sends
        self._pause_s = 0.0  # before the next sender, when this one dies
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
        if (sending := self._sending) is not None:
            sending.stop()

    @property
    def silent_s(self) -> float:
        """How long ago the clock's last beat ended, well or not."""
        return self._clock.silent_s

    @property
    def is_sender(self) -> bool:
        """Whether this process holds the sender's lock."""
        return self._lock.is_held

    @property
    def standing(self) -> Standing:
        """How the sender stands with its way out and with its ledger."""
        return Standing() if (sending := self._sending) is None else sending.standing

    @property
    def is_busy(self) -> bool:
        """Whether a sender of this process has something on the wire, or about to be; False says nothing about other processes."""
        return isinstance(sending := self._sending, SendingRoom) and sending.is_busy

    def raise_failure(self) -> None:
        """Raise what ended the sender's thread, if anything did."""
        if self._failure is not None:
            raise self._failure

    # -- the sender's thread --------------------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        try:
            while not self._stopping.is_set():
                if self._take_over():
                    self._send_on()
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
                self._tell_turn(_STANDS_BY, stands_by=True)
                return False
            self._tell_turn(_TAKES_OVER, stands_by=False)
            self._is_unsure |= bool(self._ledger.deliveries.recover(now=self._now(), all_workers=True))
            if self._is_unsure:
                tell_uncertain(self._workspace, self._ledger, self._now())
                self._is_unsure = False
            self._ledger.deliveries.rewind(now=self._now())  # the clock may have been put back while nobody was here
            self._ledger.deliveries.hurry(now=self._now())  # the rates may be others than before
        except OSError as error:
            raise system_error(error, self._workspace.shown(self._lock.path), writing=True) from error
        except HebdoError as error:
            _log.warning("cannot take over yet: %s", error)
            return False
        return True

    def _tell_turn(self, words: Words, *, stands_by: bool) -> None:
        """Who waits for another one's place says so once, and once when it has it."""
        if stands_by != self._stands_by:
            self._stands_by = stands_by
            _log.warning("%s", said(self._workspace, words))

    def _send_on(self) -> None:
        """One sender from its start to its end; where it has a process of its own, a dead one is told, and another takes its place."""
        sending: SendingRoom | SenderProcess
        if self._apart:
            sending = SenderProcess(self._workspace, worker=self.worker, lock=self._lock.handle)
        else:
            sending = SendingRoom(self._workspace, self._ledger, worker=self.worker, clock=self._now)
        self._sending = sending
        if self._stopping.is_set():
            return
        began = time.monotonic()
        try:
            died = sending.run()
        finally:
            self._sending = None
        if died:
            self._mind_death(died, lived_s=time.monotonic() - began)

    def _mind_death(self, how: str, *, lived_s: float) -> None:
        """Tell, and leave some time to whatever killed it: nothing, the first time."""
        words = _died(how)
        _log.error("%s", said(self._workspace, words))
        if lived_s > LONG_LIFE_S:
            self._pause_s = 0.0
        if not self._pause_s:
            self._teller.urge("engine", words)
        self._stopping.wait(self._pause_s)
        self._pause_s = min(max(1.0, 2 * self._pause_s), MOST_PAUSE_S)


def _died(how: str) -> Words:
    return Words(
        fr=f"Le processus d’envoi est mort ({how}) ; un autre le remplace. Ce qui était en route est incertain : `hebdo status`",
        en=f"The sending process died ({how}); another one takes its place. What was on the wire is uncertain: `hebdo status`",
    )


_STANDS_BY = Words(
    fr="Un autre processus envoie déjà pour cette lettre ; celui-ci attend et prendra sa place.",
    en="Another process already sends for this newsletter; this one stands by and will take its place.",
)
_TAKES_OVER = Words(fr="L’autre processus a fini : celui-ci envoie.", en="The other process has ended: this one sends.")
_BLIND = Words(
    fr="Le guet ne regarde plus depuis une minute : retards et modifications après le scellé ne sont plus annoncés. "
    "Voyez si le disque répond (`ls -l issues`), puis relancez `hebdo serve`",
    en="The lookout has not looked for a minute: delays and edits after sealing are no longer told. "
    "See whether the disk answers (`ls -l issues`), then run `hebdo serve` again",
)
_SEEING = Words(fr="Le guet regarde de nouveau.", en="The lookout is looking again.")
