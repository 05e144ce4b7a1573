"""The workspace: the newsletter's folder, opened."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from composer.errors import ConfigurationError, NotFound
from composer.model.findings import Finding
from composer.model.newsletter import Newsletter
from composer.words import Words
from composer.workspace.config import CONFIG_NAME, read_newsletter, read_usable
from composer.workspace.files import inside, is_utf8, refuse_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A newsletter's folder with its settings as read when it was opened."""

    root: Path  # absolute
    newsletter: Newsletter
    warnings: tuple[Finding, ...] = ()  # settings that nobody reads
    trouble: ConfigurationError | None = None  # why ``newsletter`` is only what can be read of the settings; None: it is all of them

    @property
    def config_path(self) -> Path:
        """``newsletter.toml``."""
        return self.root / CONFIG_NAME

    @property
    def issues_path(self) -> Path:
        """The folder of all issues."""
        return self.root / "issues"

    @property
    def stories_path(self) -> Path:
        """«Le marbre»: stories that wait for an issue."""
        return self.root / "stories"

    @property
    def var_path(self) -> Path:
        """What is not in git: ledger, pictures as readers load them, snapshots, locks."""
        return self.root / "var"

    @property
    def ledger_path(self) -> Path:
        """The ledger, when it is SQLite."""
        return self.var_path / "ledger.sqlite"

    def path_of(self, relative: str) -> Path:
        """The path of ``relative`` ("/" separated), which must stay in the folder; raises FolderError."""
        return inside(self.root, relative)

    def shown(self, path: Path) -> str:
        """A path as errors and answers name it: relative to the folder, "/" separated."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


def open_workspace(path: Path, *, environ: Mapping[str, str] | None = None) -> Workspace:
    """The workspace that ``path`` is in: the nearest folder upwards with a ``newsletter.toml``.

    Raises NotFound when there is none, ConfigurationError when its settings cannot be used.
    """
    root = _find_root(path)
    newsletter, warnings = read_newsletter(root, os.environ if environ is None else environ)
    return Workspace(root=root, newsletter=newsletter, warnings=warnings)


def open_spoilt_workspace(path: Path, trouble: ConfigurationError) -> Workspace:
    """The workspace of ``open_workspace``, with what can be read of settings that it refused with ``trouble``: for brakes, never for sending."""
    root = _find_root(path)
    return Workspace(root=root, newsletter=read_usable(root), trouble=trouble)


def _find_root(path: Path) -> Path:
    start = path.expanduser().absolute()
    if not is_utf8(str(start)):  # neither the ledger nor a page can write such a path down
        raise refuse_name("", str(start))
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder.resolve()
    raise NotFound(
        Words(fr="Aucune lettre ici : il manque newsletter.toml.", en="No newsletter here: newsletter.toml is missing."),
        where=str(path),
        hint=Words(fr="Créez-en une : `hebdo init ma-lettre && cd ma-lettre`", en="Make one: `hebdo init my-letter && cd my-letter`"),
    )
