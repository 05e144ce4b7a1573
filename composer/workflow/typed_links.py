"""The table of links as a person types it back: however the columns are set apart, and every line that is not understood with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from composer.compose.links import LinkRow
from composer.errors import HebdoError
from composer.words import Words
from composer.workflow.linking import check_address, complete_address

_GAP = re.compile(r"\t[\t ]*| {2,}\t*[\t ]*")
NO_ADDRESS = "?"  # stands in the table where an address is still to come


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    """A line that was not understood, or whose address cannot be one."""

    number: int  # in what was typed, 1-based
    name: str  # of the link; "" when it names none
    text: str  # as typed
    reason: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLinks:
    """What was typed: the addresses that changed, and what was not understood."""

    addresses: dict[str, str]  # link → address; "": taken away
    unread: tuple[UnreadLine, ...]


def write_typed_links(rows: Sequence[LinkRow]) -> str:
    """The table to be typed into: a line a link, its columns set apart by tabs."""
    return "".join(f"{row['id']}\t{row['url'] or NO_ADDRESS}\t{_one_line(row['words'])}\n" for row in rows)


def read_typed_links(text: str, rows: Sequence[LinkRow]) -> TypedLinks:
    """What was typed into the table of ``rows``; comments, empty lines and lines left as they were say nothing."""
    addresses: dict[str, str] = {}
    unread: list[UnreadLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        row = _row_of(line, rows)
        if row is None:
            unread.append(UnreadLine(number=number, name="", text=line, reason=_NO_LINK))
            continue
        try:
            address = _typed_address(line.strip()[len(row["id"]) :], row)
        except _NotUnderstood as error:
            unread.append(UnreadLine(number=number, name=row["id"], text=line, reason=error.reason))
        else:
            if address is not None:
                addresses[row["id"]] = address
    return TypedLinks(addresses=addresses, unread=tuple(unread))


class _NotUnderstood(Exception):
    def __init__(self, reason: Words) -> None:
        super().__init__(reason.en)
        self.reason = reason


_NO_LINK = Words(fr="cette ligne ne commence par aucun lien de ce numéro", en="this line begins with no link of this issue")
_SPACE = Words(fr="une adresse n’a pas d’espace ; écrivez %20", en="an address has no space; write %20")
_WORDS = Words(
    fr="seule l’adresse se change ici ; les mots se changent dans l’article",
    en="only the address is changed here; words are changed in the story",
)
_UNCLEAR = Words(fr="où est l’adresse ? écrivez-la à la place du « ? »", en="where is the address? write it in place of the “?”")


def _row_of(line: str, rows: Sequence[LinkRow]) -> LinkRow | None:
    typed = line.strip()
    named = [row for row in rows if re.match(re.escape(row["id"]) + r"(?:\s|$)", typed)]
    return max(named, key=lambda row: len(row["id"]), default=None)


def _typed_address(rest: str, row: LinkRow) -> str | None:
    """The address that was typed after the link's name; None where nothing changed."""
    words, old = _one_line(row["words"]), _one_line(row["url"])
    if _one_line(rest) == _one_line(f"{old or NO_ADDRESS} {words}"):
        return None
    left, found = _without(_one_line(rest), words)
    tokens = left.split()
    if NO_ADDRESS in tokens and (len(tokens) == 1 or any(_is_address(token) for token in tokens)):
        tokens.remove(NO_ADDRESS)
    if not found:
        tokens = [_address_among_words(rest, tokens, old)]
    elif len(tokens) > 1 and old in tokens:
        tokens.remove(old)
    if len(tokens) > 1:
        raise _NotUnderstood(_SPACE if _is_address(tokens[0]) else _UNCLEAR)
    address = tokens[0].removeprefix(NO_ADDRESS) if tokens else ""
    return None if address == old else _checked(address)


def _address_among_words(rest: str, tokens: list[str], old: str) -> str:
    """The address of a line whose words were changed too: the only field, or the first or last word, that looks like one."""
    fields = [field.strip() for field in _GAP.split(rest.strip()) if field.strip()]
    alike = [field for field in fields if _is_address(field)]
    if len(fields) > 1 and len(alike) == 1 and " " in alike[0] and not _is_address(alike[0].split()[-1]):
        raise _NotUnderstood(_SPACE)
    ends = [token for token in dict.fromkeys((*tokens[:1], *tokens[-1:])) if _is_address(token) and token != old]
    if len(ends) == 1:
        return ends[0]
    raise _NotUnderstood(_WORDS if old in tokens or not any(map(_is_address, tokens)) else _UNCLEAR)


def _without(line: str, words: str) -> tuple[str, bool]:
    """``line`` without the link's words, at its end for choice; and whether they stood there."""
    around = f" {line} "
    at = around.rfind(f" {words} ") if words else len(around) - 1
    if at < 0:
        return line, False
    return (around[:at] + around[at + len(words) + 1 :] if words else around).strip(), True


def _checked(address: str) -> str:
    try:
        return check_address(address, "")
    except HebdoError as error:
        raise _NotUnderstood(_lower(error.message)) from None


def _lower(words: Words) -> Words:
    return Words(fr=words.fr.rstrip("."), en=words.en.rstrip("."))


def _is_address(text: str) -> bool:
    return "://" in complete_address(text) or text.lower().startswith(("mailto:", "tel:"))


def _one_line(text: str) -> str:
    return " ".join(text.split())
