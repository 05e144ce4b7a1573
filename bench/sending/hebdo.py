"""Hebdo as a contestant: the command ``hebdo worker --until-idle`` on a ledger of its own, fsync and all.

Counted from the fork of a process that has loaded the code: settings, ledger, launch, compiling, claims, marks, records and closing up are in
it, the interpreter's start is not. The rate ends with the last delivery that the ledger wrote.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bench.kit.engines import Starter, hebdo, surroundings
from bench.kit.letters import Letter, Plan, make_letter, write_settings
from bench.kit.sinks import Sink
from bench.sending.contest import LIMIT_S, Run, run_program
from bench.sending.contestants import Contestant

SELECTOR = "banc"
KINDS = {"Hebdo": "", "Hebdo, Ed25519": "ed25519", "Hebdo, RSA-2048": "rsa"}


class Workshop:
    """Where letters are made, one after the other, and sent."""

    def __init__(self, folder: Path, starter: Starter) -> None:
        self._folder = folder
        self._starter = starter
        self._number = 0
        self._keys: dict[str, Path] = {}

    def contestant(self, name: str) -> Contestant:
        kind = KINDS[name]
        return Contestant(name=name, send=lambda port, messages, connections: self.send(port, messages, connections, kind=kind))

    def send(self, port: int, messages: int, connections: int, *, kind: str = "") -> Run:
        letter = self.letter(port, messages, connections, kind=kind)
        engine = self._starter.start("worker", "--until-idle", cwd=letter.root, output=letter.root / "output")
        assert engine.wait(LIMIT_S), "Hebdo did not end in time"
        assert letter.counts() == {"submitted": messages}, (letter.counts(), engine.words[-800:])
        run = self._read(letter, messages, engine.began_wall, engine.figures)
        shutil.rmtree(letter.root)
        return run

    def peak_mb(self, port: int, messages: int, connections: int, *, kind: str = "") -> float:
        """Peak memory of the command as a user starts it, interpreter and imports in it."""
        letter = self.letter(port, messages, connections, kind=kind)
        _, whole = run_program([sys.executable, "-m", "composer", "worker", "--until-idle"], environment=surroundings(), cwd=letter.root)
        assert letter.counts() == {"submitted": messages}
        shutil.rmtree(letter.root)
        return whole.peak_mb

    def startup(self) -> Run:
        """The command with nothing to do: what a sending pays once."""
        letter = self.letter(9, 1, 1, due_in_s=3600.0)
        _, whole = run_program([sys.executable, "-m", "composer", "worker", "--until-idle"], environment=surroundings(), cwd=letter.root)
        shutil.rmtree(letter.root)
        return whole

    def letter(self, port: int, messages: int, connections: int, *, kind: str = "", due_in_s: float = 0.0) -> Letter:
        self._number += 1
        plan = Plan(port=port, connections=connections, sender=f'dkim_sign = ["{SELECTOR}"]' if kind else "")
        letter = make_letter(self._folder / f"lettre-{self._number}", messages, plan, due_in_s=due_in_s)
        if kind:
            letter.var.mkdir(exist_ok=True)
            shutil.copytree(self._keys[kind], letter.var / "dkim")
        return letter

    def learn_to_sign(self, kind: str, sink: Sink) -> str:
        """Makes a key as a user does, and has three messages signed; gives why it cannot, "" when it can."""
        folder = self._folder / f"cle-{kind}"
        folder.mkdir()
        write_settings(folder, Plan(port=9))
        made = hebdo("dkim", "keygen", "--selector", SELECTOR, "--kind", kind, cwd=folder)
        if made.returncode or not (folder / "var" / "dkim").is_dir():
            return f"`hebdo dkim keygen --kind {kind}` ends with {made.returncode}: this Hebdo does not sign yet"
        self._keys[kind] = folder / "var" / "dkim"
        port = sink.open()
        port.set(log=self._folder / f"signed-{kind}.log")
        self.send(port.number, 3, 1, kind=kind)
        return "" if port.seen()["signed"] == 3 else "messages left without a DKIM-Signature"

    def _read(self, letter: Letter, messages: int, began_wall: float, figures: dict[str, float]) -> Run:
        with letter.open() as ledger:
            last = ledger.deliveries.last_outcome(letter.mailing_id)
        assert last
        wall = last[1].timestamp() - began_wall
        return Run(messages=messages, wall_s=wall, cpu_s=figures["cpu_s"], whole_s=figures["wall_s"])
