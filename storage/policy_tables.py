"""The tables of rooms bot/policy and bot/desk, on the same metadata as the jobs'."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table, UniqueConstraint, text

from storage.kinds import Json, String, Text
from storage.tables import metadata

ONCE = text("once != ''")
OPEN = text("decided = ''")
"""Conditions of indexes over some rows alone."""

communities = Table(
    "communities",
    metadata,
    Column("key", String(140), primary_key=True, doc="Place.community"),
    Column("settings", Json, nullable=False),
)

rules = Table(
    "rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community", String(140), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("pattern", Text, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("community", "kind", "pattern"),
    sqlite_autoincrement=True,
)

blocks = Table(
    "blocks",
    metadata,
    Column("community", String(140), primary_key=True),
    Column("user_key", String(120), primary_key=True),
    Column("until", Float, nullable=True, doc="unix seconds; null: until somebody lifts it"),
    Column("reason", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", Float, nullable=False),
)

overrides = Table(
    "overrides",
    metadata,
    Column("community", String(140), primary_key=True),
    Column("user_key", String(120), primary_key=True),
    Column("daily", Integer, nullable=True),
    Column("monthly", Integer, nullable=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community", String(140), nullable=False),
    Column("what", String(20), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", String(120), nullable=False),
    Column("job_id", String(40), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("once", String(200), nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_audit_community", "community", "id"),
    Index("ix_audit_at", "at"),
    Index("ix_audit_subject", "subject"),
    Index("ix_audit_actor", "actor"),
    Index("ix_audit_once", "once", unique=True, sqlite_where=ONCE, postgresql_where=ONCE),
    sqlite_autoincrement=True,
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community", String(140), nullable=False),
    Column("job_id", String(40), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("decided", String(12), nullable=False, doc="empty while it is open"),
    Column("by", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_reviews_open", "job_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_reviews_job", "job_id"),
    Index("ix_reviews_community", "community", "decided", "id"),
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    Column("job_id", String(40), primary_key=True),
    Column("user_key", String(120), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_reports_user", "user_key"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community", String(140), nullable=False),
    Column("kind", String(10), nullable=False, doc="review or log"),
    Column("subject", Integer, nullable=False, doc="the review's or the audit entry's id"),
    Column("message", Json, nullable=True),
    Column("version", Integer, nullable=False),
    Column("shown_version", Integer, nullable=False, doc="the version that stands in the channel, 0: none"),
    Column("due_at", Float, nullable=True, doc="null: nothing to do"),
    Column("attempts", Integer, nullable=False),
    Column("created", Float, nullable=False),
    UniqueConstraint("kind", "subject"),
    Index("ix_notices_due", "due_at"),
    sqlite_autoincrement=True,
)

styles = Table(
    "styles",
    metadata,
    Column("community", String(140), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("prefix", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("preview", Text, nullable=False, doc="a key of the picture store"),
    Column("preview_mime", String(40), nullable=False),
    Column("by", String(120), nullable=False),
)

aliases = Table(
    "aliases",
    metadata,
    Column("user_key", String(120), primary_key=True),
    Column("alias", String(16), nullable=False, unique=True),
)
