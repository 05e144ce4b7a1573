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
    Table,
)
from composer.model.edition import EditionPicture
from composer.render.typesetter import Typesetter
from composer.text.addresses import picture_url

DASH = Markup("\u00a0– ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What turning blocks into HTML needs: the typesetter, the pictures by their file, where they are loaded from, a label."""

    typesetter: Typesetter
    pictures: Mapping[str, EditionPicture]
    public_url: str
    more_label: str
    column_px: int = 552

    def blocks(self, blocks: Iterable[Block], *, paid: bool = False) -> Markup:
        """All ``blocks`` in order; ``paid``: inside the sponsor's frame, where the accent has no place."""
        return Markup("").join(self.block(block, paid=paid) for block in blocks)

    def block(self, block: Block, *, paid: bool = False) -> Markup:  # noqa: C901, PLR0911 - one case for each kind of block
        """One block."""
        link = "sl" if paid else "l"
        words = self.typesetter
        match block:
            case Paragraph():
                return self._paragraph(block, link)
            case Heading():
                return Markup("<h3>{}</h3>").format(words.spans(block.spans, link_class=link))
            case ListBlock():
                return self._list(block, paid=paid)
            case Quote():
                return Markup('<blockquote class="q">{}</blockquote>').format(self.blocks(block.blocks, paid=paid))
            case Table():
                return self._table(block, link)
            case CodeBlock():
                return Markup('<pre class="code"><code>{}</code></pre>').format(words.raw(block.text))
            case Rule():
                return Markup('<hr class="r">')
            case Picture():
                return self.figure(block, self.column_px)
            case FurtherReading():
                return self._further_reading(block)
            case Calls():
                return self._calls(block)

    def figure(self, picture: Picture, width_px: int) -> Markup:
        """A picture with its caption; one without a file yet shows its caption alone."""
        caption = Markup('<p class="cap">{}</p>').format(self.typesetter.spans(picture.caption)) if picture.caption else Markup("")
        return self.image(picture, width_px) + caption

    def image(self, picture: Picture, width_px: int) -> Markup:
        """The ``img`` alone, linked where it leads somewhere."""
        made = self.pictures.get(picture.file)
        if made is None:
            return Markup("")
        address = Markup("{}").format(picture_url(self.public_url, made.name))
        # A caption below says what the picture shows; without alt it would be read out by its file name.
        image = Markup('<img class="im" alt="{}" src="{}" width="{}">').format(
            self.typesetter.attribute(picture.alt), address, min(width_px, made.width)
        )
        target = self.typesetter.address(picture.link) if picture.link else None
        linked = image if target is None else Markup('<a class="il" href="{}">{}</a>').format(target, image)
        return Markup('<div class="fig">{}</div>').format(linked)

    def _paragraph(self, block: Paragraph, link: str) -> Markup:
        words = self.typesetter.spans(block.spans, link_class=link)
        if block.run_in:
            head = Markup("<strong>{}</strong>").format(self.typesetter.spans(block.run_in, link_class=link))
            words = head + (DASH + words if words else "")
        return Markup("<p>{}</p>").format(words)

    def _list(self, block: ListBlock, *, paid: bool) -> Markup:
        items = [Markup("<li>{}</li>").format(self.blocks(item.blocks, paid=paid)) for item in block.items]
        if not block.ordered:
            return Markup("<ul>{}</ul>").format(Markup("").join(items))
        start = Markup(' start="{}"').format(block.start) if block.start != 1 else Markup("")
        return Markup("<ol{}>{}</ol>").format(start, Markup("").join(items))

    def _table(self, block: Table, link: str) -> Markup:
        head = self._row("th", block.header, block, link)
        rows = Markup("").join(self._row("td", row, block, link) for row in block.rows)
        return Markup('<table class="tab"><thead>{}</thead><tbody>{}</tbody></table>').format(head, rows)

    def _row(self, element: str, cells: Iterable[tuple[object, ...]], block: Table, link: str) -> Markup:
        out = []
        for cell, alignment in zip(cells, block.alignments, strict=False):
            scope = ' scope="col"' if element == "th" else ""
            words = self.typesetter.spans(cell, link_class=link)  # type: ignore[arg-type]
            opening = f'<{element}{scope} style="text-align:{alignment or "left"}">'
            out.append(Markup(opening) + words + Markup(f"</{element}>"))  # noqa: S704 - names and alignments of a closed list
        return Markup("<tr>{}</tr>").format(Markup("").join(out))

    def _further_reading(self, block: FurtherReading) -> Markup:
        label = self.typesetter.spans(block.label) if block.label else self.typesetter.text(self.more_label)
        rows = Markup("").join(self._row_link(link) for link in block.links)
        return Markup('<h3>{}</h3><div class="fr">{}</div>').format(label, rows)

    def _row_link(self, link: LinkLine) -> Markup:
        words = self.typesetter.spans(link.spans)
        address = self.typesetter.address(link.url)
        if address is None:
            return Markup('<p class="row"><span class="rl">{}</span></p>').format(words)
        return Markup('<p class="row"><a class="rl" href="{}">{}</a></p>').format(address, words)

    def _calls(self, block: Calls) -> Markup:
        rows = Markup("").join(self._call(link) for link in block.links)
        return Markup(
            '<table role="presentation" class="calls" cellpadding="0" cellspacing="0" width="100%"><tbody>{}</tbody></table>'
        ).format(rows)

    def _call(self, link: LinkLine) -> Markup:
        words = self.typesetter.spans(link.spans)
        address = self.typesetter.address(link.url)
        body = Markup('<span class="call">{}</span>').format(words)
        if address is not None:
            body = Markup('<a class="call" href="{}">{}</a>').format(address, words)
        if not link.emoji:
            return Markup('<tr><td class="ct" colspan="2">{}</td></tr>').format(body)
        return Markup('<tr><td class="ce">{}</td><td class="ct">{}</td></tr>').format(self.typesetter.raw(link.emoji), body)
