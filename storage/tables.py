"""The tables. Structured values that SQL never looks into are JSON text; everything that is asked for is a column."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
)

from storage.kinds import Json, Money, String, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("key", String(200), nullable=False, unique=True, doc="the platform's id of the request"),
    Column("action", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("user_key", String(120), nullable=False),
    Column("community", String(120), nullable=False),
    Column("community_key", String(140), nullable=False, default="", server_default="", doc="Place.community"),
    Column("actor", Json, nullable=False),
    Column("place", Json, nullable=False),
    Column("request", Json, nullable=False),
    Column("units", Integer, nullable=False),
    Column("provider", String(40), nullable=False),
    Column("parent_id", String(40), nullable=False, default=""),
    Column("parent_index", Integer, nullable=False, default=0),
    Column("notes", Json, nullable=False, default="[]"),
    Column("reply", Json, nullable=True),
    Column("message", Json, nullable=True),
    Column("pictures", Json, nullable=False, default="[]"),
    Column("shown", Json, nullable=True),
    Column("progress", Json, nullable=False, default="{}"),
    Column("reason", String(60), nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("cost", Money, nullable=False, default=0, doc="micro-USD"),
    Column("estimate", Money, nullable=False, default=0, server_default="0", doc="micro-USD, reckoned at the acceptance"),
    Column("cancel_requested", Boolean, nullable=False, default=False),
    Column("ping", Boolean, nullable=False, default=False),
    Column("told", Boolean, nullable=False, default=False),
    Column("deleted", Boolean, nullable=False, default=False),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float, nullable=True),
    Column("queued_at", Float, nullable=True, doc="when it came to wait in the line"),
    Column("not_before", Float, nullable=True, doc="a step that is tried again waits so long, whatever wakes it"),
    Column("ended_at", Float, nullable=True),
    Column("due_at", Float, nullable=True),
    Column("lease", String(40), nullable=False, default=""),
    Column("lease_until", Float, nullable=False, default=0.0),
    Column("running_cap", Integer, nullable=False, default=0, server_default="0"),
    Column("hold", String(20), nullable=False, default="", server_default="", doc="a Cause, or empty"),
    Column("verdict", Text, nullable=False, default="", server_default=""),
    Column("flags", Json, nullable=False, default="[]", server_default="[]"),
    Column("spoiler", Boolean, nullable=False, default=False, server_default=false()),
    Column("hidden", Boolean, nullable=False, default=False, server_default=false()),
    Column("alias", String(16), nullable=False, default="", server_default=""),
    Index("ix_jobs_due", "due_at"),
    Index("ix_jobs_state", "state", "user_key", "created_at"),
    Index("ix_jobs_user", "user_key", "created_at"),
    Index("ix_jobs_created", "created_at", "id"),
    Index("ix_jobs_community", "community_key", "user_key", "created_at"),
    Index("ix_jobs_community_state", "community_key", "state"),
    Index("ix_jobs_community_created", "community_key", "created_at"),
    Index("ix_jobs_parent", "parent_id", "action", "parent_index", "created_at"),
)

calls = Table(
    "calls",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("job_id", String(40), ForeignKey("jobs.id"), nullable=False, index=True),
    Column("slot", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("provider", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("count", Integer, nullable=False),
    Column("ref", Text, nullable=False, default=""),
    Column("cost", Money, nullable=False, default=0),
    Column("hooked", Boolean, nullable=False, default=False),
    Column("candidate", String(200), nullable=False, default=""),
    Column("polls", Integer, nullable=False, default=0),
    Column("reason", Text, nullable=False, default=""),
    Column("pictures", Json, nullable=False, default="[]"),
    Column("urls", Json, nullable=False, default="[]"),
    Column("created_at", Float, nullable=False),
    Column("sent_at", Float, nullable=True),
    Column("polled_at", Float, nullable=True),
    UniqueConstraint("job_id", "slot", "attempt"),
    Index("ix_calls_created", "created_at"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", String(40), nullable=False),
    Column("user_key", String(120), nullable=False),
    Column("community", String(120), nullable=False, default="", server_default="", doc="Place.community"),
    Column("period", String(10), nullable=False, doc="UTC day of the reservation: YYYY-MM-DD"),
    Column("kind", String(10), nullable=False, doc="reserve, settle, refund, late or grant"),
    Column("units", Integer, nullable=False, doc="reserve counts up, refund and grant down; settle and late are 0"),
    Column("at", Float, nullable=False),
    UniqueConstraint("job_id", "kind"),
    Index("ix_ledger_user", "user_key", "period", "community", "kind", "units"),
    Index("ix_ledger_community", "community", "period", "kind", "units"),
)

spend = Table(
    "spend",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", String(40), nullable=False),
    Column("job_id", String(40), nullable=False, index=True),
    Column("kind", String(10), nullable=False, doc="intent, accepted, done or void"),
    Column("micro_usd", Money, nullable=False),
    Column("at", Float, nullable=False),
    Column("community", String(120), nullable=False, default="", server_default="", doc="Place.community"),
    Column("period", String(10), nullable=False, default="", server_default="", doc="UTC day of the job: YYYY-MM-DD"),
    UniqueConstraint("call_id", "kind"),
    Index("ix_spend_community", "community", "period", "micro_usd"),
)

user_settings = Table(
    "user_settings",
    metadata,
    Column("user_key", String(120), primary_key=True),
    Column("settings", Json, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("created", Float, nullable=False),
    Column("updated", Integer, nullable=False, index=True, doc="a counter: every change takes the next number"),
    Column("author", String(80), nullable=False, default=""),
    Column("visible_to", String(80), nullable=False, default=""),
    Column("card", Json, nullable=False),
    Column("job_id", String(40), nullable=False, default=""),
    Column("deleted", Boolean, nullable=False, default=False),
)

slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", String(32), primary_key=True, doc="the workspace's id; of an organisation-wide one the organisation's"),
    Column("team_id", String(32), nullable=False),
    Column("enterprise_id", String(32), nullable=False),
    Column("org_wide", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("bot_id", String(32), nullable=False),
    Column("bot_user_id", String(32), nullable=False),
    Column("bot_name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("scopes", Text, nullable=False, doc="separated by commas"),
    Column("by", String(32), nullable=False),
    Column("installed_at", Float, nullable=False),
    Column("token", Text, nullable=False, doc="sealed under IMAGINE_SECRET; see storage/sealed.py"),
)

slack_teams = Table(
    "slack_teams",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("enterprise_id", String(32), nullable=False, index=True, doc="whose installation the workspace is served by"),
)

slack_states = Table(
    "slack_states",
    metadata,
    Column("state", String(64), primary_key=True, doc="an OAuth state that was used"),
    Column("until", Float, nullable=False, index=True, doc="unix seconds; nobody would take it after that anyway"),
)
