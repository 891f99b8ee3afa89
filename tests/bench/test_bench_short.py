"""Every bench runs and brings numbers; the numbers themselves are judged by `make bench`."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHES
from tests.bench.bench_calls import most_within
from tests.bench.bench_memory import slope
from tests.bench.bench_throughput import grown
from tests.bench.engine_alone import main
from tests.bench.figures import SHORT, Bar, Figure, percentile, shown, table

FORMS = [pytest.param(name, marks=pytest.mark.slow) if name != "overhead" else name for name in BENCHES]
"""One is enough to see that they run; `make chaos` tries them all."""
NOTHING = re.compile("growth|slope|over a limit|waiting jobs")
"""Figures that may be 0, or less."""


@pytest.mark.parametrize("name", FORMS)
async def test_bench_runs_and_brings_numbers(name: str) -> None:
    figures = await BENCHES[name](SHORT)
    assert figures
    for figure in figures:
        assert math.isfinite(figure.value), figure
        assert figure.value > 0 or NOTHING.search(figure.name), figure
        assert figure.floor is None or figure.floor > 0, figure


def test_percentile_is_the_nearest_rank() -> None:
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile([1.0, 2.0], 1.0) == 2.0
    assert percentile([], 0.5) == math.inf


async def test_engine_alone_draws_every_job_and_tells_what_it_added(tmp_path: Path) -> None:
    again = f"sqlite:///{tmp_path / 'bot.db'}"
    for _ in range(2):
        outcome = await main(again, 40.0, 0.1, 0.02)
        assert (len(outcome.asked), len(outcome.added)) == (4, 4)
        assert all(math.isfinite(one) and one > 0 for one in (*outcome.asked, *outcome.added, outcome.cpu))


def test_a_line_that_grows_is_seen_and_its_beginning_is_not() -> None:
    assert grown([0, 10, 20, 20, 20, 20, 20, 20]) == 0
    assert grown([0, 10, 20, 30, 40, 50, 60, 70]) == 40
    assert grown([5]) == 0


def test_slope_is_that_of_the_best_line() -> None:
    assert slope([1.0, 3.0, 5.0, 7.0]) == 2.0
    assert slope([4.0]) == 0.0


def test_the_fullest_bucket() -> None:
    assert most_within([0.0, 4.9, 5.0, 9.9, 10.0], 5.0) == 2
    assert most_within([0.0, 0.1, 0.2, 6.0], 5.0) == 3


def test_table_says_what_was_missed() -> None:
    slow = Figure("slow", 301.4, "ms", 12.34, Bar(300, "300 ms"), load=1.5)
    most = Figure("share", 96.0, "%", bar=Bar(95, "95 %", at_least=True), load=0.0)
    assert table([slow, most]).splitlines()[2:] == [
        "| slow | 301 ms | 12.3 ms | 300 ms | MISSED | 1.5 |",
        "| share | 96.0 % |  | 95 % | met | 0.0 |",
    ]


def test_figures_are_shown_short() -> None:
    assert [shown(value, "ms") for value in (1234.5, 12.34, 0.1234, None)] == ["1234 ms", "12.3 ms", "0.12 ms", ""]
