"""HTTP calls of ours: short, bounded in time and size, and never led elsewhere.

In: an address, headers, a body. Out: what was answered, or why nothing was.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import httpx

from composer.text.shown import one_line
from composer.text.system import words_of
from composer.words import NOTHING, Words

TIMEOUT_S = 10.0  # the whole call, however slowly it trickles
AGENT = "Hebdo"
_ANSWER_BYTES = 2_000  # nobody reads more
_WORDS_S = 1.0
_MOST_WORDS = 200  # characters
_MAX_ASKED_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """How a call ended."""

    status: int = 0  # 0: nobody answered
    words: Words = NOTHING  # what the server or the system said, one line
    retry_after_s: float = 0.0  # what a 429 or 503 asks for

    @property
    def is_taken(self) -> bool:
        """Whether it was taken: 2xx. A redirect is not followed, since the body may name readers' doings to whoever it leads to."""
        return 200 <= self.status < 300


async def call(
    url: str, *, method: str = "GET", headers: Sequence[tuple[str, str]] = (), body: bytes | None = None, timeout_s: float = TIMEOUT_S
) -> CallAnswer:
    """One call; never raises for what the world does, and ends within ``timeout_s``."""
    try:
        async with asyncio.timeout(timeout_s):
            return await _call(url, method, headers, body)
    except TimeoutError:
        return CallAnswer(words=Words(fr=f"pas de réponse en {timeout_s:g}\u00a0s", en=f"no answer within {timeout_s:g} s"))
    except Exception as error:  # noqa: BLE001 - the promise: libraries below raise OverflowError, groups, and what they like
        return CallAnswer(words=_why(error))
    except BaseExceptionGroup as group:
        task = asyncio.current_task()
        if group.subgroup((KeyboardInterrupt, SystemExit)) or (task and task.cancelling()):
            raise
        return CallAnswer(words=_why(group))


def _why(error: BaseException) -> Words:
    """What the system said at the bottom; the words of the library above it are English, and know less."""
    beneath: BaseException | None = error
    while beneath is not None:
        while isinstance(beneath, BaseExceptionGroup):
            beneath = beneath.exceptions[0]
        error, beneath = beneath, beneath.__cause__ or beneath.__context__
        if isinstance(error, socket.gaierror):
            return Words(fr="nom inconnu", en="unknown name")
        if isinstance(error, OSError) and error.errno and not isinstance(error, ssl.SSLError):
            return words_of(error)
    return _as_they_are(str(error) or type(error).__name__)


def _as_they_are(words: str) -> Words:
    line = one_line(words, _MOST_WORDS)
    return Words(fr=line, en=line)


async def _call(url: str, method: str, headers: Sequence[tuple[str, str]], body: bytes | None) -> CallAnswer:
    given = [("user-agent", AGENT), *headers]
    async with (
        httpx.AsyncClient(verify=_tls(), follow_redirects=False, timeout=None) as client,  # noqa: S113 - the whole is bounded above
        client.stream(method, url, headers=given, content=body) as answer,
    ):
        words = await _first_words(answer)
        return CallAnswer(
            status=answer.status_code,
            words=_as_they_are(f"{answer.status_code} {answer.reason_phrase} {_told(answer, words)}"),
            retry_after_s=_retry_after(answer.headers.get("retry-after", "")),
        )


async def _first_words(answer: httpx.Response) -> bytes:
    """What it begins with; the status is known, so what trickles or breaks off after it changes nothing."""
    words = b""
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_WORDS_S):
            async for part in answer.aiter_raw():
                words += part
                if len(words) >= _ANSWER_BYTES:
                    break
    return words


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _told(answer: httpx.Response, words: bytes) -> str:
    if answer.is_redirect:
        return f"→ {answer.headers.get('location', '')}"
    return words[:_MOST_WORDS].decode("utf-8", "replace")


def _retry_after(value: str) -> float:
    return min(float(value), _MAX_ASKED_S) if value.isascii() and value.isdigit() and len(value) < 6 else 0.0
