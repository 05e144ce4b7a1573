"""Who left after a backup was taken: said when it is put back, asked before the first mailing, brought back from what survived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from composer.errors import LedgerError, NotFound, UsageError
from composer.ledger import Ledger
from composer.ledger.left_log import NAME as LEFT_LOG
from composer.ledger.left_log import hash_token, read_left
from composer.ledger.old_ledger import is_ledger, read_departures
from composer.words import Words, counted
from composer.workflow.telling import said
from composer.workspace import Workspace
from composer.workspace.archive import LEDGER

MISSING, KNOWN = "left-missing", "left-known"
KINDS = (MISSING, KNOWN)
CAUGHT_UP = "catch-up"  # how they left, where the source does not say

WAYS = Words(
    fr="Pour les reprendre : `hebdo subscribers catch-up ANCIEN-DOSSIER` (ou son var/left.log, ou le journal du serveur web), "
    "ou `hebdo suppressions import partis.csv`, puis `--yes`.",
    en="To bring them back: `hebdo subscribers catch-up OLD-FOLDER` (or its var/left.log, or the web server’s log), "
    "or `hebdo suppressions import gone.csv`, then `--yes`.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """What a source said of those who left."""

    named: int  # people who left, by the source
    taken_off: int  # of these, were still written to by this ledger
    suppressed: int  # addresses that went on the suppressions
    strangers: int  # lines of a log that name nobody here: they came after the backup
    is_whole: bool = False  # the source knows of everybody who left, and not only of those whom it names

    @property
    def words(self) -> Words:
        """The sentence that says what happened."""
        people = counted(self.named, ("personne partie", "personnes parties"), ("person who left", "people who left"))
        off = counted(self.taken_off, ("désinscrite ici", "désinscrites ici"), ("taken off here", "taken off here"))
        out = counted(self.suppressed, ("adresse exclue", "adresses exclues"), ("address suppressed", "addresses suppressed"))
        rest = counted(self.strangers, ("inconnue ici", "inconnues ici"), ("unknown here", "unknown here"))
        return Words(fr=f"{people.fr} : {off.fr}, {out.fr}, {rest.fr}.", en=f"{people.en}: {off.en}, {out.en}, {rest.en}.")

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        return asdict(self)


def missing_words(since: Words) -> Words:
    """What a copy does not know; ``since``: «dimanche 22 novembre 2026 à 13 h 51», empty where that is unknown."""
    if not since.fr:
        return Words(
            fr="Des désinscriptions peuvent manquer dans cette copie : qui est parti ensuite recevrait de nouveau la lettre.",
            en="Unsubscriptions may be missing in this copy: who left later would get the newsletter again.",
        )
    return Words(
        fr=f"Les désinscriptions depuis le {since.fr} manquent dans cette copie : qui est parti ensuite recevrait de nouveau la lettre.",
        en=f"The unsubscriptions since {since.en} are missing in this copy: who left later would get the newsletter again.",
    )


def catch_up(workspace: Workspace, ledger: Ledger, source: Path, *, now: datetime) -> CaughtUp:
    """Takes everybody off who left by ``source``: a newsletter's folder, a ledger, ``left.log``, or a web server's log. Revives nobody.

    Works before ``hebdo home claim`` too. Raises NotFound, LedgerError, and OSError for a file that cannot be read.
    """
    done = _from_file(ledger, source, now) if source.is_file() else _from_folder(ledger, source, now)
    _settle(workspace, ledger, done, now)
    return done


def catch_up_lines(workspace: Workspace, ledger: Ledger, lines: Iterable[bytes], *, now: datetime) -> CaughtUp:
    """The same from the lines of a log."""
    done = _from_log(ledger, lines, now)
    _settle(workspace, ledger, done, now)
    return done


def _settle(workspace: Workspace, ledger: Ledger, done: CaughtUp, now: datetime) -> None:
    """A log that names nobody proves nothing: it may be the wrong one."""
    if done.named or done.is_whole:
        settle(workspace, ledger, done.words, now=now)


def record_missing(workspace: Workspace, ledger: Ledger, since: Words, *, taken_at: datetime | None, now: datetime) -> None:
    """Notes, and so tells the desk, that this ledger does not know who left since; not when they were brought back already."""
    last = ledger.notices.last(KINDS)
    if last is not None and last.kind == KNOWN and taken_at is not None and last.created_at > taken_at:
        return
    words = missing_words(since)
    text = said(workspace, Words(fr=f"{words.fr} {WAYS.fr}", en=f"{words.en} {WAYS.en}"))
    ledger.notices.add(mailing_id=None, kind=MISSING, words=text, now=now)


def what_is_missing(ledger: Ledger) -> Words | None:
    """What to ask before anything leaves; None when nothing is missing, or a person has said yes to it."""
    last = ledger.notices.last(KINDS)
    return Words(fr=last.words, en=last.words) if last is not None and last.kind == MISSING else None


def settle(workspace: Workspace, ledger: Ledger, words: Words, *, now: datetime) -> None:
    """Notes that nothing is missing any more, or that a person goes on without."""
    if what_is_missing(ledger) is not None or not ledger.home.is_here:
        ledger.notices.add(mailing_id=None, kind=KNOWN, words=said(workspace, words), now=now)


def go_on_without(workspace: Workspace, ledger: Ledger, *, now: datetime) -> None:
    """A person said yes: asked once, not at every issue."""
    if what_is_missing(ledger) is not None:
        words = Words(
            fr="Un envoi part sans les désinscriptions qui manquaient : quelqu’un a dit oui.",
            en="A mailing leaves without the unsubscriptions that were missing: somebody said yes.",
        )
        settle(workspace, ledger, words, now=now)


def _from_folder(ledger: Ledger, folder: Path, now: datetime) -> CaughtUp:
    """Its ledger, which knows all; its log where the ledger is gone or damaged."""
    old, log = folder / LEDGER, folder / "var" / LEFT_LOG
    if old.is_file():
        try:
            return _from_ledger(ledger, old, now)
        except LedgerError:
            if not log.is_file():
                raise
    if not log.is_file():
        raise _nothing(folder)
    return _from_file(ledger, log, now)


def _from_file(ledger: Ledger, file: Path, now: datetime) -> CaughtUp:
    if is_ledger(file):
        return _from_ledger(ledger, file, now)
    with file.open("rb") as lines:
        if lines.read(2) == b"\x1f\x8b":
            raise _packed(file)
        lines.seek(0)
        return _from_log(ledger, lines, now)


def _packed(file: Path) -> UsageError:
    return UsageError(
        Words(fr="Ce journal est compressé.", en="This log is compressed."),
        where=str(file),
        hint=Words(
            fr=f"Ouvrez-le en chemin : `zcat {file} | hebdo subscribers catch-up -`",
            en=f"Open it on the way: `zcat {file} | hebdo subscribers catch-up -`",
        ),
    )


def _nothing(source: Path) -> NotFound:
    return NotFound(
        Words(fr="Ni registre, ni left.log à cet endroit.", en="Neither a ledger nor left.log at this place."),
        where=str(source),
        hint=Words(
            fr="Nommez l’ancien dossier de la lettre, son var/ledger.sqlite, son var/left.log, ou le journal du serveur web.",
            en="Name the newsletter’s old folder, its var/ledger.sqlite, its var/left.log, or the web server’s log.",
        ),
    )


def _from_ledger(ledger: Ledger, file: Path, now: datetime) -> CaughtUp:
    departures, ids = read_departures(file), ledger.subscribers.ids()
    ours = ledger.subscribers.token_hashes()
    if file.resolve() == ledger.path or (ours and departures.tokens and ours.keys().isdisjoint(map(hash_token, departures.tokens))):
        raise _another(file)
    here = [(ids[key], by) for key, by in departures.left if key in ids]
    strangers = [key for key, _ in departures.left if key not in ids]
    off = sum(ledger.subscribers.leave(id_, by=by or CAUGHT_UP, now=now) for id_, by in here)
    out = ledger.suppressions.add_all(strangers, reason="unsubscribed", source=CAUGHT_UP, now=now)
    for reason in dict.fromkeys(why for _, why in departures.suppressed):
        keys = [key for key, why in departures.suppressed if why == reason]
        out += ledger.suppressions.add_all(keys, reason=reason, source=CAUGHT_UP, now=now)
    return CaughtUp(named=len(departures.left), taken_off=off, suppressed=out, strangers=len(strangers), is_whole=True)


def _another(file: Path) -> LedgerError:
    return LedgerError(
        Words(
            fr="Ce registre n’est pas l’ancien de cette lettre : c’est le sien, ou celui d’une autre.",
            en="This ledger is not the old one of this newsletter: it is its own, or that of another.",
        ),
        where=str(file),
        hint=Words(fr="Nommez le dossier d’où vient la sauvegarde.", en="Name the folder that the backup comes from."),
    )


def _from_log(ledger: Ledger, lines: Iterable[bytes], now: datetime) -> CaughtUp:
    hashes, ids = read_left(line.decode("utf-8", "replace") for line in lines), ledger.subscribers.token_hashes()
    here = [ids[one] for one in hashes if one in ids]
    off = sum(ledger.subscribers.leave(id_, by=CAUGHT_UP, now=now) for id_ in here)
    return CaughtUp(named=len(hashes), taken_off=off, suppressed=0, strangers=len(hashes) - len(here))
