"""Whether jobs at faulty providers ended as their rows have it, and the books with them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.chaos import audit, books
from tests.chaos.books import ended
from tests.faults.market import Market, Seen
from tests.faults.provider_rows import Row

WITHIN = 40.0
"""Seconds from the command to the end of the message, whatever happens; an idle machine needs four at most."""


def wrong(row: Row, seen: Seen, within: float = WITHIN) -> Iterator[str]:
    """A line for each thing that is not as the row has it. `within`: seconds that it may take."""
    if not ended(seen.job):
        yield f"{row.name}: not ended after {seen.seconds:.1f} s: {seen.job['state']} {seen.job['reason']}"
    if (seen.job["state"], seen.units, seen.paid) != (row.state, row.units, row.paid):
        got = f"{seen.job['state']} ({seen.job['reason']}: {seen.job['detail']}), {seen.units} units, {seen.paid} paid"
        yield f"{row.name}: {got}; due {row.state}, {row.units}, {row.paid}"
    if row.says not in seen.words:
        yield f"{row.name}: the card says {seen.words}"
    if not row.least <= seen.seconds <= within:
        yield f"{row.name}: took {seen.seconds:.1f} s"


def books_wrong(made: Market, messages: dict[str, dict[str, object]]) -> list[str]:
    """Of all rows together."""
    found = books.read(made.folder)
    lines = [*audit.lost(found), *audit.doubled(found, made.bill), *audit.wrongly_charged(found)]
    return [*lines, *audit.spend_astray(found), *audit.sums_astray(found), *audit.unended_messages(found, messages)]
