"""What a reply means: the outcome of one attempt, and what follows from it. The table is «What replies mean, by stage» in docs/ledger.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from composer.model.mailing import DeliveryState, Outcome, Stage

MAX_ATTEMPTS = 10
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 120, 240, 480))  # the last one repeats; ten attempts end within 48 h
MAX_ASKED = timedelta(hours=12)  # a server's «try again in N» is honoured up to this
WAIT = timedelta(seconds=30)  # the mailing's first wait when the next server cannot be reached
MAX_WAIT = timedelta(minutes=15)
JITTER = 0.2

# RFC 3463: the mailbox, its system or its syntax does not exist, has moved, or has no mail (null MX, RFC 7505).
GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
# Codes too general to say anything: only then are the server's words looked at.
VAGUE = frozenset({"", "5.0.0", "5.1.0", "5.5.0", "5.2.0"})
GONE_WORDS = re.compile(
    r"\b(user|mailbox|recipient|account|address|adresse|destinataire|utilisateur|compte)\b[^.;]{0,40}"
    r"\b(unknown|not found|does ?n[o']t exist|no longer exists?|not exist|inconnue?|inexistante?|n[’']existe)\b"
    r"|\b(no such|unknown) (user|mailbox|recipient|account|address|person)\b",
    re.IGNORECASE,
)
# «User unknown» beside one of these is a policy speaking, not a mailbox.
POLICY_WORDS = re.compile(
    r"spam|block|polic|reput|relay|denied|reject(ed|ing) due|rate|limit|quota|full|greylist|dmarc|spf|dkim|tempor|auth", re.IGNORECASE
)
ASKED = re.compile(
    r"(?:try again|retry|wait|come back|réessayez|r[ée]essayer)\D{0,20}(\d{1,5})\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|h|heures?)\b",
    re.IGNORECASE,
)
UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows from one outcome."""

    state: DeliveryState
    retry_at: datetime | None = None  # for pending and deferred
    suppress: bool = False  # the address is gone: a hard bounce
    hold_reason: str | None = None  # the mailing is put on hold with these words of the server
    wait_until: datetime | None = None  # the mailing as a whole waits: nobody is to blame but the way out


def judge_outcome(outcome: Outcome, attempt: int, now: datetime, *, jitter: float = 0.0) -> Decision:
    """What becomes of a delivery after its ``attempt`` (1 is the first).

    ``jitter`` is a chance in -1 … 1 that the caller draws; it spreads the retries by ± 20 %.
    """
    if outcome.stage is Stage.AFTER_DOT:
        return Decision(state=DeliveryState.UNCERTAIN)
    if outcome.stage in {Stage.DONE, Stage.DOT} and outcome.code // 100 in {0, 2}:
        return Decision(state=DeliveryState.SUBMITTED)
    if outcome.stage in {Stage.CONNECT, Stage.MAIL}:
        return _blame_the_way(outcome, attempt, now, jitter)
    if outcome.code // 100 == 5:
        return Decision(state=DeliveryState.FAILED, suppress=is_gone(outcome))
    if attempt >= MAX_ATTEMPTS:
        return Decision(state=DeliveryState.FAILED)
    return Decision(state=DeliveryState.DEFERRED, retry_at=now + retry_delay(outcome, attempt, jitter=jitter))


def is_gone(outcome: Outcome) -> bool:
    """Whether the reply says, by its code or its words, that the mailbox does not exist. Only RCPT can say so."""
    if outcome.stage is not Stage.RCPT or outcome.code // 100 != 5:
        return False
    if outcome.enhanced in GONE:
        return True
    return outcome.enhanced in VAGUE and GONE_WORDS.search(outcome.reply) is not None and POLICY_WORDS.search(outcome.reply) is None


def server_words(outcome: Outcome) -> str:
    """The reply as a person reads it: code, enhanced code, words, none of them twice."""
    enhanced = "" if outcome.reply.startswith(outcome.enhanced) else outcome.enhanced
    return " ".join(part for part in (str(outcome.code), enhanced, outcome.reply) if part)


def retry_delay(outcome: Outcome, attempt: int, *, jitter: float = 0.0) -> timedelta:
    """How long a deferred delivery waits: what the server asks for, else the back-off of this attempt, ± 20 %."""
    usual = BACK_OFF[min(attempt, len(BACK_OFF)) - 1] if attempt > 0 else BACK_OFF[0]
    spread = usual * (1 + JITTER * max(-1.0, min(1.0, jitter)))
    asked = asked_delay(outcome.reply)
    return spread if asked is None else max(asked, timedelta(seconds=10))


def asked_delay(reply: str) -> timedelta | None:
    """The N of «try again in N seconds»; None when the server asks for nothing."""
    found = ASKED.search(reply)
    if found is None:
        return None
    return min(timedelta(seconds=int(found[1]) * UNITS[found[2][0].lower()]), MAX_ASKED)


def _blame_the_way(outcome: Outcome, attempt: int, now: datetime, jitter: float) -> Decision:
    """Before RCPT nothing is about this reader: the delivery is as it was, the mailing waits (4xx, no answer) or is held (5xx)."""
    if outcome.code // 100 == 5:
        return Decision(state=DeliveryState.PENDING, retry_at=now, hold_reason=server_words(outcome))
    asked = asked_delay(outcome.reply)
    wait = min(WAIT * 2 ** min(max(attempt, 1) - 1, 10), MAX_WAIT) * (1 + JITTER * max(-1.0, min(1.0, jitter)))
    return Decision(state=DeliveryState.PENDING, retry_at=now, wait_until=now + (asked or wait))
