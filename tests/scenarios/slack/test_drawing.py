"""From `/imagine` to the grid, and from its buttons to more pictures."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import pytest

from bot.jobs.model import Action
from tests.fakes.slack import Message
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import PLACEHOLDER, WITHIN, Workspace, controls, find, opened, words

GRID = [
    *[("upscale", n) for n in (1, 2, 3, 4)], ("reroll", 0),
    *[("variation", n) for n in (1, 2, 3, 4)], ("remix", 0),
    ("details", 0), ("delete", 0),
]  # fmt: skip


def quarters(message: Message) -> list[np.ndarray]:
    """The four cells of a grid."""
    pixels = np.asarray(opened(message).convert("RGB"), dtype=float)
    high, wide = pixels.shape[0] // 2, pixels.shape[1] // 2
    return [pixels[y : y + high, x : x + wide] for y in (0, high) for x in (0, wide)]


def more_than(slack: Workspace, count: int) -> bool:
    """Whether the channel has more messages than that."""
    return len(slack.fake.messages(slack.art)) > count


def same(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of two pictures of one size, 0-255."""
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_prompt_becomes_a_grid(opens: Open, mode: str) -> None:
    slack = await opens(mode=mode, more=())
    begun = time.monotonic()
    message = await slack.placed("a lighthouse at dusk --ar 3:2 --seed 7")
    assert time.monotonic() - begun < PLACEHOLDER
    assert "a lighthouse at dusk" in words(message) or message.pictures
    await slack.shown(message)
    picture = opened(message)
    assert picture.format == "JPEG"
    assert abs(picture.width / picture.height - 1.5) < 0.02
    cells = quarters(message)
    assert all(cell.std() > 5 for cell in cells)
    assert all(same(cells[0], cell) > 5 for cell in cells[1:])
    assert controls(message) == GRID
    assert len(slack.fake.messages(slack.art)) == 1
    assert "Grid of 4 pictures" in message.blocks[1]["alt_text"]
    assert await slack.used() == 4
    assert not slack.fake.calls_of("files.completeUploadExternal")[0].args.get("channel_id")


async def test_the_buttons_of_a_grid(sketched: Workspace) -> None:
    slack = sketched
    grid = await slack.drawn("a red fox --ar 1:1 --seed 3")
    large = await slack.child(grid, "upscale", 2)
    small = quarters(grid)[1]
    whole = opened(large).convert("RGB").resize(small.shape[1::-1])
    assert opened(large).width == 2 * small.shape[1]
    assert same(np.asarray(whole, dtype=float), small) < same(np.asarray(whole, dtype=float), quarters(grid)[0])
    assert controls(large) == [("variation", 1), ("details", 0), ("delete", 0)]
    job, parent = await slack.job(large), await slack.job(grid)
    assert (job.action, job.parent_id, job.parent_index) == (Action.UPSCALE, parent.id, 2)
    assert parent.message is not None
    assert parent.message.url in str(large.blocks)
    assert controls(await slack.child(grid, "variation", 3)) == GRID
    again = await slack.child(grid, "reroll")
    assert controls(again) == GRID
    assert same(quarters(again)[0], quarters(grid)[0]) > 1
    vary = await slack.child(large, "variation", 1)
    assert (await slack.job(vary)).parent_id == job.id
    assert controls(vary) == GRID
    assert await slack.used() == 4 + 1 + 4 + 4 + 4


async def test_the_presser_pays_and_is_named(slack: Workspace) -> None:
    grid = await slack.drawn()
    varied = await slack.child(grid, "variation", 1, slack.bob)
    assert {"type": "user", "user_id": slack.bob.id} in varied.blocks[0]["elements"][0]["elements"]
    assert (await slack.used(), await slack.used(slack.bob)) == (4, 4)


async def test_a_drawn_upscale_is_linked_to_and_not_drawn_again(slack: Workspace) -> None:
    grid = await slack.drawn()
    large = await slack.child(grid, "upscale", 1)
    await slack.press(grid, "upscale", 1, slack.bob)
    private = await slack.said(slack.bob)
    assert "enlarged already" in words(private)
    assert large.ts.replace(".", "") in str(private.blocks)
    assert await slack.used(slack.bob) == 0


async def test_a_double_click_is_one_job(slack: Workspace) -> None:
    grid = await slack.drawn()
    first = await slack.fake.press(slack.ann, grid, find(grid, "reroll"))
    second = await slack.fake.press(slack.ann, grid, find(grid, "reroll"))
    await first.acked()
    await second.acked()
    assert "being drawn already" in words(await slack.said())
    await slack.fake.until(lambda: sum(bool(one.pictures) for one in slack.fake.messages(slack.art)) == 2, WITHIN)
    assert await slack.used() == 8
    assert len(await slack.bot.store.jobs([], 10)) == 2


async def test_remix_edits_the_prompt_first(slack: Workspace) -> None:
    grid = await slack.drawn("a red fox --seed 4")
    for base, prompt, action in (("=0", "a blue fox", Action.REROLL), ("=2", "a fox in snow", Action.VARIATION)):
        await slack.press(grid, "remix", 0, slack.bob)
        (view,) = await slack.fake.until(lambda: slack.fake.opened_views, 5)
        before = len(slack.fake.messages(slack.art))
        told = await slack.fake.submit(slack.bob, view, {"f:prompt": prompt, "f:base": base})
        await told.acked()
        assert not slack.fake.opened_views
        await slack.fake.until(partial(more_than, slack, before), 5)
        made = await slack.shown(slack.fake.messages(slack.art)[-1])
        job = await slack.job(made)
        assert (job.action, job.request.text, job.parent_index) == (action, prompt, int(base[1]))
    assert await slack.used(slack.bob) == 8
