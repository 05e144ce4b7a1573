"""What stays up says: a sentence for people, or a line of JSON with what was said beside the words."""

from __future__ import annotations

import json
import logging
import re
from multiprocessing import Pipe

import pytest
import structlog

from composer.cli.journal import line_formatter
from composer.workflow.sender_process import _Line, fields_of


def record(words: str, *args: object, level: int = logging.INFO, error: Exception | None = None, **extra: object) -> logging.LogRecord:
    logger = logging.getLogger("composer.engine.sender")
    given = (type(error), error, None) if error else None
    return logger.makeRecord(logger.name, level, "sender.py", 1, words, args, given, extra=extra)


def test_people_read_the_words_alone_with_the_hour_before_them() -> None:
    line = line_formatter("text", in_journal=False).format(record("envoi %d\nterminé", 42, mailing=42))
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} envoi 42 terminé", line)


@pytest.mark.parametrize(("level", "priority"), [(logging.DEBUG, 7), (logging.INFO, 6), (logging.WARNING, 4), (logging.ERROR, 3)])
@pytest.mark.parametrize("form", ["text", "json"])
def test_journald_has_the_priority_before_every_line(level: int, priority: int, form: str) -> None:
    line = line_formatter(form, in_journal=True).format(record("hop", level=level))
    assert line.startswith(f"<{priority}>")
    assert line.endswith("hop" if form == "text" else "}")


def test_an_error_stands_behind_the_words_and_never_takes_a_second_line() -> None:
    failed = record("the tick failed", level=logging.ERROR, error=OSError("no\nroom"))
    assert line_formatter("text", in_journal=True).format(failed) == "<3>the tick failed: no room"
    assert line_formatter("text", in_journal=True).format(record("hop", error=OSError())) == "<6>hop: OSError"


def test_programs_read_one_object_a_line_with_what_was_said_beside_the_words() -> None:
    said = record("envoi %d\nterminé : « fini »", 42, mailing=42, issue="n1", level=logging.WARNING)
    line = line_formatter("json", in_journal=False).format(said)
    assert "\n" not in line
    found = json.loads(line)
    assert found.pop("at").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "composer.engine.sender",
        "event": "envoi 42 terminé : « fini »",
        "mailing": 42,
        "issue": "n1",
    }


def test_a_field_never_takes_the_place_of_what_every_line_has() -> None:
    found = json.loads(line_formatter("json", in_journal=False).format(record("hop", logger="autre", at=1)))
    assert (found["logger"], found["logger_"], found["at_"]) == ("composer.engine.sender", "autre", 1)


def test_programs_get_the_whole_trace_of_an_error() -> None:
    try:
        raise OSError("no room")  # noqa: TRY301 - a traceback is what is looked at
    except OSError as error:
        failed = logging.getLogger("x").makeRecord("x", logging.ERROR, "x.py", 1, "failed", (), (type(error), error, error.__traceback__))
    found = json.loads(line_formatter("json", in_journal=False).format(failed))
    assert found["event"] == "failed"
    assert "OSError: no room" in found["exception"]
    assert "exc_info" not in found


def test_a_structlog_logger_is_rendered_like_all_others() -> None:
    heard: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = heard.append  # type: ignore[method-assign]
    logger = logging.getLogger("composer.essai")
    logger.addHandler(handler)
    own = structlog.wrap_logger(
        logger, processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter], wrapper_class=structlog.stdlib.BoundLogger
    )
    own.warning("hop", mailing=42)
    logger.removeHandler(handler)
    found = json.loads(line_formatter("json", in_journal=False).format(heard[0]))
    assert (found["event"], found["mailing"], found["level"]) == ("hop", 42, "warning")


def test_what_a_sender_says_beside_its_words_comes_through_to_its_parent() -> None:
    near, far = Pipe()
    _Line(far).emit(record("envoi %d", 42, mailing=42, rate=1.5, path=len, none=None))
    name, level, words, fields = near.recv()
    assert (name, level, words) == ("composer.engine.sender", logging.INFO, "envoi 42")
    assert fields["mailing"] == 42
    assert fields["rate"] == 1.5
    assert fields["none"] is None
    assert isinstance(fields["path"], str), "only values that every process knows"
    again = logging.getLogger(name).makeRecord(name, level, "", 0, "%s", (words,), None, extra=fields)
    assert fields_of(again) == fields
    assert json.loads(line_formatter("json", in_journal=False).format(again))["mailing"] == 42
