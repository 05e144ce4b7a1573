"""When a worker that is to end has nothing left to do: asked of its own sender and of the ledger."""

from __future__ import annotations

import time
from datetime import datetime

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.model.mailing import DeliveryState, MailingFigures, MailingState
from composer.workflow.attendance import OPEN
from composer.workflow.engine_room import EngineRoom
from composer.workflow.sending_room import utc_now

STUCK_S = 5.0
BUSY = (DeliveryState.PENDING, DeliveryState.SUBMITTING)


class Patience:
    """How long a worker that is to end waits for a ledger that cannot be written: a full disk does not empty itself."""

    def __init__(self, room: EngineRoom) -> None:
        """For as long as ``room`` is open."""
        self._room = room
        self._since = time.monotonic()
        self.failure: HebdoError | None = None

    @property
    def is_over(self) -> bool:
        """Whether the ledger has refused for ``STUCK_S``; once over, it stays so."""
        if self.failure is not None and time.monotonic() - self._since > STUCK_S:
            return True
        found = self._room.standing.failure
        if found is None or self.failure is None:
            self._since = time.monotonic()
        self.failure = found
        return False


def is_at_work(room: EngineRoom, ledger: Ledger) -> bool:
    """Whether something leaves or is about to. The sender is asked twice: what it leased while the ledger was being asked, neither would have told."""
    return room.is_busy or _is_busy(ledger, utc_now()) or room.is_busy


def _is_busy(ledger: Ledger, now: datetime) -> bool:
    """Whether something is due now, on the wire, or in its hold window."""
    if ledger.mailings.due(now=now):
        return True
    return any(_is_moving(ledger, found, now) for found in _running_figures(ledger)) or bool(ledger.mailings.running(now=now))


def _is_moving(ledger: Ledger, figures: MailingFigures, now: datetime) -> bool:
    """Whether a running mailing has anything else left than what is planned for an hour to come, and what waits for another attempt."""
    mailing = figures.mailing
    if mailing.hold_until is not None and mailing.hold_until > now:
        return True
    to_come = sum(readers for _, readers in ledger.planning.to_come(mailing.id, now=now))
    return figures.count(*BUSY) > to_come or not (to_come or figures.count(DeliveryState.DEFERRED))


def is_something_left(ledger: Ledger) -> bool:
    """Whether a way out that is down keeps anybody waiting."""
    return any(found.count(*OPEN) for found in _running_figures(ledger))


def _running_figures(ledger: Ledger) -> list[MailingFigures]:
    running = ledger.mailings.in_states(MailingState.RUNNING)
    return [found for mailing in running if (found := ledger.mailings.figures(mailing.id))]
