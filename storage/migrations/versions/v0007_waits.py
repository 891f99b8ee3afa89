"""When a job came to wait in the line, and until when it may not be sent.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Unknown for what is there already: those wait as they did before."""
    for name in ("queued_at", "not_before"):
        op.add_column("jobs", sa.Column(name, sa.Float(), nullable=True))


def downgrade() -> None:
    """Back."""
    for name in ("not_before", "queued_at"):
        op.drop_column("jobs", name)
