"""The vigil: while something is scheduled, the doctor looks now and then at what is about to fail, and the desk is told while it can mend it.

On a thread of its own: an examination asks the world and takes seconds. Disk and public pages have their own watches as well (``room``,
``page_watch``); what they and the vigil see under one name is told once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from composer.ledger import Ledger
from composer.model.mailing import Mailing, MailingState
from composer.model.observation import Observation
from composer.words import Words
from composer.workflow.page_watch import ABOUT as PUBLIC_URL
from composer.workflow.telling import said
from composer.workspace import Workspace

_log = logging.getLogger(__name__)

LOOK_S = 2.0
EVERY = timedelta(hours=6)
AHEAD = timedelta(hours=2)  # the last look before the hour, with time left to mend
SURE_AFTER = timedelta(minutes=2)  # one bad moment is no trouble: it must be seen twice
KINDS = ("trouble", "mended")
PARTS = ("dns", "relay", "pages")
# Warnings that will be errors by themselves; the others are the desk's choice, and `hebdo doctor` tells them.
_SOON = frozenset({"relay-certificate-soon", "pages-certificate-soon", "caa-closed", "pages-address-dead"})
_SAME = {"pages-dead": PUBLIC_URL}
_MOST_ABOUT = 24  # characters: of the ledger's column

Examine = Callable[[], Sequence[Observation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """When the vigil looked last, and for which mailings."""

    at: datetime
    mailings: frozenset[int]
    is_sure: bool = True  # whether what it saw was seen twice


def is_due(scheduled: Iterable[Mailing], looked: Looked | None, now: datetime) -> bool:
    """Whether to look now: at something newly scheduled, every six hours, two hours before the hour, and again to be sure."""
    waiting = {mailing.id: mailing.due_at for mailing in scheduled}
    if not waiting:
        return False
    if looked is None or not looked.mailings >= waiting.keys() or looked.at > now:  # a clock that was put back
        return True
    since = now - looked.at
    if since >= EVERY or (not looked.is_sure and since >= SURE_AFTER):
        return True
    return any(looked.at < due_at - AHEAD <= now < due_at for due_at in waiting.values())


def find_troubles(seen: Iterable[Observation]) -> dict[str, Observation]:
    """What would keep a mailing from arriving, by the name under which it is told; two relays with one trouble are told together."""
    troubles: dict[str, Observation] = {}
    for one in seen:
        if one.level == "error" or (one.level == "warning" and one.code in _SOON):
            before = troubles.get(_about(one.code))
            troubles[_about(one.code)] = _together(before, one) if before and one.part == "relay" else one
    return troubles


class Vigil:
    """One thread beside the clock, until ``close``."""

    def __init__(
        self,
        workspace: Workspace,
        ledger: Ledger,
        *,
        now: Callable[[], datetime],
        may_tell: Callable[[], bool],
        examine: Examine | None = None,
    ) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._now = now
        self._may_tell = may_tell
        self._examine = examine or self._ask_doctor
        self._looked: Looked | None = None
        self._before: frozenset[str] = frozenset()  # what the last look saw
        self._told: set[str] = set()  # by this vigil
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hebdo-vigil", daemon=True)

    def start(self) -> None:
        """Begin; nothing is examined where nothing leaves for readers."""
        newsletter = self._workspace.newsletter
        if newsletter.transport.kind != "folder" and not newsletter.site.rehearsal:
            self._thread.start()

    def close(self) -> None:
        """End; an examination under way is left behind."""
        self._ending.set()

    def _run(self) -> None:
        while not self._ending.wait(LOOK_S):
            try:
                if self._may_tell():
                    self.look()
            except Exception as error:  # noqa: BLE001 - it outlives whatever goes wrong in one look
                _log.warning("the vigil: %s", error)

    def look(self) -> bool:
        """One look; whether it was time for an examination."""
        now, scheduled = self._now(), self._ledger.mailings.in_states(MailingState.SCHEDULED)
        if not is_due(scheduled, self._looked, now):
            return False
        # Until all is told it counts as unsure: what fails below is tried again soon, and not with every look.
        looked = Looked(at=now, mailings=frozenset(mailing.id for mailing in scheduled), is_sure=False)
        self._looked = looked
        seen = self._examine()
        if self._ending.is_set():
            return False
        troubles = find_troubles(seen)
        hurried = any(mailing.due_at - now < SURE_AFTER * 2 for mailing in scheduled)
        sure = {about for about in troubles if about in self._before or hurried}
        self._before = frozenset(troubles)
        upcoming = min(scheduled, key=lambda mailing: (mailing.due_at, mailing.id))
        self._tell({about: troubles[about] for about in sure}, upcoming)
        self._tell_mended(seen, troubles)
        self._looked = replace(looked, is_sure=sure == set(troubles))
        return True

    def _ask_doctor(self) -> Sequence[Observation]:
        from composer.workflow.doctoring import examine

        return examine(self._workspace, None, now=self._now(), only=PARTS)

    def _tell(self, troubles: dict[str, Observation], upcoming: Mailing) -> None:
        for about, one in troubles.items():
            last = self._ledger.notices.last(KINDS, about=about)
            if last is None or last.kind == "mended":
                self._told.add(about)
                words = said(self._workspace, _trouble_words(one, upcoming))
                self._ledger.notices.add_unless_last(KINDS, mailing_id=None, kind="trouble", words=words, about=about, now=self._now())

    def _tell_mended(self, seen: Sequence[Observation], troubles: dict[str, Observation]) -> None:
        """Of a part that could not be examined to its end nothing is said: what was not seen may still be there."""
        unclear = {one.part for one in seen if one.level == "unknown"}
        parts = {_about(code): part for code, part in _known_parts().items()}
        for open_ in self._ledger.notices.open_troubles(*KINDS):
            part = parts.get(open_.about)
            is_others = open_.about == PUBLIC_URL and PUBLIC_URL not in self._told
            if part is None or part in unclear or open_.about in troubles or is_others:
                continue
            words = said(self._workspace, _mended_words(open_.words))
            self._ledger.notices.add_unless_last(KINDS, mailing_id=None, kind="mended", words=words, about=open_.about, now=self._now())


def _together(first: Observation, second: Observation) -> Observation:
    return replace(second, saw=Words(fr=f"{first.saw.fr} {second.saw.fr}", en=f"{first.saw.en} {second.saw.en}"))


def _known_parts() -> dict[str, str]:
    from composer.check.doctor.codes import CODES

    return {code.name: code.part for code in CODES.values()}


def _about(code: str) -> str:
    return _SAME.get(code, code)[:_MOST_ABOUT]


def _trouble_words(one: Observation, upcoming: Mailing) -> Words:
    mend = one.mend or Words(fr="", en="")
    return Words(
        fr=f"À réparer avant le départ de {upcoming.issue_id} : {one.saw.fr} {mend.fr} Le détail : `hebdo doctor`",
        en=f"To mend before {upcoming.issue_id} leaves: {one.saw.en} {mend.en} The detail: `hebdo doctor`",
    )


def _mended_words(before: str) -> Words:
    """What was told is over; ``before`` is that notice."""
    first = (before.partition(": ")[2] or before).partition(". ")[0].rstrip(".")
    return Words(fr=f"Réparé : {first} – ce n’est plus le cas.", en=f"Mended: {first} – no longer so.")
