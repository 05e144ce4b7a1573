"""Corrections after the send; notices told by webhook as well, with what stands below their words.

Columns are added and dropped in place: making a table anew would, with foreign keys on, take the rows that point at it along, or refuse.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from composer.ledger.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings 0001 to 0002."""
    op.add_column("mailings", sa.Column("correction_of", sa.Text(), nullable=True))
    op.add_column("notices", sa.Column("detail", sa.Text(), server_default="", nullable=False))
    op.add_column("notices", sa.Column("webhook_at", Instant(), nullable=True))
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("corrected_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_issue_id", "corrections", ["issue_id"])


def downgrade() -> None:
    """Brings 0002 back to 0001: corrections and what the webhook was told are forgotten."""
    op.drop_index("ix_corrections_issue_id", table_name="corrections")
    op.drop_table("corrections")
    op.drop_column("notices", "webhook_at")
    op.drop_column("notices", "detail")
    op.drop_column("mailings", "correction_of")
