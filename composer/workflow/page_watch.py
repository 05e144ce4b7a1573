"""Looks at the readers' pages before a mailing leaves and while it runs: what is dead is told when it can still be mended.

On a thread of its own: a site that does not answer slows neither the clock nor the sender. A launch waits for a person while the pages are
dead; where they cannot be asked it waits too, unless they answered when it was scheduled, or a person said yes (docs/decisions.md).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from composer.check.measures import SiteMeasure
from composer.check.reach import url_problem
from composer.check.site_words import site_words
from composer.ledger import Ledger
from composer.model.mailing import Mailing, MailingState
from composer.words import NOTHING, Words
from composer.workflow.public_pages import public_pages_answer
from composer.workflow.telling import said
from composer.workflow.tried_pages import UNTRIED, Tried
from composer.workspace import Workspace

_log = logging.getLogger(__name__)

LOOK_S = 1.0
AHEAD = timedelta(minutes=15)  # how long before its hour a mailing's pages are looked at
CALM_S = 300.0  # between two asks of pages that answer
UNSURE_S = 20.0  # between two asks of pages that do not: one bad moment is no outage
SURE = 2  # asks in a row
KINDS = ("trouble", "mended")
ABOUT = "public-url"

Ask = Callable[[Mailing], SiteMeasure | None]


class PageWatch:
    """One thread beside the clock, until ``close``."""

    def __init__(
        self, workspace: Workspace, ledger: Ledger, *, now: Callable[[], datetime], may_tell: Callable[[], bool], ask: Ask | None = None
    ) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._now = now
        self._may_tell = may_tell
        self._ask = ask or self._ask_pages
        self._ask_at = 0.0  # monotonic, s
        self._last: SiteMeasure | None = None  # what the last asks saw
        self._times = 0  # that they saw it: dead, or not to be asked
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hebdo-page-watch", daemon=True)

    def start(self) -> None:
        """Begin; nothing is asked where nothing leaves for readers."""
        if self._has_pages:
            self._thread.start()

    @property
    def _has_pages(self) -> bool:
        newsletter = self._workspace.newsletter
        site = newsletter.site
        fit = url_problem(site.public_url, rehearsal=False) is None
        return newsletter.transport.kind != "folder" and not site.rehearsal and site.self_check and fit

    def close(self) -> None:
        """End; an ask under way is left behind."""
        self._ending.set()

    def trouble(self) -> Words | None:
        """Why a launch waits: dead pages, seen more than once; None while they answer or are not known."""
        last = self._last  # the other thread may forget it at any moment
        return self._words() if last is not None and last.is_dead and self._times >= SURE else None

    def tried(self) -> Tried:
        """Whether the pages were asked at all: one bad moment of a name server is none."""
        if not self._has_pages:
            return "yes"
        last = self._last
        if last is None or (self._times < SURE and last.seen == "unasked"):
            return "not-yet"
        return "no" if last.seen == "unasked" else "yes"

    def _words(self) -> Words:
        last = self._last
        if last is None:
            return NOTHING
        seen, mend = site_words(last, self._workspace.newsletter.site)
        return Words(fr=f"{seen.fr} {mend.fr}", en=f"{seen.en} {mend.en}")

    def _run(self) -> None:
        while not self._ending.wait(LOOK_S):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - it outlives whatever goes wrong in one look
                _log.warning("the page watch: %s", error)

    def look(self) -> None:
        """One look; asks when it is time to."""
        if time.monotonic() < self._ask_at:
            return
        mailing = self._near()
        if mailing is None:
            self._last, self._times = None, 0  # what was seen then holds no later mailing back
            return
        answer = self._ask(mailing)
        well = answer is not None and answer.seen == "alive"
        self._times = self._times + 1 if _kind(answer) == _kind(self._last) else 1
        self._last = answer
        self._ask_at = time.monotonic() + (CALM_S if well or answer is None else UNSURE_S)
        self._tell(mailing, answer)

    def _near(self) -> Mailing | None:
        """A mailing whose readers will want the pages soon, or want them now."""
        soon = self._now() + AHEAD
        open_ = self._ledger.mailings.in_states(MailingState.SCHEDULED, MailingState.RUNNING)
        return next((one for one in open_ if one.state is MailingState.RUNNING or one.due_at <= soon), None)

    def _ask_pages(self, mailing: Mailing) -> SiteMeasure | None:
        return public_pages_answer(self._workspace, self._ledger.editions.get(mailing.issue_id, mailing.digest))

    def _tell(self, mailing: Mailing, answer: SiteMeasure | None) -> None:
        if not self._may_tell() or self._ending.is_set():
            return
        kind, words = "trouble", self.trouble() or self._unseen(mailing)
        if words is None:
            last = self._ledger.notices.last(KINDS, about=ABOUT)
            if answer is None or answer.seen != "alive" or last is None or last.kind == "mended":
                return
            kind, words = "mended", site_words(answer, self._workspace.newsletter.site)[0]
        elif mailing.state is MailingState.SCHEDULED:
            words = Words(
                fr=f"{words.fr} Sans cela, {mailing.issue_id} ne partira pas à l’heure.",
                en=f"{words.en} Unmended, {mailing.issue_id} will not leave on time.",
            )
        text = said(self._workspace, words)
        self._ledger.notices.add_unless_last(KINDS, mailing_id=None, kind=kind, words=text, about=ABOUT, now=self._now())

    def _unseen(self, mailing: Mailing) -> Words | None:
        """What is told of pages that cannot be asked: only where the launch would wait for it."""
        waits = mailing.state is MailingState.SCHEDULED and UNTRIED not in mailing.accepted
        return self._words() if waits and self.tried() == "no" else None


def _kind(answer: SiteMeasure | None) -> str:
    """Alive, unasked or dead: one outage shows itself in many ways."""
    return "" if answer is None else "dead" if answer.is_dead else answer.seen
