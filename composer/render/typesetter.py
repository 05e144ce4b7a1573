"""Words on their way into a template: typeset, merge fields made tokens, escaped, kept aside in a slot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from markupsafe import Markup

from composer.model.body import Span, Spans
from composer.model.newsletter import Typography
from composer.render.slots import Slots
from composer.text.escape import escape_attribute, escape_html, safe_url
from composer.text.merge import MergeField, field_token, find_fields
from composer.text.typography import typeset, typeset_text

# C0 without tab and line feed, DEL, C1, lone surrogates, non-characters: no mail client agrees on them and XML refuses them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FIRST = re.compile(r"\b1er\b")
_BLANKS = re.compile(r"[ \t]{2,}|\t")


class Typesetter:
    """House style and merge fields for one edition."""

    def __init__(self, style: Typography, slots: Slots, field_prefix: str) -> None:
        self._style = style
        self._slots = slots
        self._prefix = field_prefix
        self._made: dict[int, tuple[Spans, Spans]] = {}  # holds the spans, so that their id stays theirs

    def text(self, text: str) -> Markup:
        """A slot with ``text`` as words of HTML."""
        return self._slots.keep(self._words(typeset_text(one_blank(text), self._style)))

    def attribute(self, text: str) -> Markup:
        """A slot with ``text`` as the value of an attribute."""
        return self._slots.keep(self._fields(typeset_text(one_blank(text), self._style), escape_attribute))

    def plain(self, text: str) -> str:
        """``text`` in house style for subject and plain text; merge fields are tokens."""
        return self._fields(typeset_text(one_blank(text), self._style), str)

    def address(self, url: str) -> Markup | None:
        """A slot with ``url`` as the value of href; None where it must not be a link."""
        safe = self.plain_address(url)
        return None if safe is None else self._slots.keep(escape_attribute(safe))

    def plain_address(self, url: str) -> str | None:
        """``url`` ready to be followed, merge fields open; None where it must not be a link."""
        safe = safe_url(url)
        return None if safe is None else self._fields(safe, str, in_url=True)

    def field(self, name: str, fallback: str | None = None) -> Markup:
        """A slot with the token of a field of the template's own (``unsubscribe_url``…): tokens differ from issue to issue, markup does not."""
        return self._slots.keep(self.plain_field(name, fallback))

    def plain_field(self, name: str, fallback: str | None = None) -> str:
        """The token itself, for plain text."""
        return field_token(self._prefix, MergeField(name=name, fallback=fallback))

    def spans(self, spans: Spans, *, link_class: str = "l") -> Markup:
        """Marked words as HTML; a link without a usable address keeps its words."""
        made = self.typeset(spans)
        if len(made) == 1 and not made[0].link:
            return Markup(self._marked(made[0]))  # noqa: S704 - as below
        parts = [self._linked(link, "".join(map(self._marked, group)), link_class) for link, group in groupby(made, key=attrgetter("link"))]
        return Markup("".join(parts))  # noqa: S704 - elements of our own, words in slots

    def typeset(self, spans: Spans) -> Spans:
        """Spans in house style, unprintable characters taken out."""
        # Asked for twice, by HTML and text: to look words up by their place is cheaper than by their content.
        kept = self._made.get(id(spans))
        if kept is None:
            kept = self._made[id(spans)] = (spans, _typeset(spans, self._style))
        return kept[1]

    def plain_words(self, text: str) -> str:
        """Words that are typeset already, merge fields made tokens."""
        return self._fields(text, str)

    def raw(self, text: str) -> Markup:
        """A slot with ``text`` as typed: code."""
        return self._slots.keep(escape_html(clean(text)))

    def _linked(self, link: str | None, words: str, link_class: str) -> str:
        address = self.address(link) if link else None
        return words if address is None else f'<a class="{link_class}" href="{address}">{words}</a>'

    def _marked(self, span: Span) -> str:
        words: str = self.raw(span.text) if span.code else self._slots.keep(self._words(span.text))
        if not (span.strong or span.emphasis or span.code or span.strike):
            return words
        for wanted, element in ((span.code, "code"), (span.strike, "s"), (span.emphasis, "em"), (span.strong, "strong")):
            if wanted:
                words = f"<{element}>{words}</{element}>"
        return words

    def _words(self, text: str) -> str:
        return _markup(text) if "%" not in text else _raise_firsts(self._fields(text, escape_html))

    def _fields(self, text: str, escape: Callable[[str], str], *, in_url: bool = False) -> str:
        if "%" not in text:
            return escape(text)
        parts = find_fields(text) if not in_url else _fields_of_address(text)
        return "".join(escape(part) if isinstance(part, str) else field_token(self._prefix, replace(part, in_url=in_url)) for part in parts)


@lru_cache(maxsize=4096)
def _typeset(spans: Spans, style: Typography) -> Spans:
    return typeset(_tidied(spans), style)


def _tidied(spans: Spans) -> Spans:
    """Without unprintable characters, and with one blank where several stand, as HTML shows them; code stays as typed."""
    texts: list[str] = []
    for span in spans:
        words = clean(span.text) if span.code else one_blank(span.text)
        after_blank = bool(texts) and texts[-1].endswith((" ", "\n"))
        texts.append(words.lstrip(" ") if after_blank and not span.code else words)
    pairs = zip(spans, texts, strict=True)
    return tuple(span if span.text == words else replace(span, text=words) for span, words in pairs if words or not span.text)


@lru_cache(maxsize=4096)
def _markup(text: str) -> str:
    """Words without merge fields as HTML; kept, since an editor changes one paragraph of many."""
    return _raise_firsts(escape_html(text))


def _raise_firsts(escaped: str) -> str:
    # Without a line height of its own the raised letters push the line down.
    return _FIRST.sub('1<sup style="font-size:70%;line-height:0">er</sup>', escaped.replace("\n", "<br>"))


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """``text`` without characters that no page can show."""
    return _UNPRINTABLE.sub("", text)


@lru_cache(maxsize=4096)
def one_blank(text: str) -> str:
    """``text`` printable, with one blank where several stand: no page shows them, so they must not break a seal."""
    return _BLANKS.sub(" ", clean(text))


def _fields_of_address(url: str) -> list[str | MergeField]:
    """Fields of an address; its percent escapes (``%25%20``) stay as they are."""
    parts: list[str | MergeField] = []
    end = 0
    for found in re.finditer(r"%[^\W\d]\w*(?:\|[^%|]*)?%", url):
        field = find_fields(found[0])
        if len(field) == 1 and isinstance(field[0], MergeField):
            parts += [url[end : found.start()], field[0]]
            end = found.end()
    return [*parts, url[end:]]
