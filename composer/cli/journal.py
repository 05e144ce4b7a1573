"""What stays up writes one line per event on stderr: under journald with its priority and without a time, elsewhere with the time.

Sentences for people, or JSON with what was said beside them (``[log] format``). Everybody logs with the standard library; structlog renders
it here, at the edge, so that the sender's own process does without.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal

from composer.cli.talk import write_talk

_log = logging.getLogger(__name__)

REPEAT_S = 60.0  # one and the same trouble, each second, is one line a minute
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))  # of syslog, as sd-daemon(3) wants them before a line

Form = Literal["text", "json"]
Event = MutableMapping[str, Any]


def log_events(form: Form = "text") -> None:
    """From here on, everything that is logged stands on stderr, in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(line_formatter(form, in_journal=is_journal(os.environ)))
    handler.addFilter(_Repeats())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("composer").setLevel(logging.INFO)


def announcer(form: Form) -> Callable[[str], None]:
    """How what stays up says what is no event: words for people, or a line like all others where a program reads."""
    return write_talk if form == "text" else lambda words: _log.info("%s", words)


def line_formatter(form: Form, *, in_journal: bool) -> logging.Formatter:
    """One line for each record, whatever it holds."""
    from structlog.processors import JSONRenderer, format_exc_info
    from structlog.stdlib import ExtraAdder, ProcessorFormatter

    for_programs = [format_exc_info, _named, JSONRenderer(ensure_ascii=False, default=str)]
    render = for_programs if form == "json" else [_sentence if in_journal else _dated_sentence]
    return ProcessorFormatter(foreign_pre_chain=[ExtraAdder()], processors=[*render, *([_with_priority] if in_journal else [])])


def is_journal(environ: Mapping[str, str]) -> bool:
    """Whether stderr leads to journald (systemd.exec(5), JOURNAL_STREAM)."""
    try:
        status = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _sentence(_: object, level: str, event: Event) -> str:  # noqa: ARG001 - structlog's door
    """The words alone, with those of an error behind them."""
    words, error = _one_line(event["event"]), (event.get("exc_info") or (None, None))[1]
    return words if error is None else f"{words}: {_one_line(error) or type(error).__name__}"


def _dated_sentence(_: object, level: str, event: Event) -> str:
    created = time.localtime(event["_record"].created)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S%z', created)} {_sentence(_, level, event)}"


def _named(_: object, level: str, event: Event) -> Event:  # noqa: ARG001 - structlog's door
    """What every line has, then what was said beside the words."""
    record: logging.LogRecord = event["_record"]
    said = {name: value for name, value in event.items() if not name.startswith("_") and name != "event"}
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    head = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": _one_line(event["event"])}
    return head | {f"{name}_" if name in head else name: value for name, value in said.items()}


def _with_priority(_: object, level: str, line: Any) -> str:
    """sd-daemon(3): journald takes the priority off the line and keeps it."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    return f"<{next(priority for least, priority in _PRIORITIES if number >= least)}>{line}"


def _one_line(words: object) -> str:
    return " ".join(str(words).split())


class _Repeats(logging.Filter):
    """Lets the same words pass once a minute, with how often they were said meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        words, now = record.getMessage(), time.monotonic()
        at, times = self._said.get(words, (-REPEAT_S, 0))
        if now - at < REPEAT_S:
            self._said[words] = (at, times + 1)
            return False
        self._said = {said: one for said, one in self._said.items() if now - one[0] < 2 * REPEAT_S} | {words: (now, 0)}
        if times:
            record.msg, record.args = f"{words} (+{times})", ()
        return True
