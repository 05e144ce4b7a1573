"""Figures for a monitor: what the ledger and the engine know at this moment. Names by Prometheus' conventions, units in them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from composer.errors import HebdoError
from composer.ledger import Ledger
from composer.ledger.mailings import ALIVE
from composer.model.mailing import DeliveryState, MailingFigures, MailingState
from composer.model.notice import Channel
from composer.workflow.alerting import STALE
from composer.workflow.sending_room import Standing, utc_now
from composer.workspace import Workspace
from composer.workspace.shipped import own_version

REMEMBERED = timedelta(days=1)  # so long a mailing that ended is still shown
FRESH_S = 2.0  # two monitors that ask at once cost one count
OPEN = (DeliveryState.PENDING, DeliveryState.SUBMITTING, DeliveryState.DEFERRED)


class Engine(Protocol):
    """What is asked of the engine room."""

    @property
    def silent_s(self) -> float:
        """How long ago the clock's last beat ended."""
        ...

    @property
    def is_sender(self) -> bool:
        """Whether it holds the sender's lock."""
        ...

    @property
    def standing(self) -> Standing:
        """How its sender stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One value with what tells it from others of its name."""

    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All values of one name."""

    name: str  # a counter's without «_total»
    kind: Literal["gauge", "counter"]
    words: str  # English, as all of Prometheus
    samples: tuple[Sample, ...]


class Meter:
    """Reads on demand; keeps nothing but the last count."""

    def __init__(self, workspace: Workspace, ledger: Ledger, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._now = clock
        self._kept: tuple[float, tuple[Family, ...]] | None = None
        self.engine: Engine | None = None  # None until it runs

    def families(self) -> tuple[Family, ...]:
        """All figures; without those of the ledger where it cannot be read, which one of them says."""
        return (*self._engine_families(), *self._ledger_families())

    def _engine_families(self) -> Iterator[Family]:
        yield _one("hebdo_build_info", "Version of Hebdo", 1, version=own_version())
        if (engine := self.engine) is None:
            return
        standing, work = engine.standing, engine.standing.work
        yield _one("hebdo_sender_active", "1 where this process sends, 0 where it stands by", engine.is_sender)
        yield _one("hebdo_clock_beat_age_seconds", "Time since the clock's last beat", engine.silent_s)
        attempts = [Sample(value=count, labels={"stage": stage, "code": code}) for stage, code, count in work.attempts]
        yield _many("hebdo_attempts", "Attempts by the stage where they ended and the class of the reply", attempts, kind="counter")
        yield _one("hebdo_submitted_messages_per_second", "Messages that the mail server took, over the last ten seconds", work.rate)
        known = {"configured": work.connections, "allowed": work.allowed, "open": work.open}
        connections = [Sample(value=count, labels={"state": state}) for state, count in known.items() if count is not None]
        yield _many("hebdo_connections", "Connections to the mail server", connections)
        yield _one("hebdo_way_out_waiting", "1 while the mail server takes nothing and the mailing waits", bool(standing.trouble))
        yield _one("hebdo_way_out_silent_seconds", "For how long the mail server has not answered, 0 while it does", standing.way.silent_s)
        yield _one("hebdo_ledger_writable", "0 while the ledger cannot be written", standing.failure is None)
        yield _one("hebdo_ledger_write_failures", "Writes that the ledger refused", work.ledger_failures, kind="counter")
        yield _one("hebdo_attempts_unlogged", "Attempts that are missing in var/log", work.unlogged, kind="counter")

    def _ledger_families(self) -> tuple[Family, ...]:
        if self._kept is not None and time.monotonic() - self._kept[0] < FRESH_S:
            return self._kept[1]
        try:
            read = (*self._mailing_families(), self._untold(), _one("hebdo_ledger_readable", "0 while the ledger cannot be read", 1))
        except HebdoError:
            return (_one("hebdo_ledger_readable", "0 while the ledger cannot be read", 0),)
        self._kept = (time.monotonic(), read)
        return read

    def _mailing_families(self) -> Iterator[Family]:
        known = self._ledger.mailings.in_states()
        since = self._now() - REMEMBERED
        shown = [one for one in known if one.state in ALIVE or (one.finished_at is not None and one.finished_at >= since)]
        figures = [found for one in shown if (found := self._ledger.headcount.of(one.id)) is not None]
        launched = [one for one in figures if one.mailing.audience is not None]
        by_state = {state: sum(one.state is state for one in known) for state in MailingState}
        states = [Sample(value=count, labels={"state": state.value}) for state, count in by_state.items()]
        yield _many("hebdo_mailings", "Mailings by state", states)
        deliveries = [Sample(value=count, labels=_labels(one) | {"state": state.value}) for one in launched for state, count in one.counts]
        yield _many("hebdo_deliveries", "Deliveries by mailing and state; the states add up to the audience", deliveries)
        audience = [Sample(value=one.mailing.audience or 0, labels=_labels(one)) for one in launched]
        yield _many("hebdo_audience", "Audience of a mailing", audience)
        left = [one for one in launched if one.mailing.state in ALIVE]
        queue = sum(count for one in left for state, count in one.counts if state in OPEN)
        yield _one("hebdo_queue_remaining", "Deliveries that are not settled, of mailings that have not ended", queue)

    def _untold(self) -> Family:
        """Only of the ways to the desk that are set up."""
        desk, since = self._workspace.newsletter.desk, self._now() - STALE
        channels: dict[Channel, bool] = {"mail": bool(desk.alert), "webhook": bool(desk.alert_webhook)}
        waiting = [
            Sample(value=len(self._ledger.notices.untold(channel, since=since)), labels={"channel": channel})
            for channel, is_set in channels.items()
            if is_set
        ]
        return _many("hebdo_notices_untold", "Notices that the desk has not been told yet", waiting)


def _labels(figures: MailingFigures) -> dict[str, str]:
    return {"mailing": str(figures.mailing.id), "issue": figures.mailing.issue_id}


def _one(name: str, words: str, value: float, *, kind: Literal["gauge", "counter"] = "gauge", **labels: str) -> Family:
    return Family(name=name, kind=kind, words=words, samples=(Sample(value=float(value), labels=labels),))


def _many(name: str, words: str, samples: list[Sample], *, kind: Literal["gauge", "counter"] = "gauge") -> Family:
    return Family(name=name, kind=kind, words=words, samples=tuple(samples))
