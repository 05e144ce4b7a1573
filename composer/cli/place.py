"""Where the command works: the workspace, its ledger, and the clock on the wall."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from composer.cli.answers import finding_lines
from composer.cli.language import LANGUAGE, say, told
from composer.cli.talk import visible, write_talk
from composer.errors import ConfigurationError, HebdoError

if TYPE_CHECKING:
    from composer.ledger import Ledger
    from composer.workspace import Workspace

FOLDER: ContextVar[Path] = ContextVar("FOLDER", default=Path())  # what -C said, else the working directory


PATIENCE_S = 5.0  # a person sits there; who holds the ledger longer than this does not do so for a moment


def now() -> datetime:
    """The instant, UTC; the one place of the commands that looks at the clock."""
    return datetime.now(UTC)


def here(*, quietly: bool = False) -> Workspace:
    """The workspace around the working folder, or around ``-C``; settings that nobody reads are told on stderr, unless ``quietly``."""
    from composer.workspace import open_workspace

    workspace = open_workspace(FOLDER.get())
    for line in () if quietly else finding_lines(workspace.warnings):
        write_talk(line)
    return workspace


def here_whatever_is_set() -> Workspace:
    """As ``here``, for commands that must work while settings are spoilt: brakes and looks. What is wrong is told on stderr."""
    from composer.workspace import open_spoilt_workspace

    try:
        return here()
    except ConfigurationError as error:
        write_talk(visible(error.sentence(LANGUAGE)))
        write_talk(
            say(
                "Cette commande s’en passe\u00a0; un moteur en marche garde les réglages d’avant.",
                "This command does without; a running engine keeps the settings of before.",
            )
        )
        return open_spoilt_workspace(FOLDER.get(), error)


@contextlib.contextmanager
def ledger_of(workspace: Workspace) -> Iterator[Ledger]:
    """The workspace's ledger, open for one command."""
    from composer.deliver.schedule import find_zone
    from composer.ledger import open_ledger
    from composer.ledger.patience import Patience

    ledger = open_ledger(
        workspace.ledger_path,
        patience=Patience(limit_s=PATIENCE_S, waiting=_tell_wait),
        say=lambda words: write_talk(told(words)),
        zone=find_zone(workspace.newsletter.time_zone),
    )
    try:
        yield ledger
    finally:
        ledger.close()


@contextlib.contextmanager
def known_ledger(workspace: Workspace) -> Iterator[Ledger | None]:
    """The ledger for a command that can do without: None where there is none yet, or none that can be opened, which is told."""
    if not workspace.ledger_path.exists():
        yield None
        return
    with contextlib.ExitStack() as opened:
        ledger = None
        try:
            ledger = opened.enter_context(ledger_of(workspace))
        except HebdoError as error:
            write_talk(visible(error.sentence(LANGUAGE)))
        yield ledger


def _tell_wait() -> None:
    write_talk(say("Le registre est occupé par un autre programme ; j’attends…", "Another program keeps the ledger busy; waiting…"))
