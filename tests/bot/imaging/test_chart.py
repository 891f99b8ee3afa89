"""The chart: bars where there is something, an axis that reads well."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.imaging.chart import BARS, PANEL, WIDTH, chart, top_of
from bot.jobs.ports import Composed, Series

DAYS = tuple(f"11-{day:02}" for day in range(1, 31))


def coloured(made: Composed, colour: tuple[int, int, int]) -> int:
    """How many pixels have exactly this colour."""
    with Image.open(BytesIO(made.data)) as image:
        found = image.convert("RGB").getcolors(1 << 20) or []
    return {seen: count for count, seen in found}.get(colour, 0)


def test_a_panel_a_series() -> None:
    made = chart((Series("Pictures", DAYS, (4.0,) * 30), Series("USD", DAYS, (0.25,) * 30, decimals=2)))
    assert (made.mime, made.width, made.height) == ("image/png", WIDTH, 2 * PANEL)
    assert coloured(made, BARS[0]) > 1000
    assert coloured(made, BARS[1]) > 1000


def test_bars_grow_with_their_values_and_nothing_has_none() -> None:
    none, little, much = (coloured(chart((Series("x", DAYS, (*(0.0,) * 29, value)),)), BARS[0]) for value in (0.0, 1.0, 4.0))
    assert none == 0
    assert 0 < little < much


def test_no_values_are_an_empty_chart() -> None:
    assert coloured(chart((Series("x", (), ()),)), BARS[0]) == 0


@given(st.floats(0, 1e12), st.integers(0, 4))
def test_the_axis_ends_above_the_highest_and_its_quarters_are_round(highest: float, decimals: int) -> None:
    top = top_of(highest, decimals)
    assert top >= highest
    assert top <= max(40.0 * highest, 4 * 10.0**-decimals)
    assert round(top * 10**decimals) % 4 == 0
