"""The outside reader of French, asked behind the preview's back: no page waits for it, each is told when it has answered."""

from __future__ import annotations

import threading
from collections.abc import Callable

from composer.errors import HebdoError
from composer.workflow.checking import read_sources
from composer.workflow.grammar import is_grammar_unread, measure_grammar
from composer.workspace import Workspace, load_issue


class GrammarReader:
    """Reads one issue at a time; what changed meanwhile is read next, once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._waiting: dict[str, Workspace] = {}
        self._lock = threading.Lock()
        self._running = False

    def ask(self, workspace: Workspace, issue_id: str) -> None:
        """Have an issue read, if it asks for it and anything of it was not read yet. Returns at once."""
        if workspace.newsletter.check.grammar != "grammalecte":
            return
        with self._lock:
            self._waiting[issue_id] = workspace
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._work, name="grammar", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = False
                    return
                issue_id, workspace = self._waiting.popitem()
            if self._read(workspace, issue_id):
                self._tell(issue_id)

    def _read(self, workspace: Workspace, issue_id: str) -> bool:
        """Whether there is something new to show."""
        try:
            issue, sources = load_issue(workspace, issue_id), read_sources(workspace, issue_id)
        except HebdoError:
            return False  # the page says what is wrong with it
        if not is_grammar_unread(workspace, issue, sources):
            return False
        found = measure_grammar(workspace, issue, sources, wait=True)
        return found is not None and found.state == "read"
