"""Over the years: backup, restore."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from composer.cli.answers import Answer
from composer.cli.command import command
from composer.cli.language import say, told
from composer.cli.outline import counted
from composer.cli.place import here, now
from composer.cli.talk import busy
from composer.errors import UsageError
from composer.text.shown import shown
from composer.words import Words

if TYPE_CHECKING:
    from composer.ledger.copies import LedgerFacts
    from composer.workflow.backing_up import Backup
    from composer.workspace.strongbox import Keys

PANEL = say("Garder", "Keep")
PASSPHRASE = "HEBDO_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable
LEFT_SHOWN = 8
NAME_SHOWN = 120  # signs

PASSPHRASE_FILE = Annotated[
    Path | None,
    typer.Option(
        metavar=say("FICHIER", "FILE"),
        help=say(f"Phrase de passe, sur la première ligne ; sinon {PASSPHRASE}.", f"Passphrase, on its first line; else {PASSPHRASE}."),
    ),
]
IDENTITY = Annotated[
    Path | None,
    typer.Option(
        metavar=say("FICHIER", "FILE"), help=say("Clé privée age qui ouvre la sauvegarde.", "Private age key that opens the backup.")
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this chapter."""
    command(
        app,
        "backup",
        panel=PANEL,
        fr="Sauvegarder toute la lettre en un fichier relu, même pendant un envoi.",
        en="Back the whole newsletter up as one verified file, even during a mailing.",
    )(backup)
    command(
        app,
        "restore",
        panel=PANEL,
        fr="Remettre une sauvegarde dans un dossier neuf ; rien n’en part sans `hebdo home claim`.",
        en="Put a backup back into a new folder; nothing leaves from it without `hebdo home claim`.",
    )(restore)


def backup(  # noqa: PLR0917 - Typer gives them by name
    target: Annotated[
        str | None,
        typer.Argument(
            metavar=say("[FICHIER|DOSSIER|-]", "[FILE|FOLDER|-]"),
            help=say(
                "Où l’écrire ; sans rien : var/backups. « - » : à la sortie.",
                "Where to write it; without: var/backups. “-”: to the output.",
            ),
        ),
    ] = None,
    to_recipient: Annotated[
        list[str] | None,
        typer.Option(
            metavar="age1…",
            help=say("Chiffrer pour cette clé publique (peut se répéter).", "Encrypt to this public key (may be repeated)."),
        ),
    ] = None,
    passphrase_file: PASSPHRASE_FILE = None,
    keep: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=say("Garder les N dernières du dossier, retirer les autres.", "Keep the last N of the folder, remove the others."),
        ),
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option(
            metavar=say("FICHIER", "FILE"), help=say("Relire une sauvegarde, sans rien écrire.", "Read a backup again; write nothing.")
        ),
    ] = None,
    identity: IDENTITY = None,
) -> Answer:
    """Back up, or look at a backup."""
    from composer.workflow import backing_up

    if verify is not None:
        with busy(say("Relecture…", "Reading…")):
            return _found(backing_up.verify(verify, keys=_opening(passphrase_file, identity)))
    keys = _closing(to_recipient, passphrase_file)
    if target == "-" and (sys.stdout.isatty() or "--json" in sys.argv):
        raise UsageError(
            Words(fr="Une sauvegarde n’est pas du texte.", en="A backup is no text."),
            where="-",
            hint=Words(fr="Envoyez-la plus loin : `hebdo backup - > lettre.tar.gz`", en="Send it on: `hebdo backup - > letter.tar.gz`"),
        )
    workspace = here()
    with busy(say("Sauvegarde…", "Backing up…")):
        made = backing_up.back_up(workspace, target, keys=keys, keep=keep, now=now())
    return _made(made, to_output=target == "-", by_default=target is None)


def restore(
    file: Annotated[Path, typer.Argument(metavar=say("FICHIER", "FILE"), help=say("La sauvegarde.", "The backup."))],
    folder: Annotated[
        Path, typer.Argument(metavar=say("DOSSIER", "FOLDER"), help=say("Un dossier absent ou vide.", "A folder that is absent or empty."))
    ],
    passphrase_file: PASSPHRASE_FILE = None,
    identity: IDENTITY = None,
) -> Answer:
    """Restore."""
    from composer.workflow import restoring

    with busy(say("Remise en place…", "Restoring…")):
        back = restoring.restore(file, folder, keys=_opening(passphrase_file, identity))
    lines = [say("Relue, puis remise en place : ", "Read through, then put back: ") + _held(back.files, back.ledger)]
    talk = []
    if back.ledger is not None:
        lines += _moving_lines(back.ledger)
        talk.append(
            say(
                f"Rien ne part d’ici tant que `hebdo home claim` n’est pas tapé dans {folder}.",
                f"Nothing leaves from here until `hebdo home claim` is typed in {folder}.",
            )
        )
        talk.append(_missing(back.about))
    if not back.secrets:
        talk.append(
            say(
                "Aucun mot de passe de serveur d’envoi n’est dans cette sauvegarde : redonnez-le (var/secrets.toml ou environnement).",
                "No password of a mail server is in this backup: give it again (var/secrets.toml or the environment).",
            )
        )
    return Answer(data=back.to_json(), text="\n".join([str(back.folder), *lines]), talk="\n".join(talk))


def _closing(recipients: list[str] | None, passphrase_file: Path | None) -> Keys:
    from composer.workspace.strongbox import Keys

    given = _passphrase(passphrase_file)
    if recipients and passphrase_file is not None:
        raise UsageError(
            Words(fr="Une clé ou une phrase de passe, pas les deux.", en="A key or a passphrase, not both."),
            where="--to-recipient",
            hint=Words(fr="Retirez `--passphrase-file`.", en="Take `--passphrase-file` out."),
        )
    return Keys(recipients=tuple(recipients)) if recipients else Keys(passphrase=given)


def _opening(passphrase_file: Path | None, identity: Path | None) -> Keys:
    from composer.workspace.strongbox import Keys, read_key

    return Keys(identity=read_key(identity)) if identity is not None else Keys(passphrase=_passphrase(passphrase_file))


def _passphrase(file: Path | None) -> str:
    """The first line of ``file``, else what the environment says, else nothing."""
    from composer.workspace.strongbox import read_key

    if file is None:
        return os.environ.get(PASSPHRASE, "")
    line = read_key(file).partition("\n")[0].rstrip("\r")
    if not line:
        raise UsageError(
            Words(fr="Cette phrase de passe est vide.", en="This passphrase is empty."),
            where=str(file),
            hint=Words(fr="Écrivez-la sur la première ligne.", en="Write it on the first line."),
        )
    return line


def _made(made: Backup, *, to_output: bool, by_default: bool) -> Answer:
    lines = [*_contents(made)]
    if made.removed:
        lines.append(counted(len(made.removed), ("ancienne retirée", "anciennes retirées"), ("old one removed", "old ones removed")))
    if by_default:
        lines.append(
            say(
                "Elle est sur le même disque : copiez-la ailleurs, ou nommez un dossier, `hebdo backup /media/disque --keep 14`",
                "It is on the same disk: copy it elsewhere, or name a folder, `hebdo backup /media/disk --keep 14`",
            )
        )
    # To the output went the backup itself, in place of any text.
    return Answer(data=made.to_json(), text="" if to_output else str(made.path), talk="\n".join(lines))


def _found(found: Backup) -> Answer:
    return Answer(data=found.to_json(), text="\n".join([say(f"{found.path} : intacte", f"{found.path}: whole"), *_contents(found)]))


def _contents(one: Backup) -> list[str]:
    kind = say("chiffrée", "encrypted") if one.closed else say("non chiffrée, à garder pour soi", "not encrypted, keep it to yourself")
    lines = [
        say("Relue de bout en bout : ", "Read through to its end: ") + _held(one.members, one.ledger),
        f"  {_size(one.size_bytes)}, {kind}, {_taken(one.about)}",
    ]
    if one.ledger is not None:
        lines += _moving_lines(one.ledger)
    return lines + _left_lines(one.left_out)


def _left_lines(left_out: tuple[str, ...]) -> list[str]:
    """What stands in the folder and is not in the backup; above all what somebody thinks is in it."""
    from composer.workspace.archive import FOLDERS, fits

    odd = [name for name in left_out if not fits(name)]
    inside = [name for name in left_out if fits(name) and name.partition("/")[0] in FOLDERS]
    left = [name for name in left_out if name not in {*odd, *inside} and not name.startswith((".", "var/"))]
    lines = []
    if odd:
        why = say(
            "  ATTENTION, n’y sont pas, à cause de leur nom (signe invisible, ou trop long) ; renommez-les : ",
            "  WARNING, not in it because of their names (an invisible sign, or too long); rename them: ",
        )
        lines.append(why + _listed(odd))
    if inside:
        why = say("  ATTENTION, n’y sont pas (liens, tubes) : ", "  WARNING, not in it (links, pipes): ")
        lines.append(why + _listed(inside))
    if left:
        lines.append(say("  n’y sont pas : ", "  not in it: ") + _listed(left))
    return lines


def _listed(names: list[str]) -> str:
    more = f" … +{len(names) - LEFT_SHOWN}" if len(names) > LEFT_SHOWN else ""
    return ", ".join(shown(name, NAME_SHOWN) for name in names[:LEFT_SHOWN]) + more


def _size(size_bytes: int) -> str:
    if size_bytes < 1_000_000:
        return say(f"{size_bytes / 1000:.0f} Ko", f"{size_bytes / 1000:.0f} KB")
    megabytes = f"{size_bytes / 1e6:.1f}"
    return say(f"{megabytes.replace('.', ',')} Mo", f"{megabytes} MB")


def _taken(about: dict[str, Any]) -> str:
    """When it was taken, in the newsletter's zone; what a backup says of itself may be anything."""
    from composer.cli.board import moment

    try:
        return moment(str(about["taken_at"]), str(about["time_zone"]))
    except (KeyError, ValueError, OverflowError, OSError):
        return shown(str(about.get("taken_at", "?")), 40)


def _missing(about: dict[str, Any]) -> str:
    """That nobody who left later is known, and how to bring them back."""
    from composer.workflow.catching_up import WAYS, missing_words

    taken = _taken(about)
    return f"{told(missing_words(Words(fr=taken, en=taken)))} {told(WAYS)}"


def _held(files: int, ledger: LedgerFacts | None) -> str:
    parts = [counted(files, ("fichier", "fichiers"), ("file", "files"))]
    if ledger is not None:
        rows: dict[str, Any] = dict(ledger.rows)
        parts += [
            counted(rows.get("subscribers", 0), ("abonné", "abonnés"), ("subscriber", "subscribers")),
            counted(rows.get("mailings", 0), ("envoi", "envois"), ("mailing", "mailings")),
            counted(
                rows.get("deliveries", 0),
                ("destinataire d’envoi", "destinataires d’envois"),
                ("recipient of mailings", "recipients of mailings"),
            ),
        ]
    return ", ".join(parts)


def _moving_lines(ledger: LedgerFacts) -> list[str]:
    """What was under way when the backup was taken."""
    lines = []
    for one in ledger.moving:
        left = counted(one.waiting, ("remise à faire", "remises à faire"), ("delivery to make", "deliveries to make"))
        wire = say(f", {one.on_the_wire} en cours", f", {one.on_the_wire} on the wire") if one.on_the_wire else ""
        issue = shown(one.issue_id, NAME_SHOWN)
        lines.append(say(f"  en cours : {issue}, {left}{wire}", f"  under way: {issue}, {left}{wire}"))
    return lines
