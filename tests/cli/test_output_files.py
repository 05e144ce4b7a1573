"""What ``-o`` writes: whole, where it was asked for, and for its owner alone where it names people."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest


@pytest.mark.parametrize("stood", ["nothing", "a file", "a link to a file", "a link to nothing"])
def test_the_list_of_people_is_its_owners_alone_whatever_stood_there(stood: str, hebdo, sample: Path) -> None:
    (sample / "people.csv").write_text("email,name\nreader@lecteurs.example.org,A reader\n", encoding="utf-8")
    assert hebdo("subscribers", "import", "people.csv", "--consent", "form, until 2026", cwd=sample).code == 0
    output = sample / "out.csv"
    target = sample / "elsewhere.csv" if "link" in stood else output
    if "a file" in stood:
        target.write_text("what stood here", encoding="utf-8")
        target.chmod(0o644)
    if "link" in stood:
        output.symlink_to(target)
    assert hebdo("subscribers", "export", "-o", "out.csv", cwd=sample).code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert output.is_symlink() == ("link" in stood)
    assert "reader@lecteurs.example.org" in target.read_text(encoding="utf-8")


def test_a_folder_is_refused_with_a_name_that_fits(hebdo, sample: Path) -> None:
    refused = hebdo("subscribers", "export", "-o", "issues", cwd=sample)
    assert refused.code == 3
    assert "`-o issues/people.csv`" in refused.err
