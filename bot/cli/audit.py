"""`imagine-bot audit`: the audit log as lines, JSON or CSV, oldest first."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bot.cli import environment
from bot.cli.desk import open_desk, open_policy
from bot.jobs.mentions import spoken
from bot.policy.records import Entry
from bot.texts import cli as texts

DAY = 86400.0
PAGE = 1000
HEAD = ("id", "at", "community", "what", "actor", "name", "subject", "job_id", "channel", "text")


@click.command("audit", help=texts.AUDIT)
@click.option("--community", metavar="KEY", default="", help=texts.AUDIT_COMMUNITY)
@click.option("--user", metavar="KEY", default="", help=texts.AUDIT_USER)
@click.option("--since", metavar="DAYS", type=click.IntRange(1, 36600), help=texts.AUDIT_SINCE)
@click.option("--json", "as_json", is_flag=True, help=texts.AS_JSON)
@click.option("--csv", "as_csv", is_flag=True, help=texts.AS_CSV)
def command(community: str, user: str, since: int | None, *, as_json: bool, as_csv: bool) -> None:
    """Read beside a running bot."""
    if as_json and as_csv:
        raise click.UsageError(texts.BOTH_FORMS)
    entries = asyncio.run(_read(community, user, time.time() - since * DAY if since else 0.0))
    click.echo(_json(entries) if as_json else _csv(entries) if as_csv else _lines(entries), nl=not as_csv)


async def _read(community: str, user: str, since: float) -> list[Entry]:
    """Page by page, newest first as the store gives them."""
    settings = environment.settings()
    found: list[Entry] = []
    async with open_desk(settings) as desk:
        policy = open_policy(settings, desk)
        before = 0
        while page := await policy.entries(community, before=before, limit=PAGE, subject=user):
            found += [entry for entry in page if entry.at >= since]
            if page[-1].at < since or len(page) < PAGE:
                break
            before = page[-1].id
    return found[::-1]


def _cells(entry: Entry) -> tuple[object, ...]:
    """Without control characters and direction overrides in any form: a terminal obeys those."""
    at = datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="seconds")
    rest = (entry.community, entry.what.value, entry.actor, entry.name, entry.subject, entry.job_id, entry.channel)
    return (entry.id, at, *(_plain(cell) for cell in (*rest, spoken(entry.text))))


def _plain(cell: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in cell)


def _json(entries: Sequence[Entry]) -> str:
    return json.dumps([dict(zip(HEAD, _cells(entry), strict=True)) for entry in entries], ensure_ascii=False, indent=2)


def _csv(entries: Sequence[Entry]) -> str:
    """Cells that a spreadsheet would take for a formula get an apostrophe: names and reasons are anybody's words."""
    out = io.StringIO()
    rows = ([_harmless(cell) for cell in _cells(entry)] for entry in entries)
    csv.writer(out, lineterminator="\n").writerows([HEAD, *rows])
    return out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _lines(entries: Sequence[Entry]) -> str:
    return "\n".join(_line(entry) for entry in entries) or texts.NO_ENTRIES


def _line(entry: Entry) -> str:
    """On one line."""
    return "  ".join(str(cell) for cell in _cells(entry) if cell != "")
