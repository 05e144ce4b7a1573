"""Every error that crosses a package's border, and the exit code each one ends a command with.

HebdoError
├── UsageError            2  a value that cannot be: unknown option value, unknown zone, missing hour
├── NotFound              3  no such workspace, issue, story, subscriber, file
├── ConfigurationError    3  newsletter.toml or the environment cannot be read or used
├── StoryError            3  a file of an issue that cannot be read
├── FolderError           3  a file that cannot be written or read: rights, disk, a path out of the folder
│   └── SystemTrouble     3  the system refused it: its rights, its disk, its memory; nothing is said of the file
├── TemplateError         3  a theme that cannot be compiled
├── RenderError           1  an edition that came out broken
├── MergeError            1  a merge field that stays open for one recipient
├── FindingsError         1  the checks found errors; what was asked is refused
├── ConfirmationNeeded    4  somebody must say yes (--yes, --fold)
├── Unfinished            5  it ended, and not everything went
├── Conflict              6  the thing is in another state than this needs
│   └── LedgerError       6  the ledger is locked, foreign, newer, or a copy
└── NetworkError          7  a server, address or port that does not answer or refuses
"""

from __future__ import annotations

from typing import Any, ClassVar

from composer.words import Language, Words


class HebdoError(Exception):
    """What went wrong, where, and what to try next; shown to a person, never as a traceback.

    ``where`` is ``file:line`` or the name of the thing. ``hint`` names the next command or mend.
    """

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "error"

    def __init__(self, message: Words, *, where: str | None = None, hint: Words | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is, not by its constructor: an error may cross from one process to another."""
        return type(self).__new__, (type(self), *self.args), vars(self)

    def sentence(self, language: Language) -> str:
        """Message, place and hint on one line each."""
        lines = [f"{self.where}: {self.message.in_language(language)}" if self.where else self.message.in_language(language)]
        if self.hint:
            lines.append(f"→ {self.hint.in_language(language)}")
        return "\n".join(lines)


class UsageError(HebdoError):
    """A value that cannot be used as given."""

    exit_code = 2
    code = "usage"


class NotFound(HebdoError):
    """A thing that was named and does not exist."""

    exit_code = 3
    code = "not-found"


class ConfigurationError(HebdoError):
    """newsletter.toml, or a variable of the environment, is wrong."""

    exit_code = 3
    code = "configuration"


class StoryError(HebdoError):
    """A file of an issue cannot be read as one."""

    exit_code = 3
    code = "story"


class FolderError(HebdoError):
    """A file or folder cannot be read or written."""

    exit_code = 3
    code = "folder"


class SystemTrouble(FolderError):
    """The system refused to read or write; ``is_passing`` when it may not the next time, with nobody doing anything."""

    def __init__(self, message: Words, *, is_passing: bool = False, where: str | None = None, hint: Words | None = None) -> None:
        super().__init__(message, where=where, hint=hint)
        self.is_passing = is_passing


class TemplateError(HebdoError):
    """A theme does not compile; ``where`` is template:line:column."""

    exit_code = 3
    code = "template"


class RenderError(HebdoError):
    """An edition failed the checks on what came out."""

    code = "render"


class MergeError(HebdoError):
    """A merge field that nobody fills for this recipient."""

    code = "merge"


class FindingsError(HebdoError):
    """The checks found errors, so the act is refused; ``findings`` are all of them, for answers in JSON."""

    code = "findings"

    def __init__(self, message: Words, *, findings: tuple[Any, ...], where: str | None = None, hint: Words | None = None) -> None:
        super().__init__(message, where=where, hint=hint)
        self.findings = findings  # of composer.model.findings, which stands above this file


class ConfirmationNeeded(HebdoError):
    """The act needs a yes that was not given."""

    exit_code = 4
    code = "confirmation"


class Unfinished(HebdoError):
    """The act ended and some part of it failed."""

    exit_code = 5
    code = "unfinished"


class Conflict(HebdoError):
    """The thing is not in the state that the act needs."""

    exit_code = 6
    code = "conflict"


class LedgerError(Conflict):
    """The ledger cannot be used: locked, foreign, a copy, or newer than this program."""

    code = "ledger"


class NetworkError(HebdoError):
    """The world did not answer, or said no."""

    exit_code = 7
    code = "network"
