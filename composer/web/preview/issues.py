"""The list of issues, and «Coller»: paste → what was recognised → files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from composer.compose.importing import Shape, decode, is_package
from composer.errors import HebdoError, UsageError
from composer.web.preview.desk import Desk, Form, in_thread, status_of
from composer.web.preview.press import Row
from composer.web.preview.recognised import Seen, number_by_words, read_answer
from composer.web.preview.uploads import Upload, Uploads
from composer.web.shell import Speech
from composer.words import Words
from composer.workflow.composing import move_story, new_issue
from composer.workflow.importing import ImportAnswer, import_document, read_document

NEW_ISSUE = "+"
WAITING = ""  # «le marbre»


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """What was pasted, and how it is to be read."""

    text: str
    html: str = ""  # what a rich paste or an HTML file holds; it is read instead of ``text``
    name: str = ""
    into: str = NEW_ISSUE  # NEW_ISSUE, WAITING, or an issue's id
    as_: str = "auto"
    headings: str = "h2"
    sponsor_ends: str = ""
    upload: str = ""  # the key of a document that is kept; it is read instead of ``text``
    document: bytes = b""  # that document

    @property
    def content(self) -> bytes:
        """What the import reads."""
        return self.document or (self.html or self.text.replace("\r\n", "\n")).encode("utf-8", "replace")

    @property
    def file_name(self) -> str:
        """A name whose ending says what the content is."""
        return "collage.html" if self.html and not self.document else self.name or "collage"


class IssuesPages:
    """The pages above a single issue."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.uploads = Uploads()

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [
            Route("/", self.list),
            Route("/coller", self.look, methods=["POST"]),
            Route("/coller/creer", self.create, methods=["POST"]),
            Route("/marbre", self.place, methods=["POST"]),
        ]

    def list(self, request: Request) -> Response:
        """All issues, and the box."""
        return self._list(request)

    async def look(self, request: Request) -> Response:
        """What is recognised in a paste; nothing is written."""
        return await in_thread(self._look, request, await self.desk.form(request))

    async def create(self, request: Request) -> Response:
        """Writes the issue or story, then shows it."""
        return await in_thread(self._create, request, await self.desk.form(request))

    def _look(self, request: Request, form: Form) -> Response:
        paste = _paste(form)
        try:
            paste = self._with_file(paste, *form.file)
            return self._show(request, paste, self._import(paste, dry_run=True), None)
        except HebdoError as problem:
            return self._list(request, paste=paste, problem=problem)

    def _create(self, request: Request, form: Form) -> Response:
        paste = _paste(form)
        try:
            paste = self._with_file(paste, *form.file)
            answer = self._write(paste)
        except HebdoError as problem:
            return self._again(request, paste, problem)
        return RedirectResponse(self._address_of(answer), status_code=303)

    def _with_file(self, paste: Paste, name: str, content: bytes) -> Paste:
        """The paste, or the file where one was chosen, now or before; raises UsageError for what cannot be read."""
        if name and is_package(content):
            labels = self.desk.press.workspace.newsletter.labels
            upload = Upload(content=content, shown=read_document(content, name=name, labels=labels).shown, name=name)
            key = self.uploads.keep(upload)
            return replace(paste, text=upload.shown, html="", name=name, upload=key, document=content)
        if not name and paste.upload:
            upload = self.uploads.find(paste.upload)
            if paste.text.replace("\r\n", "\n").strip("\n") == upload.shown.strip("\n"):
                return replace(paste, html="", name=upload.name, document=upload.content)
            return replace(paste, upload="", name="")  # the words were edited: they are what is meant
        return _with_text_file(paste, name, content)

    async def place(self, request: Request) -> Response:
        """Gives a waiting story to an issue."""
        form = await self.desk.form(request)
        path = await in_thread(self._place, form.text("story"), form.text("into"))
        return RedirectResponse(f"/numeros/{quote(path.split('/')[1], safe='')}/source?f={quote(path)}", status_code=303)

    def _place(self, story: str, into: str) -> str:
        press = self.desk.press
        waiting = next((one for one in press.waiting() if one.id == story), None)
        if into == NEW_ISSUE and waiting:
            into = new_issue(press.workspace, now=press.clock(), subject=waiting.headline_text).id
        return move_story(press.workspace, f"stories/{story}", into)

    def _list(self, request: Request, *, paste: Paste | None = None, problem: HebdoError | None = None) -> Response:
        speech = self.desk.speech(request)
        rows = self.desk.press.rows()
        return self.desk.page(
            request,
            "numeros.html",
            status=status_of(problem) if problem else 200,
            sentence=self._sentence(speech, rows),
            issues=[_line(row) for row in rows],
            waiting=self.desk.press.waiting(),
            raw=paste.text if paste else "",
            chosen=paste.into if paste else request.query_params.get("numero", NEW_ISSUE),
            problem=problem,
        )

    def _sentence(self, speech: Speech, rows: tuple[Row, ...]) -> str:
        if not rows:
            return speech.say("empty")
        row = first_to_tell(rows, self.desk.press.today())
        if row is None:
            return speech.say("some-issues", len(rows))
        number = row.issue.number if row.issue else None
        bare = "" if number is not None else "-bare"
        if row.standing and row.standing.window.fr:
            return speech.say(f"waiting-issue{bare}", number, when=speech.of(row.standing.window), issue=row.id)
        if row.standing:
            return speech.say(f"{row.standing.key}-issue{bare}", number, when=speech.of(row.standing.when))
        day = row.issue.date if row.issue else None
        return speech.say("next-issue" + bare, number, day=speech.day(day)) if day else speech.say("some-issues", len(rows))

    def _write(self, paste: Paste) -> ImportAnswer:
        """Writes what was pasted; a lone story that is to open a new issue gets one under its headline."""
        seen = self._import(paste, dry_run=True)
        if seen.imported.story is None or paste.into != NEW_ISSUE:
            return self._import(paste, dry_run=False)
        press = self.desk.press
        issue = new_issue(press.workspace, now=press.clock(), subject=seen.imported.story.headline_text)
        return self._import(replace(paste, into=issue.id), dry_run=False)

    def _import(self, paste: Paste, *, dry_run: bool) -> ImportAnswer:
        if not paste.content.strip():
            raise UsageError(
                Words(
                    fr="Il n’y a rien à découper. Collez un texte ou choisissez un fichier.",
                    en="There is nothing to take apart. Paste a text or choose a file.",
                )
            )
        return import_document(
            self.desk.press.workspace,
            paste.content,
            name=paste.file_name,
            as_=cast("Shape", paste.as_ if paste.as_ in {"auto", "issue", "story"} else "auto"),
            into=None if paste.into in {WAITING, NEW_ISSUE} else paste.into,
            headings="runin" if paste.headings == "runin" else "h2",
            sponsor_ends=paste.sponsor_ends or None,
            dry_run=dry_run,
            now=self.desk.press.clock(),
        )

    def _again(self, request: Request, paste: Paste, problem: HebdoError) -> Response:
        """The box with the words still in it; with the structure too where the text itself can be read."""
        try:
            answer = self._import(paste, dry_run=True)
        except HebdoError:
            return self._list(request, paste=paste, problem=problem)
        return self._show(request, paste, answer, problem)

    def _show(self, request: Request, paste: Paste, answer: ImportAnswer, problem: HebdoError | None) -> Response:
        seen = _seen(answer, self.desk.speech(request))
        if paste.html and not paste.document:
            seen = number_by_words(seen, paste.text)
        return self.desk.page(
            request,
            "coller.html",
            status=status_of(problem) if problem else 200,
            seen=seen,
            raw=paste.text,
            raw_lines=(paste.text or paste.html).replace("\r\n", "\n").split("\n"),
            end_lines=_end_lines(paste),
            places=[] if seen.is_issue else [_line(row) for row in self.desk.press.rows() if row.issue and not row.sent],
            html=paste.html,
            upload=paste.upload,
            source_name=paste.name,
            into=paste.into,
            as_=paste.as_,
            headings=paste.headings,
            sponsor_ends=paste.sponsor_ends,
            edit_open=False,
            problem=problem,
        )

    def _address_of(self, answer: ImportAnswer) -> str:
        return f"/numeros/{quote(answer.issue_id, safe='')}/apercu" if answer.issue_id else "/#marbre"


def first_to_tell(rows: Sequence[Row], today: date) -> Row | None:
    """The issue that the list's heading speaks of: one that is leaving or held, the next to leave, else the last that left.

    None where the issues in the works have no day to come.
    """
    moving = [row for row in rows if row.standing and row.standing.key in {"running", "held"}]
    coming = sorted((day, row.id, row) for row in rows for day in [_day(row)] if day and (row.standing or day >= today))
    left = sorted((row.standing.at, row.id, row) for row in rows if row.standing and row.sent and row.standing.at)
    if moving or coming:
        return moving[0] if moving else coming[0][2]
    return left[-1][2] if left and all(row.sent for row in rows) else None


def _day(row: Row) -> date | None:
    """The day an issue is to leave: that of its mailing, else the one planned; None when it has left, or has none."""
    if row.standing:
        return row.standing.at.date() if row.standing.key == "scheduled" and row.standing.at else None
    return row.issue.date if row.issue else None


def _paste(form: Form) -> Paste:
    return Paste(
        text=form.text("text"),
        html=form.text("html"),
        name=form.text("name"),
        into=form.text("into") if form.all("into") else NEW_ISSUE,
        as_=form.text("as") or "auto",
        headings=form.text("headings") or "h2",
        sponsor_ends=form.text("sponsor_ends"),
        upload=form.text("upload"),
    )


def _with_text_file(paste: Paste, name: str, content: bytes) -> Paste:
    if not name:
        return paste
    text = decode(content, name=name)
    if name.lower().endswith((".html", ".htm", ".xhtml")):
        return replace(paste, text="", html=text, name=name, upload="")
    return replace(paste, text=text, html="", name=name, upload="")


def _seen(answer: ImportAnswer, speech: Speech) -> Seen:
    found = answer.imported
    return read_answer(answer.to_json(speech.language), is_issue=found.issue is not None, unclassified=found.unclassified)


def _end_lines(paste: Paste) -> list[tuple[str, str]]:
    """The lines a sponsor's text may end at: by number in raw text, by their words in a rich paste, whose lines have other numbers."""
    lines = [(number, line.strip()) for number, line in enumerate(paste.text.replace("\r\n", "\n").split("\n"), 1) if line.strip()]
    return [(line if paste.html else str(number), f"{number} · {line}") for number, line in lines]


def _line(row: Row) -> dict[str, object]:
    issue = row.issue
    standing = row.standing
    state = f"state-{standing.key}" if standing else "state-draft" if issue else "state-broken"
    return {
        "id": row.id,
        "address": f"{row.address}/apercu",
        "number": issue.number if issue else None,
        "subject": issue.subject if issue else "",
        "date": issue.date if issue else None,
        "stories": len(issue.stories) if issue else 0,
        "state": state,
        "sent": row.sent,
        "when": standing.when if standing else "",
        "state_class": standing.pill if standing else "blue" if issue else "red",
    }
