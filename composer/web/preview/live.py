"""Tells open pages that a file changed: watchfiles on one side, server-sent events on the other."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from watchfiles import Change, DefaultFilter, awatch

BEAT_S = 15.0  # a comment line this often keeps proxies and browsers from closing the stream
QUIET_MS = 60  # changes closer together are told as one


DEEP = ("issues", "stories", "templates")  # watched with all that is in them
TOP = (*DEEP, "newsletter.toml")  # a change right in the workspace's folder that matters


class WorkspaceFilter(DefaultFilter):
    """What changes a page; not sealed editions, not our own half-written files."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    def __call__(self, change: Change, path: str) -> bool:
        """Whether to tell."""
        inside = Path(path).relative_to(self.root).parts if Path(path).is_relative_to(self.root) else ()
        if not inside or inside[-1].startswith(".") or inside[-1] in {"edition.html", "edition.txt"}:
            return False
        return inside[0] in TOP and super().__call__(change, path)


class Live:
    """One watcher for any number of pages.

    A workspace may be a repository with thousands of other files, so only its own folders are watched in depth.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._listeners: set[asyncio.Queue[tuple[str, str]]] = set()  # turn and issue
        self._closed = False
        self._run = secrets.token_hex(4)
        self._told = 0
        self._round = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def turn(self) -> str:
        """The name of what was last told; another one after every change, and in every run."""
        return f"{self._run}.{self._told}"

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watches for as long as the context lasts."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.close()
            await self._task

    def close(self) -> None:
        """Ends the watcher and every open stream."""
        self._closed = True
        self._round.set()
        for queue in self._listeners:
            queue.put_nowait(("", ""))

    async def _watch(self) -> None:
        polling = False
        while not self._closed:
            self._round = asyncio.Event()
            deep = [self.root / name for name in DEEP if (self.root / name).is_dir()]
            rounds = [self._follow([self.root], deep=False, polling=polling)]
            if deep:
                rounds.append(self._follow(deep, deep=True, polling=polling))
            try:
                await asyncio.gather(*rounds)
            except OSError:
                # The system has no watches left (inotify): look at the files ourselves.
                if polling:
                    raise
                polling = True
                self._round.set()

    async def _follow(self, paths: list[Path], *, deep: bool, polling: bool) -> None:
        changes = awatch(
            *paths,
            watch_filter=WorkspaceFilter(self.root),
            step=20,
            debounce=QUIET_MS,
            stop_event=self._round,
            recursive=deep,
            force_polling=polling or None,
        )
        async for batch in changes:
            self._tell({_issue_of(self.root, path) for _, path in batch})
            if not deep and any(Path(path).name in DEEP for _, path in batch):
                self._round.set()  # a folder came or went: watch anew

    def _tell(self, issues: set[str]) -> None:
        for issue in sorted(issues):
            self._told += 1
            for queue in self._listeners:
                queue.put_nowait((self.turn, issue or "*"))

    def tell_soon(self, issue_id: str) -> None:
        """Tells open pages that an issue looks different though no file changed; may be called from any thread."""
        loop = self._loop
        if loop is not None and not self._closed:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                loop.call_soon_threadsafe(self._tell, {issue_id})

    async def stream(self, request: Request) -> StreamingResponse:
        """The event stream of one page: ``change`` with the issue's id, or ``*`` when all of them may look different.

        A page that was drawn, or a stream that was cut, at an earlier turn is told at once: what changed meanwhile is never lost.
        """
        wanted = request.query_params.get("numero", "")
        since = request.headers.get("last-event-id") or request.query_params.get("depuis", "")
        return StreamingResponse(self._events(wanted, since), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _events(self, wanted: str, since: str = "") -> AsyncIterator[str]:
        queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield f"retry: 1000\nid: {self.turn}\n\n"
            if since and since != self.turn:
                yield _change(self.turn, "*")
            while not self._closed:
                try:
                    turn, issue = await asyncio.wait_for(queue.get(), BEAT_S)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if issue and (not wanted or issue in {wanted, "*"}):
                    yield _change(turn, issue)
        finally:
            self._listeners.discard(queue)


class TurnNote:
    """Notes for every page at which turn it began to be drawn, before it reads any file."""

    def __init__(self, app: ASGIApp, *, live: Live) -> None:
        self.app = app
        self.live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes, then goes on."""
        scope.setdefault("state", {})["turn"] = self.live.turn
        await self.app(scope, receive, send)


def _change(turn: str, issue: str) -> str:
    return f"id: {turn}\nevent: change\ndata: {issue}\n\n"


def _issue_of(root: Path, path: str) -> str:
    parts = Path(path).relative_to(root).parts
    return parts[1] if len(parts) > 2 and parts[0] == "issues" else ""
