"""For communities: settings, rules, blocks, reviews, audit log and styles; both books know the community; jobs know more."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.kinds import Money, String, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward."""
    _jobs()
    _books()
    _desk()
    _review()
    _people()


def _text(name: str, length: int, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, String(length=length), primary_key=key, nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, Text(), nullable=False)


def _added(table: str, name: str, kind: sa.types.TypeEngine[Any], default: str) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=sa.text(default)))


def _fill(statement: str) -> None:
    """Rows of the first schema: there are none on Postgres, which came later."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(statement)


def _jobs() -> None:
    _added("jobs", "estimate", Money, "0")
    _added("jobs", "running_cap", sa.Integer(), "0")
    for name, length in (("hold", 20), ("alias", 16), ("community_key", 140)):
        _added("jobs", name, String(length=length), "''")
    _added("jobs", "verdict", Text(), "''")
    _added("jobs", "flags", Text(), "'[]'")
    for name in ("spoiler", "hidden"):
        _added("jobs", name, sa.Boolean(), "false" if op.get_bind().dialect.name == "postgresql" else "0")
    _fill(  # the playground was a direct message before: buttons of its old messages must go on working
        "UPDATE jobs SET community = 'playground', place = json_set(place, '$.community_id', 'playground') "
        "WHERE platform = 'playground' AND community = ''"
    )
    _fill(
        "UPDATE jobs SET community_key = platform || ':' || community "
        "WHERE community != '' AND coalesce(json_extract(place, '$.reachable'), 1)"
    )
    op.create_index("ix_jobs_community", "jobs", ["community_key", "user_key", "created_at"])
    op.create_index("ix_jobs_community_state", "jobs", ["community_key", "state"])


def _books() -> None:
    _added("ledger", "community", String(length=120), "''")
    _added("spend", "community", String(length=120), "''")
    _added("spend", "period", String(length=10), "''")
    _fill("UPDATE ledger SET community = coalesce((SELECT community_key FROM jobs WHERE jobs.id = ledger.job_id), '')")
    _fill(
        "UPDATE spend SET community = coalesce((SELECT community_key FROM jobs WHERE jobs.id = spend.job_id), ''), period = "
        "date(coalesce((SELECT created_at FROM jobs WHERE jobs.id = spend.job_id), spend.at), 'unixepoch')"
    )
    op.create_index("ix_ledger_community", "ledger", ["community", "period"])
    op.create_index("ix_spend_community", "spend", ["community", "period"])


def _desk() -> None:
    op.create_table("communities", _text("key", 140, key=True), _long("settings"))
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("community", 140),
        _text("kind", 10),
        _long("pattern"),
        _long("reason"),
        sa.UniqueConstraint("community", "kind", "pattern", name=op.f("uq_rules_community_kind_pattern")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(_text(name, length) for name, length in (("community", 140), ("what", 20), ("actor", 120))),
        _long("name"),
        *(_text(name, length) for name, length in (("subject", 120), ("job_id", 40), ("channel", 80))),
        _long("text"),
        _text("once", 200),
        sa.Column("at", sa.Float(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_community", "audit", ["community", "id"])
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_index("ix_audit_actor", "audit", ["actor"])
    op.create_index(
        "ix_audit_once",
        "audit",
        ["once"],
        unique=True,
        sqlite_where=sa.text("once != ''"),
        postgresql_where=sa.text("once != ''"),
    )
    op.create_table(
        "styles",
        _text("community", 140, key=True),
        _text("name", 80, key=True),
        *(_long(name) for name in ("prefix", "suffix", "parameters", "preview")),
        _text("preview_mime", 40),
        _text("by", 120),
    )


def _review() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(_text(name, length) for name, length in (("community", 140), ("job_id", 40), ("cause", 20))),
        _long("text"),
        sa.Column("at", sa.Float(), nullable=False),
        _text("decided", 12),
        _text("by", 120),
        _long("why"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_reviews_open",
        "reviews",
        ["job_id"],
        unique=True,
        sqlite_where=sa.text("decided = ''"),
        postgresql_where=sa.text("decided = ''"),
    )
    op.create_index("ix_reviews_job", "reviews", ["job_id"])
    op.create_index("ix_reviews_community", "reviews", ["community", "decided", "id"])
    op.create_table(
        "reports",
        _text("job_id", 40, key=True),
        _text("user_key", 120, key=True),
        _long("reason"),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("ix_reports_user", "reports", ["user_key"])
    _notices()


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("community", 140),
        _text("kind", 10),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("message", Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_notices_kind_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_due", "notices", ["due_at"])


def _people() -> None:
    op.create_table(
        "blocks",
        _text("community", 140, key=True),
        _text("user_key", 120, key=True),
        sa.Column("until", sa.Float(), nullable=True),
        _long("reason"),
        _text("by", 120),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_table(
        "overrides",
        _text("community", 140, key=True),
        _text("user_key", 120, key=True),
        sa.Column("daily", sa.Integer(), nullable=True),
        sa.Column("monthly", sa.Integer(), nullable=True),
    )
    op.create_table(
        "aliases",
        _text("user_key", 120, key=True),
        _text("alias", 16),
        sa.UniqueConstraint("alias", name=op.f("uq_aliases_alias")),
    )


def downgrade() -> None:
    """Back: what the new tables and columns hold is lost."""
    for table in (
        "aliases",
        "overrides",
        "blocks",
        "notices",
        "reports",
        "reviews",
        "styles",
        "audit",
        "rules",
        "communities",
    ):
        op.drop_table(table)
    op.drop_index("ix_spend_community", table_name="spend")
    op.drop_index("ix_ledger_community", table_name="ledger")
    op.drop_index("ix_jobs_community_state", table_name="jobs")
    op.drop_index("ix_jobs_community", table_name="jobs")
    gone = {"spend": ("community", "period"), "ledger": ("community",)}
    gone["jobs"] = ("estimate", "running_cap", "hold", "alias", "community_key", "verdict", "flags", "spoiler", "hidden")
    for table, names in gone.items():
        for name in names:
            op.drop_column(table, name)
