"""Several relays: which one takes the next message, and which ones rest. A relay's failure is not the mailing's while another one works.

The sender, for each message::

    relay = relays.choose(now_s)             # smooth weighted round robin among those that are up and within their rate
    if relay is None: …                      # none now: ask again at relays.next_at(now_s), or in a moment when that is 0.0
    outcome = await …submit over that relay…
    verdict = relays.ended(relay, outcome, now_s, chance=…)      # or relays.dropped(relay): it did not leave after all

    Verdict.FINE      judge the outcome as ever (it speaks of the message, or of nothing)
    Verdict.ELSEWHERE the relay rests, another one is up: nothing is written but PENDING, the message goes over another one;
                      ``relays.news`` says when that is worth telling the desk
    Verdict.WAIT      all rest, at least one of them for a passing reason: the mailing waits until relays.next_at(now_s)
    Verdict.HOLD      every relay has refused for good (5xx before RCPT): the mailing is held with these words

With one relay the verdicts are what ``judge_outcome`` says anyway: WAIT for 4xx and no answer, HOLD for 5xx.
Weights are shares: a relay whose turn it is and whose connections are all busy is waited for, unless nothing has come from it for ``STUCK_S``.
Seconds are those of ``time.monotonic``; ``chance`` is -1 … 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from composer.deliver.judge import JITTER, MAX_WAIT, WAIT, asked_delay
from composer.deliver.rates import Bucket
from composer.model.mailing import Outcome, Stage
from composer.model.newsletter import TransportSettings
from composer.model.pace import Relay

REFUSED_S = 3600.0  # who refused for good is asked again after so long: a password may have been mended
STUCK_S = 2.0  # who has its connections full and says nothing for so long keeps nobody waiting
DOWN = 3  # failures in a row that are worth telling; a refusal is at once
STREAK = 50  # messages taken in a row after which one more connection is tried again


class Verdict(Enum):
    """What an outcome means for the mailing."""

    FINE = "fine"
    ELSEWHERE = "elsewhere"
    WAIT = "wait"
    HOLD = "hold"


def relays_of(settings: TransportSettings) -> tuple[Relay, ...]:
    """The relays of ``[[transport.relays]]``; without any, the one that ``[transport]`` names. Its rate is that of all: ``pace`` keeps it."""
    if settings.relays:
        return settings.relays
    one = Relay(
        name=settings.host,
        host=settings.host,
        port=settings.port,
        security=settings.security,
        username=settings.username,
        password=settings.password,
        connections=settings.connections,
    )
    return (one,)


def settings_of(settings: TransportSettings, relay: Relay) -> TransportSettings:
    """What a connection to one relay needs: its own place, name and password, all else as ``[transport]`` has it."""
    return replace(
        settings,
        host=relay.host,
        port=relay.port,
        security=relay.security,
        username=relay.username,
        password=relay.password,
        connections=relay.connections,
        rate=None,
        relays=(),
        passwords=(),
    )


def transport_place(settings: TransportSettings) -> str:
    """Where messages go: «host:port» of each relay, or the folder."""
    if settings.kind != "smtp":
        return settings.folder
    return ", ".join(f"{relay.host}:{relay.port}" for relay in relays_of(settings))


class _State:
    """What is known of one relay."""

    __slots__ = (
        "allowed",
        "bucket",
        "credit",
        "failures",
        "heard_s",
        "is_refused",
        "is_told",
        "on_the_wire",
        "relay",
        "rests_until_s",
        "streak",
    )

    def __init__(self, relay: Relay, now_s: float) -> None:
        self.relay = relay
        self.bucket = None if relay.rate is None else Bucket(relay.rate, now_s=now_s)
        self.allowed = relay.connections  # fewer when it says that we are too many
        self.on_the_wire = 0
        self.heard_s = now_s  # when it last said something, or got its first message
        self.streak = 0  # messages taken since it last said that we are too many
        self.is_told = False  # the desk knows that it is down
        self.forgive()

    def forgive(self) -> None:
        self.credit = 0
        self.failures = 0  # in a row
        self.is_refused = False
        self.rests_until_s = 0.0

    def is_full(self, beside: Relay | None) -> bool:
        return self.on_the_wire - (self.relay is beside) >= self.allowed

    def next_at(self, now_s: float) -> float:
        if self.rests_until_s > now_s:
            return self.rests_until_s
        return 0.0 if self.bucket is None else self.bucket.next_at(now_s)


class Relays:
    """The choice among relays; belongs to one event loop."""

    def __init__(self, relays: Sequence[Relay], *, now_s: float) -> None:
        if not relays or len({relay.name for relay in relays}) != len(relays):
            raise ValueError("relays want names of their own, and one of them at least")
        self._states = {relay.name: _State(relay, now_s) for relay in relays}

    @property
    def connections(self) -> int:
        """Of all relays together."""
        return sum(state.relay.connections for state in self._states.values())

    @property
    def each_s(self) -> float:
        """Seconds from one message to the next over all of them; 0.0 when one of them has no rate."""
        rates = [state.relay.rate for state in self._states.values()]
        return 0.0 if None in rates else 1 / sum(1 / rate.each_s for rate in rates if rate is not None)

    def next_at(self, now_s: float) -> float:
        """0.0 when some relay may take a message now, else when the first of them may."""
        return min(state.next_at(now_s) for state in self._states.values())

    def choose(self, now_s: float, *, beside: Relay | None = None) -> Relay | None:
        """The relay for the next message, or None; its rate and its connections count it.

        Smooth weighted round robin (nginx): weights 5, 1, 1 give a a b a c a a, never five in a row and then the others.
        ``beside`` is the relay over which the same lane sends just now: a message that follows there wants no further connection.
        """
        able = [state for state in self._states.values() if not state.next_at(now_s) and not self._is_stuck(state, beside, now_s)]
        if not able:
            return None
        chosen = max(able, key=lambda state: state.credit + state.relay.weight)
        if chosen.is_full(beside):
            return None
        for state in able:
            state.credit += state.relay.weight
        chosen.credit -= sum(state.relay.weight for state in able)
        if chosen.bucket is not None:
            chosen.bucket.take(now_s)
        if not chosen.on_the_wire:
            chosen.heard_s = now_s
        chosen.on_the_wire += 1
        return chosen.relay

    def dropped(self, relay: Relay) -> None:
        """What was to leave over ``relay`` did not leave after all."""
        state = self._states[relay.name]
        state.on_the_wire = max(0, state.on_the_wire - 1)

    def ended(self, relay: Relay, outcome: Outcome, now_s: float, *, chance: float = 0.0) -> Verdict:
        """How a message over ``relay`` ended."""
        self.dropped(relay)
        state = self._states[relay.name]
        state.heard_s = now_s
        if outcome.stage not in {Stage.CONNECT, Stage.MAIL}:
            if outcome.code:  # it spoke of the message: the way is open
                state.failures, state.is_refused, state.rests_until_s = 0, False, 0.0
                self._widen(state)
            return Verdict.FINE
        if outcome.code // 100 == 4 and state.on_the_wire and state.allowed > 1:
            state.allowed, state.streak = max(1, state.allowed // 2), 0
            return Verdict.ELSEWHERE
        self._rest(state, outcome, now_s, chance)
        if all(one.is_refused for one in self._states.values()):
            return Verdict.HOLD
        return Verdict.WAIT if all(one.rests_until_s > now_s for one in self._states.values()) else Verdict.ELSEWHERE

    def news(self, relay: Relay) -> str:
        """«down» when a relay has refused or failed ``DOWN`` times in a row, «up» when it works again, each said once; else ""."""
        state = self._states[relay.name]
        is_down = state.is_refused or state.failures >= DOWN
        if is_down == state.is_told or (state.failures and not is_down):
            return ""
        state.is_told = is_down
        return "down" if is_down else "up"

    def forgive(self) -> None:
        """A person has let a held mailing go on: every relay is tried again."""
        for state in self._states.values():
            state.forgive()

    @staticmethod
    def _is_stuck(state: _State, beside: Relay | None, now_s: float) -> bool:
        return state.is_full(beside) and now_s - state.heard_s > STUCK_S

    @staticmethod
    def _widen(state: _State) -> None:
        state.streak += 1
        if state.streak >= STREAK and state.allowed < state.relay.connections:
            state.allowed, state.streak = state.allowed + 1, 0

    @staticmethod
    def _rest(state: _State, outcome: Outcome, now_s: float, chance: float) -> None:
        """30 s, doubling to 15 min, ± 20 %, or what was asked for; an hour for a refusal. Several that failed at once count once."""
        if now_s < state.rests_until_s and not (outcome.code // 100 == 5 and not state.is_refused):
            return
        state.credit = 0
        state.failures += 1
        state.is_refused = outcome.code // 100 == 5
        asked = asked_delay(outcome.reply)
        usual = min(WAIT * 2 ** min(state.failures - 1, 10), MAX_WAIT).total_seconds()
        rest_s = REFUSED_S if state.is_refused else asked.total_seconds() if asked else usual * (1 + JITTER * max(-1.0, min(1.0, chance)))
        state.rests_until_s = now_s + max(rest_s, 1.0)
