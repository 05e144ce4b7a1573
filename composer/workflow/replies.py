"""Why deliveries failed or wait: grouped by the server's words, the largest group first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from composer.deliver.circuit import same_words
from composer.deliver.judge import server_words
from composer.ledger import Ledger
from composer.ledger.replies import Said
from composer.model.mailing import DeliveryState, Mailing
from composer.words import Words
from composer.workflow.counts import state_words

MOST_GROUPS = 5
SHOWN = 160  # characters of a reply


def group_replies(said: Iterable[Said], *, most: int = MOST_GROUPS) -> tuple[list[dict[str, Any]], int]:
    """The largest groups of equal words, each with its count and one reply as an example; and how many deliveries are in the other groups."""
    groups: dict[tuple[DeliveryState, str], dict[str, Any]] = {}
    for one in said:
        key = (one.state, same_words(one.outcome))
        group = groups.setdefault(key, {"state": one.state.value, "count": 0, "words": _words(one), "domains": set()})
        group["count"] += one.count
        group["domains"].add(one.domain)
    ordered = sorted(groups.values(), key=lambda group: (-group["count"], group["words"]))
    shown = [group | {"domains": sorted(group["domains"])[:3]} for group in ordered[:most]]
    return shown, sum(group["count"] for group in ordered[most:])


def replies_answer(ledger: Ledger, mailing: Mailing) -> dict[str, Any]:
    """The groups of a mailing, for ``status --json``."""
    groups, others = group_replies(ledger.replies.of_trouble(mailing.id)) if mailing.launched_at else ([], 0)
    return {"groups": groups, "others": others}


def reply_line(group: dict[str, Any]) -> Words:
    """«12 refusées : 550 5.1.1 no such user (exemple.fr)»."""
    count, where = group["count"], ", ".join(group["domains"])
    name = state_words(DeliveryState(group["state"]), count)
    silent = Words(fr="pas de réponse", en="no answer")
    words = group["words"]
    return Words(fr=f"{count} {name.fr} : {words or silent.fr} ({where})", en=f"{count} {name.en}: {words or silent.en} ({where})")


def others_line(others: int) -> Words:
    """What stands below the groups that are shown."""
    return Words(fr=f"{others} pour d’autres raisons", en=f"{others} for other reasons")


def _words(one: Said) -> str:
    told = server_words(one.outcome) if one.outcome.code else one.outcome.reply
    told = " ".join(told.split())
    return told if len(told) <= SHOWN else told[: SHOWN - 1] + "…"
