"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import composer.ledger.tables

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the ledger one step forward."""
    ${upgrades if upgrades else "pass"}
