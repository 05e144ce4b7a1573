"""The private keys of DKIM, ``var/dkim/<selector>.pem``: a file each, for its owner alone, never written twice."""

from __future__ import annotations

import stat
from pathlib import Path

from composer.errors import ConfigurationError, Conflict, NotFound
from composer.words import Words
from composer.workspace.files import read_bytes, system_error, write_once
from composer.workspace.folder import Workspace

_MOST_BYTES = 65_536  # of a key file; RSA of 16384 bits has 13,000


def key_path(workspace: Workspace, selector: str) -> Path:
    """Where the key of ``selector`` stands or is to stand."""
    return workspace.var_path / "dkim" / f"{selector}.pem"


def kept_selectors(workspace: Workspace) -> tuple[str, ...]:
    """The selectors that have a file, in the order of their names."""
    return tuple(sorted(path.stem for path in (workspace.var_path / "dkim").glob("*.pem") if not path.name.startswith(".")))


def read_key_file(workspace: Workspace, selector: str) -> bytes:
    """The PEM under ``selector``; raises ConfigurationError when there is none or others can read it, FolderError as ``read_bytes``."""
    path = key_path(workspace, selector)
    shown = workspace.shown(path)
    try:
        content = read_bytes(path, shown=shown, limit=_MOST_BYTES)
        mode = stat.S_IMODE(path.stat().st_mode)
    except NotFound:
        raise _missing(selector, shown) from None
    except OSError as error:
        raise system_error(error, shown, writing=False) from error
    if mode & 0o077:
        raise ConfigurationError(
            Words(fr="D’autres peuvent lire cette clé DKIM.", en="Others can read this DKIM key."),
            where=shown,
            hint=Words(fr=f"Fermez-la : `chmod 600 {shown}`", en=f"Close it: `chmod 600 {shown}`"),
        )
    return content


def write_key_file(workspace: Workspace, selector: str, pem: bytes) -> Path:
    """Writes a new key, 0600, whole or not at all; raises Conflict when the selector has one, FolderError when the system refuses."""
    path = key_path(workspace, selector)
    shown = workspace.shown(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(path, pem)
    except FileExistsError:
        raise _taken(selector, shown) from None
    except OSError as error:
        raise system_error(error, shown, writing=True) from error
    return path


def _missing(selector: str, shown: str) -> ConfigurationError:
    return ConfigurationError(
        Words(fr=f"La clé DKIM du sélecteur « {selector} » manque.", en=f"The DKIM key of the selector “{selector}” is missing."),
        where=shown,
        hint=Words(
            fr=f"Remettez le fichier depuis une sauvegarde chiffrée, ou faites la clé : `hebdo dkim keygen --selector {selector}`",
            en=f"Put the file back from an encrypted backup, or make the key: `hebdo dkim keygen --selector {selector}`",
        ),
    )


def _taken(selector: str, shown: str) -> Conflict:
    return Conflict(
        Words(fr=f"Le sélecteur « {selector} » a déjà une clé.", en=f"The selector “{selector}” has a key already."),
        where=shown,
        hint=Words(
            fr=f"Montrez-la : `hebdo dkim show` ; ou prenez un autre nom : `hebdo dkim keygen --selector {selector}-2`",
            en=f"Show it: `hebdo dkim show`; or take another name: `hebdo dkim keygen --selector {selector}-2`",
        ),
    )
