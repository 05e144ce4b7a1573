"""The Markdown reader: CommonMark and tables, with comments that are the writers' own, and nothing that vanishes."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.tree import SyntaxTreeNode

MAX_NESTING = 40  # levels of lists and quotes; deeper ones would be dropped by the Markdown reader without a word
WEB_ONLY_MARKS = ("web only", "hors courriel")

_OPEN_COMMENTS = "open comments"


@cache
def block_parser() -> MarkdownIt:
    """CommonMark's blocks and tables. Text after four spaces is text, ``[x]: y`` is text: neither may vanish or turn into code."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable("table")
    parser.disable(["code", "reference", "html_block", "inline"])
    interrupts = ["paragraph", "blockquote", "list", "table"]
    parser.block.ruler.before("heading", "comment", _comment, {"alt": interrupts})
    return parser


def _comment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A block rule: a comment that has its lines to itself. One that is never closed, or has text after it, is text."""
    first = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    if not first.startswith("<!--") or end_line in state.env.get(_OPEN_COMMENTS, ()):
        return False
    for line in range(start_line, end_line):
        written = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        end = written.find("-->", 4 if line == start_line else 0)
        if end >= 0:
            return not written[end + 3 :].strip() and _take_comment(state, start_line, line, silent=silent)
    # Nothing closes it, so nothing closes a later one: not looking again keeps a hostile paste linear.
    state.env.setdefault(_OPEN_COMMENTS, set()).add(end_line)
    return False


def _take_comment(state: StateBlock, start_line: int, last_line: int, *, silent: bool) -> bool:
    if not silent:
        token = state.push("comment", "", 0)
        token.map = [start_line, last_line + 1]
        token.content = state.getLines(start_line, last_line + 1, state.blkIndent, False).strip()
        state.line = last_line + 1
    return True


def is_web_only_mark(node: SyntaxTreeNode) -> bool:
    """Whether a block is the comment that ends what is mailed."""
    words = node.content.removeprefix("<!--").removesuffix("-->") if node.type == "comment" else ""
    return " ".join(words.casefold().split()) in WEB_ONLY_MARKS
