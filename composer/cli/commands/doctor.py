"""The doctor: what would keep mail from arriving, with the mend."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import LANGUAGE, say, told
from composer.cli.options import ISSUE_NAME
from composer.cli.outline import counted
from composer.cli.place import here, known_ledger, ledger_of, now
from composer.cli.talk import busy
from composer.errors import UsageError
from composer.model.observation import Observation, Part, Record, Seen
from composer.words import Words

if TYPE_CHECKING:
    from composer.outside.dns import Resolver
    from composer.workspace import Workspace

FOUND = 1
_SIGNS: dict[Seen, tuple[str, str]] = {
    "ok": ("✓", say("bon", "good")),
    "advice": ("·", say("conseil", "advice")),
    "warning": ("!", say("à vérifier", "to check")),
    "error": ("✗", say("erreur", "error")),
    "unknown": ("?", say("inconnu", "unknown")),
}
_TAKE_OUT = say("à retirer\u00a0:", "take out:")
_PARTS: dict[Part, str] = {
    "dns": say("Domaine", "Domain"),
    "relay": say("Serveur d’envoi", "Mail server"),
    "pages": say("Pages publiques", "Public pages"),
    "machine": say("Machine", "Machine"),
    "engine": say("Moteur", "Engine"),
    "proof": say("Épreuve reçue", "Received proof"),
}


def register(app: typer.Typer) -> None:
    """Adds the command of this chapter."""
    command(
        app,
        "doctor",
        panel=say("Faire tourner", "Run"),
        fr="Examiner domaine, serveur d’envoi, pages et machine ; dire comment réparer.",
        en="Examine domain, mail server, pages and machine; say how to mend.",
    )(doctor)


def doctor(
    dns: Annotated[
        str,
        typer.Option(
            metavar=say("ADRESSE[:PORT]", "ADDRESS[:PORT]"),
            envvar="HEBDO_DNS",
            show_envvar=False,
            help=say(
                "Interroger ce serveur de noms et nul autre (ou la variable HEBDO_DNS).",
                "Ask this name server and no other (or the variable HEBDO_DNS).",
            ),
        ),
    ] = "",
    only: Annotated[
        Literal["dns", "relay", "pages", "machine"] | None,
        typer.Option(help=say("Cette partie seulement.", "This part only.")),
    ] = None,
    proof: Annotated[
        str,
        typer.Option(
            metavar="EMAIL",
            help=say(
                "Envoyer une épreuve à cette adresse, et garder ce qui part.",
                "Send a proof to this address, and keep what leaves.",
            ),
        ),
    ] = "",
    proof_of: Annotated[
        str,
        typer.Option(
            metavar=ISSUE_NAME, help=say("Le numéro de cette épreuve ; sinon le dernier.", "The issue of that proof; else the newest.")
        ),
    ] = "latest",
    received: Annotated[
        str,
        typer.Option(
            metavar=say("FICHIER", "FILE"),
            help=say(
                "Vérifier l’épreuve revenue : message, mbox, Maildir, ou - pour l’entrée standard.",
                "Verify the proof that came back: message, mbox, Maildir, or - for standard input.",
            ),
        ),
    ] = "",
) -> Answer:
    """Examine what would keep mail from arriving."""
    from composer.workflow.doctoring import PARTS, examine

    resolver = _resolver(dns)
    workspace = here()
    if proof:
        return _send(workspace, proof, proof_of)
    if received:
        return _verify(workspace, received, resolver)
    with known_ledger(workspace) as ledger, busy(say("Examen…", "Examining…")):
        seen = examine(workspace, ledger, now=now(), resolver=resolver, only=(only,) if only else PARTS, strict=bool(dns) or only == "dns")
    return _answer(seen)


def _send(workspace: Workspace, to: str, of: str) -> Answer:
    from composer.workflow.doctoring_proof import send_known_proof

    with ledger_of(workspace) as ledger, busy(say("Envoi de l’épreuve…", "Sending the proof…")):
        sent = send_known_proof(workspace, ledger, to=to, of=of, now=now())
    following = say(
        "Quand elle est arrivée, enregistrez le message entier (« afficher l’original »), puis : `hebdo doctor --received message.eml`",
        "When it has arrived, save the whole message (“show original”), then: `hebdo doctor --received message.eml`",
    )
    kept = [told(remark) for remark in sent.remarks[:1]] if sent.folder else []
    return Answer(data=sent.to_json(), text=told(sent.words), talk="\n".join([*kept, following]))


def _verify(workspace: Workspace, received: str, resolver: Resolver | None) -> Answer:
    from composer.workflow.doctoring import within
    from composer.workflow.doctoring_proof import MOST_BYTES, choose_message, examine_received, read_received

    typed = received == "-"
    content = choose_message(sys.stdin.buffer.read(MOST_BYTES + 1), shown="-") if typed else read_received(Path(received))
    with busy(say("Vérification…", "Verifying…")):
        return _answer(within(lambda: examine_received(workspace, content, resolver=resolver), part="proof"))


def _resolver(dns: str) -> Resolver | None:
    """The chosen server; None: those of the system."""
    if not dns:
        return None
    from composer.outside.dns import Resolver, read_server

    server = read_server(dns)
    if server is None:
        raise UsageError(
            Words(fr=f"« {dns} » n’est pas l’adresse IP d’un serveur de noms.", en=f"“{dns}” is not the IP address of a name server."),
            where="--dns",
            hint=Words(fr="`hebdo doctor --dns 127.0.0.1:5353`", en="`hebdo doctor --dns 127.0.0.1:5353`"),
        )
    return Resolver([server])


def _answer(seen: Sequence[Observation]) -> Answer:
    counts = {level: sum(one.level == level for one in seen) for level in _SIGNS}
    return Answer(
        data={**counts, "observations": [one.to_json(LANGUAGE) for one in seen]},
        text="\n".join(_page(seen)),
        talk=_sum(counts),
        exit_code=FOUND if counts["error"] else 0,
    )


def _sum(counts: dict[Seen, int]) -> str:
    parts = (
        counted(counts["error"], ("erreur", "erreurs"), ("error", "errors")),
        counted(counts["warning"], ("à vérifier", "à vérifier"), ("warning", "warnings")),
        counted(counts["advice"], ("conseil", "conseils"), ("advice", "advice")),
        counted(counts["unknown"], ("inconnu", "inconnus"), ("unknown", "unknown")),
    )
    return ", ".join(parts) + "."


# -- the page -----------------------------------------------------------------------------------------------------------------------------


def _page(seen: Sequence[Observation]) -> Iterator[str]:
    """By part; records stand at the start of their line, ready to be copied, what is to be taken out behind a zone file's comment sign."""
    width = max(len(word) for _, word in _SIGNS.values())
    for part, title in _PARTS.items():
        group = [one for one in seen if one.part == part]
        if not group:
            continue
        yield from ([""] if part != seen[0].part else [])
        yield title
        for one, following in zip(group, [*group[1:], None], strict=True):
            sign, word = _SIGNS[one.level]
            yield f"  {sign} {word.ljust(width)}  {told(one.saw)}" + ("" if one.level == "ok" else f" [{one.code}]")
            if following is None or _mend(following) != _mend(one):
                yield from _mending(one, " " * (width + 6))


def _mend(one: Observation) -> tuple[object, ...]:
    return (one.mend, one.record, one.also, one.removes, one.command)


def _mending(one: Observation, margin: str) -> Iterator[str]:
    if one.mend and one.level != "ok":
        yield f"{margin}→ {told(one.mend)}"
    for record in one.removes:
        yield f"; {_TAKE_OUT} {record.line}"
    records: tuple[Record, ...] = (*((one.record,) if one.record else ()), *one.also)
    yield from (record.line for record in records)
    if one.command:
        yield f"{margin}{one.command}"
