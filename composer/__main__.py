"""``python -m composer`` is ``hebdo``."""

from __future__ import annotations

from composer.cli.main import run

if __name__ == "__main__":
    run()
