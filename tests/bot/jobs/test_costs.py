"""What a request is reckoned to cost before its answer says it: by pictures, or by whole tasks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.jobs import drawing
from providers.base import Kind, Params
from providers.midapi import Midapi
from providers.midjourney import Midjourney
from providers.openai import OpenAI
from tests.support.core import ASYNC, running_core

WHOLE = replace(ASYNC, whole_tasks=True)


@pytest.mark.parametrize(("count", "by_picture", "by_task"), [(1, 10, 40), (3, 30, 40), (4, 40, 40), (5, 50, 80)])
def test_a_task_costs_what_four_pictures_cost(count: int, by_picture: int, by_task: int) -> None:
    for kind in (Kind.IMAGINE, Kind.VARIATION):
        assert drawing.cost(ASYNC, kind, Params(), count) == by_picture * 1_000
        assert drawing.cost(WHOLE, kind, Params(), count) == by_task * 1_000


def test_a_u_is_one_picture() -> None:
    assert drawing.cost(WHOLE, Kind.UPSCALE, Params(), 1) == 5_000


async def test_the_wrappers_draw_whole_tasks() -> None:
    async with httpx.AsyncClient() as client:
        made = (Midapi("key", "http://x", client), Midjourney("key", "http://x", client))
    for provider in made:
        assert drawing.cost(provider.capabilities, Kind.IMAGINE, Params(), 1) == 100_000, provider.capabilities.name
    assert drawing.cost(made[0].capabilities, Kind.VARIATION, Params(), 2) == 100_000
    assert drawing.cost(made[0].capabilities, Kind.UPSCALE, Params(), 1) == 25_000


@pytest.mark.parametrize(
    ("params", "price"),
    [
        (Params(), 53_000),
        (Params(quality=1), 53_000),
        (Params(quality=0.5), 6_000),
        (Params(quality=4), 211_000),
        (Params(speed="draft", quality=4), 6_000),
    ],
)
async def test_a_quality_has_its_own_price(params: Params, price: int) -> None:
    """As the request will say it: `quality_of`."""
    async with httpx.AsyncClient() as client:
        openai = OpenAI("key", "http://x", client)
    for kind in (Kind.IMAGINE, Kind.VARIATION):
        assert drawing.cost(openai.capabilities, kind, params, 4, redraws=kind is Kind.VARIATION) == 4 * price


@pytest.mark.parametrize(
    ("model", "low", "high"),
    [("gpt-image-1-mini", 5_000, 11_000), ("gpt-image-1.5", 9_000, 133_000), ("gpt-image-9", 211_000, 211_000)],
)
async def test_a_quality_without_a_figure_costs_as_medium(model: str, low: int, high: int) -> None:
    async with httpx.AsyncClient() as client:
        can = OpenAI("key", "http://x", client, model=model).capabilities
    assert [drawing.price(can, Kind.IMAGINE, Params(quality=quality)) for quality in (0.5, 4)] == [low, high]


async def test_the_asked_quality_is_booked_from_the_intent_on(tmp_path: Path) -> None:
    """An answer that is lost leaves what the intent has booked."""
    can = replace(ASYNC, low_price=2_000, high_price=30_000, honours=ASYNC.honours | {"quality"})
    async with running_core(tmp_path, capabilities=can) as core:
        jobs = [await core.drawn(f"a fox --quality {quality}") for quality in (0.5, 1, 2)]
    assert [job.estimate for job in jobs] == [job.cost for job in jobs] == [8_000, 40_000, 120_000]
