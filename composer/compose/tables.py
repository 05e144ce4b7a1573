"""Tables: the nodes of one as rows of cells, none dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from markdown_it.tree import SyntaxTreeNode

from composer.compose.reading import Reading, line_of, spans_of
from composer.model.body import Spans, Table
from composer.text.inline import parse_inline

_CELL_END = re.compile(r"(?<!\\)\|")


def read_table(node: SyntaxTreeNode, reading: Reading) -> Table:
    """The table of ``node``; rows shorter or longer than the header widen it with empty cells."""
    rows = [row for part in node.children for row in part.children]
    cells = [tuple(spans_of(cell, reading) for cell in row.children) for row in rows]
    cells[1:] = [(*found, *_cells_beyond(row, reading)) for found, row in zip(cells[1:], rows[1:], strict=True)]
    columns = max(len(row) for row in cells)
    padded = [(*row, *((),) * (columns - len(row))) for row in cells]
    alignments = [_alignment(cell) for cell in rows[0].children]
    return Table(
        header=padded[0],
        rows=tuple(padded[1:]),
        alignments=(*alignments, *(None,) * (columns - len(alignments))),
        line=line_of(node, reading),
    )


def _cells_beyond(row: SyntaxTreeNode, reading: Reading) -> Iterator[Spans]:
    """The cells of a row beyond those of the header, which the Markdown reader drops without a word."""
    if not row.map or row.map[0] >= len(reading.lines):
        return
    written = _CELL_END.split(reading.lines[row.map[0]].strip())
    if written[-1:] == [""]:
        written.pop()
    opening = 1 if reading.lines[row.map[0]].strip().lstrip("> ").startswith("|") else 0
    for cell in written[opening + len(row.children) :]:
        yield parse_inline(cell.strip().replace("\\|", "|"), line=line_of(row, reading))


def _alignment(cell: SyntaxTreeNode) -> Literal["left", "center", "right"] | None:
    match str(cell.attrs.get("style", "")).removeprefix("text-align:"):
        case "left":
            return "left"
        case "center":
            return "center"
        case "right":
            return "right"
        case _:
            return None
