"""Settings that change while Hebdo runs: what is up must not go on with those of before, and count as if all were well."""

from __future__ import annotations

import time
from collections.abc import Callable

from composer.errors import HebdoError
from composer.words import Words
from composer.workflow.signing import require_signer
from composer.workspace import Workspace, open_workspace

LOOK_S = 1.0


_AS_BEFORE = Words(fr="newsletter.toml peut de nouveau servir : rien ne change.", en="newsletter.toml can be used again: nothing changes.")


class SettingsWatch:
    """Looks after ``newsletter.toml`` for whoever is up; ``told`` hears what a person should read."""

    def __init__(self, workspace: Workspace, *, told: Callable[[Words], None] = lambda _: None) -> None:
        self._workspace = workspace
        self._told = told
        self._is_spoilt = False  # what stands in the file now cannot be used, which was told
        self._seen: tuple[int, int] | None = None  # so that the first look sees what changed since the workspace was read
        self._look_at = time.monotonic() + LOOK_S

    def look(self) -> Workspace | None:
        """The workspace with new settings, once, when they changed and can be read; None otherwise. At most one look a second."""
        now = time.monotonic()
        if now < self._look_at:
            return None
        self._look_at = now + LOOK_S
        seen = self._stamp()
        if seen == self._seen:
            return None
        self._seen = seen
        return self._read_again()

    def _read_again(self) -> Workspace | None:
        try:
            found = open_workspace(self._workspace.root)
            require_signer(found)
        except HebdoError as error:
            self._told(
                Words(
                    fr=f"newsletter.toml a changé et ne peut servir, les réglages d’avant restent : {error.sentence('fr')}",
                    en=f"newsletter.toml changed and cannot be used, the settings of before stay: {error.sentence('en')}",
                )
            )
            self._is_spoilt = True
            return None
        was_spoilt, self._is_spoilt = self._is_spoilt, False
        if found.newsletter == self._workspace.newsletter:
            if was_spoilt:
                self._told(_AS_BEFORE)
            return None
        self._workspace = found
        self._told(Words(fr="newsletter.toml a changé : réglages relus.", en="newsletter.toml changed: settings read again."))
        return found

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._workspace.config_path.stat()
        except OSError:
            return None
        return (status.st_mtime_ns, status.st_size)
