"""How fast messages may leave: what the sender asks before it takes one, and tells when one has ended.

One ``Pace`` per sender, in its event loop. Only one process sends (a lock says which), so memory is the right place for it.
What a restart forgets: buckets begin empty, so no restart is a fresh burst; a domain that was closed is tried again by one
delivery, and closed anew by its third «later».

The sender, for each delivery::

    if pace.is_free: …                                       # nothing need be asked or told
    at_s = pace.next_at(domain, mailing.id, now_s)           # before it is taken; or its parts: all_at, mailing_at, domain_at
    if at_s:                                                 # not now
        …keep a few per domain in hand, and give the others back with
        ledger.postpone([(delivery_id, now + (pace.queue(domain, now_s) - now_s))], worker=…, now=now)
    else:
        pace.took(domain, mailing.id, now_s)                 # in the same breath: no await between the two
        outcome = await transport.submit(message)
        until_s = pace.ended(domain, outcome, now_s, chance=…)
        # 0.0: judge_outcome as ever.
        # GIVE_UP: judge_outcome(outcome, MAX_ATTEMPTS, …): the domain has taken nothing for 48 h.
        # else: as ever, but retry_at = max(retry_at, now + (until_s - now_s)): the domain is closed until then.

Sending hours are of the wall and not of this object: asked once a minute, nothing is claimed while
``hours.fit(now, schedule.hours, zone) > now``; and each ``retry_at`` becomes ``hours.fit(retry_at, schedule.hours, zone)``.

Who was taken and did not leave after all (lease lost, reader gone) is told by ``pace.dropped(domain)``. All seconds are
those of ``time.monotonic``; ``chance`` is -1 … 1. Nothing here allocates for a domain that no limit is about.
"""

from __future__ import annotations

from composer.deliver.backoff import GIVE_UP, BackOff, is_later
from composer.deliver.families import family_of
from composer.deliver.rates import Bucket
from composer.model.mailing import Outcome, Stage
from composer.model.pace import PaceSettings, Rate

__all__ = ["BUSY_S", "GIVE_UP", "Pace"]

BUSY_S = 0.25  # when to ask again for a domain that has as many on the wire as it takes
ROW_S = 300.0  # who waits for a domain without a rate comes back within so long after it opens


class Pace:
    """The limits of one sender: all relays together, each mailing, each family of domains."""

    __slots__ = ("_all", "_backs", "_connections", "_domains", "_mailing", "_mailings", "_queues")

    def __init__(self, settings: PaceSettings, *, transport: Rate | None = None, connections: int, now_s: float) -> None:
        self._connections = connections
        self._all = None if transport is None else Bucket(transport, now_s=now_s)
        self._mailing = settings.mailing
        self._mailings: dict[int, Bucket] = {}
        self._domains = {family_of(domain): Bucket(rate, now_s=now_s) for domain, rate in settings.domains}
        self._queues = {family_of(domain): (rate.each_s, now_s) for domain, rate in settings.domains}
        self._backs: dict[str, BackOff] = {}

    @property
    def is_free(self) -> bool:
        """Whether there is no limit and no domain in trouble."""
        return not self._backs and not self._domains and self._all is None and self._mailing is None

    def next_at(self, domain: str, mailing_id: int, now_s: float) -> float:
        """0.0 when a message to ``domain`` may leave now; else the moment from which to ask again."""
        return max(self.all_at(now_s), self.mailing_at(mailing_id, now_s), self.domain_at(domain, now_s))

    def all_at(self, now_s: float) -> float:
        """The same for any message at all."""
        return 0.0 if self._all is None else self._all.next_at(now_s)

    def mailing_at(self, mailing_id: int, now_s: float) -> float:
        """The same as far as its mailing's own rate goes."""
        return 0.0 if self._mailing is None else self._of_mailing(mailing_id, now_s).next_at(now_s)

    def domain_at(self, domain: str, now_s: float) -> float:
        """The same as far as its domain goes."""
        if not self._domains and not self._backs:
            return 0.0
        family = family_of(domain)
        bucket, back = self._domains.get(family), self._backs.get(family)
        at_s = 0.0 if bucket is None else bucket.next_at(now_s)
        return at_s if back is None else max(at_s, back.next_at(now_s, busy_s=BUSY_S))

    def room(self, domain: str, within_s: float) -> int:
        """How many that wait for ``domain`` are worth keeping in hand: those that may leave ``within_s``."""
        each_s, _ = self._queues.get(family_of(domain), (BUSY_S, 0.0))
        return max(1, self._connections if each_s == BUSY_S else int(within_s / each_s))

    def took(self, domain: str, mailing_id: int, now_s: float) -> None:
        """A message to ``domain`` is about to leave."""
        if self._all is not None:
            self._all.take(now_s)
        if self._mailing is not None:
            self._of_mailing(mailing_id, now_s).take(now_s)
        if not self._domains and not self._backs:
            return
        family = family_of(domain)
        if (bucket := self._domains.get(family)) is not None:
            bucket.take(now_s)
        if (back := self._backs.get(family)) is not None:
            back.on_the_wire += 1

    def ended(self, domain: str, outcome: Outcome, now_s: float, *, chance: float = 0.0, counted: bool = True) -> float:
        """How it ended; ``counted`` when ``took`` was told of it. Gives 0.0, or until when this domain is closed, or ``GIVE_UP``: see above."""
        later = is_later(outcome)
        if not later and not self._backs:
            return 0.0
        family = family_of(domain)
        back = self._backs.get(family)
        if back is None:
            if not later:
                return 0.0
            back = self._backs[family] = BackOff(connections=self._connections)
        elif counted and back.on_the_wire:
            back.on_the_wire -= 1
        if later:
            return back.later(outcome, now_s, chance=chance)
        if outcome.stage is Stage.DONE:
            back.taken()
            if back.is_over:
                self._forget_back(family)
        return 0.0

    def dropped(self, domain: str) -> None:
        """What was taken did not leave after all."""
        back = self._backs.get(family_of(domain))
        if back is not None and back.on_the_wire:
            back.on_the_wire -= 1

    def queue(self, domain: str, now_s: float) -> float:
        """When a delivery that cannot be kept in hand should come back: each call gives the next place in the domain's row.

        Without it, all that waits for a slow domain would be claimed and given back again and again. Without a rate nobody knows how long the
        row is, and the domain may recover at once: its places come round again after ``ROW_S``.
        """
        family = family_of(domain)
        back = self._backs.get(family)
        open_s = max(now_s, back.closed_until_s) if back is not None else now_s
        each_s, last_s = self._queues.get(family, (BUSY_S, now_s))
        at_s = max(open_s, last_s) + each_s
        if family not in self._domains and at_s > open_s + ROW_S:
            at_s = open_s + each_s
        if family in self._domains or back is not None:
            self._queues[family] = (each_s, at_s)
        return at_s

    def begin(self, now_s: float) -> None:
        """A mailing begins: the rows of places that an earlier one filled do not keep it waiting, the rates do."""
        self._queues = {family: (each_s, min(last_s, now_s)) for family, (each_s, last_s) in self._queues.items()}

    def forget(self, mailing_id: int) -> None:
        """A mailing is finished; so is what a domain said once and never again."""
        self._mailings.pop(mailing_id, None)
        for family in [family for family, back in self._backs.items() if back.is_harmless]:
            self._forget_back(family)

    def closed(self, now_s: float) -> tuple[tuple[str, float], ...]:
        """The families that are closed now, each with the moment at which it is tried again."""
        return tuple((family, back.closed_until_s) for family, back in self._backs.items() if back.closed_until_s > now_s)

    def _forget_back(self, family: str) -> None:
        del self._backs[family]
        if family not in self._domains:
            self._queues.pop(family, None)

    def _of_mailing(self, mailing_id: int, now_s: float) -> Bucket:
        bucket = self._mailings.get(mailing_id)
        if bucket is None:
            assert self._mailing is not None  # noqa: S101 - asked only where there is a rate
            bucket = self._mailings[mailing_id] = Bucket(self._mailing, now_s=now_s)
        return bucket
