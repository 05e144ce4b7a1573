"""The table of links on its way through an editor or a file, and back: what was understood is kept, the rest is asked again."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from composer.cli.editor import edit_text, has_editor
from composer.cli.language import say, told
from composer.cli.talk import may_ask, write_talk
from composer.errors import HebdoError, UsageError
from composer.words import Words

if TYPE_CHECKING:
    from composer.workflow.typed_links import UnreadLine
    from composer.workspace import Workspace


def edit_links(workspace: Workspace, issue: str) -> None:
    """Opens the table until every line is understood or left as it is; raises UsageError with the path of what was typed."""
    from composer.workflow.linking import list_links
    from composer.workflow.typed_links import read_typed_links, write_typed_links

    if not may_ask() and not has_editor():
        raise _no_terminal()
    rows = list_links(workspace, issue)
    head = say(
        "# Une ligne par lien : identifiant, adresse, puis les mots. Changez les adresses, enregistrez, quittez.\n",
        "# One line a link: id, address, then the words. Change the addresses, save, leave.\n",
    )
    shown = head + write_typed_links(rows)
    while True:
        back = edit_text(shown)
        typed = read_typed_links(back, rows)
        try:
            taken = _take(workspace, issue, typed.addresses)
        except HebdoError:
            write_talk(say("Ce que vous avez tapé est gardé : ", "What you typed is kept: ") + _keep(back))
            raise
        if not typed.unread:
            return
        if not may_ask() or back == shown:
            raise not_understood(issue, typed.unread, taken=taken, where=_keep(back))
        rows, shown = list_links(workspace, issue), head + _again(typed.unread)


def set_typed_links(workspace: Workspace, issue: str, text: str, name: str) -> None:
    """Takes the table back from a file; what is understood is kept, the rest is named in a UsageError."""
    from composer.workflow.linking import list_links
    from composer.workflow.typed_links import read_typed_links

    typed = read_typed_links(text, list_links(workspace, issue))
    taken = _take(workspace, issue, typed.addresses)
    if typed.unread:
        raise not_understood(issue, typed.unread, taken=taken, where=name)


def is_typed_table(content: bytes, names: Sequence[str]) -> bool:
    """Whether ``content`` is the table with its columns rather than JSON: one of its lines begins with a link."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return False
    return any(line.split()[0] in names for line in lines if line.strip())


def read_json_rows(content: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of ``--json`` as they come back; raises UsageError."""
    try:
        rows = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise UsageError(
            Words(fr="Ce tableau n’est pas du JSON.", en="This table is not JSON."),
            where=f"{name}:{line}" if line else name,
            hint=Words(fr="Repartez de `hebdo links NUMÉRO --json`", en="Start again from `hebdo links ISSUE --json`"),
        ) from None
    if isinstance(rows, dict):  # the whole envelope is taken back as well
        rows = rows.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(
            Words(fr="Ce tableau n’est pas une liste de liens.", en="This table is not a list of links."),
            where=name,
            hint=Words(fr="Repartez de `hebdo links NUMÉRO --json`", en="Start again from `hebdo links ISSUE --json`"),
        )
    return rows


def not_understood(issue: str, unread: Sequence[UnreadLine], *, taken: int, where: str) -> UsageError:
    """Every line that was not understood, each with its reason, and how many others were kept."""
    lines = [_told_line(one) for one in unread]
    many = len(unread) > 1
    head = (
        f"{len(unread)} lignes n’ont pas été comprises :" if many else "Une ligne n’a pas été comprise :",
        f"{len(unread)} lines were not understood:" if many else "One line was not understood:",
    )
    kept = _kept(taken)
    return UsageError(
        Words(
            fr="\n".join([head[0], *(line.fr for line in lines), kept.fr]), en="\n".join([head[1], *(line.en for line in lines), kept.en])
        ),
        where=where,
        hint=Words(
            fr=f"Corrigez ces lignes, puis `hebdo links {issue} --set {where}`",
            en=f"Mend these lines, then `hebdo links {issue} --set {where}`",
        ),
    )


def _told_line(one: UnreadLine) -> Words:
    place = f", {one.name}" if one.name else ""
    return Words(fr=f"    ligne {one.number}{place} : {one.reason.fr}", en=f"    line {one.number}{place}: {one.reason.en}")


def _take(workspace: Workspace, issue: str, addresses: dict[str, str]) -> int:
    from composer.workflow.linking import set_links

    if addresses:
        set_links(workspace, issue, [{"id": name, "url": url} for name, url in addresses.items()])
        write_talk(told(_kept(len(addresses))))
    return len(addresses)


def _kept(taken: int) -> Words:
    if not taken:
        return Words(fr="Aucune adresse n’a changé.", en="No address was changed.")
    if taken == 1:
        return Words(fr="1 adresse reprise.", en="1 address taken.")
    return Words(fr=f"{taken} adresses reprises.", en=f"{taken} addresses taken.")


def _again(unread: Sequence[UnreadLine]) -> str:
    """The lines to be typed anew, each under its reason."""
    return "".join(f"# {told(one.reason)}\n{one.text}\n" for one in unread)


def _keep(typed: str) -> str:
    """The path of a file with what was typed."""
    handle, path = tempfile.mkstemp(prefix=say("hebdo-liens-", "hebdo-links-"), suffix=".tsv")
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(typed)
    return path


def _no_terminal() -> UsageError:
    return UsageError(
        Words(fr="`--edit` a besoin d’un terminal.", en="`--edit` needs a terminal."),
        hint=Words(
            fr="Sans terminal : `hebdo links NUMÉRO --json`, puis `--set FICHIER`",
            en="Without one: `hebdo links ISSUE --json`, then `--set FILE`",
        ),
    )
