"""What ``status`` shows: the mailing, its eight states and their sum, the clock, what leaves next."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from composer.cli.language import say, told
from composer.cli.outline import counted, figure
from composer.cli.place import now

MAILING_STATES = {
    "scheduled": say("programmé", "scheduled"),
    "held": say("en attente", "held"),
    "running": say("en cours", "running"),
    "paused": say("retenu", "paused"),
    "stopped": say("arrêté", "stopped"),
    "finished": say("terminé", "finished"),
}
DELIVERY_STATES = {
    "submitted": say("remises", "submitted"),
    "submitting": say("en cours", "submitting"),
    "pending": say("en file", "pending"),
    "deferred": say("différées", "deferred"),
    "failed": say("refusées", "failed"),
    "uncertain": say("incertaines", "uncertain"),
    "suppressed": say("exclues", "suppressed"),
    "cancelled": say("annulées", "cancelled"),
}


def board(status: dict[str, Any]) -> str:
    """The whole answer of ``status`` for a person."""
    lines = (
        [say("RÉPÉTITION : les adresses des lecteurs sont locales.", "REHEARSAL: the readers’ addresses are local.")]
        if status["rehearsal"]
        else []
    )
    mailing = status["mailing"]
    lines += mailing_lines(mailing) if mailing else [say("Aucun envoi.", "No mailing.")]
    lines += _proof_lines(status.get("proofs", ()))
    if "audience_now" in status and (mailing is None or mailing["audience"] is None):
        lines.append(say("À ce jour : ", "As of now: ") + subscribers(status["audience_now"]))
    if "next" in status:
        lines.append(_next_line(status))
    lines += [f"  {notice['words']}" for notice in status["notices"][-3:]]
    lines.append(clock_line(status["clock"]))
    if not status["home"]:
        lines.append(
            say(
                "Ce registre est une copie : rien ne part d’ici. Voir `hebdo home claim`",
                "This ledger is a copy: nothing leaves from here. See `hebdo home claim`",
            )
        )
    return "\n".join(lines)


def mailing_lines(mailing: dict[str, Any]) -> list[str]:
    """One mailing: its state with the reason, when, and how the counts add up."""
    state = MAILING_STATES.get(mailing["state"], mailing["state"])
    reason = f" ({mailing['reason']})" if mailing["reason"] not in {"", state} else ""
    lines = [f"{mailing['issue']} · {state}{reason}"]
    lines.append(f"  {moment(mailing['local'], mailing['zone'])} · {say('scellé', 'seal')} {mailing['digest'][:12]}")
    if mailing["remark"]:
        lines.append(f"  {mailing['remark']}")
    if mailing["trouble"]:
        lines.append(f"  {mailing['trouble']}")
    if mailing["hold_until"] and mailing["state"] in {"scheduled", "running"} and datetime.fromisoformat(mailing["hold_until"]) > now():
        lines.append("  " + say("premier message pas avant ", "first message not before ") + _hour(mailing["hold_until"], mailing["zone"]))
    if mailing["audience"] is not None:
        lines += _count_lines(mailing)
    return lines


def moment(iso: str, zone: str) -> str:
    """An instant with its day and its zone."""
    from composer.deliver.schedule import moment_words

    return told(moment_words(datetime.fromisoformat(iso).astimezone(ZoneInfo(zone)), zone))


def subscribers(n: int) -> str:
    """«4 213 abonnés»."""
    return counted(n, ("abonné", "abonnés"), ("subscriber", "subscribers"))


def clock_line(clock: dict[str, Any]) -> str:
    """Whether anything would leave at all."""
    if clock["running"]:
        return say("L’horloge tourne.", "The clock is running.")
    return say(
        "Aucun moteur ne tourne : lancez `hebdo serve` sur une machine allumée.",
        "No engine is running: start `hebdo serve` on a machine that stays on.",
    )


def _count_lines(mailing: dict[str, Any]) -> list[str]:
    counts = mailing["counts"]
    width = max(len(figure(n)) for n in (*counts.values(), mailing["audience"]))
    lines = [f"  {figure(counts[state]).rjust(width)}  {word}" for state, word in DELIVERY_STATES.items()]
    missing = mailing["audience"] - sum(counts.values())
    total = (
        say("le compte y est", "it adds up") if missing == 0 else say(f"il manque {missing} remises", f"{missing} deliveries are missing")
    )
    return [*lines, f"  {figure(mailing['audience']).rjust(width)}  {total}"]


def _proof_lines(proofs: Any) -> list[str]:
    return [
        say(f"Épreuve {one['number']} : scellé {one['digest'][:12]}", f"Proof {one['number']}: seal {one['digest'][:12]}")
        for one in list(proofs)[-1:]
    ]


def _next_line(status: dict[str, Any]) -> str:
    if status["next"]:
        upcoming = status["next"]
        return say("Prochain départ : ", "Next departure: ") + f"{upcoming['issue']}, {moment(upcoming['local'], upcoming['zone'])}"
    if status["slot"]:
        slot = status["slot"]
        return say("Rien n’est programmé ; prochain créneau : ", "Nothing is scheduled; next slot: ") + moment(slot["local"], slot["zone"])
    return say("Rien n’est programmé.", "Nothing is scheduled.")


def _hour(iso: str, zone: str) -> str:
    at = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
    return say(f"{at.hour} h {at:%M} min {at:%S} s", f"{at:%H:%M:%S}")
