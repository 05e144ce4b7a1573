"""Corrections after the send; notices told by webhook as well, with what stands below their words."""

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
    with op.batch_alter_table("mailings") as mailings:
        mailings.add_column(sa.Column("correction_of", sa.Text(), nullable=True))
    with op.batch_alter_table("notices") as notices:
        notices.add_column(sa.Column("detail", sa.Text(), server_default="", nullable=False))
        notices.add_column(sa.Column("webhook_at", Instant(), nullable=True))
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
    with op.batch_alter_table("notices") as notices:
        notices.drop_column("webhook_at")
        notices.drop_column("detail")
    with op.batch_alter_table("mailings") as mailings:
        mailings.drop_column("correction_of")
