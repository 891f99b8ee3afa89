"""What a vendor takes: each figure by itself, and who may enlarge what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers.base import Kind
from providers.lanczos import CAPABILITIES as LANCZOS
from providers.limits import ANY, Limits, Measure
from providers.registry import Registry
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        (Limits(weight=10), Measure(9, 9, 10), Measure(9, 9, 11)),
        (Limits(pixels=100), Measure(4, 25, 1), Measure(4, 26, 1)),
        (Limits(longest=100), Measure(100, 9, 1), Measure(9, 101, 1)),
        (Limits(shortest=64), Measure(64, 900, 1), Measure(900, 63, 1)),
        (Limits(ratio=2.5), Measure(250, 100, 1), Measure(100, 251, 1)),
    ],
)
def test_each_figure_by_itself(limits: Limits, good: Measure, bad: Measure) -> None:
    assert limits.take(good)
    assert not limits.take(bad)
    assert ANY.take(bad)


def test_weight_alone_can_be_lost_without_a_pixel() -> None:
    limits = Limits(weight=1_000_000, longest=2000)
    assert limits.keep(Measure(1000, 1000, 3_000_000)), "a JPEG of it has less than a byte a pixel"
    assert not limits.keep(Measure(2000, 1000, 3_000_000))
    assert not limits.keep(Measure(2001, 10, 10))


def test_who_enlarges_takes_the_picture_as_it_is() -> None:
    small = ScriptedProvider(replace(ASYNC, name="small", upscale_any=True, enlarges=Limits(longest=1000)))
    large = ScriptedProvider(replace(ASYNC, name="large", upscale_any=True, enlarges=Limits(longest=2000)))
    plain = ScriptedProvider(LANCZOS)
    everyone = Registry([small, large, plain])

    def chosen(side: int) -> str:
        found = everyone.choose(Kind.UPSCALE, "small", image=False, tile=Measure(side, side, 1000))
        return found.capabilities.name if found else ""

    assert [chosen(side) for side in (1000, 1001, 2001, 5000)] == ["small", "large", "lanczos", ""]
