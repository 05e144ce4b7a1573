from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from composer.workspace import open_workspace, read_source

COUNTER = """
import sys
from pathlib import Path
from composer.errors import Conflict
from composer.workspace import digest_of, open_workspace, read_source, write_source
workspace = open_workspace(Path(sys.argv[1]), environ={})
left = 25
while left:
    text = read_source(workspace, "stories/compte.md")
    try:
        write_source(workspace, "stories/compte.md", str(int(text) + 1), if_digest=digest_of(text))
        left -= 1
    except Conflict:
        pass
"""


def test_two_processes_that_save_the_same_file_lose_nothing(tmp_path: Path):
    (tmp_path / "newsletter.toml").write_text('[newsletter]\nname = "Essai"\n')
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "compte.md").write_text("0")
    both = [subprocess.Popen([sys.executable, "-c", COUNTER, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert read_source(open_workspace(tmp_path, environ={}), "stories/compte.md") == "50"
