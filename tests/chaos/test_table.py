"""The table, and its place in the document."""

from __future__ import annotations

from datetime import date

import pytest

from tests.chaos.recovery import Verdict
from tests.chaos.table import DOCUMENT, HEADS, table, written

GOOD, BAD = Verdict("calm", 3, 7, seconds=1.26), Verdict("storm", 1, 2, lost=["a"], charged=["b", "c"], back=0.5)


def test_one_row_a_fault_with_every_count() -> None:
    head, _, calm, storm = table([GOOD, BAD]).splitlines()
    assert head == f"| {' | '.join(HEADS)} |"
    assert calm == "| calm | 3 | 7 | 0 | 0 | 0 | 0 | 0 | 0 |  | 1.3 |"
    assert storm == "| storm | 1 | 2 | 0 | 1 | 0 | 2 | 0 | 0 | 0.5 | 0.0 |"


def test_the_document_keeps_the_newest_run_alone() -> None:
    text = DOCUMENT.read_text()
    once = written(text, date(2026, 1, 2), [GOOD])
    assert "2026-01-02: 1 rows, no faults." in once
    again = written(once, date(2026, 3, 4), [BAD, BAD])
    assert "2026-03-04: 2 rows, 6 faults." in again
    assert "2026-01-02" not in again
    assert written(text, date(2026, 3, 4), [BAD, BAD]) == again
    with pytest.raises(ValueError, match="0 places"):
        written("nothing", date(2026, 1, 2), [])
