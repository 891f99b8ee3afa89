"""Everything that is stored about one user, as tables of plain values for a file. Other people's names are left out."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Column, Select, Table, case, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.policy_tables import aliases, audit, blocks, overrides, reports, reviews, styles
from storage.tables import calls, jobs, ledger, messages, user_settings

INNER = {"reply", "lease", "lease_until", "due_at", "key", "told", "attempts", "by", "hooked", "candidate", "polled_at"}
"""The machine's own columns, secrets of the platforms, and moderators' identities."""
STRUCTURED = {
    "jobs": {"actor", "place", "request", "notes", "message", "pictures", "shown", "progress", "flags"},
    "calls": {"pictures", "urls"},
    "settings": {"settings"},
    "messages": {"card"},
}
"""Columns that hold JSON, by table: in the file they are values, not texts."""


def _columns(table: Table) -> list[Column[object]]:
    return [column for column in table.c if column.name not in INNER]


def _queries(key: str, keys: Collection[str]) -> dict[str, Select[*tuple[object, ...]]]:
    """One question a table."""
    jobs_of = jobs.c.user_key.in_(keys)
    ids = select(jobs.c.id).where(jobs_of)
    user_id = key.partition(":")[2]
    said = or_(messages.c.author == user_id, messages.c.visible_to == user_id) & (messages.c.deleted.is_(False))
    return {
        "jobs": select(*_columns(jobs)).where(jobs_of).order_by(jobs.c.created_at),
        "calls": select(*_columns(calls)).where(calls.c.job_id.in_(ids)).order_by(calls.c.created_at),
        "units": select(*_columns(ledger)).where(ledger.c.user_key.in_(keys)).order_by(ledger.c.id),
        "settings": select(*_columns(user_settings)).where(user_settings.c.user_key == key),
        "limits": select(*_columns(overrides)).where(overrides.c.user_key.in_(keys)),
        "blocks": select(*_columns(blocks)).where(blocks.c.user_key.in_(keys)),
        "log": _log(keys),
        "reviews": select(*_columns(reviews)).where(reviews.c.job_id.in_(ids)).order_by(reviews.c.id),
        "reports": select(*_columns(reports)).where(reports.c.user_key == key).order_by(reports.c.at),
        "styles": select(*_columns(styles)).where(styles.c.by == key),
        "pseudonym": select(*_columns(aliases)).where(aliases.c.user_key == key),
        **({"messages": select(*_columns(messages)).where(said)} if key.startswith("playground:") else {}),
    }


def _log(keys: Collection[str]) -> Select[*tuple[object, ...]]:
    """Entries by or about the user; who else acted is not theirs to know."""
    own = audit.c.actor.in_(keys)
    hidden = {name: case((own, audit.c[name]), else_="").label(name) for name in ("actor", "name")}
    columns = [hidden.get(column.name, column) for column in _columns(audit)]
    return select(*columns).where(or_(own, audit.c.subject.in_(keys))).order_by(audit.c.id)


async def tables(connection: AsyncConnection, key: str, keys: Collection[str]) -> dict[str, list[dict[str, object]]]:
    """Rows by table. `keys`: the user's own and the anonymous one."""
    found: dict[str, list[dict[str, object]]] = {}
    for table, query in _queries(key, keys).items():
        rows = (await connection.execute(query)).mappings().all()
        found[table] = [_plain(dict(row), STRUCTURED.get(table, set())) for row in rows]
    return found


def _plain(row: dict[str, object], structured: Collection[str]) -> dict[str, object]:
    texts = {name: row[name] for name in structured}
    return row | {name: json.loads(text) for name, text in texts.items() if isinstance(text, str)}
