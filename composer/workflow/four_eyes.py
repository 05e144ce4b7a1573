"""Four eyes: whoever edited an issue last does not approve it. What can be known of that, and what is only believed.

Known: the author of the last commit, where the workspace is kept in git; who has edits that are not committed yet; else whose account owns the file
that was written last. Not known: who sits at the keyboard. A name that is typed is believed, and it is said when it is typed in the
session of the very person who edited.
"""

from __future__ import annotations

import getpass
import pwd
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from composer.errors import Conflict
from composer.outside.history import History, Person, ask_history
from composer.words import Words

KnownBy = Literal["commit", "uncommitted", "account", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who edited last, and who sits at this machine."""

    editors: tuple[str, ...]  # names and addresses of one person, the best first; (): nobody knows
    known_by: KnownBy
    me: tuple[str, ...]  # names and addresses of whoever types

    @property
    def mine(self) -> bool:
        """Whether whoever types edited last."""
        return _is_among(self.me, self.editors)


def see_hands(folder: Path) -> Hands:
    """Who wrote in an issue's folder last."""
    history, account = ask_history(folder), _machine_names()
    me = (*_names(history.me if history else None), *account)
    if history is not None and history.last is not None and not history.edited:
        return Hands(editors=_names(history.last), known_by="commit", me=me)
    owner = _owner(folder)
    if not owner:
        return Hands(editors=(), known_by="nothing", me=me)
    # What is not committed yet was written in this session, if the files are of its account.
    uncommitted = history is not None and bool(history.edited) and _is_among(owner, account)
    return Hands(
        editors=_names(_me(history)) + owner if uncommitted else owner, known_by="uncommitted" if uncommitted else "account", me=me
    )


def default_approver(hands: Hands) -> str:
    """The name of whoever types: git's, else that of the account."""
    return hands.me[0] if hands.me else "?"


def require_other(hands: Hands, approver: str, issue_id: str) -> None:
    """Raises Conflict for the approval of somebody who edited last."""
    if not _is_among((approver,), hands.editors):
        return
    source = {
        "commit": Words(fr=", d’après le dernier commit", en=", by the last commit"),
        "uncommitted": Words(fr=", sans commit encore", en=", not committed yet"),
    }.get(hands.known_by, Words(fr=", d’après le propriétaire du fichier", en=", by the owner of the file"))
    name = hands.editors[0]
    raise Conflict(
        Words(
            fr=f"{name} a modifié ce numéro en dernier{source.fr} : le bon à tirer revient à quelqu’un d’autre.",
            en=f"{name} edited this issue last{source.en}: somebody else must approve it.",
        ),
        where=issue_id,
        hint=Words(
            fr=f"Qui a relu le donne, sous son nom : `hebdo approve {issue_id} --by PRÉNOM`",
            en=f"Whoever read it over gives it, by name: `hebdo approve {issue_id} --by NAME`",
        ),
    )


def doubt(hands: Hands, approver: str) -> Words | None:
    """What is only believed of an approval; None when nothing is."""
    if hands.known_by == "nothing":
        return Words(
            fr="Hebdo ne sait pas qui a modifié ce numéro en dernier : le nom donné est cru.",
            en="Hebdo does not know who edited this issue last: the name given is believed.",
        )
    if hands.mine and not _is_among((approver,), hands.me):
        return Words(
            fr=f"Le nom « {approver} » est cru : il est tapé dans la session de {hands.editors[0]}, qui a modifié le numéro en dernier.",
            en=f"The name “{approver}” is believed: it is typed in the session of {hands.editors[0]}, who edited the issue last.",
        )
    return None


# Names --------------------------------------------------------------------------------------------------------------------------------


def same_person(one: str, other: str) -> bool:
    """Whether two names or addresses can be one person's: all words of one are among the other's («Anne», «Anne Martin», «anne.martin@…»)."""
    first, second = _words(one), _words(other)
    return bool(first and second) and (first <= second or second <= first)


def _is_among(names: Iterable[str], others: Iterable[str]) -> bool:
    known = tuple(others)
    return any(same_person(name, other) for name in names for other in known)


def _words(name: str) -> frozenset[str]:
    """Without accents and case; of an address what stands before the @."""
    bare = unicodedata.normalize("NFKD", name.partition("@")[0]).casefold()
    plain = "".join(char for char in bare if not unicodedata.combining(char))
    return frozenset(re.findall(r"[^\W_]+", plain))


def _names(person: Person | None) -> tuple[str, ...]:
    return tuple(name for name in (person.name, person.email) if name) if person else ()


def _me(history: History | None) -> Person | None:
    return history.me if history else None


def _machine_names() -> tuple[str, ...]:
    try:
        return _account_names(pwd.getpwnam(getpass.getuser()))
    except (KeyError, OSError):
        return ()


def _owner(folder: Path) -> tuple[str, ...]:
    """Names of the account that owns the source written last."""
    try:
        written = [file.stat() for file in folder.glob("*.md")]
        return _account_names(pwd.getpwuid(max(written, key=lambda stat: stat.st_mtime_ns).st_uid)) if written else ()
    except (KeyError, OSError):
        return ()


def _account_names(entry: pwd.struct_passwd) -> tuple[str, ...]:
    """The login, and the full name where the system keeps one."""
    full = entry.pw_gecos.partition(",")[0].strip()
    return tuple(dict.fromkeys(filter(None, (entry.pw_name, full))))
