"""Every bench runs and brings numbers; the numbers themselves are judged by `make bench`."""

from __future__ import annotations

import math

import pytest

from tests.bench.__main__ import BENCHES
from tests.bench.figures import SHORT, Bar, Figure, percentile, shown, table

SLOW = [pytest.param(name, marks=pytest.mark.slow) if name != "overhead" else name for name in BENCHES]
"""One is enough to see that they run; `make chaos` tries them all."""


@pytest.mark.parametrize("name", SLOW)
async def test_bench_runs_and_brings_numbers(name: str) -> None:
    figures = await BENCHES[name](SHORT)
    assert figures
    for figure in figures:
        assert math.isfinite(figure.value), figure
        assert figure.value > 0, figure
        assert figure.floor is None or figure.floor > 0, figure


def test_percentile_is_the_nearest_rank() -> None:
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile([1.0, 2.0], 1.0) == 2.0
    assert percentile([], 0.5) == math.inf


def test_table_says_what_was_missed() -> None:
    slow = Figure("slow", 301.4, "ms", 12.34, Bar(300, "300 ms"), load=1.5)
    most = Figure("share", 96.0, "%", bar=Bar(95, "95 %", at_least=True), load=0.0)
    assert table([slow, most]).splitlines()[2:] == [
        "| slow | 301 ms | 12.3 ms | 300 ms | MISSED | 1.5 |",
        "| share | 96.0 % |  | 95 % | met | 0.0 |",
    ]


def test_figures_are_shown_short() -> None:
    assert [shown(value, "ms") for value in (1234.5, 12.34, 0.1234, None)] == ["1234 ms", "12.3 ms", "0.12 ms", ""]
