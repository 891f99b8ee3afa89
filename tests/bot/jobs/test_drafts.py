"""--draft: half the quota and the lower price, where a provider has something cheaper, and for new pictures alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs import drawing
from bot.jobs.asks import Placeholder
from bot.jobs.model import Action
from bot.jobs.notes import notes
from providers.base import Kind, Params
from providers.capabilities import Capabilities
from tests.support.core import ASYNC, running_core

CHEAPER = replace(ASYNC, draft_price=2_000)
FREE = replace(ASYNC, price=0)
DEAF = replace(CHEAPER, honours=frozenset({"ratio"}))
DRAFT = Params(speed="draft")


@pytest.mark.parametrize(
    ("capabilities", "count", "params", "units"),
    [
        (CHEAPER, 4, DRAFT, 2), (CHEAPER, 3, DRAFT, 2), (CHEAPER, 1, DRAFT, 1), (CHEAPER, 4, Params(), 4),
        (FREE, 4, DRAFT, 2), (ASYNC, 4, DRAFT, 4), (DEAF, 4, DRAFT, 4), (CHEAPER, 4, Params(speed="fast"), 4),
    ],
)  # fmt: skip
def test_a_draft_costs_half_where_it_is_one(capabilities: Capabilities, count: int, params: Params, units: int) -> None:
    assert drawing.units(count, params, capabilities) == units


def test_the_price_and_the_note_agree_with_the_units() -> None:
    for capabilities in (CHEAPER, FREE, ASYNC, DEAF):
        cheaper = drawing.price(capabilities, Kind.IMAGINE, DRAFT) < capabilities.price
        assert cheaper == (drawing.drafts(capabilities) and capabilities.price > 0)
        told = notes(Action.IMAGINE, DRAFT, capabilities, native=False)
        assert bool(told) != drawing.drafts(capabilities)
        assert not told or "draft" in told[0]


async def test_what_is_drawn_from_a_draft_is_drawn_and_paid_in_full(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=CHEAPER) as core:
        draft = await core.drawn("a fox --draft")
        assert (draft.units, draft.estimate, draft.cost) == (2, 8_000, 8_000)
        answer = await core.press(f"i1:variation:{draft.id}:1")
        assert isinstance(answer, Placeholder)
        varied = await core.ended(answer.job_id)
        assert (varied.units, varied.cost, varied.request.params.speed) == (4, 40_000, "")
        again = await core.press(f"i1:reroll:{draft.id}:0")
        assert isinstance(again, Placeholder)
        assert (await core.ended(again.job_id)).units == 2
