"""Other people's exceptions as errors of ours: the command line's parser, the system, and what nobody foresaw."""

from __future__ import annotations

import errno
import re

from typer.exceptions import TyperException

from composer.errors import ConfigurationError, FolderError, HebdoError, NetworkError, NotFound, UsageError
from composer.text.system import words_of
from composer.words import Words

# What Typer says, and the same in French; the groups are names that stay as typed.
_FRENCH = (
    (r"No such command '(.*?)'\. Did you mean (.*)\?", "La commande « {0} » n’existe pas ; peut-être {1}."),
    (r"No such command '(.*?)'\.?", "La commande « {0} » n’existe pas."),
    (r"No such option: (\S+) \(Possible options: (.*)\)", "L’option {0} n’existe pas ici ; peut-être {1}."),
    (r"No such option: (\S+)", "L’option {0} n’existe pas ici."),
    (r"Missing argument '?(.*?)'?\.", "Il manque {0}."),
    (r"Missing option '?(.*?)'?\.", "Il manque l’option {0}."),
    (r"Missing command\.", "Il manque une commande."),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "Ceci est en trop : {0}."),
    (r"Option '(\S+?)' requires an argument\.", "L’option {0} attend une valeur."),
    (r"Option '(\S+?)' does not take a value\.", "L’option {0} n’attend pas de valeur."),
    (r"Invalid value for '(.*?)': '(.*?)' is not one of (.*)\.", "{0} : « {1} » n’est pas possible ; choisissez {2}."),
    (r"Invalid value for '(.*?)': Input should be a valid (?:integer|number).*", "{0} attend un nombre."),
    (r"Invalid value for '(.*?)': Input should be less than or equal to (.*)", "{0} ne peut dépasser {1}."),
    (r"Invalid value for '(.*?)': Input should be greater than or equal to (.*)", "{0} commence à {1}."),
    (r"Invalid value for '(.*?)': (.*)", "{0} : {1}"),
)


def as_error(raised: Exception) -> HebdoError:
    """Whatever was raised as an error of our tree."""
    match raised:
        case HebdoError():
            return raised
        case TyperException():
            return error_of_usage(raised)
        case OSError():
            return error_of_system(raised)
        case UnicodeEncodeError():
            return error_of_writing(raised)
        case _:
            return unexpected(raised)


def error_of_usage(error: TyperException) -> UsageError:
    """A refusal of the command line's parser in both languages, with the help that would have told."""
    # pydantic, inside Typer, prefixes what a validator said.
    english = error.format_message().replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hebdo"
    command = f"{path} --help"
    return UsageError(
        Words(fr=_in_french(english), en=english),
        where=path,
        hint=Words(fr=f"Voir : `{command}`", en=f"See: `{command}`"),
    )


def error_of_system(error: OSError) -> HebdoError:
    """A refusal of the operating system: which file or address, and what it said."""
    where = str(error.filename) if error.filename else None
    said = words_of(error)
    if error.errno == errno.EADDRINUSE:
        return NetworkError(
            Words(fr="Ce port est déjà pris.", en="This port is taken."),
            where=where,
            hint=Words(fr="Choisissez-en un autre : `--port 8001`", en="Choose another one: `--port 8001`"),
        )
    if isinstance(error, ConnectionError | TimeoutError):
        return NetworkError(
            Words(fr=f"Le serveur ne répond pas : {said.fr}.", en=f"The server does not answer: {said.en}."),
            where=where,
            hint=Words(
                fr="Vérifiez la connexion et [transport] dans newsletter.toml.",
                en="Check the connection and [transport] in newsletter.toml.",
            ),
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return FolderError(
            Words(
                fr="Ce fichier ne peut pas être lu ou écrit : il manque un droit.",
                en="This file cannot be read or written: a right is missing.",
            ),
            where=where,
            hint=Words(fr="Voyez à qui il est : `ls -l`", en="Look whose it is: `ls -l`"),
        )
    if isinstance(error, FileNotFoundError):
        return NotFound(
            Words(fr="Ce fichier ou ce dossier n’existe pas.", en="This file or folder does not exist."),
            where=where,
            hint=Words(fr="Voyez ce qui s’y trouve : `ls`", en="Look what is there: `ls`"),
        )
    return FolderError(
        Words(fr=f"Le système refuse : {said.fr}.", en=f"The system refuses: {said.en}."),
        where=where,
        hint=Words(
            fr="Vérifiez la place libre et les droits : `df -h .`, `ls -l`", en="Check the free space and the rights: `df -h .`, `ls -l`"
        ),
    )


def error_of_writing(error: UnicodeEncodeError) -> UsageError:
    """A name or a value whose bytes are no UTF-8, where it had to be written down."""
    shown = error.object[error.start : error.end].encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")[:80]
    return UsageError(
        Words(fr="Ceci n’est pas du texte en UTF-8.", en="This is not text in UTF-8."),
        where=shown,
        hint=Words(
            fr="Retapez la valeur ou renommez le fichier ; `locale` dit si ce terminal parle UTF-8.",
            en="Type the value again or rename the file; `locale` says whether this terminal speaks UTF-8.",
        ),
    )


def unexpected(error: Exception) -> HebdoError:
    """What nobody foresaw: one line, and how to see more."""
    name = type(error).__name__
    if isinstance(error, RecursionError | MemoryError):
        return ConfigurationError(
            Words(
                fr="Ce document est trop grand ou trop imbriqué pour être lu.",
                en="This document is too large or too deeply nested to be read.",
            ),
            hint=Words(fr="Découpez-le en plusieurs fichiers.", en="Cut it into several files."),
        )
    return HebdoError(
        Words(fr=f"Une erreur que Hebdo n’a pas prévue ({name} : {error}).", en=f"An error that Hebdo did not foresee ({name}: {error})."),
        hint=Words(
            fr="Pour le détail à nous transmettre, relancez avec `HEBDO_DEBUG=1`.",
            en="For the details to report, run again with `HEBDO_DEBUG=1`.",
        ),
    )


def _in_french(english: str) -> str:
    for pattern, french in _FRENCH:
        match = re.fullmatch(pattern, english.strip(), flags=re.DOTALL)
        if match:
            *typed, last = match.groups() or ("",)
            # What Typer offers stands last; what was typed stays as it was.
            return french.format(*typed, re.sub(r"'([^']*)'", r"« \1 »", last) if typed else last)
    return english
