"""Runs the preview on a listening socket, and ends it at once: open event streams would otherwise be waited for."""

from __future__ import annotations

import socket

from starlette.applications import Starlette

from composer.workflow.gate import GatedServer
from composer.workflow.listeners import page_config

END_WITHIN_S = 2


class PreviewServer(GatedServer):
    """A server that closes the preview's event streams before it waits for its connections to end."""

    def __init__(self, app: Starlette) -> None:
        self._live = app.state.live
        super().__init__(page_config(app, lifespan=True, grace_s=END_WITHIN_S))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends streams, then connections, then the watcher."""
        self._live.close()
        # uvicorn would raise the signal that ended it once more; the command wants to end in order.
        self._captured_signals.clear()
        await super().shutdown(sockets)


def run_preview(app: Starlette, listener: socket.socket) -> None:
    """Serve ``app`` until SIGINT or SIGTERM."""
    PreviewServer(app).run(sockets=[listener])
