"""The bytes of a CSV file → its rows, whatever program wrote it; and a refusal where rows were swallowed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from composer.deliver.address import read_address
from composer.errors import UsageError
from composer.words import Words

SEPARATORS = ",;\t|"

Row = tuple[int, list[str]]  # the line where it begins, and its cells


def decode(content: bytes) -> tuple[str, str]:
    """The text of ``content`` and the name of its encoding. Raises UsageError for what is no text."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    named = next((encoding for mark, encoding in marks if content.startswith(mark)), None)
    if named is None and b"\0" in content[:4000]:
        named = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    for encoding in (named,) if named else ("utf-8", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text, encoding
        break
    raise refuse_file(
        "Ce fichier n’est pas du texte.", "This file is not text.", "Exportez la liste en CSV (UTF-8).", "Export the list as CSV (UTF-8)."
    )


def find_separator(text: str) -> tuple[str, str]:
    """The text without Excel's «sep=» line, and what separates its columns: what the first line has most of, outside quotes."""
    announced = re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE)
    if announced:
        return "\n" + text[announced.end() :], announced[1]  # the line stays, empty, so that line numbers hold
    first = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return text, max(SEPARATORS, key=first.count)


def read_rows(text: str, separator: str) -> Iterator[Row]:
    """The rows that are not empty. Raises UsageError with the line of a cell beyond what a reader takes (128 KiB): a quote left open."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            Words(
                fr="Une cellule qui s’ouvre à cette ligne ne finit pas : un guillemet n’y est sans doute pas fermé.",
                en="A cell that opens on this line does not end: most likely a quote is not closed there.",
            ),
            where=f":{line}",  # of the file that the caller names
            hint=Words(fr="Fermez ou retirez ce guillemet, ou exportez de nouveau.", en="Close or remove that quote, or export again."),
        ) from error


def refuse_open_quotes(rows: Sequence[Row], separator: str, *, address_at: int, width: int) -> None:
    """Raises UsageError where a quote that nobody closed has swallowed people: inside a value stand whole rows of the file."""
    for line, row in rows:
        begins = line
        for cell in row:
            for number, swallowed in enumerate(cell.splitlines()[1:], start=begins + 1):
                if _is_row(swallowed.split(separator), address_at, width):
                    raise UsageError(
                        Words(
                            fr=f"Un guillemet ouvert à la ligne {begins} n’est pas fermé : la ligne {number} s’y perd. Rien n’est importé.",
                            en=f"A quote opened on line {begins} is not closed: line {number} is lost in it. Nothing is imported.",
                        ),
                        where=f":{begins}",
                        hint=Words(
                            fr="Fermez ou retirez ce guillemet, ou exportez de nouveau.", en="Close or remove that quote, or export again."
                        ),
                    )
            begins += cell.count("\n")


def _is_row(cells: Sequence[str], address_at: int, width: int) -> bool:
    return len(cells) == width and read_address(cells[address_at].strip().strip('"')) is not None


def refuse_file(french: str, english: str, french_hint: str, english_hint: str) -> UsageError:
    """The error for a file that is no list of people."""
    return UsageError(Words(fr=french, en=english), hint=Words(fr=french_hint, en=english_hint))
