"""The import as one function."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from composer.compose.importing.article import read_article
from composer.compose.importing.body import plain_blocks
from composer.compose.importing.broken import join_broken
from composer.compose.importing.html import read_html
from composer.compose.importing.issue import read_issue
from composer.compose.importing.labels import read_label
from composer.compose.importing.markdown import read_markdown
from composer.compose.importing.naming import FRENCH_IDS, name_stories
from composer.compose.importing.picture_credits import give_credits
from composer.compose.importing.plain import clean, read_plain
from composer.compose.importing.shapes import could_be_headline, is_body
from composer.compose.importing.sheet import ALSO_WITHIN
from composer.compose.importing.values import Counts, HeadingStyle, Imported, Notes, RawLine, Shape, Source
from composer.compose.writing import write_blocks
from composer.errors import UsageError
from composer.model.newsletter import Labels
from composer.words import Words

MAX_LINES = 120_000  # with words in them: ten books of 300 pages, or one wrapped at every word
MAX_BLOCKS = 60_000  # the same as a page of tables in pages of Word or Google Docs, which wrap each line in two or three blocks
_FULL_LINE = re.compile(r"^[^\S\n]*\S", re.MULTILINE)
_BLOCK = re.compile(r"<(?:p|br|li|div|tr|td|th|h[1-6])\b", re.IGNORECASE)


def import_text(
    text: str,
    *,
    source: Source = "text",
    as_: Shape = "auto",
    headings: HeadingStyle = "h2",
    sponsor_ends: str | Sequence[str] | None = None,
    headline: str | Sequence[str] = (),
    labels: Labels | None = None,
    ids: Mapping[str, str] = FRENCH_IDS,
    pictures: Collection[str] = (),
    counts: Counts = "line",
) -> Imported:
    """The issue or the story that ``text`` is.

    ``sponsor_ends`` names the last line of a sponsor and ``headline`` lines that are headlines: by their number in the source or by
    their words. ``ids`` names the files of lead and sponsor; ``pictures`` are the sources in HTML that come with it as files,
    ``counts`` what the numbers in the answer count. Raises UsageError for a line that is not there, and for a text without a word.
    """
    wanted = labels or Labels()
    notes = Notes(counts=counts)
    lines = give_credits(join_broken(_lines(text, source, wanted, notes, pictures), wanted, notes), wanted)
    if not lines:
        raise UsageError(
            Words(fr="Il n’y a pas un mot dans ce document.", en="There is not one word in this document."),
            hint=Words(fr="Copiez d’abord le texte dans le fichier.", en="Put the text into the file first."),
        )
    ends, heads = _find_all(lines, sponsor_ends), _find_all(lines, headline)
    if as_ == "issue" or (as_ == "auto" and is_issue(lines, wanted)):
        found = read_issue(lines, wanted, sponsor_ends=ends, headlines=heads, notes=notes, ids=ids)
    else:
        found = read_article(lines, wanted, headings=headings, forced=heads, notes=notes)
        if found.story:
            found = replace(found, story=name_stories([found.story], ids)[0])
    return found


def html_to_markdown(html: str, *, labels: Labels | None = None) -> str:
    """The Markdown of pasted HTML (a page, Google Docs, Word), without judging what it is."""
    wanted, notes = labels or Labels(), Notes()
    blocks = tuple(plain_blocks(read_html(html, wanted, notes), notes))
    return write_blocks(blocks, labels=wanted) + "\n" if blocks else ""


def is_issue(lines: Sequence[RawLine], labels: Labels) -> bool:
    """Whether «Et aussi» on top, a sponsor's label, or a label of further reading says that this is an issue."""
    for here, line in enumerate(lines):
        if line.form == "block":
            continue
        after = lines[here + 1] if here + 1 < len(lines) else None
        label = read_label(line.text, labels, before_body=after is not None and is_body(after.text))
        if label is None or (line.form == "item" and label.kind != "sponsor"):
            continue
        if label.kind == "sponsor" and (line.form != "item" or not (label.rest or label.headline)) and here > 0:
            return True
        if label.kind == "more" and not label.related and not label.rest:
            return True
        if (
            label.kind == "also"
            and here < ALSO_WITHIN
            and not (label.bare and after and after.form != "item")
            and (label.rest or (after and (after.form == "item" or could_be_headline(after.text))))
        ):
            return True
    return False


def _lines(text: str, source: Source, labels: Labels, notes: Notes, pictures: Collection[str]) -> list[RawLine]:
    _require_bounds(text, source)
    if source == "html":
        return read_html(text, labels, notes, pictures=pictures)
    if source == "markdown":
        return read_markdown(text, labels, notes)
    return read_plain(text, labels, notes)


def _require_bounds(text: str, source: Source) -> None:
    """Raises UsageError for more lines than any issue has: each takes its time, and an editor waits for them."""
    lines = _BLOCK.findall(text) if source == "html" else _FULL_LINE.findall(text)
    if len(lines) > (MAX_BLOCKS if source == "html" else MAX_LINES):
        raise UsageError(
            Words(fr="Ce texte a trop de paragraphes pour un numéro.", en="This text has too many paragraphs for an issue."),
            hint=Words(fr="Importez-le en plusieurs parties.", en="Import it in several parts."),
        )


def _find_all(lines: Sequence[RawLine], wanted: str | Sequence[str] | None) -> frozenset[int]:
    if not wanted:
        return frozenset()
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    return frozenset(_find(lines, name) for name in names if name.strip())


def _find(lines: Sequence[RawLine], name: str) -> int:
    """The index of the line with this number, or with these words."""
    if re.fullmatch(r"[0-9]{1,9}", name.strip()):
        number = int(name)
        here = max((here for here, line in enumerate(lines) if line.number <= number), default=None)
        if here is not None and number <= lines[-1].number + 1000:
            return here
    words = clean(name)
    exact = next((here for here, line in enumerate(lines) if line.text == words), None)
    if exact is None:
        exact = next((here for here, line in enumerate(lines) if words and line.text.startswith(words)), None)
    if exact is None:
        raise UsageError(
            Words(fr=f"Aucune ligne du document n’est « {words[:80]} ».", en=f"No line of the document is “{words[:80]}”."),
            hint=Words(fr="Donnez le numéro de la ligne, ou ses premiers mots.", en="Give the number of the line, or its first words."),
        )
    return exact
