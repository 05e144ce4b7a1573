"""What stands in the preview's frame: the mail itself under its own policy, its pictures, its text edition."""

from __future__ import annotations

import re
from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from composer.errors import HebdoError
from composer.model.edition import Edition
from composer.model.mailing import Recipient
from composer.render.views import forced_dark, only_light, own_dark, pictures_off
from composer.text.addresses import picture_url
from composer.text.closing import close_html, close_text
from composer.web.guards import FRAME_POLICY
from composer.web.preview.desk import Desk
from composer.web.preview.sheet import Sheet, View, read_view
from composer.web.published import PICTURE_TYPES
from composer.web.shell import draw

_RULE = re.compile(r"(?m)^(-{20,})$")

TEXT_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"


class FramePages:
    """The frame's own addresses."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [Route("/numeros/{issue}/message", self.message), Route("/numeros/{issue}/i/{name}", self.picture)]

    def message(self, request: Request) -> Response:
        """The edition as one reader gets it, in the colours and with the pictures that the view asks for."""
        sheet = self.desk.press.sheet(request.path_params["issue"])
        view = read_view(request.query_params)
        if sheet.edition is None:
            raise HTTPException(404)
        reader = self.desk.press.recipient(view.reader) or self.desk.press.sample()
        if view.format == "texte":
            return self._text(request, sheet.edition, reader, view)
        html = self._html(sheet, sheet.edition, reader, view)
        return HTMLResponse(html, headers={"content-security-policy": FRAME_POLICY, "x-edition-digest": sheet.digest})

    def picture(self, request: Request) -> Response:
        """A picture of the edition shown."""
        sheet = self.desk.press.sheet(request.path_params["issue"])
        pictures = sheet.edition.pictures if sheet.edition else ()
        found = next((one for one in pictures if one.name == request.path_params["name"]), None)
        if found is None:
            raise HTTPException(404)
        kind = PICTURE_TYPES.get(found.name.rpartition(".")[2], "application/octet-stream")
        return Response(found.content, media_type=kind, headers={"cache-control": "private, max-age=3600"})

    def _html(self, sheet: Sheet, edition: Edition, reader: Recipient, view: View) -> str:
        public_url = self.desk.press.workspace.newsletter.site.public_url
        html = close_html(edition.html, edition.field_prefix, self.desk.press.values(edition, reader))
        for picture in edition.pictures:
            html = html.replace(escape(picture_url(public_url, picture.name)), f"{sheet.address}/i/{picture.name}")
        if view.pictures == "0":
            html = pictures_off(html)
        return {"clair": only_light, "sombre": own_dark, "inverse": forced_dark}[view.colours](html)

    def _text(self, request: Request, edition: Edition, reader: Recipient, view: View) -> Response:
        try:
            text = close_text(edition.text, edition.field_prefix, self.desk.press.values(edition, reader))
        except HebdoError:
            text = edition.text
        page = draw("texte.html", self.desk.speech(request), parts=_parts(text), dark=view.colours != "clair", edition=edition)
        return HTMLResponse(page, headers={"content-security-policy": TEXT_POLICY, "x-edition-digest": edition.digest})


def _parts(text: str) -> list[tuple[bool, str]]:
    """``text`` in pieces that add up to it; True: a line of dashes, which no narrow screen may wrap."""
    return [(number % 2 == 1, part) for number, part in enumerate(_RULE.split(text))]
