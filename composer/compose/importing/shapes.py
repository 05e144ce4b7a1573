"""What a line looks like on its own: headline, run-in, byline, item, call, prose."""

from __future__ import annotations

import re
from dataclasses import replace

from composer.compose.emoji import split_emoji
from composer.model.body import Span, Spans

MAX_HEADLINE = 140  # characters
MAX_CALL = 250
_RUN_IN = re.compile(r"(?P<head>[^.;:–—\n]{1,59}?\S)\s+[–—-]\s+(?P<rest>\S.*)\Z", re.DOTALL)
_OPENERS = "«“\"‘'([¿¡ \u00a0\u202f"
_CLOSERS = "»”\"’')] \u00a0\u202f"
_STOPS = (".", ";", ",", ":", "…", "。", "،", "؛", "۔", "।", "：", "，", "；")
_SENTENCE = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
_NAME = r"(?:[^\W\d_a-zà-öø-ÿ][\w.'’-]*)"
_PARTICLE = r"(?:de|du|des|d['’]|la|le|von|van|der|den|di|da|dos|el|al|ben|bin|y)"
_BYLINE = re.compile(
    rf"(?i:par|by|texte\s*:|auteure?\s*:|autrice\s*:|author\s*:)\s+"
    rf"(?P<name>{_NAME}(?:\s+(?:{_PARTICLE}\s+|d['’])*{_NAME}){{0,4}}"
    rf"(?:\s*(?:,|&|\bet\b|\band\b|\bavec\b|\bwith\b|\bET\b|\bAND\b)\s+{_NAME}(?:\s+(?:{_PARTICLE}\s+|d['’])*{_NAME}){{0,4}}){{0,4}})"
)
# «BY TRAIN», «PAR UN FIL TENDU»: the end of a headline in capitals, no author.
_NO_NAME = re.compile(r"\S+\Z|(?:UN|UNE|LE|LA|LES|DES|DU|NOS|SES|SON|SA|LEURS?|THE|AN?)\s|L['’]")
_MARKER = re.compile(r"\s*(?P<marker>[•·∙●○◦▪▫■□‣⁃►▸]|[–—−‒―](?=[\s\w«“\"])|[-*](?=\s))\s*(?P<rest>\S.*)", re.DOTALL)
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TRAILING_URL = re.compile(r"\s*[:–—-]?\s*[(<\[]?(?P<url>https?://[^\s<>()\[\]]+)[)>\]]?\s*\Z", re.IGNORECASE)
_GREETING = re.compile(r"(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|ch[eè]re?s?|good morning)\b", re.IGNORECASE)
_PICTURE = re.compile(
    r"(?:capture|photo(?:graphie)?|image|illustration|graphique|infographie|sch[ée]ma|visuel|vue|portrait|logo|dessin|screenshot|picture|figure|photograph)\b",
    re.IGNORECASE,
)


def split_marker(text: str) -> tuple[str, str]:
    """The bullet or dash that opens an item, and the rest; ("", text) without one."""
    if split_emoji(text)[0] and not _MARKER.match(text):
        return "", text
    found = _MARKER.match(text)
    if not found or (len(text.strip()) > 1 and set(text.split(maxsplit=1)[0]) <= set("-–—*_=") and len(text.split(maxsplit=1)[0]) > 1):
        return "", text
    return found["marker"], found["rest"]


def final(text: str) -> str:
    """The last character that is not a closing quote or bracket."""
    return text.rstrip(_CLOSERS)[-1:]


def is_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return final(text) in _SENTENCE and bool(final(text))


def could_be_headline(text: str) -> bool:
    """Short, with a letter, and no final ``. ; , : …``; what follows decides."""
    bare = text.rstrip()
    return (
        2 <= len(bare) <= MAX_HEADLINE
        and not bare.endswith(_STOPS)
        and final(bare) not in _STOPS
        and any(map(str.isalpha, bare))
        and run_in(bare) is None
    )


def is_weak_headline(text: str) -> bool:
    """It ends like a sentence or a quotation, so it may be a short paragraph."""
    return text.rstrip()[-1:] in '!?؟»”")' or bool(_GREETING.match(text))


def is_greeting(text: str) -> bool:
    """«Bonjour à tous»."""
    return len(text) <= 80 and bool(_GREETING.match(text))


def is_body(text: str) -> bool:
    """Running text: long, or a whole sentence."""
    return len(text) > MAX_HEADLINE or is_sentence(text)


def run_in(text: str) -> tuple[int, int] | None:
    """Where the head of «Tête – Texte» ends and where the text begins, or None."""
    found = _RUN_IN.match(text)
    if not found:
        return None
    head, rest = found["head"], found["rest"]
    if len(head) < 2 or len(head.split()) > 8 or len(rest) < 40 or not _capital(head) or not _capital(rest):
        return None
    return found.end("head"), found.start("rest")


def _capital(text: str) -> bool:
    return text.lstrip(_OPENERS)[:1].isupper()


def byline(text: str) -> str:
    """The author's name of «Par Prénom Nom», or ""."""
    bare = text.strip().rstrip(".")
    if len(bare) > 120:
        return ""
    found = _BYLINE.fullmatch(bare)
    return found["name"] if found and not (bare.isupper() and _NO_NAME.match(found["name"])) else ""


def call(spans: Spans) -> bool:
    """Whether a line of a sponsor is a call to action: it opens with an emoji, or is one link or address and nothing else."""
    text = "".join(span.text for span in spans)
    if len(text) > MAX_CALL or not text.strip():
        return False
    emoji, rest = split_emoji(text)
    return bool(emoji and rest) or lone_link(spans) is not None


def lone_link(spans: Spans) -> str | None:
    """The address when ``spans`` are one link and nothing else, emoji and blanks apart."""
    worded = [span for span in spans if span.text.strip()]
    linked = [span for span in worded if span.link is not None]
    if linked:
        others = [span for span in worded if span.link is None]
        same = {span.link for span in linked}
        first_apart = worded[1:] if others and worded[0] is others[0] and not split_emoji(worded[0].text + "x")[1].strip("x ") else worded
        return linked[0].link if len(same) == 1 and all(span.link is not None for span in first_apart) else None
    only = "".join(span.text for span in worded).strip()
    return only if len(worded) == 1 and _URL.fullmatch(only) else None


def is_url(text: str) -> bool:
    """Whether ``text`` is an address and nothing else."""
    return bool(_URL.fullmatch(text.strip(" <>()\u00a0")))


def trailing_url(text: str) -> tuple[str, str]:
    """The words and the address that closes them; ("…", "") without one, or when there are no words."""
    found = _TRAILING_URL.search(text) if "://" in text else None
    if not found or not text[: found.start()].strip():
        return text, ""
    return text[: found.start()].rstrip(" :–—-(<["), found["url"]


def describes_picture(text: str) -> bool:
    """«Capture d’écran de…», «Photo : …»: what stands where a picture was."""
    return len(text) <= 200 and bool(_PICTURE.match(text)) and final(text) not in {".", ":", "?", "!"}


def cut(spans: Spans, start: int, end: int | None = None) -> Spans:
    """The spans of the characters from ``start`` to ``end``."""
    cuts: list[Span] = []
    at = 0
    for span in spans:
        low, high = max(start - at, 0), len(span.text) if end is None else min(end - at, len(span.text))
        if low < high:
            cuts.append(replace(span, text=span.text[low:high]))
        at += len(span.text)
    return tuple(cuts)
