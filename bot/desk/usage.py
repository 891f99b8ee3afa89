"""`/imagine-admin usage`: a chart of thirty days, the budgets, and a table by day, person or provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.desk import files
from bot.desk.admin.asker import Asker
from bot.desk.admin.kinds import MICRO
from bot.desk.admin.pages import control, ways_back
from bot.desk.who import called
from bot.jobs.house import House
from bot.jobs.model import Picture
from bot.jobs.ports import Series
from bot.jobs.surface import Button, Card, Shown, Style, Tone
from bot.policy.records import Usage
from bot.texts import usage as texts

DAY = 86_400.0
DAYS = 30
TOP = 10
GROUPS = ("day", "user", "provider")
"""The index of the control says by what."""


async def page(asker: Asker, index: int = 0) -> Card:
    """Grouped by `GROUPS[index]`; the chart is by day always."""
    house = asker.house
    by = GROUPS[index] if index < len(GROUPS) else GROUPS[0]
    since = start(house.clock(), DAYS)
    days = await house.policy.usage(asker.key, "day", since)
    shown = days if by == "day" else await house.policy.usage(asker.key, by, since)
    facts = (*await budget_facts(asker, texts.TODAY, texts.MONTH), *await _table(house, by, shown), *_total(days))
    buttons = tuple(
        Button(control("usage", at), texts.BY[name], Style.PRIMARY if name == by else Style.NORMAL)
        for at, name in enumerate(GROUPS)
    )
    lines = () if days else (texts.NOTHING,)
    pictures = (await _chart(asker, days),)
    rows = ((*buttons, *ways_back(asker)),)
    return Card(Tone.DONE, title=texts.TITLE, lines=lines, facts=facts, pictures=pictures, rows=rows, private=True)


def start(now: float, days: int) -> float:
    """The beginning of the UTC day so that today is the last of so many."""
    return now - now % DAY - (days - 1) * DAY


def names_of_days(now: float, days: int) -> list[str]:
    """2026-11-21 and those before it, oldest first."""
    first = start(now, days)
    return [day_of(first + at * DAY) for at in range(days)]


def day_of(moment: float) -> str:
    """The UTC day of a moment in unix seconds."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def cents(micro: int) -> str:
    """USD to four places below ten dollars, since one picture may cost less than a cent."""
    return f"{micro / MICRO:.{2 if micro >= 10 * MICRO else 4}f}"


async def _chart(asker: Asker, days: Sequence[Usage]) -> Shown:
    house, found = asker.house, {day.group: day for day in days}
    names = names_of_days(house.clock(), DAYS)
    lines = [found.get(name, Usage(name, 0, 0, 0)) for name in names]
    labels = tuple(name[5:] for name in names)
    made = await house.imaging.chart(
        (
            Series(texts.PICTURES, labels, tuple(float(line.pictures) for line in lines)),
            Series(texts.MONEY, labels, tuple(line.cost / MICRO for line in lines), decimals=2),
        )
    )
    key = f"{files.folder(asker.key)}/usage-{files.digest(made.data)}.png"
    await house.pictures.put(key, made.data, made.mime)
    return Shown(Picture(key, made.mime, made.width, made.height, len(made.data)), "usage.png", texts.CHART_ALT)


async def _table(house: House, by: str, lines: Sequence[Usage]) -> tuple[tuple[str, str], ...]:
    """The last ten days, newest first; else the ten dearest."""
    top = list(reversed(lines))[:TOP] if by == "day" else list(lines)[:TOP]
    if by != "user":
        return tuple((line.group, _said(line)) for line in top)
    return tuple([(await called(house, line.group), _said(line)) for line in top])


def _said(line: Usage) -> str:
    return texts.line(line.jobs, line.pictures, cents(line.cost), cents(line.cost // line.pictures) if line.pictures else "")


def _total(days: Sequence[Usage]) -> tuple[tuple[str, str], ...]:
    if not days:
        return ()
    sums = (sum(day.jobs for day in days), sum(day.pictures for day in days), sum(day.cost for day in days))
    return ((texts.WHOLE, _said(Usage("", *sums))),)


async def budget_facts(asker: Asker, day: str, month: str) -> tuple[tuple[str, str], ...]:
    """Two facts, under these labels: what is used of the community's day and month."""
    pictures, money = await asker.house.policy.used_in(asker.key, asker.house.clock())
    limits = asker.community.budget
    return (
        (day, _used(pictures.day, limits.images_day, money.day, limits.spend_day)),
        (month, _used(pictures.month, limits.images_month, money.month, limits.spend_month)),
    )


def _used(pictures: int, images: int, money: int, spend: int) -> str:
    said = texts.of(str(pictures), str(images), pictures / images) if images else str(pictures)
    paid = texts.of(cents(money), cents(spend), money / spend) if spend else cents(money)
    return texts.budget(said, paid)
