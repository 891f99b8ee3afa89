"""The usage page, and a user's own numbers on /info."""

from __future__ import annotations

TITLE = "Usage of the last 30 days"
CHART_ALT = "Two bar charts of the last 30 days: pictures a day, and USD a day."
PICTURES = "Pictures a day"
MONEY = "USD a day"
BY = {"day": "By day", "user": "By person", "provider": "By provider"}
NOTHING = "Nothing was drawn here in the last 30 days."
TODAY = "Today"
MONTH = "This month"
WHOLE = "All 30 days"


def line(jobs: int, pictures: int, cost: str, each: str) -> str:
    """One row of the table."""
    per = f", {each} USD a picture" if each else ""
    return f"{pictures} picture{'' if pictures == 1 else 's'} of {jobs} job{'' if jobs == 1 else 's'}, {cost} USD{per}"


def of(used: str, limit: str, share: float) -> str:
    """How much of a budget is used."""
    return f"{used} of {limit} ({share:.0%})"


def budget(pictures: str, money: str) -> str:
    """Of a day or month."""
    return f"{pictures} pictures, {money} USD"


THIS_MONTH = "Used this month"
LAST_WEEK = "Your last 7 days"
BUDGET_DAY = "Budget here today"
BUDGET_MONTH = "Budget here this month"
TIERS_HERE = "Your tiers here"


def month(used: int, cap: int) -> str:
    """A user's month."""
    return f"{used} of {cap} pictures" if cap else f"{used} pictures"


def week(pictures: int, jobs: int, cost: str) -> str:
    """A user's last seven days, everywhere."""
    return f"{pictures} picture{'' if pictures == 1 else 's'} of {jobs} job{'' if jobs == 1 else 's'}, {cost} USD"


def day_line(day: str, pictures: int) -> str:
    """One of the seven days."""
    return f"{day}: {pictures}"
