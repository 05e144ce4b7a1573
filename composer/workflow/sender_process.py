"""A sender in a process of its own, so that pages stay quick: started, heard, asked to end. Both ends of its line are here.

The child (``python -m composer.workflow.sender_process``) is given the settings as they were read, says how it stands and what it logs, and
ends when it is asked to or when the line breaks: nothing leaves without whoever holds the lock. The lock's file goes to the child as well, so
that a parent that is killed leaves no second sender beside one that still finishes what is on the wire.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, Pipe

from composer.errors import HebdoError
from composer.ledger import open_ledger
from composer.workflow.sending_room import SendingRoom, Standing, spare_the_collector
from composer.workspace import Workspace

_log = logging.getLogger(__name__)

END_S = 10.0  # what a stop gives the messages on the wire, and the ledger
LOOK_S = 0.25  # how often the child looks how it stands
SAID_S = 5.0  # an unchanged silence is said again so often
_STOP = "stop"


class SenderProcess:
    """The parent's end; ``run`` on a thread, the rest from any thread."""

    def __init__(self, workspace: Workspace, *, worker: str, lock: int) -> None:
        self._workspace = workspace
        self._worker = worker
        self._lock = lock  # the handle of the sender's lock
        self._line, self._far_end = Pipe()
        self._standing = (Standing(), time.monotonic())
        self._stopping = threading.Event()

    def run(self) -> str:
        """Send until ``stop``: "" then, else how the process died, or why it could not begin or go on."""
        try:
            child = self._start()
        except OSError as error:
            return str(error)
        try:
            failure = self._hear(child)
        finally:
            self._line.close()
            self._bury(child)
            self._standing = (Standing(), time.monotonic())
        if self._stopping.is_set():
            return ""
        if failure is not None:
            return failure.sentence("en") if isinstance(failure, HebdoError) else str(failure)
        return signal.Signals(-child.returncode).name if child.returncode < 0 else str(child.returncode)

    def stop(self) -> None:
        """Ask the sender to end; returns at once."""
        self._stopping.set()
        with suppress(OSError):  # it has just ended
            self._line.send(_STOP)

    @property
    def standing(self) -> Standing:
        """How it stood when it last said so; a silence goes on growing."""
        standing, heard_at = self._standing
        if not standing.way.silent_s:
            return standing
        silent_s = standing.way.silent_s + time.monotonic() - heard_at
        return replace(standing, way=replace(standing.way, silent_s=silent_s))

    def _start(self) -> subprocess.Popen[bytes]:
        far_end = self._far_end.fileno()
        command = [sys.executable, "-P", "-m", "composer.workflow.sender_process", str(far_end)]
        try:
            child = subprocess.Popen(command, pass_fds=(far_end, self._lock), stdin=subprocess.DEVNULL)  # noqa: S603 - ourselves
        finally:
            self._far_end.close()
        with suppress(OSError):  # it has just died, which is heard next
            self._line.send((self._workspace, self._worker))
        return child

    def _hear(self, child: subprocess.Popen[bytes]) -> BaseException | None:
        """What the child says until it has ended; one that does not end in time is killed: what it had on the wire is uncertain then."""
        failure: BaseException | None = None
        end_at: float | None = None
        with suppress(EOFError, OSError):
            while True:
                if self._stopping.is_set() and end_at is None:
                    end_at = time.monotonic() + END_S
                if end_at is not None and time.monotonic() > end_at:
                    child.kill()
                    return failure
                if not self._line.poll(LOOK_S):
                    continue
                said = self._line.recv()
                if isinstance(said, Standing):
                    self._standing = (said, time.monotonic())
                elif isinstance(said, BaseException):
                    failure, end_at = said, time.monotonic() + END_S
                else:
                    name, level, words, fields = said
                    logging.getLogger(name).log(level, "%s", words, extra=fields)
        return failure

    @staticmethod
    def _bury(child: subprocess.Popen[bytes]) -> None:
        try:
            child.wait(END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class _Line(logging.Handler):
    """The child's end: one thread speaks at a time; a line that is broken is nobody's trouble any more."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self._turn = threading.Lock()

    def say(self, what: object) -> None:
        with self._turn, suppress(OSError):
            self._connection.send(what)

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage() if record.exc_info is None else self.format(record)
        self.say((record.name, record.levelno, words, fields_of(record)))


def fields_of(record: logging.LogRecord) -> dict[str, str | int | float | bool | None]:
    """What was said beside the words (``extra``), in values that every process knows."""
    given = {name: value for name, value in vars(record).items() if name not in _OWN}
    return {name: value if isinstance(value, str | int | float | None) else str(value) for name, value in given.items()}


# What every record has; the last two are a formatter's.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def main(handle: int) -> None:
    """The child, from its first words to its last."""
    connection = Connection(handle)
    line = _Line(connection)
    logging.basicConfig(level=logging.INFO, handlers=[line])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent says what follows
    try:
        given = connection.recv()
    except (EOFError, OSError):  # the parent has just gone
        return
    if given == _STOP:  # asked to end before it was told what to do
        return
    workspace, worker = given
    try:
        with open_ledger(workspace.ledger_path) as ledger:
            room = SendingRoom(workspace, ledger, worker=worker)
            signal.signal(signal.SIGTERM, lambda *_: room.stop())
            threading.Thread(target=_listen, args=(connection, room), daemon=True).start()
            threading.Thread(target=_report, args=(line, room), daemon=True).start()
            spare_the_collector()
            room.run()
    except BaseException as error:  # noqa: BLE001 - it belongs to the parent
        line.say(error if isinstance(error, HebdoError) else RuntimeError(repr(error)))


def _listen(connection: Connection, room: SendingRoom) -> None:
    """Until the parent asks for the end, or has gone."""
    with suppress(EOFError, OSError):
        connection.recv()
    room.stop()


def _report(line: _Line, room: SendingRoom) -> None:
    said, said_at = Standing(), 0.0
    while True:
        standing, now = room.standing, time.monotonic()
        same = replace(standing, way=replace(standing.way, silent_s=said.way.silent_s)) == said
        if not same or bool(standing.way.silent_s) != bool(said.way.silent_s) or (said.way.silent_s and now - said_at > SAID_S):
            line.say(standing)
            said, said_at = standing, now
        time.sleep(LOOK_S)


if __name__ == "__main__":
    main(int(sys.argv[1]))
