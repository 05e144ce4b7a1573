"""Fields: a link is written as an instruction, its words between marks in other runs, perhaps over several paragraphs."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from composer.compose.importing.word.xml import child, is_on, q, text_run

_HYPERLINK = re.compile(r"\s*HYPERLINK\s+(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r'\\(?P<switch>[a-z])\s*|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"\\]\S*)', re.IGNORECASE)
_TAKES_VALUE = frozenset("lotmn")
_CHECKBOX = re.compile(r"\s*FORMCHECKBOX\b")
_MAX_OPEN = 50


class Fields:
    """The fields that are open at one place of the document."""

    def __init__(self) -> None:
        self._open: list[tuple[str, bool]] = []  # instruction, and whether its result has begun
        self._boxes: list[bool] = []  # whether the box of each is ticked

    @property
    def address(self) -> str:
        """Where the words here lead; "" for none."""
        return next((found for text, begun in reversed(self._open) if begun and (found := self.address_in(text))), "")

    def read(self, one: Element) -> list[Element]:
        """Takes a ``w:fldChar`` or ``w:instrText``; gives the words that it stands for by itself."""
        if one.tag == q("w:instrText"):
            if self._open and not self._open[-1][1]:
                self._open[-1] = (self._open[-1][0] + (one.text or ""), False)
            return []
        kind = one.get(q("w:fldCharType"), "")
        if kind == "begin" and len(self._open) < _MAX_OPEN:
            self._open.append(("", False))
            self._boxes.append(_is_ticked(one))
        elif kind == "separate" and self._open:
            self._open[-1] = (self._open[-1][0], True)
        elif kind == "end" and self._open:
            text, ticked = self._open.pop()[0], self._boxes.pop()
            if _CHECKBOX.match(text):
                return list(text_run("☒" if ticked else "☐"))
        return []

    @staticmethod
    def address_in(instruction: str) -> str:
        """The address of a HYPERLINK instruction; "" for another, or for a place in the same document."""
        found = _HYPERLINK.match(instruction)
        if not found:
            return ""
        address = anchor = switch = ""
        for part in _PART.finditer(found["rest"]):
            if part["switch"]:
                switch = part["switch"].lower()
                continue
            text = re.sub(r"\\(.)", r"\1", part["quoted"]) if part["quoted"] is not None else part["bare"]
            if switch in _TAKES_VALUE and switch:
                anchor = text if switch == "l" else anchor
            else:
                address = address or text
            switch = ""
        return f"{address}#{anchor}" if address and anchor else address


def _is_ticked(begin: Element) -> bool:
    box = child(begin, "w:ffData", "w:checkBox")
    checked = is_on(box, "w:checked")
    return bool(is_on(box, "w:default") if checked is None else checked)
