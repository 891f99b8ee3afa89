"""`imagine-bot usage`: what was drawn and what it cost, as a table, JSON or CSV."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from collections.abc import Sequence

import click

from bot.cli import environment
from bot.cli.desk import open_desk
from bot.texts import cli as texts
from storage.usage import BY, Line, usage

DAY = 86400.0
HEAD = ("group", "asked", "delivered", "pictures", "estimate_usd", "cost_usd", "usd_per_picture")


@click.command("usage", help=texts.USAGE)
@click.option("--by", type=click.Choice(list(BY)), default="provider", show_default=True, help=texts.USAGE_BY)
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True, help=texts.USAGE_DAYS)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help=texts.USAGE_FORMAT)
def command(by: str, days: int, form: str) -> None:
    """Read beside a running bot."""
    lines = asyncio.run(_read(by, days))
    click.echo({"table": _table, "json": _json, "csv": _csv}[form](lines), nl=form != "csv")


async def _read(by: str, days: int) -> list[Line]:
    async with open_desk(environment.settings()) as desk:
        return await usage(desk.db, by, time.time() - days * DAY)


def _cells(line: Line) -> tuple[str, int, int, int, float, float, float | None]:
    each = line.per_picture
    money = (round(line.estimate / 1e6, 6), round(line.cost / 1e6, 6))
    return line.group, line.asked, line.delivered, line.pictures, *money, None if each is None else round(each / 1e6, 6)


def _json(lines: Sequence[Line]) -> str:
    return json.dumps([dict(zip(HEAD, _cells(line), strict=True)) for line in lines], indent=2)


def _csv(lines: Sequence[Line]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEAD, *map(_cells, lines)])
    return out.getvalue()


def _table(lines: Sequence[Line]) -> str:
    if not lines:
        return texts.NO_JOBS
    rows = [HEAD, *(tuple("-" if cell is None else str(cell) for cell in _cells(line)) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
