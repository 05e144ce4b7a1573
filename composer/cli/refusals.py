"""Other people's exceptions as errors of ours: the command line's parser, the system, and what nobody foresaw."""

from __future__ import annotations

import errno
import re

from typer.exceptions import TyperException

from composer.errors import ConfigurationError, FolderError, HebdoError, NetworkError, UsageError
from composer.words import Words

# What Typer says, and the same in French; the groups are names that stay as typed.
_FRENCH = (
    (r"No such command '(.*)'\.?\s*(?:Did you mean (.*)\?)?", "la commande « {0} » n’existe pas{1}"),
    (r"No such option: (\S+)\.?(?:.*Possible options: (.*)\))?.*", "l’option {0} n’existe pas ici{1}"),
    (r"Missing argument '?([^'.]*)'?\.?", "il manque {0}"),
    (r"Missing option '?([^'.]*)'?\.?", "il manque l’option {0}"),
    (r"Missing command\.?", "il manque une commande"),
    (r"Got unexpected extra arguments? \((.*)\)", "ceci est en trop : {0}"),
    (r"Option '?(\S+?)'? requires an argument\.?", "l’option {0} attend une valeur"),
    (r"Option '?(\S+?)'? does not take a value\.?", "l’option {0} n’attend pas de valeur"),
    (r"Invalid value for (.*?): '?(.*?)'? is not one of (.*)", "{0} : « {1} » n’est pas une valeur possible ; choisissez {2}"),
    (r"Invalid value for (.*?): '?(.*?)'? is not a valid (?:integer|int|float)\.?", "{0} : « {1} » n’est pas un nombre"),
    (r"Invalid value for (.*?): (.*)", "{0} : {1}"),
)


def error_of_usage(error: TyperException) -> UsageError:
    """A refusal of the command line's parser in both languages, with the help that would have told."""
    english = error.format_message()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hebdo"
    command = f"{path} --help"
    return UsageError(
        Words(fr=_in_french(english), en=english),
        hint=Words(fr=f"voir : {command}", en=f"see: {command}"),
    )


def error_of_system(error: OSError) -> HebdoError:
    """A refusal of the operating system: which file or address, and what it said."""
    where = str(error.filename) if error.filename else None
    said = error.strerror or str(error)
    if error.errno == errno.EADDRINUSE:
        return NetworkError(
            Words(fr="ce port est déjà pris", en="this port is taken"),
            where=where,
            hint=Words(fr="choisissez-en un autre : --port 8001", en="choose another one: --port 8001"),
        )
    if isinstance(error, ConnectionError | TimeoutError):
        return NetworkError(Words(fr=f"le serveur ne répond pas : {said}", en=f"the server does not answer: {said}"), where=where)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return FolderError(
            Words(fr="ce fichier ne peut pas être lu ou écrit : il manque un droit", en="this file cannot be read or written: a right is missing"),
            where=where,
            hint=Words(fr="voyez à qui il est : ls -l", en="look whose it is: ls -l"),
        )
    return FolderError(Words(fr=f"le système refuse : {said}", en=f"the system refuses: {said}"), where=where)


def unexpected(error: Exception) -> HebdoError:
    """What nobody foresaw: one line, and how to see more."""
    name = type(error).__name__
    if isinstance(error, RecursionError | MemoryError):
        return ConfigurationError(
            Words(fr="ce document est trop grand ou trop imbriqué pour être lu", en="this document is too large or too deeply nested to be read")
        )
    return HebdoError(
        Words(fr=f"une erreur que Hebdo n’a pas prévue ({name} : {error})", en=f"an error that Hebdo did not foresee ({name}: {error})"),
        hint=Words(
            fr="rien n’a été envoyé de plus ; pour le détail à nous transmettre : relancez avec HEBDO_DEBUG=1",
            en="nothing more was sent; for the details to report: run again with HEBDO_DEBUG=1",
        ),
    )


def _in_french(english: str) -> str:
    for pattern, french in _FRENCH:
        match = re.fullmatch(pattern, english.strip(), flags=re.DOTALL)
        if match:
            groups = [group or "" for group in match.groups()]
            if len(groups) > 1 and groups[1] and "{1}" in french and french.endswith("{1}") and ":" not in french:
                groups[1] = f" ; peut-être {groups[1]}"
            return french.format(*groups)
    return english
