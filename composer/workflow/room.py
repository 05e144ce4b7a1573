"""Room on the disk: told while the ledger can still be written, since a full disk stops a mailing until somebody makes room."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import datetime

from composer.ledger import Ledger
from composer.words import Words
from composer.workflow.telling import said
from composer.workspace import Workspace

LOOK_S = 60.0
LOW_BYTES = 200_000_000  # told below this
WELL_BYTES = 400_000_000  # and mended above this, so that a disk on the edge is not told every minute
ABOUT = "disk"


class RoomWatch:
    """Looks once a minute, however often it is asked."""

    def __init__(self, workspace: Workspace, ledger: Ledger, *, now: Callable[[], datetime]) -> None:
        self._workspace = workspace
        self._ledger = ledger
        self._now = now
        self._look_at = 0.0

    def look(self) -> None:
        """Tells the desk when room gets scarce and when there is enough again; raises HebdoError when that cannot be written."""
        moment = time.monotonic()
        if moment < self._look_at:
            return
        self._look_at = moment + LOOK_S
        free_bytes = shutil.disk_usage(self._workspace.var_path).free
        last = self._ledger.notices.last(("trouble", "mended"), about=ABOUT)
        is_low = last is not None and last.kind == "trouble"
        if free_bytes < LOW_BYTES and not is_low:
            self._tell("trouble", _low(free_bytes))
        elif free_bytes > WELL_BYTES and is_low:
            self._tell("mended", _well(free_bytes))

    def _tell(self, kind: str, words: Words) -> None:
        told = said(self._workspace, words)
        self._ledger.notices.add_unless_last(("trouble", "mended"), mailing_id=None, kind=kind, words=told, about=ABOUT, now=self._now())


def _low(free_bytes: int) -> Words:
    left = f"{free_bytes / 1e6:.0f}"
    return Words(
        fr=f"Il ne reste que {left} Mo sur le disque de la lettre. Plein, il suspend tout envoi jusqu’à ce qu’il y ait de la place : `df -h .`, `du -sh var/*`",
        en=f"Only {left} MB are left on the newsletter’s disk. Full, it keeps every mailing waiting until there is room: `df -h .`, `du -sh var/*`",
    )


def _well(free_bytes: int) -> Words:
    return Words(
        fr=f"Le disque a de nouveau de la place : {free_bytes / 1e6:.0f} Mo.", en=f"The disk has room again: {free_bytes / 1e6:.0f} MB."
    )
