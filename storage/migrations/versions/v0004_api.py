"""For the job API: keys, idempotency keys, callbacks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.kinds import String, Text

revision = "0004"
down_revision = "0003"


def _text(name: str, length: int, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, String(length=length), primary_key=key, nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, Text(), nullable=False)


def _when(name: str, *, maybe: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=maybe)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "api_keys",
        _text("id", 20, key=True),
        _long("name"),
        _text("digest", 64),
        _long("scopes"),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        _text("community", 140),
        _long("roles"),
        _when("created_at"),
        *(_when(name, maybe=True) for name in ("expires_at", "revoked_at", "used_at")),
    )
    op.create_table(
        "api_marks",
        _text("key_id", 20, key=True),
        _text("idempotency", 255, key=True),
        _text("fingerprint", 64),
        _text("nonce", 40),
        _when("created_at"),
    )
    op.create_index("ix_api_marks_created", "api_marks", ["created_at"])
    op.create_table(
        "api_callbacks",
        _text("job_id", 40, key=True),
        _text("event", 16, key=True),
        _text("key_id", 20),
        _long("url"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(_when(name, maybe=True) for name in ("due_at", "closed_at")),
        _long("said"),
    )
    op.create_index("ix_api_callbacks_due", "api_callbacks", ["due_at"])
    op.create_index("ix_api_callbacks_closed", "api_callbacks", ["closed_at"])


def downgrade() -> None:
    """Back: keys are lost."""
    for table in ("api_callbacks", "api_marks", "api_keys"):
        op.drop_table(table)
