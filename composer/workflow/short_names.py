"""An issue as the desk speaks of it: «n° 2 : Les bouquinistes», and commands that say `2`. Only where the number is that of one issue, today."""

from __future__ import annotations

import re

from composer.errors import HebdoError
from composer.text.shown import one_line
from composer.words import Words
from composer.workspace import Workspace, load_issue
from composer.workspace.issues import numbers_of

SUBJECT_MAX = 60
_COMMAND = re.compile("(?<=`)hebdo [^`]*")


def short_number(workspace: Workspace, issue_id: str) -> int | None:
    """The number by which commands find this issue; None where it has none, shares it, or its folder is gone."""
    try:
        numbers = numbers_of(workspace)
    except (HebdoError, OSError):  # the folder may be the very thing that fails
        return None
    number = numbers.get(issue_id)
    return number if number is not None and list(numbers.values()).count(number) == 1 else None


def short_name(workspace: Workspace, issue_id: str) -> Words:
    """«n° 2 : Les bouquinistes…»; the folder's name where there is no number."""
    number = short_number(workspace, issue_id)
    if number is None:
        return Words(fr=issue_id, en=issue_id)
    try:
        subject = one_line(load_issue(workspace, issue_id).subject, SUBJECT_MAX)
    except (HebdoError, OSError):  # the folder may be the very thing that fails
        subject = ""
    more = (f" : {subject}", f": {subject}") if subject else ("", "")
    return Words(fr=f"n°\u00a0{number}{more[0]}", en=f"no. {number}{more[1]}")


def with_short_commands(workspace: Workspace, issue_id: str, text: str) -> str:
    """``text`` with the number in place of the folder's name in its commands: `hebdo resume 2`."""
    number = short_number(workspace, issue_id) if issue_id in text else None
    if number is None:
        return text
    return _COMMAND.sub(lambda command: " ".join(str(number) if word == issue_id else word for word in command[0].split(" ")), text)
