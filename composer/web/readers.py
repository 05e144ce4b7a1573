"""Readers' pages: leaving the list, an issue in the browser, its pictures, the legal notice. No cookie, no script, no login.

The token of a mail can leave the list and nothing else: mails are forwarded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.mailing import Subscriber
from composer.model.newsletter import Newsletter
from composer.text.addresses import PROOF_TOKEN
from composer.text.merge import mask_email
from composer.web.guards import READER_POLICY, WEB_VIEW_POLICY, HeaderGuard, HostGuard, SizeGuard, standing_headers, url_host
from composer.web.published import PICTURE_TYPES, Shelf
from composer.web.shell import STATIC, Speech, page
from composer.workflow.subscribing import find_by_token, unsubscribe
from composer.workspace import Workspace

LEAVING_LIMIT_BYTES = 16_384  # «List-Unsubscribe=One-Click» in either form is under 300 bytes


def _now() -> datetime:
    return datetime.now(UTC)


def readers_app(workspace: Workspace, ledger: Ledger, *, hosts: tuple[str, ...] = (), clock: Callable[[], datetime] = _now) -> Starlette:
    """The public pages of ``workspace``; ``hosts`` are names it answers to besides that of ``[site] public_url`` and loopback."""
    newsletter = workspace.newsletter
    pages = ReaderPages(newsletter=newsletter, ledger=ledger, shelf=Shelf(workspace, ledger), clock=clock)
    prefix = urlsplit(newsletter.site.public_url).path.rstrip("/")
    routes: list[BaseRoute] = pages.routes()
    if prefix:
        routes.insert(0, Mount(prefix, routes=pages.routes()))
    return Starlette(
        routes=routes,
        exception_handlers={404: pages.missing, 405: pages.wrong_method, HebdoError: pages.trouble, 500: pages.broken},
        middleware=[
            Middleware(HeaderGuard, policy=READER_POLICY, referrer="no-referrer"),
            Middleware(HostGuard, names=(url_host(newsletter.site.public_url), *hosts)),
            Middleware(SizeGuard, limit_bytes=LEAVING_LIMIT_BYTES),
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPages:
    """The pages and what they stand on."""

    newsletter: Newsletter
    ledger: Ledger
    shelf: Shelf
    clock: Callable[[], datetime]

    def routes(self) -> list[BaseRoute]:
        """Addresses as composer.text.addresses writes them into mails."""
        return [
            Route("/", self.archive),
            Route("/u/{token}", self.ask_leave, methods=["GET"]),
            Route("/u/{token}", self.leave, methods=["POST"]),
            Route("/n/{issue}", self.web_view),
            Route("/i/{name}", self.picture),
            Route("/mentions-legales", self.legal),
            Route("/robots.txt", self.robots),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    def archive(self, request: Request) -> Response:
        """The issues that have left, newest first."""
        return self._page(request, "archive.html", issues=self.shelf.published())

    def ask_leave(self, request: Request) -> Response:
        """A question and a button. Scanners follow links: GET changes nothing (RFC 8058 §3.1 wants the act to be a POST)."""
        token = request.path_params["token"]
        if token == PROOF_TOKEN:
            return self._page(request, "depart.html", step="proof", address="")
        reader = self._reader(token)
        if reader is None:
            return self._page(request, "depart.html", status=404, step="unknown", address="")
        step = "ask" if reader.status == "active" else "gone"
        return self._page(request, "depart.html", step=step, address=mask_email(reader.email))

    async def leave(self, request: Request) -> Response:
        """Leaves, whatever the body says: urlencoded, multipart or none (RFC 8058 §3.2), once or ten times."""
        await request.body()
        return await run_in_threadpool(self._leave, request)

    def _leave(self, request: Request) -> Response:
        token = request.path_params["token"]
        if token == PROOF_TOKEN:
            return self._page(request, "depart.html", step="proof", address="")
        reader = self._reader(token)
        if reader is None:
            return self._page(request, "depart.html", status=404, step="unknown", address="")
        unsubscribe(self.ledger, token, self.clock())
        return self._page(request, "depart.html", step="left", address=mask_email(reader.email))

    def web_view(self, request: Request) -> Response:
        """An issue as readers got it, without name or token."""
        view = self.shelf.web_view(request.path_params["issue"])
        if view is None:
            raise HTTPException(404)
        banner = self.newsletter.site.rehearsal
        return self._html(view, rehearsal=banner, speech=self._speech())

    def picture(self, request: Request) -> Response:
        """A picture by its content's name; what a name stands for never changes."""
        name = request.path_params["name"]
        kind = PICTURE_TYPES.get(name.rpartition(".")[2])
        content = self.shelf.picture(name) if kind else None
        if content is None or kind is None:
            raise HTTPException(404)
        headers = {"cache-control": "public, max-age=31536000, immutable", "cross-origin-resource-policy": "cross-origin"}
        return Response(content, media_type=kind, headers=headers)

    def legal(self, request: Request) -> Response:
        """Who publishes (LCEN art. 6 III), and what is kept of a reader."""
        return self._page(request, "mentions.html", publisher=self.newsletter.publisher)

    def robots(self, _: Request) -> Response:
        """Crawlers have no business with the pages of one reader."""
        return PlainTextResponse("User-agent: *\nDisallow: /u/\n")

    def missing(self, request: Request, _: Exception) -> Response:
        """Nothing here."""
        return self._page(request, "absent.html", status=404, what="missing")

    def trouble(self, request: Request, _: Exception) -> Response:
        """The ledger or the disk refuses: a mail client that reads 503 tries again."""
        return self._page(request, "absent.html", status=503, what="trouble")

    def broken(self, request: Request, error: Exception) -> Response:
        """A fault of ours: the reader is told the same, and nothing of its inside."""
        response = self.trouble(request, error)
        response.headers.update(standing_headers(policy=READER_POLICY, referrer="no-referrer"))
        return response

    def wrong_method(self, _: Request, error: Exception) -> Response:
        """An act that this address does not know."""
        headers = getattr(error, "headers", None) or {}
        return PlainTextResponse("Method Not Allowed\n", status_code=405, headers=headers)

    def _reader(self, token: str) -> Subscriber | None:
        return find_by_token(self.ledger, token)

    def _speech(self) -> Speech:
        # The pages speak the newsletter's language: a reader reads it already.
        return Speech(language="fr" if self.newsletter.locale.lower().startswith("fr") else "en", time_zone=self.newsletter.time_zone)

    def _page(self, request: Request, name: str, *, status: int = 200, **values: object) -> Response:
        base = request.scope.get("root_path", "")
        return page(name, self._speech(), status=status, newsletter=self.newsletter, base=base, **values)

    def _html(self, html: str, *, rehearsal: bool, speech: Speech) -> Response:
        # A mail has its own styles, so this one page has its own policy.
        if rehearsal:
            html = with_banner(html, speech.say("rehearsal"))
        headers = {"content-security-policy": WEB_VIEW_POLICY, "cache-control": "public, max-age=60"}
        return Response(html, media_type="text/html; charset=utf-8", headers=headers)


# The mail's own styles know nothing of this line, nor it of theirs.
BANNER_STYLE = (
    "<style>.hebdo-rehearsal{margin:0;padding:8px 16px;background:#fbf1df;color:#875100;font:14px/20px sans-serif;text-align:center}"
    "@media (prefers-color-scheme:dark){.hebdo-rehearsal{background:#33280f;color:#efba60}}</style>"
)


def with_banner(html: str, words: str) -> str:
    """``html`` with a line on top of its body."""
    from html import escape

    line = f'{BANNER_STYLE}<p class="hebdo-rehearsal">{escape(words)}</p>'
    start = html.find("<body")
    end = html.find(">", start) + 1 if start >= 0 else 0
    return html[:end] + line + html[end:]
