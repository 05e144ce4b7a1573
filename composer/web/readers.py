"""Readers' pages: leaving the list, an issue in the browser, its pictures, the legal notice. No cookie, no script, no login.

The token of a mail can leave the list and nothing else: mails are forwarded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles

from composer.check.law import is_anonymous
from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.mailing import Subscriber
from composer.model.newsletter import Newsletter
from composer.text.addresses import PROOF_TOKEN
from composer.text.hosts import url_host
from composer.text.merge import mask_email
from composer.web.erratum import on_top, with_corrections, with_followers, with_way_back
from composer.web.guards import READER_POLICY, WEB_VIEW_POLICY, HeaderGuard, HostGuard, SizeGuard, standing_headers
from composer.web.issue_page import as_page
from composer.web.legal import contact_of, controller_of, host_line, publisher_lines, relay_of
from composer.web.published import PICTURE_TYPES, Shelf
from composer.web.shell import STATIC, Speech, page
from composer.workflow.public_pages import is_nonce, prove_site
from composer.workflow.subscribing import find_by_token, unsubscribe
from composer.workspace import Workspace

SENT = "envoi"  # behind the address of an issue that was corrected: what readers got
LEAVING_LIMIT_BYTES = 16_384  # «List-Unsubscribe=One-Click» in either form is under 300 bytes


def _now() -> datetime:
    return datetime.now(UTC)


def readers_app(workspace: Workspace, ledger: Ledger, *, hosts: tuple[str, ...] = (), clock: Callable[[], datetime] = _now) -> Starlette:
    """The public pages of ``workspace``.

    It answers to the name of ``[site] public_url``, to those of ``[site] hosts``, to ``hosts``, and at this machine to loopback.
    """
    newsletter = workspace.newsletter
    site = newsletter.site
    prefix = public_path(site.public_url)
    pages = ReaderPages(workspace=workspace, ledger=ledger, shelf=Shelf(workspace, ledger), prefix=prefix, clock=clock)
    routes: list[BaseRoute] = pages.routes()
    if prefix:
        routes[:0] = [Route(prefix, pages.to_archive), Mount(prefix, routes=pages.routes())]
    app = Starlette(
        routes=routes,
        exception_handlers={404: pages.missing, 405: pages.wrong_method, HebdoError: pages.trouble, 500: pages.broken},
        middleware=[
            Middleware(
                HeaderGuard,
                policy=READER_POLICY,
                referrer="no-referrer",
                only_https=site.public_url.lower().startswith("https:") and not site.rehearsal,
            ),
            Middleware(HostGuard, names=(url_host(site.public_url), *site.hosts, *hosts), proxies=site.trusted_proxies),
            Middleware(SizeGuard, limit_bytes=LEAVING_LIMIT_BYTES),
        ],
    )
    # A redirect would be written with the scheme and name of whoever asked, and RFC 8058 §3.1 forbids one on the way out.
    for router in (app.router, *(route.app for route in routes if isinstance(route, Mount))):
        if isinstance(router, Router):
            router.redirect_slashes = False
    return app


def public_path(public_url: str) -> str:
    """The path that readers' pages stand under, decoded, without final slash: "" or «/lettre»."""
    return unquote(urlsplit(public_url).path).rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPages:
    """The pages and what they stand on."""

    workspace: Workspace
    ledger: Ledger
    shelf: Shelf
    prefix: str  # where they stand under the public name: a proxy may take it away, the links in the pages keep it
    clock: Callable[[], datetime]

    @property
    def newsletter(self) -> Newsletter:
        """The publication."""
        return self.workspace.newsletter

    def routes(self) -> list[BaseRoute]:
        """Addresses as composer.text.addresses writes them into mails."""
        return [
            Route("/", self.archive),
            Route("/u/{token}", self.ask_leave, methods=["GET"]),
            Route("/u/{token}", self.leave, methods=["POST"]),
            Route("/n/{issue}", self.web_view),
            Route(f"/n/{{issue}}/{SENT}", self.sent_view),
            Route("/n/{issue}/{proof}", self.proof_view),
            Route("/i/{name}", self.picture),
            Route("/mentions-legales", self.legal),
            Route("/confidentialite", self.privacy),
            Route("/robots.txt", self.robots),
            Route("/healthz", self.health),
            Route("/hebdo/{nonce}", self.identity),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    def archive(self, _: Request) -> Response:
        """The issues that have left, newest first."""
        return self._page("archive.html", issues=self.shelf.published())

    def ask_leave(self, request: Request) -> Response:
        """A question and a button. Scanners follow links: GET changes nothing (RFC 8058 §3.1 wants the act to be a POST)."""
        token = request.path_params["token"]
        if token == PROOF_TOKEN:
            return self._page("depart.html", step="proof", address="")
        reader = self._reader(token)
        if reader is None:
            return self._page("depart.html", status=404, step="unknown", address="")
        step = "ask" if reader.status == "active" else "gone"
        return self._page("depart.html", step=step, address=mask_email(reader.email))

    async def leave(self, request: Request) -> Response:
        """Leaves, whatever the body says: urlencoded, multipart or none (RFC 8058 §3.2), once or ten times."""
        await request.body()
        return await run_in_threadpool(self._leave, request)

    def _leave(self, request: Request) -> Response:
        token = request.path_params["token"]
        if token == PROOF_TOKEN:
            return self._page("depart.html", step="proof", address="")
        reader = self._reader(token)
        if reader is None:
            return self._page("depart.html", status=404, step="unknown", address="")
        unsubscribe(self.ledger, token, self.clock())
        return self._page("depart.html", step="left", address=mask_email(reader.email))

    def web_view(self, request: Request) -> Response:
        """An issue as readers got it, without name or token; corrected since, it says so on top."""
        issue_id = request.path_params["issue"]
        view = self.shelf.web_view(issue_id)
        if view is None:
            raise HTTPException(404)
        html = self._as_page(view.html)
        if view.followed_by:
            html = with_followers(html, view.followed_by, speech=self._speech(), address=self._address)
        if not view.corrections:
            return self._html(html)
        sent = f"{self._address(issue_id)}/{SENT}"
        style = self.newsletter.typography
        return self._html(with_corrections(html, view.corrections, speech=self._speech(), style=style, sent_address=sent))

    def sent_view(self, request: Request) -> Response:
        """An issue that was corrected, as readers got it."""
        issue_id = request.path_params["issue"]
        view = self.shelf.sent_view(issue_id)
        if view is None:
            raise HTTPException(404)
        response = self._html(with_way_back(self._as_page(view), speech=self._speech(), address=self._address(issue_id)))
        response.headers["x-robots-tag"] = "noindex"
        return response

    def _address(self, issue_id: str) -> str:
        return f"{quote(self.prefix)}/n/{quote(issue_id, safe='')}"

    def proof_view(self, request: Request) -> Response:
        """An edition that was proofed, for who has the link; no page leads there, and no crawler may keep it."""
        view = self.shelf.proof_view(request.path_params["issue"], request.path_params["proof"])
        if view is None:
            raise HTTPException(404)
        response = self._html(with_banner(self._as_page(view), self._speech().say("proof-page")))
        response.headers.update({"cache-control": "no-store", "x-robots-tag": "noindex"})
        return response

    def picture(self, request: Request) -> Response:
        """A picture by its content's name; what a name stands for never changes."""
        name = request.path_params["name"]
        kind = PICTURE_TYPES.get(name.rpartition(".")[2])
        content = self.shelf.picture(name) if kind else None
        if content is None or kind is None:
            raise HTTPException(404)
        headers = {"cache-control": "public, max-age=31536000, immutable", "cross-origin-resource-policy": "cross-origin"}
        return Response(content, media_type=kind, headers=headers)

    def legal(self, _: Request) -> Response:
        """Who publishes (LCEN art. 1-1, before 2024 art. 6 III)."""
        newsletter = self.newsletter
        anonymous = is_anonymous(newsletter.publisher)
        return self._page("mentions.html", lines=publisher_lines(newsletter), host=host_line(newsletter), anonymous=anonymous)

    def privacy(self, _: Request) -> Response:
        """What is kept of a reader, why, and how to have it back or gone (GDPR art. 13)."""
        newsletter = self.newsletter
        return self._page(
            "confidentialite.html",
            controller=controller_of(newsletter),
            contact=contact_of(newsletter),
            relay=relay_of(newsletter),
            host=host_line(newsletter),
        )

    def robots(self, _: Request) -> Response:
        """Crawlers have no business with the pages of one reader."""
        return PlainTextResponse("User-agent: *\nDisallow: /u/\n")

    def health(self, _: Request) -> Response:
        """For monitors: 200 while the ledger can be read, else 503; nothing about anybody."""
        try:
            self.ledger.clocks.last_seen()
            alive = self.workspace.ledger_path.exists()  # one that was taken away is still read through what is open
        except HebdoError:
            alive = False
        return PlainTextResponse("ok\n" if alive else "unavailable\n", status_code=200 if alive else 503)

    def identity(self, request: Request) -> Response:
        """Which Hebdo answers here: the desk asks before a mailing leaves (``composer.workflow.public_pages``)."""
        nonce = request.path_params["nonce"]
        if not is_nonce(nonce):
            raise HTTPException(404)
        return PlainTextResponse(prove_site(self.workspace, nonce))

    def to_archive(self, _: Request) -> Response:
        """The public address itself, as people type it; without a name, so that no name can be slipped in."""
        return RedirectResponse(f"{quote(self.prefix)}/", status_code=308)

    def missing(self, _request: Request, _: Exception) -> Response:
        """Nothing here."""
        return self._page("absent.html", status=404, what="missing")

    def trouble(self, _request: Request, _: Exception) -> Response:
        """The ledger or the disk refuses: a mail client that reads 503 tries again."""
        return self._page("absent.html", status=503, what="trouble")

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

    def _page(self, name: str, *, status: int = 200, **values: object) -> Response:
        return page(name, self._speech(), status=status, newsletter=self.newsletter, base=quote(self.prefix), **values)

    def _as_page(self, html: str) -> str:
        return as_page(html, self.newsletter, base=quote(self.prefix), speech=self._speech())

    def _html(self, html: str) -> Response:
        # A mail has its own styles, so this one page has its own policy.
        if self.newsletter.site.rehearsal:
            html = with_banner(html, self._speech().say("rehearsal"))
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

    return on_top(html, f'{BANNER_STYLE}<p class="hebdo-rehearsal">{escape(words)}</p>')
