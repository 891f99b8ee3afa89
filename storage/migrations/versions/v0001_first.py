"""The first schema: jobs, calls, ledger, spend, personal settings, playground messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.kinds import Money, String, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "jobs",
        sa.Column("id", String(length=40), nullable=False),
        sa.Column("key", String(length=200), nullable=False),
        sa.Column("action", String(length=16), nullable=False),
        sa.Column("state", String(length=16), nullable=False),
        sa.Column("platform", String(length=16), nullable=False),
        sa.Column("user_key", String(length=120), nullable=False),
        sa.Column("community", String(length=120), nullable=False),
        sa.Column("actor", Text(), nullable=False),
        sa.Column("place", Text(), nullable=False),
        sa.Column("request", Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("provider", String(length=40), nullable=False),
        sa.Column("parent_id", String(length=40), nullable=False),
        sa.Column("parent_index", sa.Integer(), nullable=False),
        sa.Column("notes", Text(), nullable=False),
        sa.Column("reply", Text(), nullable=True),
        sa.Column("message", Text(), nullable=True),
        sa.Column("pictures", Text(), nullable=False),
        sa.Column("shown", Text(), nullable=True),
        sa.Column("progress", Text(), nullable=False),
        sa.Column("reason", String(length=60), nullable=False),
        sa.Column("detail", Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cost", Money, nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("ping", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("lease", String(length=40), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    op.create_index("ix_jobs_created", "jobs", ["created_at"], unique=False)
    op.create_index("ix_jobs_due", "jobs", ["due_at"], unique=False)
    op.create_index("ix_jobs_parent", "jobs", ["parent_id", "action", "parent_index"], unique=False)
    op.create_index("ix_jobs_state", "jobs", ["state", "user_key", "created_at"], unique=False)
    op.create_index("ix_jobs_user", "jobs", ["user_key", "created_at"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", String(length=40), nullable=False),
        sa.Column("user_key", String(length=120), nullable=False),
        sa.Column("period", String(length=10), nullable=False),
        sa.Column("kind", String(length=10), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("job_id", "kind", name=op.f("uq_ledger_job_id_kind")),
    )
    op.create_index("ix_ledger_user", "ledger", ["user_key", "period"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", String(length=80), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("author", String(length=80), nullable=False),
        sa.Column("visible_to", String(length=80), nullable=False),
        sa.Column("card", Text(), nullable=False),
        sa.Column("job_id", String(length=40), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_updated"), "messages", ["updated"], unique=False)
    op.create_table(
        "spend",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", String(length=40), nullable=False),
        sa.Column("job_id", String(length=40), nullable=False),
        sa.Column("kind", String(length=10), nullable=False),
        sa.Column("micro_usd", Money, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend")),
        sa.UniqueConstraint("call_id", "kind", name=op.f("uq_spend_call_id_kind")),
    )
    op.create_table(
        "user_settings",
        sa.Column("user_key", String(length=120), nullable=False),
        sa.Column("settings", Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_key", name=op.f("pk_user_settings")),
    )
    op.create_table(
        "calls",
        sa.Column("id", String(length=40), nullable=False),
        sa.Column("job_id", String(length=40), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("provider", String(length=40), nullable=False),
        sa.Column("state", String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ref", Text(), nullable=False),
        sa.Column("cost", Money, nullable=False),
        sa.Column("hooked", sa.Boolean(), nullable=False),
        sa.Column("candidate", String(length=200), nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("pictures", Text(), nullable=False),
        sa.Column("urls", Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.Column("polled_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("job_id", "slot", "attempt", name=op.f("uq_calls_job_id_slot_attempt")),
    )
    op.create_index("ix_calls_created", "calls", ["created_at"], unique=False)
    op.create_index(op.f("ix_calls_job_id"), "calls", ["job_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_index(op.f("ix_calls_job_id"), table_name="calls")
    op.drop_index("ix_calls_created", table_name="calls")
    op.drop_table("calls")
    op.drop_table("user_settings")
    op.drop_table("spend")
    op.drop_index(op.f("ix_messages_updated"), table_name="messages")
    op.drop_table("messages")
    op.drop_index("ix_ledger_user", table_name="ledger")
    op.drop_table("ledger")
    op.drop_index("ix_jobs_user", table_name="jobs")
    op.drop_index("ix_jobs_state", table_name="jobs")
    op.drop_index("ix_jobs_parent", table_name="jobs")
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.drop_index("ix_jobs_created", table_name="jobs")
    op.drop_table("jobs")
