"""First slice and local hours: how a mailing is spread over time is kept with it, as it was confirmed.

Columns are added and dropped in place, as in 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings 0002 to 0003."""
    op.add_column("mailings", sa.Column("plan", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Brings 0003 back to 0002: what has launched keeps the hours of its deliveries."""
    op.drop_column("mailings", "plan")
