"""What must be true of every edition that comes out, whatever went in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from composer.errors import RenderError
from composer.words import Words

MAX_STYLE_BYTES = 8_192
_LEFT_OPEN = ("{{", "}}", "{%", "\\u{")
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_IMG = re.compile(r"<img\b[^>]*>")


def prove_skeleton(skeleton: str, *, template: str) -> None:
    """Looks at the markup before its slots are filled, since a story may quote braces; raises RenderError."""
    if not skeleton.startswith("<!DOCTYPE html"):
        raise _broken(Words(fr="Le message ne commence pas par son doctype.", en="The message does not begin with its doctype."), template)
    if found := next((sign for sign in _LEFT_OPEN if sign in skeleton), None):
        raise _broken(Words(fr=f"Le gabarit laisse « {found} ».", en=f"The template leaves “{found}”."), template)
    if skeleton.count("<!--[if") != skeleton.count("<![endif]"):
        raise _broken(Words(fr="Un commentaire pour Outlook reste ouvert.", en="A comment for Outlook stays open."), template)
    if sum(len(style.encode()) for style in _STYLE.findall(skeleton)) > MAX_STYLE_BYTES:
        said = Words(
            fr="Les styles dépassent 8 Ko : Gmail les supprimerait tous.", en="The styles are over 8 KB: Gmail would drop all of them."
        )
        raise _broken(said, template)
    for image in _IMG.findall(skeleton):
        if ' alt="' not in image or not re.search(r' width="\d+"', image):
            raise _broken(
                Words(fr="Une image n’a pas d’alt ou de largeur entière.", en="A picture has no alt or no whole width."), template
            )
    if re.search(r'<html[^>]*lang="(?:und)?"', skeleton):
        raise _broken(Words(fr="La langue du message manque.", en="The language of the message is missing."), template)


def prove_words(drawn: Sequence[str], made: Sequence[str], *, template: str) -> None:
    """Whether the slots of what the template drew are those of the markup, in their order: no tool lost or moved a word; raises RenderError."""
    if list(drawn) != list(made):
        said = Words(
            fr="Des mots se perdraient ou changeraient de place dans ce gabarit.", en="Words would be lost or moved in this template."
        )
        raise _broken(said, template)


def _broken(message: Words, where: str) -> RenderError:
    return RenderError(message, where=where, hint=Words(fr="Corrigez le gabarit dans templates/.", en="Mend the template in templates/."))
