"""What a request is reckoned to cost before its answer says it: by pictures, or by whole tasks."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from bot.jobs import drawing
from providers.base import Kind
from providers.midapi import Midapi
from providers.midjourney import Midjourney
from tests.support.core import ASYNC

WHOLE = replace(ASYNC, whole_tasks=True)


@pytest.mark.parametrize(("count", "by_picture", "by_task"), [(1, 10, 40), (3, 30, 40), (4, 40, 40), (5, 50, 80)])
def test_a_task_costs_what_four_pictures_cost(count: int, by_picture: int, by_task: int) -> None:
    for kind in (Kind.IMAGINE, Kind.VARIATION):
        assert drawing.cost(ASYNC, kind, "", count) == by_picture * 1_000
        assert drawing.cost(WHOLE, kind, "", count) == by_task * 1_000


def test_a_u_is_one_picture() -> None:
    assert drawing.cost(WHOLE, Kind.UPSCALE, "", 1) == 5_000


async def test_the_wrappers_draw_whole_tasks() -> None:
    async with httpx.AsyncClient() as client:
        made = (Midapi("key", "http://x", client), Midjourney("key", "http://x", client))
    for provider in made:
        assert drawing.cost(provider.capabilities, Kind.IMAGINE, "", 1) == 100_000, provider.capabilities.name
    assert drawing.cost(made[0].capabilities, Kind.VARIATION, "", 2) == 100_000
    assert drawing.cost(made[0].capabilities, Kind.UPSCALE, "", 1) == 25_000
