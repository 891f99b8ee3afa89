"""Forms about a person, and what was typed into them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.asks import Submission
from bot.jobs.controls import Control
from bot.jobs.surface import Field, FieldKind, Form
from bot.policy.records import Override
from bot.texts import desk as texts

HOURS_MOST = 8760
UNITS_MOST = 10_000
LIMIT_MOST = 100_000
REASON_LONGEST = 300


class NotUnderstood(Exception):
    """What was typed is no number, or out of range; the text is the sentence for who typed it."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """`hours` 0: until it is lifted."""

    hours: int
    reason: str

    def until(self, now: float) -> float | None:
        """Unix seconds."""
        return now + self.hours * 3600.0 if self.hours else None


def block(control: Control) -> Form:
    """How long and why."""
    hours = Field("hours", texts.HOURS, value="24", hint=texts.HOURS_HINT, required=True, longest=5)
    reason = Field("reason", texts.REASON, FieldKind.LONG_TEXT, hint=texts.REASON_HINT, longest=REASON_LONGEST)
    return Form(str(control), texts.BLOCK_FORM, (hours, reason), texts.BLOCK)


def grant(control: Control) -> Form:
    """How many pictures."""
    units = Field("units", texts.UNITS, value="10", hint=texts.UNITS_HINT, required=True, longest=5)
    return Form(str(control), texts.GRANT_FORM, (units,))


def limits(control: Control, override: Override) -> Form:
    """Two numbers, each may be empty."""
    daily, monthly = ("" if value is None else str(value) for value in (override.daily, override.monthly))
    fields = (
        Field("daily", texts.DAILY, value=daily, hint=texts.LIMIT_HINT, longest=6),
        Field("monthly", texts.MONTHLY, value=monthly, hint=texts.LIMIT_HINT, longest=6),
    )
    return Form(str(control), texts.LIMITS_FORM, fields)


def read_block(asked: Submission) -> Blocking:
    """Raises NotUnderstood."""
    return Blocking(_number(asked, "hours", texts.HOURS, 0, HOURS_MOST), reason_of(asked))


def read_grant(asked: Submission) -> int:
    """Raises NotUnderstood."""
    return _number(asked, "units", texts.UNITS, 1, UNITS_MOST)


def read_limits(asked: Submission) -> Override:
    """Raises NotUnderstood. Nobody may draw nothing: that is what a block is for."""
    return Override(_limit(asked, "daily", texts.DAILY), _limit(asked, "monthly", texts.MONTHLY))


def reason_of(asked: Submission) -> str:
    """On one line."""
    return " ".join(asked.values.get("reason", "").split())[:REASON_LONGEST]


def _limit(asked: Submission, name: str, label: str) -> int | None:
    return _number(asked, name, label, 1, LIMIT_MOST) if asked.values.get(name, "").strip() else None


def _number(asked: Submission, name: str, label: str, least: int, most: int) -> int:
    typed = asked.values.get(name, "").strip()
    if typed.isascii() and typed.isdigit() and len(typed) <= 9 and least <= int(typed) <= most:
        return int(typed)
    raise NotUnderstood(texts.number_wanted(label, least, most))
