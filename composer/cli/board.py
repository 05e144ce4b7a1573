"""What ``status`` shows: the mailing, its eight states and their sum, the clock, what leaves next."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from composer.check.doctor.engine import QUIET_S
from composer.cli.language import say, told
from composer.cli.outline import counted, figure
from composer.cli.place import now
from composer.words import Words

MAILING_STATES = {
    "scheduled": say("programmé", "scheduled"),
    "held": say("en attente", "held"),
    "running": say("en cours", "running"),
    "paused": say("suspendu", "paused"),
    "stopped": say("arrêté", "stopped"),
    "finished": say("terminé", "finished"),
}


def board(status: dict[str, Any]) -> str:
    """The whole answer of ``status`` for a person."""
    lines = (
        [say("RÉPÉTITION : les adresses des lecteurs sont locales.", "REHEARSAL: the readers’ addresses are local.")]
        if status["rehearsal"]
        else []
    )
    mailing = status["mailing"]
    edit = status.get("edit")
    if mailing and edit and mailing["reason_code"] == "changed":
        mailing = mailing | {"reason": ""}  # the lines of the edit say it, with its difference
    lines += mailing_lines(mailing) if mailing else [say("Aucun envoi.", "No mailing.")]
    lines += _edit_lines(edit)
    lines += review_lines(status)
    lines += correction_lines(status)
    if "audience_now" in status and (mailing is None or mailing["audience"] is None):
        people = status["correction"]["words"] if status.get("correction") else subscribers(status["audience_now"])
        lines.append(say("À ce jour : ", "As of now: ") + people)
    if "next" in status:
        lines.append(_next_line(status))
    lines += [f"  {line}" for words in _news(status)[-3:] for line in words.split("\n")]
    lines.append(clock_line(status["clock"]))
    if not status["home"]:
        lines.append(
            say(
                "Rien ne part d’ici : ce registre est une copie, ou une sauvegarde remise en place. Voir `hebdo home claim`",
                "Nothing leaves from here: this ledger is a copy, or a backup put back. See `hebdo home claim`",
            )
        )
    return "\n".join(lines)


def mailing_lines(mailing: dict[str, Any]) -> list[str]:
    """One mailing: its state with the reason, when, and how the counts add up."""
    state = MAILING_STATES.get(mailing["state"], mailing["state"])
    reason = f" ({mailing['reason']})" if mailing["reason"] not in {"", state} else ""
    lines = [f"{mailing['issue']} · {state}{reason}"]
    lines.append(f"  {moment(mailing['local'], mailing['zone'])} · {say('scellé', 'seal')} {mailing['digest'][:12]}")
    if mailing["correction_of"]:
        lines.append("  " + say("rectificatif, pour qui a reçu ", "correction, for those who got ") + mailing["correction_of"])
    if mailing["remark"]:
        lines.append(f"  {mailing['remark']}")
    if mailing["trouble"]:
        lines.append(f"  {mailing['trouble']}")
    if mailing["hold_until"] and mailing["state"] in {"scheduled", "running"} and datetime.fromisoformat(mailing["hold_until"]) > now():
        lines.append("  " + _window_line(mailing))
    if mailing["plan"]:
        lines.append("  " + told(Words(**mailing["plan"]["words"])))
    if mailing["audience"] is not None:
        lines += _count_lines(mailing) + _reply_lines(mailing["replies"])
    return lines


def _reply_lines(replies: dict[str, Any]) -> list[str]:
    """Why deliveries failed or wait, the largest group first."""
    from composer.workflow.replies import others_line, reply_line

    lines = [f"  {told(reply_line(group))}" for group in replies["groups"]]
    return [*lines, f"  {told(others_line(replies['others']))}"] if replies["others"] else lines


def _edit_lines(edit: dict[str, Any] | None) -> list[str]:
    """What was edited after sealing: the difference, what follows, the two choices."""
    if not edit:
        return []
    ways = [say("Garder la version scellée : ", "Keep the sealed version: ") + f"`{edit['keep']}`"] if edit["keep"] else []
    ways += [edit["again"]] if edit["again"] else []
    difference = [line for line in edit["difference"].split("\n") if line]
    return [f"  {line}" for line in (f"{edit['words']} {edit['follows']}", *(f"  {line}" for line in difference), *ways)]


def correction_lines(answer: dict[str, Any]) -> list[str]:
    """When the web view was corrected, and of what."""
    lines = []
    for one in answer.get("corrections") or ():
        note = f"{say(' : ', ': ')}{one['note']}" if one["note"] else ""
        lines.append(say("Version en ligne corrigée, ", "Web view corrected, ") + moment(one["corrected_at"], one["zone"]) + note)
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
        ago_s = (now() - datetime.fromisoformat(clock["seen_at"])).total_seconds() if clock["seen_at"] else 0.0
        if ago_s > QUIET_S:
            minutes = round(ago_s / 60)
            return say(
                f"L’horloge : dernier signe de vie il y a {minutes} min. Si le moteur s’est arrêté : `hebdo serve`",
                f"The clock: last sign of life {minutes} min ago. If the engine has stopped: `hebdo serve`",
            )
        return say("L’horloge tourne.", "The clock is running.")
    return say(
        "Aucun moteur ne tourne : lancez `hebdo serve` sur une machine allumée.",
        "No engine is running: start `hebdo serve` on a machine that stays on.",
    )


def _count_lines(mailing: dict[str, Any]) -> list[str]:
    from composer.workflow.counts import STATES, state_words

    counts = mailing["counts"]
    width = max(len(figure(n)) for n in (*counts.values(), mailing["audience"]))
    lines = [f"  {figure(counts[state]).rjust(width)}  {told(state_words(state, counts[state]))}" for state in STATES]
    missing = mailing["audience"] - sum(counts.values())
    total = say("le compte y est", "it adds up")
    if missing:
        total = counted(missing, ("remise manque", "remises manquent"), ("delivery is missing", "deliveries are missing"))
    return [*lines, f"  {figure(mailing['audience']).rjust(width)}  {total}"]


def review_lines(answer: dict[str, Any]) -> list[str]:
    """The last proof and the approvals that stand, else the last one that was given, each with what it stands for."""
    issue_id, proofs, approvals = answer.get("issue") or answer.get("id"), answer.get("proofs", ()), answer.get("approvals", ())
    # An edit that was undone makes an older proof stand again.
    lines = [_proof_line(one, issue_id) for one in ([one for one in proofs if one["stands"]] or proofs)[:1]]
    lines += [f"  {line}" for words in answer.get("proof_difference", ()) for line in words.split("\n")]
    return lines + [_approval_line(one, issue_id) for one in ([one for one in approvals if one["stands"]] or approvals[:1])]


def _proof_line(one: dict[str, Any], issue_id: str | None) -> str:
    number, when = one["number"], moment(one["local"], one["zone"])
    head = say(f"Épreuve {number} : {when} ; ", f"Proof {number}: {when}; ")
    if one["stands"]:
        return head + say("elle montre le numéro tel qu’il est.", "it shows the issue as it is.")
    if one["sealed"]:
        return head + say(
            "elle montre la version scellée, le numéro a changé depuis.", "it shows the sealed version; the issue has changed since."
        )
    return head + say(
        f"elle date d’avant la dernière modification : `hebdo proof {issue_id}`",
        f"it is older than the last edit: `hebdo proof {issue_id}`",
    )


def _approval_line(one: dict[str, Any], issue_id: str | None) -> str:
    when = moment(one["local"], one["zone"])
    head = say(f"Bon à tirer : {one['approver']}, {when} ; ", f"Approved: {one['approver']}, {when}; ")
    if one["stands"]:
        return head + say("il vaut pour le numéro tel qu’il est.", "it stands for the issue as it is.")
    if one["sealed"]:
        return head + say(
            "il vaut pour la version scellée, le numéro a changé depuis.", "it stands for the sealed version; the issue has changed since."
        )
    return head + say(
        f"il ne vaut plus, le numéro a changé depuis : `hebdo approve {issue_id}`",
        f"it stands no more, the issue has changed since: `hebdo approve {issue_id}`",
    )


def _news(status: dict[str, Any]) -> list[str]:
    """The notices that say more than the mailing's state does."""
    mailing = status["mailing"] or {"reason": "", "reason_code": ""}
    return [
        notice["words"]
        for notice in status["notices"]
        if not (mailing["reason"] and mailing["reason"] in notice["words"]) and notice["kind"] not in {"changed", "undone"}
    ]


def _next_line(status: dict[str, Any]) -> str:
    if status["next"]:
        upcoming = status["next"]
        return say("Prochain départ : ", "Next departure: ") + f"{upcoming['issue']}, {moment(upcoming['local'], upcoming['zone'])}"
    if status["slot"]:
        slot = status["slot"]
        return say("Rien n’est programmé ; prochain créneau : ", "Nothing is scheduled; next slot: ") + moment(slot["local"], slot["zone"])
    return say("Rien n’est programmé.", "Nothing is scheduled.")


def _window_line(mailing: dict[str, Any]) -> str:
    """From when on messages leave, and how to keep them back before."""
    from composer.deliver.schedule import exact_hour, first_message, other_day

    local = datetime.fromisoformat(mailing["hold_until"]).astimezone(ZoneInfo(mailing["zone"]))
    departs_on = datetime.fromisoformat(mailing["local"]).date()
    if mailing["state"] == "running":
        return told(first_message(local, mailing["issue"], departs_on=departs_on))
    hour = told(other_day(local, departs_on)) + told(exact_hour(local))
    return say(f"Premier message pas avant {hour}", f"First message not before {hour}")
