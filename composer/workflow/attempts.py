"""What became of an issue's attempts, by their log: of all of them, or of one reader's, found by the hash of the address."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from composer.deliver.address import read_address
from composer.deliver.judge import server_words
from composer.deliver.schedule import find_zone, french_hour, other_day
from composer.errors import UsageError
from composer.ledger import Ledger
from composer.ledger.deliveries import ReaderDelivery
from composer.model.mailing import DeliveryState, Outcome, Stage
from composer.text.pseudonyms import pseudonym
from composer.words import NOTHING, Words
from composer.workflow.counts import state_words
from composer.workflow.lost import known_issue
from composer.workspace import Workspace
from composer.workspace.attempt_log import read_lines
from composer.workspace.keys import reader_key

MOST_GROUPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderAttempts:
    """One reader and one issue."""

    issue_id: str
    attempts: tuple[dict[str, Any], ...]  # as their lines have it, the oldest first
    delivery: ReaderDelivery | None  # what the ledger knows; None: nothing left for this address, or the person was erased
    lines: tuple[Words, ...]  # one for each attempt
    conclusion: Words

    def to_json(self) -> dict[str, Any]:
        """The answer for programs."""
        state = None if self.delivery is None else self.delivery.state.value
        return {"issue": self.issue_id, "attempts": list(self.attempts), "state": state}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Attempts that ended alike."""

    state: DeliveryState
    stage: str
    code: int
    enhanced: str
    count: int
    reply: str  # of the first of them

    @property
    def words(self) -> str:
        """What the server said."""
        return (
            server_words(Outcome(stage=Stage.DATA, code=self.code, enhanced=self.enhanced, reply=self.reply)) if self.code else self.reply
        )


def attempts_of_issue(workspace: Workspace, ledger: Ledger, ref: str) -> tuple[str, tuple[Group, ...]]:
    """The issue, and its attempts by how they ended, the most frequent first."""
    issue_id = known_issue(workspace, ledger, ref)
    counted: Counter[tuple[str, str, int, str]] = Counter()
    replies: dict[tuple[str, str, int, str], str] = {}
    for one in _matching(workspace, b'"issue":' + json.dumps(issue_id).encode()):
        key = (one["state"], one["stage"], one["code"], one["enhanced"])
        counted[key] += 1
        replies.setdefault(key, one["reply"])
    groups = (
        Group(state=DeliveryState(key[0]), stage=key[1], code=key[2], enhanced=key[3], count=count, reply=replies[key])
        for key, count in counted.most_common()
    )
    return issue_id, tuple(groups)


def attempts_of_reader(workspace: Workspace, ledger: Ledger, ref: str, written: str) -> ReaderAttempts:
    """Every attempt to write to this address for an issue. Raises UsageError for what is no address."""
    issue_id = known_issue(workspace, ledger, ref)
    address = read_address(written)
    if address is None:
        raise UsageError(
            Words(fr=f"« {written[:80]} » n’est pas une adresse.", en=f"“{written[:80]}” is not an address."), where="--address"
        )
    reader = f'"reader":"{pseudonym(address.key, reader_key(workspace))}"'.encode()
    found = tuple(one for one in _matching(workspace, reader) if one["issue"] == issue_id)
    delivery = next(iter(ledger.deliveries.of_reader(issue_id, address.key)), None)
    return ReaderAttempts(
        issue_id=issue_id,
        attempts=found,
        delivery=delivery,
        lines=tuple(_told(workspace, one) for one in found),
        conclusion=_conclusion(workspace, found, delivery),
    )


def _matching(workspace: Workspace, needle: bytes) -> Iterator[dict[str, Any]]:
    """The lines that hold ``needle``, read; one that a full disk cut is nobody's."""
    for line in read_lines(workspace.var_path):
        if needle in line:
            try:
                yield json.loads(line)
            except ValueError:
                continue


def _told(workspace: Workspace, one: dict[str, Any]) -> Words:
    """«2026-11-26 07:03:12 · essai 1 · remise · 250 2.0.0 Ok (0,12 s)»."""
    zone = find_zone(workspace.newsletter.time_zone)
    local = datetime.fromisoformat(one["at"]).astimezone(zone)
    state = state_words(DeliveryState(one["state"]), 1)
    outcome = Outcome(stage=Stage(one["stage"]), code=one["code"], enhanced=one["enhanced"], reply=one["reply"])
    said = server_words(outcome) if outcome.code else outcome.reply
    again = _again(datetime.fromisoformat(one["again"]).astimezone(zone), local) if "again" in one else NOTHING
    took = f"{one['ms'] / 1000:.2f}"
    return Words(
        fr=f"{local:%Y-%m-%d %H:%M:%S} · essai {one['attempt']} · {state.fr} · {said} ({outcome.stage}, {took.replace('.', ',')} s)".replace(
            "\n", " "
        )
        + again.fr,
        en=f"{local:%Y-%m-%d %H:%M:%S} · attempt {one['attempt']} · {state.en} · {said} ({outcome.stage}, {took} s)".replace("\n", " ")
        + again.en,
    )


def _again(again: datetime, local: datetime) -> Words:
    """Not before when; with the day where that is another one."""
    day = other_day(again, local.date())
    return Words(fr=f" · nouvel essai à partir de {day.fr}{french_hour(again)}", en=f" · tried again from {day.en}{again:%H:%M}")


def _conclusion(workspace: Workspace, found: tuple[dict[str, Any], ...], delivery: ReaderDelivery | None) -> Words:
    """What an editor may answer."""
    state = delivery.state if delivery else DeliveryState(found[-1]["state"]) if found else None
    if state is None:
        return _nothing_known(workspace)
    if state is DeliveryState.SUBMITTED:
        known_as = found[-1]["message_id"] if found else delivery.message_id if delivery else ""
        return Words(
            fr=f"Le serveur d’envoi a pris le message. Ce qu’il en a fait est dans son propre journal, sous <{known_as}> ; et le lecteur peut voir ses indésirables.",
            en=f"The mail server took the message. What it did with it stands in its own log, under <{known_as}>; and the reader may look into the junk folder.",
        )
    return _REST[state]


_REST = {
    DeliveryState.PENDING: Words(fr="Le message attend son tour.", en="The message waits for its turn."),
    DeliveryState.SUBMITTING: Words(fr="Le message est en train de partir.", en="The message is leaving just now."),
    DeliveryState.DEFERRED: Words(fr="Le serveur a dit « plus tard » ; Hebdo réessaie de lui-même.", en="The server said “later”; Hebdo tries again by itself."),
    DeliveryState.FAILED: Words(fr="Le message a été refusé : rien n’est arrivé.", en="The message was refused: nothing arrived."),
    DeliveryState.UNCERTAIN: Words(
        fr="Le message est peut-être parti : la réponse du serveur manque. `hebdo decide --help`",
        en="The message may have gone: the server’s answer is missing. `hebdo decide --help`",
    ),
    DeliveryState.SUPPRESSED: Words(
        fr="Rien n’est parti : la personne s’était désinscrite, ou son adresse est sur la liste d’exclusion.",
        en="Nothing left: the person had unsubscribed, or the address is on the suppressions.",
    ),
    DeliveryState.CANCELLED: Words(fr="Rien n’est parti : l’envoi a été arrêté avant.", en="Nothing left: the mailing was stopped before."),
}  # fmt: skip


def _nothing_known(workspace: Workspace) -> Words:
    if not workspace.newsletter.log.attempts:
        return Words(
            fr="Rien n’est connu de cette adresse : elle ne faisait pas partie des destinataires de cet envoi, et le journal des essais est désactivé ([log] attempts).",
            en="Nothing is known of this address: it was not in the audience, and the log of attempts is off ([log] attempts).",
        )
    days = workspace.newsletter.log.attempts_days
    return Words(
        fr=f"Aucun essai : cette adresse ne faisait pas partie des destinataires de cet envoi, ou il y a plus de {days} jours ([log] attempts_days).",
        en=f"No attempt: this address was not in the audience, or it is more than {days} days ago ([log] attempts_days).",
    )
