"""The addresses of an issue: one table out, the same table back in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from composer.compose.links import LinkRow, changes_of, list_link_rows, named_links, set_addresses
from composer.errors import Conflict, NotFound, UsageError
from composer.text.escape import safe_url
from composer.text.passages import PlacedLink
from composer.words import Words
from composer.workspace.folder import Workspace
from composer.workspace.issues import load_issue
from composer.workspace.sources import digest_of, read_source, write_source

_BARE_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d{1,5})?/\S*")


def list_links(workspace: Workspace, ref: str) -> list[LinkRow]:
    """All links of an issue, those without address included; raises NotFound, StoryError."""
    return list_link_rows(load_issue(workspace, ref))


def set_links(workspace: Workspace, ref: str, rows: Iterable[Mapping[str, Any]]) -> list[LinkRow]:
    """Take a table back (``id`` and ``url`` of each row are enough) and give the new one.

    Only files with a changed address are written, one line for one address; nothing is written when any row is wrong. Raises
    UsageError for an address that cannot be one, NotFound for an unknown id, Conflict when the words of a row have changed since.
    """
    issue = load_issue(workspace, ref)
    named = dict(named_links(issue))
    wanted = [change for row in rows for change in [_wanted(row, named, issue.id)] if change]
    changes = changes_of(list(named.values()), wanted)
    sources = {path: read_source(workspace, path) for path in dict.fromkeys(change.link.path for change in changes)}
    edited = {path: set_addresses(text, [one for one in changes if one.link.path == path], path=path) for path, text in sources.items()}
    for path, text in edited.items():
        write_source(workspace, path, text, if_digest=digest_of(sources[path]))
    return list_links(workspace, issue.id)


def _wanted(row: Mapping[str, Any], named: Mapping[str, PlacedLink], issue_id: str) -> tuple[PlacedLink, str] | None:
    name, url = row.get("id"), row.get("url", "")
    if not isinstance(name, str) or not isinstance(url, str | None):
        raise UsageError(
            Words(
                fr="Une ligne du tableau n’a pas d’« id » et d’« url ».".replace("« ", "«\u00a0").replace(" »", "\u00a0»"),
                en="A row of the table lacks “id” or “url”.",
            ),
            where=str(name or "links"),
            hint=Words(fr=f"Repartez de `hebdo links {issue_id} --json`", en=f"Start again from `hebdo links {issue_id} --json`"),
        )
    link = named.get(name)
    if link is None:
        raise NotFound(
            Words(fr=f"Ce numéro n’a pas de lien «\u00a0{name}\u00a0».", en=f"This issue has no link “{name}”."),
            where=name,
            hint=Words(fr=f"Repartez de `hebdo links {issue_id} --json`", en=f"Start again from `hebdo links {issue_id} --json`"),
        )
    words = row.get("words")
    if isinstance(words, str) and words != link.words:
        raise Conflict(
            Words(fr=f"Le lien {name} dit maintenant «\u00a0{link.words}\u00a0».", en=f"The link {name} now says “{link.words}”."),
            where=f"{link.path}:{link.line}",
            hint=Words(fr=f"Repartez de `hebdo links {issue_id} --json`", en=f"Start again from `hebdo links {issue_id} --json`"),
        )
    if (url or "") == link.url and re.search(r"\s", link.url.strip()):
        return None  # as it stood in the file: the checks speak of it
    address = check_address(url or "", name)
    return None if address == link.url else (link, address)


def check_address(url: str, name: str) -> str:
    """``url`` as it goes into a file; raises UsageError, with the link's ``name`` as its place, for what cannot be an address."""
    trimmed = complete_address(url)
    if re.search(r"\s", trimmed):
        raise UsageError(
            Words(fr=f"«\u00a0{trimmed[:80]}\u00a0» a une espace.", en=f"“{trimmed[:80]}” has a space in it."),
            where=name,
            hint=Words(fr="Une adresse n’a pas d’espace ; écrivez %20", en="An address has no space; write %20"),
        )
    if trimmed and safe_url(trimmed) is None:
        raise UsageError(
            Words(fr=f"«\u00a0{trimmed[:80]}\u00a0» ne peut pas servir d’adresse.", en=f"“{trimmed[:80]}” cannot be an address."),
            where=name,
            hint=Words(fr="Une adresse commence par https://, mailto: ou tel:", en="An address begins with https://, mailto: or tel:"),
        )
    return trimmed


def complete_address(typed: str) -> str:
    """A web address as people type it, with the ``https://`` that they leave out: «www.…», «exemple.fr/page»."""
    trimmed = typed.strip()
    bare = trimmed.lower().startswith("www.") or _BARE_HOST.fullmatch(trimmed)
    return f"https://{trimmed}" if bare else trimmed
