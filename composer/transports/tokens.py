"""Access tokens: as given, or fetched from a program that prints a fresh one, since they live an hour and mailings leave at night."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import time

from composer.model.newsletter import TransportSettings
from composer.transports import sayings
from composer.transports.replies import ConversationError, RefusedError, Reply

_LIMIT_S = 10.0  # for the program
_MOST = 16_384  # bytes that it may print
_GOOD_S = 600.0  # how long a token is taken for fresh; who refuses it earlier gets another one
_TOKEN = re.compile(r"[!-~]{1,12000}")
_OURS = "HEBDO_"  # variables with secrets that are no business of the program's


class TokenSource:
    """The token of one server, shared by its connections; of one event loop."""

    def __init__(self, settings: TransportSettings) -> None:
        self._command = settings.token_command
        self._token = "" if settings.token_command else settings.token
        self._fetched_at = 0.0
        self._turn = asyncio.Lock()

    async def current(self) -> str:
        """A token; raises RefusedError where there can be none, ConversationError where the program fails for now."""
        if not self._command:
            if not self._token:
                raise RefusedError(Reply(535, (b"5.7.8",)), sayings.NO_TOKEN)
            return self._token
        async with self._turn:
            if not self._token or time.monotonic() - self._fetched_at > _GOOD_S:
                await self._fetch()
            return self._token

    async def instead_of(self, refused: str) -> str:
        """Another token than one that was refused; "" when there is none. Asks the program once, however many were refused."""
        if not self._command:
            return ""
        async with self._turn:
            if self._token == refused or not self._token:
                await self._fetch()
            return self._token if self._token != refused else ""

    def forget(self, refused: str) -> None:
        """A fresh one was refused as well: whoever asks next has one fetched."""
        if self._command and self._token == refused:
            self._token = ""

    async def _fetch(self) -> None:
        self._token = ""
        said = (await _run(self._command)).strip()
        if not _TOKEN.fullmatch(said):
            raise ConversationError(sayings.NOT_A_TOKEN)
        self._token, self._fetched_at = said, time.monotonic()


async def _run(command: tuple[str, ...]) -> str:
    """What the program prints, within time and size; without a shell, and without our own variables."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise RefusedError(Reply(535, (b"5.7.8",)), sayings.command_missing(command[0])) from error
    try:
        async with asyncio.timeout(_LIMIT_S):
            said = await _listen(process)
            code = await process.wait()
    except TimeoutError as error:
        raise ConversationError(sayings.command_late(command[0], _LIMIT_S)) from error
    finally:
        await _end(process)
    if code:
        raise ConversationError(sayings.command_failed(command[0], code))
    return said


async def _end(process: asyncio.subprocess.Process) -> None:
    """With whatever it started, and without leaving its pipe open or its exit status unread."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio gives no other way to let go of the pipe
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2.0):
            await process.wait()


async def _listen(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None  # noqa: S101 - asked for above
    said = b""
    while len(said) <= _MOST and (more := await process.stdout.read(_MOST)):
        said += more
    return said.decode("utf-8", "replace") if len(said) <= _MOST else ""
