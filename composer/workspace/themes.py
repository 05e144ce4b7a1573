"""Themes: the built-in ones of the wheel or the checkout, and a workspace's own files that shadow them."""

from __future__ import annotations

import hashlib
import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from composer.errors import ConfigurationError
from composer.render.theme import Theme
from composer.words import Words
from composer.workspace.config import place_of_setting
from composer.workspace.files import is_utf8, read_text
from composer.workspace.folder import Workspace

_PACKAGE = Path(__file__).resolve().parents[1]
_SHARED = "shared"


def built_in_templates() -> Path:
    """The folder of the built-in themes: in the wheel beside the package, in a checkout at its top."""
    shipped = _PACKAGE / "templates"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "templates"


def list_themes(workspace: Workspace | None = None) -> tuple[str, ...]:
    """The names of all themes, sorted."""
    folders = [built_in_templates(), *([workspace.root / "templates"] if workspace else [])]
    names = {path.parent.name for folder in folders for path in folder.glob("*/theme.toml")}
    return tuple(sorted(name for name in names if is_utf8(name)))


def load_theme(workspace: Workspace, name: str | None = None) -> Theme:
    """The theme ``name`` (else the newsletter's); a file in the workspace's ``templates/`` stands before the built-in one.

    Raises ConfigurationError for an unknown theme or a theme.toml that cannot be read.
    """
    wanted = name or workspace.newsletter.theme
    if wanted not in list_themes(workspace):
        raise _unknown(workspace, wanted)
    folders = [built_in_templates() / _SHARED, built_in_templates() / wanted]
    own = workspace.root / "templates"
    if own.resolve() != built_in_templates().resolve():
        folders += [own / _SHARED, own / wanted]
    return _assemble(wanted, tuple(_fingerprint(folder) for folder in folders))


def built_in_themes() -> tuple[Theme, ...]:
    """The built-in themes as they are shipped, whatever shadows them."""
    folder = built_in_templates()
    names = sorted(path.parent.name for path in folder.glob("*/theme.toml"))
    return tuple(_assemble(name, (_fingerprint(folder / _SHARED), _fingerprint(folder / name))) for name in names)


def read_own_files(workspace: Workspace, name: str) -> dict[str, str]:
    """The files of a theme that are the workspace's own, by their path in it; {} where the built-in ones are used as they are."""
    own = workspace.root / "templates"
    if own.resolve() == built_in_templates().resolve():
        return {}
    found = [path for folder in (own / name, own / _SHARED) for _, path, _, _ in _fingerprint(folder)]
    return {workspace.shown(Path(path)): read_text(Path(path), shown=workspace.shown(Path(path))) for path in found}


def _unknown(workspace: Workspace, wanted: str) -> ConfigurationError:
    themes, shown = list_themes(workspace), " ".join(wanted.split())[:60]
    known = ", ".join(themes)
    first = themes[0] if themes else "classique"
    return ConfigurationError(
        Words(fr=f"Le thème « {shown} » n’existe pas.", en=f"There is no theme “{shown}”.")
        if shown
        else Words(fr="Aucun thème n’est choisi.", en="No theme is chosen."),
        where=place_of_setting(workspace.root, "newsletter", "theme", os.environ),
        hint=Words(
            fr=f'Sous [newsletter], écrivez par exemple `theme = "{first}"` ; il y a : {known}',
            en=f'Under [newsletter], write for instance `theme = "{first}"`; there are: {known}',
        ),
    )


Fingerprint = tuple[tuple[str, str, int, int], ...]


def _fingerprint(folder: Path) -> Fingerprint:
    """Name, path, time and size of every file: a theme is read again only when one of these changes."""
    files = sorted(path for path in folder.glob("*") if path.is_file() and not path.is_symlink() and not path.name.startswith("."))
    return tuple((path.name, str(path), (stat := path.stat()).st_mtime_ns, stat.st_size) for path in files)


@lru_cache(maxsize=8)
def _assemble(name: str, folders: tuple[Fingerprint, ...]) -> Theme:
    files = {file: Path(path) for folder in folders for file, path, _, _ in folder}
    texts = {file: read_text(path, shown=f"templates/{name}/{file}").replace("\r\n", "\n") for file, path in files.items()}
    tokens = _tokens(texts.get("theme.toml", ""), f"templates/{name}/theme.toml")
    version = hashlib.sha256("\x00".join(f"{file}\x00{text}" for file, text in sorted(texts.items())).encode()).hexdigest()[:16]
    return Theme(name=name, templates=texts, tokens=tokens, version=version)


def _tokens(text: str, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            Words(fr=f"Ce thème ne se lit pas : {error}", en=f"This theme cannot be read: {error}"),
            where=shown,
            hint=Words(
                fr="Corrigez ce fichier, ou retirez-le pour le thème fourni.", en="Mend this file, or remove it for the built-in theme."
            ),
        ) from error
