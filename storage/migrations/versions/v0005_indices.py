"""Indices for a database of a million jobs: what is asked at every command must not grow with its history.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WIDER = (
    ("ix_jobs_parent", "jobs", ("parent_id", "action", "parent_index"), ("created_at",)),
    ("ix_jobs_created", "jobs", ("created_at",), ("id",)),
    ("ix_ledger_user", "ledger", ("user_key", "period"), ("community", "kind", "units")),
    ("ix_ledger_community", "ledger", ("community", "period"), ("kind", "units")),
    ("ix_spend_community", "spend", ("community", "period"), ("micro_usd",)),
)
"""Index, table, its columns before, and those that came."""
NEW = (
    ("ix_jobs_community_created", "jobs", ("community_key", "created_at")),
    ("ix_spend_job_id", "spend", ("job_id",)),
    ("ix_audit_at", "audit", ("at",)),
)


def upgrade() -> None:
    """Sums are read from the index alone; a page of a community no longer reads its history."""
    for name, table, before, more in WIDER:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [*before, *more])
    for name, table, columns in NEW:
        op.create_index(name, table, list(columns))


def downgrade() -> None:
    """Back."""
    for name, table, _ in NEW:
        op.drop_index(name, table_name=table)
    for name, table, before, _ in WIDER:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, list(before))
