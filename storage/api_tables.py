"""The tables of room bot/api, on the same metadata as the jobs'."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table

from storage.kinds import String, Text
from storage.tables import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False, doc="SHA-256 of the token, hex"),
    Column("scopes", Text, nullable=False, doc="JSON array"),
    Column("per_minute", Integer, nullable=False),
    Column("community", String(140), nullable=False),
    Column("roles", Text, nullable=False, doc="JSON array"),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=True),
    Column("revoked_at", Float, nullable=True),
    Column("used_at", Float, nullable=True),
)

api_marks = Table(
    "api_marks",
    metadata,
    Column("key_id", String(20), primary_key=True),
    Column("idempotency", String(255), primary_key=True, doc="as the caller sent it"),
    Column("fingerprint", String(64), nullable=False, doc="SHA-256 of route and body, hex"),
    Column("nonce", String(40), nullable=False, doc="names the request that came first"),
    Column("created_at", Float, nullable=False),
    Index("ix_api_marks_created", "created_at"),
)

api_callbacks = Table(
    "api_callbacks",
    metadata,
    Column("job_id", String(40), primary_key=True),
    Column("event", String(16), primary_key=True, doc="the state that the job ended in"),
    Column("key_id", String(20), nullable=False),
    Column("url", Text, nullable=False, doc="empty once it is closed"),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Float, nullable=True, doc="null: closed"),
    Column("closed_at", Float, nullable=True),
    Column("said", Text, nullable=False, doc="what came of the last try"),
    Index("ix_api_callbacks_due", "due_at"),
    Index("ix_api_callbacks_closed", "closed_at"),
)
