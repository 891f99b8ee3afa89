"""The table of a long run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.chaos.recovery import Verdict

HEADS = (
    "fault",
    "cases",
    "jobs",
    "uncertain",
    "lost",
    "doubled",
    "wrongly charged",
    "unended messages",
    "other",
    "started s",
    "recovered s",
)


def rows(verdicts: Sequence[Verdict]) -> list[tuple[str, ...]]:
    """One row a run; seconds from the birth of the last process until it was started, and until its last job had ended.

    Without a restart: from the end of the fault, of a provider's faults from the command, until the last job had ended.
    """
    return [
        (one.fault, *map(str, _numbers(one)), f"{one.back:.1f}" if one.back else "", f"{one.seconds:.1f}")
        for one in verdicts
    ]


def _numbers(one: Verdict) -> tuple[int, ...]:
    uncertain = sum(job["state"] == "uncertain" for job in one.books.jobs.values())
    faults = (len(part) for part in (one.lost, one.doubled, one.charged, one.unended, one.others))
    return (one.cases, one.jobs, uncertain, *faults)


DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
BLOCK = re.compile(r"(<!-- last run -->\n).*?(<!-- end of the last run -->)", re.DOTALL)


def written(text: str, when: date, verdicts: Sequence[Verdict]) -> str:
    """A document with this run's table in the place of the last one's. Raises ValueError if it has no place for one."""
    faults = sum(len(one.faults) for one in verdicts)
    head = f"{when.isoformat()}: {len(verdicts)} rows, {faults or 'no'} fault{'' if faults == 1 else 's'}."
    said = f"{head}\n\n{table(verdicts)}\n"
    found, count = BLOCK.subn(lambda match: f"{match[1]}{said}{match[2]}", text)
    if count != 1:
        raise ValueError(f"{count} places for the table")
    return found


def table(verdicts: Sequence[Verdict]) -> str:
    """Markdown."""
    lines = [HEADS, tuple("---" for _ in HEADS), *rows(verdicts)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
