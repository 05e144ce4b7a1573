"""The preview: an issue as readers will see it, its findings, its files; «Coller» for who starts from a text.

In: a workspace, perhaps its ledger. Out: a Starlette application for one machine, guarded by a key of this run.
"""

from __future__ import annotations

from composer.web.preview.app import preview_app
from composer.web.preview.running import PreviewServer, run_preview

__all__ = ["PreviewServer", "preview_app", "run_preview"]
