"""R4: a disk that runs full in mid-mailing, and is emptied: nothing is lost, nothing leaves twice.

The disk is a small tmpfs that root mounts; elsewhere the row says that it was not measured.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.drills.desk import Desk, account, none, still, until, watching
from bench.kit.engines import start_command
from bench.kit.letters import Plan, make_letter
from bench.kit.rows import Row, missing


def full_disk(desk: Desk) -> list[Row]:
    readers = min(5_000, max(600, desk.settings.recipients // 4))
    try:
        with _small_disk(desk.folder / "r4", megabytes=12 + readers // 300) as disk:
            return _mailing(desk, disk, readers)
    except PermissionError as error:
        desk.told(f"R4 IS NOT MEASURED: {error}")
        return [missing("R4, full disk", str(error))]


def _mailing(desk: Desk, disk: Path, readers: int) -> list[Row]:
    port = desk.sink.open()
    port.set(log=desk.folder / "r4.log", delay_ms=10.0)
    letter = make_letter(disk / "lettre", readers, Plan(port=port.number, connections=desk.settings.connections))
    engine = start_command("worker", cwd=letter.root, output=desk.folder / "r4-output")
    try:
        with watching(letter) as watch:
            until(lambda: port.accepted > readers // 10)
            until(lambda: _empty_log(letter.var / "ledger.sqlite"))
            filler = _fill(disk)
            told = until(lambda: "full" in engine.words, within_s=60)
            still(port)
            stopped_at = port.accepted
            filler.unlink()
            ended = until(lambda: letter.counts() == {"submitted": readers}, within_s=120, every_s=0.2)
    finally:
        engine.end()
    name = "R4, disk full in mid-mailing"
    rows = account(letter, port).rows(name, duplicates=0, uncertain=0)
    rows += [
        none(f"{name}: not told, or did not stop", int(not told or stopped_at >= readers), note=f"stopped at {stopped_at} of {readers}"),
        none(f"{name}: did not go on by itself when there was room", int(not ended)),
        watch.row(name),
    ]
    return rows


@contextmanager
def _small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        raise PermissionError("a disk of its own is mounted by root only")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise PermissionError(f"no disk can be mounted here: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _empty_log(ledger: Path) -> bool:
    """Empties SQLite's write-ahead log, and says whether it could: one that has once grown writes over itself, and would need no room for the rest of a small mailing."""
    with closing(sqlite3.connect(ledger, timeout=1.0)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _fill(disk: Path) -> Path:
    """Takes the last byte."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler
