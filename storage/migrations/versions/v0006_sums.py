"""Sums of both books by day, kept by the database: a month of a hundred thousand lines is thirty rows.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.kinds import Money, String
from storage.sums_triggers import NAMES, TRIGGERS

revision = "0006"
down_revision = "0005"

USERS = """
    INSERT INTO user_days (user_key, period, community, units, granted)
    SELECT user_key, period, community, sum(CASE kind WHEN 'grant' THEN 0 ELSE units END),
    sum(CASE kind WHEN 'grant' THEN units ELSE 0 END) FROM ledger WHERE units <> 0 GROUP BY user_key, period, community
"""
COMMUNITIES = """
    INSERT INTO community_days (community, period, part, pictures, micro_usd)
    SELECT community, period, 0, sum(pictures), sum(micro_usd) FROM (
        SELECT community, period, units AS pictures, 0 AS micro_usd FROM ledger WHERE kind <> 'grant' AND units <> 0
        UNION ALL SELECT community, period, 0, micro_usd FROM spend WHERE micro_usd <> 0
    ) AS lines WHERE community <> '' GROUP BY community, period
"""


def upgrade() -> None:
    """Tables, what the books hold, and from now on every line. Writers wait: none comes in between."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("LOCK TABLE ledger, spend IN SHARE ROW EXCLUSIVE MODE")
    op.create_table(
        "user_days", *(_key(name) for name in ("user_key", "period", "community")), _sum("units"), _sum("granted")
    )
    part = sa.Column("part", sa.Integer(), primary_key=True, nullable=False)
    op.create_table("community_days", _key("community"), _key("period"), part, _sum("pictures"), _sum("micro_usd", Money))
    for fill in (USERS, COMMUNITIES):
        op.execute(fill)
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, String(length=10 if name == "period" else 120), primary_key=True, nullable=False)


def _sum(name: str, kind: sa.types.TypeEngine[int] | type[sa.Integer] = sa.Integer) -> sa.Column[int]:
    return sa.Column(name, kind, nullable=False)


def downgrade() -> None:
    """Back: the lines say all of it."""
    on_server = op.get_bind().dialect.name == "postgresql"
    for name in NAMES:
        op.execute(f"DROP FUNCTION {name} CASCADE" if on_server else f"DROP TRIGGER {name}")
    for table in ("user_days", "community_days"):
        op.drop_table(table)
