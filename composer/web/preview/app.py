"""The preview as one application: guards outside, pages inside, one watcher for all."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from composer.errors import HebdoError, NotFound, UsageError
from composer.ledger import Ledger
from composer.web.guards import PAGE_POLICY, HeaderGuard, HostGuard, KeyGuard, OriginGuard, SizeGuard, standing_headers
from composer.web.metrics import MetricsDoor
from composer.web.preview.desk import Desk
from composer.web.preview.frame import FramePages
from composer.web.preview.issue import IssuePages
from composer.web.preview.issues import IssuesPages
from composer.web.preview.live import Live, TurnNote
from composer.web.preview.press import Press
from composer.web.shell import STATIC, page
from composer.words import Language, Words
from composer.workflow.metrics import Meter
from composer.workspace import Workspace
from composer.workspace.keys import metrics_token

BODY_LIMIT_BYTES = 27_000_000  # a picture of 25 MB with what surrounds it


def preview_app(
    workspace: Workspace,
    ledger: Ledger | None = None,
    *,
    key: str | None = None,
    language: Language | None = None,
    hosts: tuple[str, ...] = (),
    by_address: bool = False,
    command: str = "hebdo preview",
    meter: Meter | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Starlette:
    """The preview of ``workspace``.

    ``key`` is this run's: who does not bring it (``/?jeton=…`` once, then a cookie) sees nothing; it stands in ``app.state.key``.
    ``hosts`` are names it answers to besides loopback; with ``by_address`` it answers to the address that was connected to as well.
    ``ledger`` lets it read as a subscriber. ``command`` is what printed the key. ``meter`` gives ``/metrics``.
    """
    press = Press(workspace, ledger, clock=clock) if clock else Press(workspace, ledger)
    desk = Desk(press=press, key=key or secrets.token_urlsafe(24), language=language, command=command)
    live = Live(workspace.root)
    press.tell = live.tell_soon

    @asynccontextmanager
    async def watching(_: Starlette) -> AsyncIterator[None]:
        async with live.watching():
            yield

    app = Starlette(
        routes=[
            *IssuesPages(desk).routes(),
            *IssuePages(desk).routes(),
            *FramePages(desk).routes(),
            Route("/direct", live.stream),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            *_guards(
                desk, Middleware(HostGuard, names=hosts, proxies=workspace.newsletter.site.trusted_proxies, by_address=by_address), meter
            ),
            Middleware(TurnNote, live=live),
        ],
        exception_handlers={HebdoError: _refused(desk), 404: _nothing(desk), HTTPException: _not_done(desk), 500: _broken(desk)},
        lifespan=watching,
    )
    app.state.key = desk.key
    app.state.live = live
    return app


def _guards(desk: Desk, host_guard: Middleware, meter: Meter | None) -> list[Middleware]:
    measured = [] if meter is None else [Middleware(MetricsDoor, meter=meter, token=metrics_token(desk.press.workspace))]
    return [
        # same-origin, not no-referrer: with the latter a browser sends «Origin: null» with our own forms.
        Middleware(HeaderGuard, policy=PAGE_POLICY, referrer="same-origin"),
        host_guard,
        Middleware(OriginGuard, refuse=_refusal(desk, "origin")),
        *measured,
        Middleware(_OpenDoor, key=KeyGuard, desk=desk),
        Middleware(SizeGuard, limit_bytes=BODY_LIMIT_BYTES),
    ]


class _OpenDoor:
    """The key is asked for everywhere but for style and icon: the page that refuses uses them."""

    def __init__(self, app: ASGIApp, *, key: type[KeyGuard], desk: Desk) -> None:
        self.app = app
        self.guard = key(app, key=desk.key, refuse=_refusal(desk, "key"), welcome=_welcome)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        free = scope["type"] != "http" or scope["path"].startswith("/static/")
        await (self.app if free else self.guard)(scope, receive, send)


def _welcome(cookie: str, key: str) -> ASGIApp:
    async def welcome(scope: Scope, receive: Receive, send: Send) -> None:
        """Puts the key into a cookie and out of the address bar."""
        request = Request(scope)
        rest = request.url.remove_query_params("jeton")
        path = "/" + rest.path.lstrip("/\\")  # «//elsewhere» would be another host
        response = RedirectResponse(path + (f"?{rest.query}" if rest.query else ""), status_code=303)
        response.set_cookie(cookie, key, httponly=True, samesite="lax", path="/", secure=request.url.scheme == "https")
        await response(scope, receive, send)

    return welcome


def _refusal(desk: Desk, kind: str) -> ASGIApp:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        speech = desk.speech(request)
        lines = [speech.say(f"{kind}-body")] + ([speech.say("key-act", command=desk.command)] if kind == "key" else [])
        response = page("refus.html", speech, status=403, title=speech.say(f"{kind}-title"), lines=lines, place="", back="")
        await response(scope, receive, send)

    return refuse


def _refused(desk: Desk) -> Callable[[Request, Exception], Response]:
    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HebdoError)  # noqa: S101 - Starlette calls it for nothing else
        return desk.refusal(request, error)

    return refused


def _nothing(desk: Desk) -> Callable[[Request, Exception], Response]:
    def nothing(request: Request, _: Exception) -> Response:
        return desk.refusal(request, NotFound(Words(fr="Il n’y a rien à cette adresse.", en="There is nothing at this address.")))

    return nothing


def _not_done(desk: Desk) -> Callable[[Request, Exception], Response]:
    def not_done(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - Starlette calls it for nothing else
        told = Words(fr="Cette demande ne va pas avec cette adresse.", en="This request does not fit this address.")
        response = desk.refusal(request, UsageError(told))
        response.status_code = error.status_code
        response.headers.update(error.headers or {})
        return response

    return not_done


def _broken(desk: Desk) -> Callable[[Request, Exception], Response]:
    def broken(request: Request, _: Exception) -> Response:
        said = Words(fr="Cela n’a pas abouti, c’est une faute du programme.", en="That did not work; the fault is the program’s.")
        hint = Words(
            fr="Vos fichiers sont intacts. La trace est dans le terminal.", en="Your files are untouched. The trace is in the terminal."
        )
        response = desk.refusal(request, HebdoError(said, hint=hint))
        response.headers.update(standing_headers(policy=PAGE_POLICY, referrer="same-origin"))
        return response

    return broken
