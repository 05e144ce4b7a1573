"""The text edition: one line a paragraph, numbered links, written from the same stories and never derived from the HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from composer.model.body import Block, Calls, CodeBlock, FurtherReading, Heading, ListBlock, Paragraph, Picture, Quote, Rule, Spans, Table
from composer.render.typesetter import Typesetter, clean


class TextPress:
    """Blocks as lines of text; the addresses met so far wait for the end of their story."""

    def __init__(self, typesetter: Typesetter, more_label: str) -> None:
        self._typesetter = typesetter
        self._more = more_label
        self._addresses: list[str] = []
        self._printed = 0

    def text(self, text: str) -> str:
        """A line in house style."""
        return " ".join(self._typesetter.plain(text).split("\n"))

    def spans(self, spans: Spans) -> str:
        """Marked words without marks, each link followed by its number."""
        parts = []
        for link, group in groupby(self._typesetter.typeset(spans), key=lambda span: span.link):
            words = "".join(span.text if span.code else self._typesetter.plain_words(span.text) for span in group)
            parts.append(words + self.number(link or ""))
        return "".join(parts)

    def number(self, url: str) -> str:
        """« [3]» for an address, the same number for the same address; "" where there is none to follow."""
        address = self._typesetter.plain_address(url) if url else None
        if address is None:
            return ""
        if address not in self._addresses:
            self._addresses.append(address)
        return f"\u00a0[{self._addresses.index(address) + 1}]"

    def addresses(self) -> list[str]:
        """«[3] https://…» for each address since the last call."""
        lines = [f"[{number}] {address}" for number, address in enumerate(self._addresses, 1) if number > self._printed]
        self._printed = len(self._addresses)
        return lines

    def blocks(self, blocks: Iterable[Block]) -> str:
        """All blocks, a blank line between them."""
        return "\n\n".join(text for text in map(self.block, blocks) if text.strip())

    def block(self, block: Block) -> str:  # noqa: C901, PLR0911 - one case for each kind of block
        """One block."""
        match block:
            case Paragraph():
                return "\u00a0– ".join(filter(None, (self.spans(block.run_in), self.spans(block.spans))))
            case Heading():
                return f"# {self.spans(block.spans)}"
            case ListBlock():
                return "\n".join(self._items(block))
            case Quote():
                return "\n".join(f"> {line}".rstrip() for line in self.blocks(block.blocks).split("\n"))
            case Table():
                return "\n".join(" | ".join(self.spans(cell) for cell in row) for row in (block.header, *block.rows))
            case CodeBlock():
                return "\n".join(f"    {line}" for line in clean(block.text).rstrip("\n").split("\n"))
            case Rule():
                return "* * *"
            case Picture():
                return self._picture(block)
            case FurtherReading():
                label = self.spans(block.label) if block.label else self.text(self._more)
                return "\n".join([label, *(f"– {self.spans(link.spans)}{self.number(link.url)}" for link in block.links)])
            case Calls():
                return "\n".join(f"{link.emoji or '→'} {self.spans(link.spans)}{self.number(link.url)}" for link in block.links)

    def _picture(self, picture: Picture) -> str:
        words = self.spans(picture.caption) or (self.text(picture.alt) if picture.alt else "")
        return f"[{words}]{self.number(picture.link)}" if words else ""

    def _items(self, block: ListBlock) -> Iterator[str]:
        for number, item in enumerate(block.items, block.start):
            mark = f"{number}. " if block.ordered else "• "
            lines = "\n".join(filter(None, map(self.block, item.blocks))).split("\n")
            yield mark + f"\n{' ' * len(mark)}".join(lines)
