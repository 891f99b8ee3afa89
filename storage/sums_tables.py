"""Sums of both books by UTC day, which the database itself keeps: whoever writes a line, in whatever version, has added it.

Whoever is accepted asks for a month's sums, and a month may hold a hundred thousand lines (decision 0023).
"""

from __future__ import annotations

from sqlalchemy import DDL, Column, Integer, Table, event

from storage.kinds import Money, String
from storage.sums_triggers import TRIGGERS
from storage.tables import metadata

user_days = Table(
    "user_days",
    metadata,
    Column("user_key", String(120), primary_key=True),
    Column("period", String(10), primary_key=True, doc="UTC day of the reservation: YYYY-MM-DD"),
    Column("community", String(120), primary_key=True),
    Column("units", Integer, nullable=False, doc="reserved and not refunded"),
    Column("granted", Integer, nullable=False, doc="0 or less: units that were given there"),
)

community_days = Table(
    "community_days",
    metadata,
    Column("community", String(120), primary_key=True, doc="direct messages are of none, and are not summed here"),
    Column("period", String(10), primary_key=True),
    Column("part", Integer, primary_key=True, doc="which connection has added to it; the sum is that of all parts"),
    Column("pictures", Integer, nullable=False, doc="reserved and not refunded"),
    Column("micro_usd", Money, nullable=False, doc="booked"),
)

KEPT = (user_days, community_days)
"""Nobody writes to them."""

for dialect, statements in TRIGGERS.items():
    for statement in statements:
        event.listen(metadata, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]  # SQLAlchemy's
