"""What a command reads has an end."""

from __future__ import annotations

import pytest

from composer.cli.files import read_lines
from composer.errors import UsageError


def test_a_device_is_no_list_of_people():
    with pytest.raises(UsageError, match="device"), read_lines("/dev/zero"):
        pass


def test_a_list_of_people_is_read_line_by_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"email\nclaire@lecteurs.example\n")
    with read_lines(str(tmp_path / "a.csv")) as (lines, name):
        assert (len(list(lines)), name) == (2, "a.csv")
