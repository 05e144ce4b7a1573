"""The pages of one issue: Aperçu, Source, Liens, Bouclage; and the acts that write to its files."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from composer.errors import HebdoError, NotFound, UsageError
from composer.web.preview.addressing import link_line, save_each
from composer.web.preview.desk import Desk, Form, in_thread, status_of
from composer.web.preview.picturing import give_picture
from composer.web.preview.saving import Saved, open_source, save_words
from composer.web.preview.sheet import Sheet, View, read_view
from composer.words import Words
from composer.workflow.checking import fix
from composer.workflow.composing import order_stories
from composer.workflow.linking import list_links

STEPS = ("source", "preview", "links", "checks")
PATHS = {"source": "source", "preview": "apercu", "links": "liens", "checks": "bouclage"}


class IssuePages:
    """The pages of one issue."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        here = "/numeros/{issue}"
        return [
            Route(here, self.enter),
            Route(f"{here}/apercu", self.preview),
            Route(f"{here}/sommaire", self.contents),
            Route(f"{here}/bouclage", self.checks),
            Route(f"{here}/source", self.source, methods=["GET"]),
            Route(f"{here}/source", self.save_form, methods=["POST"]),
            Route(f"{here}/source", self.save, methods=["PUT"]),
            Route(f"{here}/liens", self.links, methods=["GET"]),
            Route(f"{here}/liens", self.save_links, methods=["POST"]),
            Route(f"{here}/image", self.picture, methods=["POST"]),
            Route(f"{here}/ordre", self.order, methods=["POST"]),
            Route(f"{here}/corriger", self.mend, methods=["POST"]),
        ]

    def enter(self, request: Request) -> Response:
        """An issue opens on its preview."""
        return RedirectResponse(f"{self._sheet(request).address}/apercu", status_code=303)

    def preview(self, request: Request) -> Response:
        """The mail at its widths and colours, the inbox line, the gauge, the findings beside it."""
        view = read_view(request.query_params)
        if view.reader and self.desk.press.recipient(view.reader) is None:
            view = View(width=view.width, colours=view.colours, format=view.format, pictures=view.pictures, unknown=view.reader)
        return self._page(request, "apercu.html", "preview", view=view, wide=True)

    def contents(self, request: Request) -> Response:
        """The contents alone, for a phone."""
        return self._page(request, "sommaire.html", "contents", open_file="")

    def checks(self, request: Request) -> Response:
        """All findings with their mends."""
        notice = self.desk.speech(request).say("fixed") if "fait" in request.query_params else ""
        return self._page(request, "bouclage.html", "checks", notice=notice)

    def source(self, request: Request) -> Response:
        """A file's text, open at a line."""
        sheet = self._sheet(request)
        path = self._file(sheet, request.query_params.get("f", ""))
        return self._source(request, path, line=_figure(request, "l"), col=_figure(request, "c"))

    async def save_form(self, request: Request) -> Response:
        """Saves without script; a conflict shows both texts, neither is lost."""
        form = await self.desk.form(request)
        return await in_thread(self._save_form, request, form)

    def _save_form(self, request: Request, form: Form) -> Response:
        sheet = self._sheet(request)
        path = self._file(sheet, request.query_params.get("f", ""))
        words = form.text("text").replace("\r\n", "\n")
        try:
            saved = save_words(self.desk.press.workspace, path, words, if_digest=form.text("over") or form.text("digest"))
        except HebdoError as problem:
            return self._source(request, path, words=words, digest=form.text("digest"), problem=problem)
        if saved.theirs:
            return self._source(request, path, words=words, digest=form.text("digest"), conflict=saved)
        return RedirectResponse(sheet.source_address(path) + "&fait=1", status_code=303)

    async def save(self, request: Request) -> Response:
        """Saves for the page's own module: ``If-Match`` is the digest that was opened (RFC 9110 §13.1.1), 412 gives the other text."""
        self.desk.require_token(request.headers.get("x-hebdo-token", ""))
        digest = request.headers.get("if-match", "").strip().strip('"')
        if not digest:
            return JSONResponse({"message": "If-Match"}, status_code=428)
        try:
            words = (await request.body()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(Words(fr="Ce texte n’est pas en UTF-8.", en="This text is not UTF-8.")) from error
        return await in_thread(self._save, request, words, digest)

    def _save(self, request: Request, words: str, digest: str) -> Response:
        speech = self.desk.speech(request)
        try:
            path = self._file(self._sheet(request), request.query_params.get("f", ""))
            saved = save_words(self.desk.press.workspace, path, words, if_digest=digest)
        except HebdoError as problem:
            said = speech.of(problem.message)
            hint = speech.of(problem.hint) if problem.hint else ""
            return JSONResponse({"message": said, "hint": hint}, status_code=status_of(problem))
        if saved.theirs:
            return JSONResponse({"digest": saved.on_disk.digest, "words": saved.on_disk.words}, status_code=412)
        state = speech.say("saved-at", hour=speech.hour(self.desk.press.clock()))
        return JSONResponse({"digest": saved.on_disk.digest, "state": state}, headers={"etag": f'"{saved.on_disk.digest}"'})

    def links(self, request: Request) -> Response:
        """All addresses of the issue in one table."""
        speech = self.desk.speech(request)
        count = _figure(request, "fait")
        notice = speech.say("links-saved", count) if "fait" in request.query_params else ""
        return self._links(request, notice=notice)

    async def save_links(self, request: Request) -> Response:
        """Writes the addresses that were changed."""
        form = await self.desk.form(request)
        return await in_thread(self._save_links, request, form)

    def _save_links(self, request: Request, form: Form) -> Response:
        sheet = self._sheet(request)
        asked = dict(zip(form.all("id"), (url.strip() for url in form.all("url")), strict=False))
        was = dict(zip(form.all("id"), form.all("was"), strict=False))
        changed = {id_: url for id_, url in asked.items() if url != was.get(id_)}
        if not changed:
            return RedirectResponse(f"{sheet.address}/liens", status_code=303)
        words = dict(zip(form.all("id"), form.all("words"), strict=False))
        rows = [{"id": id_, "url": url} | ({"words": words[id_]} if id_ in words else {}) for id_, url in changed.items()]
        refused = save_each(self.desk.press.workspace, sheet.id, rows)
        if refused:
            saved = len(changed) - len(refused)
            notice = self.desk.speech(request).say("links-saved", saved) if saved else ""
            return self._links(request, notice=notice, typed=asked, refused=refused)
        return RedirectResponse(f"{sheet.address}/liens?fait={len(changed)}", status_code=303)

    async def picture(self, request: Request) -> Response:
        """Gives the story that is open a picture."""
        form = await self.desk.form(request)
        return await in_thread(self._picture, request, form)

    def _picture(self, request: Request, form: Form) -> Response:
        sheet = self._sheet(request)
        path = self._file(sheet, form.text("f"))
        if path == sheet.issue_file:
            raise UsageError(Words(fr="Une photo va dans un article.", en="A picture goes into a story."), where=path)
        name, content = form.file
        try:
            give_picture(self.desk.press.workspace, path, name=name, content=content, alt=form.text("alt"), credit=form.text("credit"))
        except HebdoError as problem:
            return self._source(request, path, problem=problem)
        return RedirectResponse(sheet.source_address(path) + "&fait=1", status_code=303)

    async def order(self, request: Request) -> Response:
        """Moves a story one place up or down."""
        form = await self.desk.form(request)
        return await in_thread(self._order, request, form)

    def _order(self, request: Request, form: Form) -> Response:
        sheet = self._sheet(request)
        ids = [card.id for card in sheet.cards]
        story = form.text("story")
        if story not in ids:
            raise NotFound(Words(fr="Cet article n’est plus dans le numéro.", en="This story is no longer in the issue."), where=sheet.id)
        at = ids.index(story)
        to = max(0, min(len(ids) - 1, at + (-1 if form.text("to") == "up" else 1)))
        ids.insert(to, ids.pop(at))
        order_stories(self.desk.press.workspace, sheet.id, ids)
        path = form.text("f")
        back = sheet.source_address(path) if path in sheet.files else f"{sheet.address}/sommaire"
        return RedirectResponse(back, status_code=303)

    async def mend(self, request: Request) -> Response:
        """Applies the safe mends."""
        await self.desk.form(request)
        sheet = await in_thread(self._sheet, request)
        await in_thread(fix, self.desk.press.workspace, sheet.id)
        return RedirectResponse(f"{sheet.address}/bouclage?{urlencode({'fait': 1})}", status_code=303)

    def _sheet(self, request: Request) -> Sheet:
        return self.desk.press.sheet(request.path_params["issue"])

    def _file(self, sheet: Sheet, asked: str) -> str:
        if not asked:
            return sheet.cards[0].path if sheet.cards else sheet.issue_file
        if asked not in sheet.files:
            raise NotFound(Words(fr="Ce fichier n’est pas du numéro.", en="This file is not part of the issue."), where=asked[:200])
        return asked

    def _page(self, request: Request, name: str, step: str, *, status: int = 200, **values: object) -> Response:
        sheet = self._sheet(request)
        steps = [(key, f"{sheet.address}/{PATHS[key]}") for key in STEPS]
        step_name = self.desk.speech(request).say(step)
        return self.desk.page(request, name, status=status, sheet=sheet, step=step, steps=steps, step_name=step_name, **values)

    def _source(
        self,
        request: Request,
        path: str,
        *,
        line: int = 0,
        col: int = 0,
        words: str | None = None,
        digest: str = "",
        conflict: Saved | None = None,
        problem: HebdoError | None = None,
    ) -> Response:
        speech = self.desk.speech(request)
        on_disk = open_source(self.desk.press.workspace, path)
        saved = "fait" in request.query_params
        state = speech.say("saved-at", hour=speech.hour(self.desk.press.clock())) if saved else speech.say("on-disk")
        return self._page(
            request,
            "source.html",
            "source",
            status=status_of(problem) if problem else 412 if conflict else 200,
            view=View(),
            wide=False,
            open_file=path,
            words=on_disk.words if words is None else words,
            digest=digest or on_disk.digest,
            line=line,
            col=col,
            marks=[found for found in self._sheet(request).findings if found.path == path and found.line],
            theirs=conflict.on_disk.words if conflict else None,
            their_digest=conflict.on_disk.digest if conflict else "",
            problem=problem,
            state=speech.say("not-saved") if problem or conflict else state,
        )

    def _links(
        self,
        request: Request,
        *,
        notice: str = "",
        typed: Mapping[str, str] | None = None,
        refused: Mapping[str, HebdoError] | None = None,
    ) -> Response:
        sheet = self._sheet(request)
        found = list_links(self.desk.press.workspace, sheet.id)
        rows = [link_line(sheet, row, typed=typed or {}, refused=refused or {}) for row in found]
        known = {row.id for row in rows}
        problem = next((error for id_, error in (refused or {}).items() if id_ not in known), None)
        return self._page(
            request,
            "liens.html",
            "links",
            status=status_of(next(iter(refused.values()))) if refused else 200,
            rows=rows,
            missing=sum(not row.was for row in rows),
            bad=sum(bool(row.why) for row in rows),
            notice=notice,
            problem=problem,
        )


def _figure(request: Request, name: str) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else 0
