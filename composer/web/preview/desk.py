"""What every page of the preview needs: the press, this run's key, the language, and the one way to read a form."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from composer.errors import Conflict, FindingsError, FolderError, HebdoError, NotFound, UsageError
from composer.web.guards import form_token
from composer.web.preview.press import Press
from composer.web.shell import Speech, asked_language, page
from composer.words import Language, Words
from composer.workspace.files import is_utf8

MAX_PART_BYTES = 16_000_000  # the import refuses far smaller things in its own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it was sent, read whole."""

    fields: tuple[tuple[str, str], ...]
    file: tuple[str, bytes] = ("", b"")  # name and content of an uploaded file; empty: none was chosen

    def text(self, name: str) -> str:
        """A text field; "" when it is absent."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        return [value for field, value in self.fields if field == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One run of the preview."""

    press: Press
    key: str
    language: Language | None = None  # None: what the browser asks for
    command: str = "hebdo preview"  # what printed the key

    @property
    def token(self) -> str:
        """What a form must carry; never the key itself."""
        return form_token(self.key, "form")

    def speech(self, request: Request) -> Speech:
        """How to speak to this browser."""
        language = self.language or asked_language(request)
        return Speech(language=language, time_zone=self.press.workspace.newsletter.time_zone)

    def page(self, request: Request, name: str, *, status: int = 200, **values: object) -> Response:
        """A page with what all of them show."""
        newsletter = self.press.workspace.newsletter
        turn = getattr(request.state, "turn", "")
        return page(name, self.speech(request), status=status, newsletter=newsletter, token=self.token, turn=turn, **values)

    def refusal(self, request: Request, error: HebdoError) -> Response:
        """A page that says what happened, what is safe, what to do."""
        speech = self.speech(request)
        lines = [speech.of(error.hint)] if error.hint else []
        return page(
            "refus.html", speech, status=status_of(error), title=speech.of(error.message), lines=lines, place=error.where or "", back="/"
        )

    async def form(self, request: Request) -> Form:
        """The form of a request; raises UsageError without this run's token, and for a form that no browser sends."""
        try:
            form = await self._read(request)
        except (HTTPException, UnicodeError) as error:  # too many fields, no boundary, a charset that Python knows and no browser sends
            raise _malformed() from error
        if not all(is_utf8(part) for field in (*form.fields, (form.file[0], "")) for part in field):
            raise _malformed()
        self.require_token(form.text("token"))
        return form

    async def _read(self, request: Request) -> Form:
        async with request.form(max_part_size=MAX_PART_BYTES) as given:
            fields = tuple((name, value) for name, value in given.multi_items() if isinstance(value, str))
            upload = given.get("file")
            chosen = isinstance(upload, UploadFile) and bool(upload.filename)
            file = (upload.filename or "", await upload.read()) if isinstance(upload, UploadFile) and chosen else ("", b"")
        return Form(fields=fields, file=file)

    def require_token(self, given: str) -> None:
        """Raises UsageError for a token of another run, or none."""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode()):
            raise UsageError(
                Words(
                    fr="Cette page est d’un aperçu précédent. Rien n’a été écrit.",
                    en="This page is of an earlier preview. Nothing was written.",
                ),
                hint=Words(fr="Rechargez la page, puis recommencez.", en="Reload the page, then try again."),
            )


def _malformed() -> UsageError:
    return UsageError(
        Words(fr="Ce formulaire est arrivé abîmé, ou en trop de morceaux.", en="This form arrived damaged, or in too many parts."),
        hint=Words(fr="Rechargez la page, puis recommencez.", en="Reload the page, then try again."),
    )


def status_of(error: HebdoError) -> int:
    """The HTTP status that fits; the words say the rest."""
    match error:
        case NotFound():
            return 404
        case Conflict():
            return 409
        case UsageError():
            return 422
        case FolderError() | FindingsError():
            return 409
        case _:
            return 500


in_thread = run_in_threadpool
