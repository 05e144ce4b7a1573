"""Pages drawn from ``web/pages``: Jinja2 with autoescape, words of both languages, dates and counts as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from composer.web.phrase import Phrase
from composer.web.phrases import PHRASES
from composer.words import Language, Words

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """The one Jinja2 environment of all pages; authors' words only ever enter as values."""
    made = Environment(
        loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["commands"] = show_commands
    return made


def show_commands(text: str) -> Markup:
    """``text`` escaped, with what stands between backticks set as what one types."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How a page speaks: its language, and the newsletter's clock."""

    language: Language
    time_zone: str = "Europe/Paris"

    def say(self, key: str, n: int | None = None, **values: object) -> str:
        """The phrase ``key`` with its values; ``n`` chooses singular or plural and is written as ``{n}``."""
        phrase = _choose(PHRASES[key], n, self.language)
        figure = {} if n is None else {"n": self.figure(n)}
        return phrase.in_language(self.language).format(**figure, **values)

    def of(self, words: Words | str) -> str:
        """Words in the page's language; plain text as it is."""
        return words if isinstance(words, str) else words.in_language(self.language)

    def figure(self, value: int) -> str:
        """``4 213`` in French, with a no-break space; ``4,213`` in English."""
        return format_decimal(value, locale=self.language).replace("\u202f", "\u00a0")

    def day(self, value: date) -> str:
        """``jeudi 26 novembre 2026``."""
        if self.language == "fr":
            first = format_date(value, "EEEE", locale="fr")
            number = "1er" if value.day == 1 else str(value.day)
            return f"{first} {number}\u00a0{format_date(value, 'MMMM y', locale='fr')}".replace(f" {value.year}", f"\u00a0{value.year}")
        return format_date(value, "EEEE d MMMM y", locale="en")

    def short_day(self, value: date) -> str:
        """``26 novembre``, ``26 November``."""
        number = "1er" if self.language == "fr" and value.day == 1 else str(value.day)
        return f"{number}\u00a0{format_date(value, 'MMMM', locale=self.language)}"

    def long_day(self, value: date) -> str:
        """``26 novembre 2026``, ``26 November 2026``."""
        return f"{self.short_day(value)}\u00a0{value.year}"

    def hour(self, instant: datetime) -> str:
        """``15 h 38`` or ``15:38``, in the newsletter's zone."""
        local = instant.astimezone(ZoneInfo(self.time_zone))
        return f"{local.hour}\u00a0h\u00a0{local.minute:02}" if self.language == "fr" else f"{local.hour}:{local.minute:02}"


def _choose(phrase: Phrase, n: int | None, language: Language) -> Words:
    if isinstance(phrase, Words):
        return phrase
    one, many = phrase
    # French counts zero as singular: «0 erreur»; English does not.
    return one if n == 1 or (n == 0 and language == "fr") else many


def page(name: str, speech: Speech, *, status: int = 200, **values: object) -> HTMLResponse:
    """The page ``name`` as an answer."""
    return HTMLResponse(draw(name, speech, **values), status_code=status)


def draw(name: str, speech: Speech, **values: object) -> str:
    """The page ``name`` as HTML."""
    template = environment().get_template(name)
    return template.render(t=speech.say, of=speech.of, speech=speech, lang=speech.language, static=static_address, **values)


@cache
def static_address(name: str) -> str:
    """The address of a static file; it changes with the file, so that a browser may keep it."""
    from hashlib import sha256

    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def asked_language(request: Request, default: Language = "fr") -> Language:
    """The first of French and English that the browser asks for (RFC 9110 §12.5.4)."""
    wishes: list[tuple[float, Language]] = []
    for item in request.headers.get("accept-language", "").split(","):
        tag, _, weight = item.partition(";q=")
        match tag.strip().lower()[:2]:
            case "fr":
                wishes.append((_weight(weight), "fr"))
            case "en":
                wishes.append((_weight(weight), "en"))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else default


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
