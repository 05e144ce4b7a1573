"""Addresses from the table of links: the good ones go into the files, each of the others comes back with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from composer.compose.links import LinkRow
from composer.errors import HebdoError, UsageError
from composer.web.preview.sheet import Sheet
from composer.words import Words
from composer.workflow.linking import check_address, set_links
from composer.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A line of the table."""

    id: str  # «une/3»
    words: str
    was: str  # the address in the file
    url: str  # the one shown: as typed where it could not be saved
    place: str  # ``une.md:14``
    address: str  # of the Source tab at that line
    why: tuple[Words, ...] = ()  # why ``url`` cannot stay, and what to write


def save_each(workspace: Workspace, issue_id: str, rows: Sequence[Mapping[str, str]]) -> dict[str, HebdoError]:
    """Writes what can be written of ``rows``; the refusals by the id of their link, none when all went well."""
    try:
        set_links(workspace, issue_id, rows)
    except HebdoError:
        return {row["id"]: refusal for row in rows for refusal in [_refusal(workspace, issue_id, row)] if refusal}
    return {}


def link_line(sheet: Sheet, row: LinkRow, *, typed: Mapping[str, str], refused: Mapping[str, HebdoError]) -> LinkLine:
    """A row as the page shows it; ``typed`` are the addresses that a person wrote, ``refused`` those that could not be saved."""
    path, _, line = row["place"].rpartition(":")
    refusal = refused.get(row["id"])
    return LinkLine(
        id=row["id"],
        words=row["words"],
        was=row["url"],
        url=typed.get(row["id"], row["url"]) if refusal else row["url"],
        place=f"{path.rpartition('/')[2]}:{line}",
        address=sheet.source_address(path, int(line) if line.isdigit() else 0),
        why=_why(refusal) if refusal else _why_not(row),
    )


def _refusal(workspace: Workspace, issue_id: str, row: Mapping[str, str]) -> HebdoError | None:
    try:
        set_links(workspace, issue_id, [row])
    except HebdoError as error:
        return error
    return None


def _why_not(row: LinkRow) -> tuple[Words, ...]:
    """What is wrong with an address that stands in the file."""
    if row["state"] != "invalid":
        return ()
    try:
        check_address(row["url"], row["id"])
    except HebdoError as error:
        return _why(error)
    return ()


def _why(error: HebdoError) -> tuple[Words, ...]:
    # The other hints name commands; who reads this has a field in front of them.
    return tuple(words for words in (error.message, error.hint if isinstance(error, UsageError) else None) if words)
