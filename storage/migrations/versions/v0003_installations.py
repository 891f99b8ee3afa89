"""Slack for many workspaces: installations with sealed tokens, which workspaces they serve, OAuth states that were used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.kinds import String, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "slack_installations",
        _text("id", key=True),
        _text("team_id"),
        _text("enterprise_id"),
        sa.Column("org_wide", sa.Boolean(), nullable=False),
        _long("name"),
        _text("app_id"),
        _text("bot_id"),
        _text("bot_user_id"),
        _long("bot_name"),
        _long("url"),
        _long("scopes"),
        _text("by"),
        sa.Column("installed_at", sa.Float(), nullable=False),
        _long("token"),
    )
    op.create_table("slack_teams", _text("team_id", key=True), _text("enterprise_id"))
    op.create_index("ix_slack_teams_enterprise_id", "slack_teams", ["enterprise_id"])
    op.create_table("slack_states", _text("state", 64, key=True), sa.Column("until", sa.Float(), nullable=False))
    op.create_index("ix_slack_states_until", "slack_states", ["until"])


def _text(name: str, length: int = 32, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, String(length=length), primary_key=key, nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, Text(), nullable=False)


def downgrade() -> None:
    """Back: every workspace has to be installed again."""
    for table in ("slack_states", "slack_teams", "slack_installations"):
        op.drop_table(table)
