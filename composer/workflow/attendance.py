"""What whoever started us sees while we are up: a line for each notice, and systemd's signs of life as long as the clock beats."""

from __future__ import annotations

import logging
import time

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, MailingState
from composer.model.notice import KINDS, Notice
from composer.outside.supervisor import Supervisor
from composer.words import Language, Words

_log = logging.getLogger(__name__)

LOOK_S = 1.0
STATUS_S = 5.0
STILL_S = 120.0  # a beat may wait for the ledger several times; a clock that has not ended one for so long hangs
WARNS = frozenset(list(KINDS)[: list(KINDS).index("undone")])  # those that wait for a person
OPEN = (DeliveryState.PENDING, DeliveryState.DEFERRED, DeliveryState.SUBMITTING)


class Attendance:
    """One per process that stays up; ``look`` is called often and does something once a second."""

    def __init__(self, ledger: Ledger, supervisor: Supervisor | None = None, *, language: Language) -> None:
        self._ledger = ledger
        self._language = language  # the desk's, which its notices are written in
        self._supervisor = supervisor or Supervisor()
        self._look_at = self._status_at = self._alive_at = 0.0
        self._seen = ledger.notices.newest_id()  # the newest notice that was there before us, or that was logged
        self._status = ""

    def ready(self) -> None:
        """Says that pages, clock and sender run."""
        self._supervisor.tell(READY="1", STATUS=self._words())

    def ending(self) -> None:
        """Says that the end was asked for: what is on the wire ends first."""
        self._supervisor.tell(STOPPING="1", STATUS="…")

    def look(self, silent_s: float) -> None:
        """Logs what is new; says that we live, unless the clock has been silent for too long."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_S
        try:
            self._log_notices()
        except HebdoError as error:
            _log.warning("%s", error)
        if not self._supervisor.is_there:
            return
        if self._supervisor.patience_s and now >= self._alive_at and silent_s < STILL_S:
            self._alive_at = now + self._supervisor.patience_s / 4
            self._supervisor.tell(WATCHDOG="1")
        if now >= self._status_at:
            self._status_at = now + STATUS_S
            if (words := self._words()) != self._status:
                self._status = words
                self._supervisor.tell(STATUS=words)

    def _log_notices(self) -> None:
        for notice in self._ledger.notices.after(self._seen):
            self._seen = notice.id
            _log.log(logging.WARNING if notice.kind in WARNS else logging.INFO, "%s", _line(notice, self._language))

    def _words(self) -> str:
        """How far it is, for ``systemctl status``: in figures, which every language reads."""
        try:
            running = self._ledger.mailings.in_states(MailingState.RUNNING)
            figures = [found for mailing in running if (found := self._ledger.mailings.figures(mailing.id))]
        except HebdoError as error:
            return str(error)
        parts = []
        for one in figures:
            left = sum(count for state, count in one.counts if state in OPEN)
            parts.append(f"{one.mailing.issue_id} {(one.mailing.audience or 0) - left}/{one.mailing.audience or 0}")
        return ", ".join(parts) or "–"


def _line(notice: Notice, language: Language) -> str:
    told = KINDS.get(notice.kind, Words(fr=notice.kind, en=notice.kind))
    colon = "\u00a0:" if language == "fr" else ":"
    about = "" if not notice.issue_id or notice.words.startswith(notice.issue_id) else f"{notice.issue_id}{colon} "
    return " ".join(f"[{told.in_language(language)}] {about}{notice.words} {notice.detail}".split())
