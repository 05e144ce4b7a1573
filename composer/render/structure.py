"""MJML: guards, compiling, and what its output needs mended before it may be mailed."""

from __future__ import annotations

import re

from mjml import mjml2html

from composer.errors import TemplateError
from composer.words import Words

MAX_SOURCE = 1_000_000  # characters
MAX_DEPTH = 100  # at about 1,030 nested pairs the compiler takes the whole process down

_TAG = re.compile(r"<(/?)(mj[\w-]*)\b([^<>]*)>")
# What the compiler knows and every client shows; it lets an unknown tag pass as it stands, and carousels, accordions, heroes work in few.
_KNOWN = frozenset(
    {
        "mjml", "mj-all", "mj-attributes", "mj-body", "mj-breakpoint", "mj-button", "mj-class", "mj-column", "mj-divider", "mj-font",
        "mj-group", "mj-head", "mj-image", "mj-preview", "mj-raw", "mj-section", "mj-spacer", "mj-style", "mj-table", "mj-text",
        "mj-title", "mj-wrapper",
    }
)  # fmt: skip
_SPAN = re.compile(r"\b(\d+)(?:\.\.|:)(\d+)\b")
_SECTION = re.compile(r"<mj-section\b.*?(?=<mj-section\b|</?mj-wrapper\b|</mj-body>|\Z)", re.DOTALL)
# Outlook's own properties, outside its comments; the theme says them again inside one.
_MSO_RULES = re.compile(r" ?(?:mso-table-[lr]space: ?0pt;|-ms-interpolation-mode: bicubic;)(?: mso-table-rspace: 0pt;)?")
_NAMESPACES = re.compile(r' xmlns(?::[vo])?="[^"]*"')


def compile_structure(source: str, *, template: str) -> str:
    """HTML of an MJML document whose words are slots; raises TemplateError with template:line:column."""
    _guard(source, template)
    try:
        return _mend(mjml2html(source, fonts={}))
    except (ValueError, RuntimeError, OSError) as error:
        raise _explain(error, source, template) from error


def _guard(source: str, template: str) -> None:
    if len(source) > MAX_SOURCE:
        raise _refused(Words(fr="Ce gabarit dépasse un million de signes.", en="This template is over a million characters."), template)
    depth = 0
    for tag in _TAG.finditer(source):
        if tag[2] not in _KNOWN:
            said = Words(fr=f"<{tag[2]}> ne peut pas servir ici.", en=f"<{tag[2]}> cannot be used here.")
            raise _refused(said, _place(source, tag.start(), template))
        if tag[2] == "mj-image" and not re.search(r"\balt=", tag[3]):
            said = Words(fr="Une image du gabarit n’a pas d’alt.", en="A picture of the template has no alt.")
            raise _refused(said, _place(source, tag.start(), template))
        depth += 0 if tag[3].endswith("/") else (-1 if tag[1] else 1)
        if depth > MAX_DEPTH:
            said = Words(fr="Trop de balises emboîtées.", en="Too many nested tags.")
            raise _refused(said, _place(source, tag.start(), template))


def _mend(html: str) -> str:
    """What validators refuse and no mail client needs: name spaces outside Outlook's own comment, heights of «auto»."""
    html = _MSO_RULES.sub("", html.replace("<!doctype html>", "<!DOCTYPE html>", 1), count=2).replace('<style type="text/css">', "<style>")
    html = html.replace("<xml>", '<xml xmlns:o="urn:schemas-microsoft-com:office:office">', 1)
    head, mark, rest = html.partition(">")
    opening, second, rest = rest.partition(">")
    html = head + mark + _NAMESPACES.sub("", opening) + second + rest
    return html.replace(' height="auto"', "").replace(' aria-roledescription="email"', "")


def _explain(error: Exception, source: str, template: str) -> TemplateError:
    said = str(error)
    span = _SPAN.search(said)
    if span:
        at: int | None = len(source.encode()[: int(span[1])].decode("utf-8", "ignore"))
    else:
        at = _find_open_tag(source)
        at = _find_broken_section(source) if at is None else at
    where = template if at is None else _place(source, at, template)
    return _refused(Words(fr=f"MJML refuse ce gabarit : {said}", en=f"MJML refuses this template: {said}"), where)


def _find_open_tag(source: str) -> int | None:
    """Where the first MJML tag stands that is closed by another or by none."""
    open_tags: list[tuple[str, int]] = []
    for tag in _TAG.finditer(source):
        if tag[3].endswith("/"):
            continue
        if not tag[1]:
            open_tags.append((tag[2], tag.start()))
        elif open_tags and open_tags[-1][0] == tag[2]:
            open_tags.pop()
        else:
            return open_tags[-1][1] if open_tags else tag.start()
    return open_tags[-1][1] if open_tags else None


def _find_broken_section(source: str) -> int | None:
    """Where the first section begins that does not compile by itself: for errors that name no place."""
    for section in _SECTION.finditer(source):
        try:
            mjml2html(f"<mjml><mj-body>{section[0]}</mj-body></mjml>", fonts={})
        except (ValueError, RuntimeError, OSError):
            return section.start()
    return None


def _place(source: str, at: int, template: str) -> str:
    line = source.count("\n", 0, at) + 1
    return f"{template}:{line}:{at - source.rfind(chr(10), 0, at)}"


def _refused(message: Words, where: str) -> TemplateError:
    hint = Words(
        fr="Corrigez le fichier dans templates/, ou retirez-le pour le thème fourni.", en="Mend the file in templates/, or remove it."
    )
    return TemplateError(message, where=where, hint=hint)
