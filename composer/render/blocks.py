"""Blocks of a story as HTML; the theme's ``inline.css`` gives every class its look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from composer.model.body import (
    Block,
    Calls,
    CodeBlock,
    FurtherReading,
    Heading,
    LinkLine,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Spans,
    Table,
    plain,
)
from composer.model.edition import EditionPicture
from composer.render.typesetter import Typesetter
from composer.text.addresses import picture_url
from composer.text.escape import escape_attribute

_PHONE_CHARACTERS = 28  # what stands side by side in a table at 320 px
DASH = "\u00a0– "


def _unbroken(column: Iterable[Spans], columns: int) -> str:
    """On a phone MJML's columns may break words anywhere; those of a column that has but short ones stay whole."""
    longest = max((len(word) for cell in column for word in plain(cell).split()), default=0)
    return ";word-break:normal" if longest * columns <= _PHONE_CHARACTERS else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What turning blocks into HTML needs: the typesetter, the pictures by their file, where they are loaded from, a label.

    Every method builds elements of our own around slots, so that no word of an author stands in what they give.
    """

    typesetter: Typesetter
    pictures: Mapping[str, EditionPicture]
    public_url: str
    more_label: str
    column_px: int = 552
    start: str = "left"  # the side where lines begin

    def blocks(self, blocks: Iterable[Block], *, paid: bool = False) -> Markup:
        """All ``blocks`` in order; ``paid``: inside the sponsor's frame, where the accent has no place."""
        return Markup(self._blocks(blocks, "sl" if paid else "l"))  # noqa: S704 - see the class

    def image(self, picture: Picture, width_px: int) -> Markup:
        """The picture alone, linked where it leads somewhere; "" for one without a file yet."""
        return Markup(self._image(picture, width_px))  # noqa: S704 - see the class

    def figure(self, picture: Picture, width_px: int) -> Markup:
        """A picture with its caption; one without a file yet shows its caption alone."""
        return Markup(self._figure(picture, width_px))  # noqa: S704 - see the class

    def _blocks(self, blocks: Iterable[Block], link: str) -> str:
        each = list(blocks)
        return "".join(
            [self._block(block, link) + _closing_rule(block, after) for block, after in zip(each, [*each[1:], None], strict=False)]
        )

    def _block(self, block: Block, link: str) -> str:  # noqa: C901, PLR0911 - one case for each kind of block
        words = self.typesetter
        match block:
            case Paragraph():
                return self._paragraph(block, link)
            case Heading():
                return f"<h3>{words.spans(block.spans, link_class=link)}</h3>"
            case ListBlock():
                return self._list(block, link)
            case Quote():
                return f'<blockquote class="q">{self._blocks(block.blocks, link)}</blockquote>'
            case Table():
                return self._table(block, link)
            case CodeBlock():
                return f'<pre class="code"><code>{words.raw(block.text)}</code></pre>'
            case Rule():
                return '<hr class="r">'
            case Picture():
                return self._figure(block, self.column_px)
            case FurtherReading():
                return self._further_reading(block)
            case Calls():
                return self._calls(block)

    def _figure(self, picture: Picture, width_px: int) -> str:
        caption = f'<p class="cap">{self.typesetter.spans(picture.caption)}</p>' if picture.caption else ""
        return self._image(picture, width_px) + caption

    def _image(self, picture: Picture, width_px: int) -> str:
        made = self.pictures.get(picture.file)
        if made is None:
            return ""
        alt, width = self.typesetter.attribute(picture.alt), min(width_px, made.width)
        source = escape_attribute(picture_url(self.public_url, made.name))
        image = f'<img class="im" alt="{alt}" src="{source}" width="{width}">'
        target = self.typesetter.address(picture.link) if picture.link else None
        return f'<div class="fig">{image if target is None else f"""<a class="il" href="{target}">{image}</a>"""}</div>'

    def _paragraph(self, block: Paragraph, link: str) -> str:
        words = self.typesetter.spans(block.spans, link_class=link)
        if not block.run_in:
            return f"<p>{words}</p>"
        head = f"<strong>{self.typesetter.spans(block.run_in, link_class=link)}</strong>"
        return f"<p>{head}{DASH}{words}</p>" if words else f"<p>{head}</p>"

    def _list(self, block: ListBlock, link: str) -> str:
        items = "".join([f"<li>{self._blocks(item.blocks, link)}</li>" for item in block.items])
        if not block.ordered:
            return f"<ul>{items}</ul>"
        return f'<ol start="{block.start}">{items}</ol>' if block.start != 1 else f"<ol>{items}</ol>"

    def _table(self, block: Table, link: str) -> str:
        styles = [
            f"text-align:{alignment or self.start}{_unbroken(column, len(block.header))}"
            for alignment, column in zip(block.alignments, zip(block.header, *block.rows, strict=False), strict=False)
        ]
        head = self._row("th", block.header, styles, link)
        rows = "".join([self._row("td", row, styles, link) for row in block.rows])
        return f'<table class="tab"><thead>{head}</thead><tbody>{rows}</tbody></table>'

    def _row(self, element: str, cells: Iterable[Spans], styles: Iterable[str], link: str) -> str:
        scope = ' scope="col"' if element == "th" else ""
        out = [
            f'<{element}{scope} style="{style}">{self.typesetter.spans(cell, link_class=link)}</{element}>'
            for cell, style in zip(cells, styles, strict=False)
        ]
        return f"<tr>{''.join(out)}</tr>"

    def _further_reading(self, block: FurtherReading) -> str:
        label = self.typesetter.spans(block.label) if block.label else self.typesetter.text(self.more_label)
        rows = "".join([f'<p class="row">{self._line(link, "rl")}</p>' for link in block.links])
        return f'<h3>{label}</h3><div class="fr">{rows}</div>'

    def _calls(self, block: Calls) -> str:
        rows = "".join(map(self._call, block.links))
        return f'<table role="presentation" class="calls" cellpadding="0" cellspacing="0" width="100%"><tbody>{rows}</tbody></table>'

    def _call(self, link: LinkLine) -> str:
        body = self._line(link, "call")
        if not link.emoji:
            return f'<tr><td class="ct" colspan="2">{body}</td></tr>'
        return f'<tr><td class="ce">{self.typesetter.raw(link.emoji)}</td><td class="ct">{body}</td></tr>'

    def _line(self, link: LinkLine, css_class: str) -> str:
        """The words of a line that is one link; without a usable address they are words only."""
        words = self.typesetter.spans(link.spans)
        address = self.typesetter.address(link.url)
        if address is None:
            return f'<span class="{css_class}">{words}</span>'
        return f'<a class="{css_class}" href="{address}">{words}</a>'


def _closing_rule(block: Block, after: Block | None) -> str:
    """The rule under the last link, where words follow: each link stands between two rules."""
    return '<hr class="r" style="margin:0 0 18px">' if after and isinstance(block, FurtherReading) else ""
