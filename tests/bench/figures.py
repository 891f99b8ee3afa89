"""What a bench brings: figures, each with its floor of the same run and its bar."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure is held to: at most `limit`, or at least. `text` says where the limit comes from."""

    limit: float
    text: str
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Whether `value` is on the right side."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `value` and `floor` in `unit`; `load`: the machine's load average when it was taken."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    bar: Bar | None = None
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    @property
    def bar_text(self) -> str:
        """As the table has it."""
        return self.bar.text if self.bar else ""

    @property
    def verdict(self) -> str:
        """The last column."""
        if self.bar is None:
            return ""
        return "met" if self.bar.met(self.value) else "MISSED"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    users: tuple[int, ...] = (200, 1000)
    rounds: int = 3
    singles: int = 50
    drawings: int = 20
    rest: float = 1.0
    """Seconds before a drawing ends and before memory is read, so that the bot is at idle."""
    jobs: int = 80
    """Drawn one after the other by a few people: what a job costs."""
    grids: int = 20
    """Made while people ask."""
    minutes: float = 2.0
    """Of steady load."""
    soak: float = 3.0
    """Minutes in which memory is watched."""
    waiting: int = 1000
    """Jobs that wait while memory is read."""
    old_jobs: int = 1_000_000
    """Ended ones that lie in the database."""
    engine: float = 30.0
    """Seconds of 40 jobs each."""


LONG = replace(Size(), minutes=10.0, soak=30.0)
"""What the page holds the bot to."""
SHORT = Size(
    users=(3,), rounds=1, singles=1, drawings=1, rest=0.1, jobs=2, grids=1, minutes=0.05, soak=0.05, waiting=3, old_jobs=500,
    engine=0.2,
)  # fmt: skip
"""Only to see that it runs."""


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank; infinite where nothing was measured."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else math.inf


def shown(value: float | None, unit: str) -> str:
    """As the table has it: three figures, never an exponent."""
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}".strip()


def table(figures: Sequence[Figure]) -> str:
    """In Markdown."""
    head = ["figure", "measured", "floor, same run", "bar", "", "load"]
    rows = [
        [one.name, shown(one.value, one.unit), shown(one.floor, one.unit), one.bar_text, one.verdict, f"{one.load:.1f}"]
        for one in figures
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])
