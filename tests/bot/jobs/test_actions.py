"""Buttons, menus and Forms: who may press, what comes of it, and what a forged control gets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.asks import OpenForm, Placeholder, Press, Private, Submission, Update
from bot.jobs.controls import ACTIONS, Control, read_control
from bot.jobs.model import Action, JobState
from bot.jobs.place import Place, Platform
from providers.base import Kind, Stage, Status
from tests.support.core import ASYNC, Core, running_core


def sentence(answer: object) -> str:
    assert isinstance(answer, Private), answer
    return answer.card.lines[0]


@given(st.text(max_size=120))
def test_reading_a_control_never_raises(text: str) -> None:
    found = read_control(text)
    assert found is None or str(found).startswith("i1:")


@given(st.sampled_from(ACTIONS), st.from_regex(r"[0-9a-f]{20}", fullmatch=True), st.integers(0, 9))
def test_a_control_comes_back_and_fits(action: str, job: str, index: int) -> None:
    control = Control(action, job, index)
    assert read_control(str(control)) == control
    assert len(str(control)) <= 100


async def test_u_brings_one_large_picture_that_links_to_its_parent(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn()
        answer = await core.press(f"i1:upscale:{parent.id}:2", "bob")
        assert isinstance(answer, Placeholder)
        child = await core.ended(answer.job_id)
        assert (child.state, child.units, len(child.pictures), child.actor.user_id) == (JobState.DELIVERED, 1, 1, "bob")
        card = core.chat.messages[f"m-{child.id}"][-1]
        assert card.links[0].url == f"chat://m-{parent.id}"
        request = list(core.provider.paid.values())[-1]
        assert request.kind is Kind.UPSCALE
        assert request.source is not None
        assert (request.source.index, request.source.image_id, request.source.seed) == (1, "img1", 1)
        assert request.source.ref.startswith("ref-")
        assert (await core.store.standing("playground:bob", core.clock())).used == 1
        assert (await core.store.standing("playground:ann", core.clock())).used == 4


async def test_a_u_that_is_drawn_is_linked_not_paid(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn()
        first = await core.press(f"i1:upscale:{parent.id}:2")
        assert isinstance(first, Placeholder)
        await core.ended(first.job_id)
        again = await core.press(f"i1:upscale:{parent.id}:2", "bob")
        assert isinstance(again, Private)
        assert again.card.links[0].url == f"chat://m-{first.job_id}"
        assert len(core.provider.paid) == 2


async def test_a_double_click_is_one_job(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn()
        answers = await asyncio.gather(*(core.press(f"i1:variation:{parent.id}:3") for _ in range(4)))
        assert sum(isinstance(answer, Placeholder) for answer in answers) == 1
        assert len(await core.store.jobs([], 10)) == 2


async def test_reroll_draws_again_with_another_seed(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn("a fox --seed 7 --ar 3:2")
        answer = await core.press(f"i1:reroll:{parent.id}:0")
        assert isinstance(answer, Placeholder)
        child = await core.ended(answer.job_id)
        assert (child.action, child.request.params.seed, child.request.params.ratio) == (Action.REROLL, None, "3:2")


async def test_try_again_after_a_failure_keeps_everything(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.DONE)]
        failed = await core.ended(await core.accepted("a fox --seed 7"))
        assert failed.state is JobState.FAILED
        (row,) = core.chat.messages[f"m-{failed.id}"][-1].rows
        answer = await core.press(row[0].control)
        assert isinstance(answer, Placeholder)
        child = await core.ended(answer.job_id)
        assert (child.state, child.request.params.seed) == (JobState.DELIVERED, 7)


async def test_remix_opens_the_form_and_draws_the_edited_prompt(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn("a fox --ar 3:2")
        opened = await core.press(f"i1:remix:{parent.id}:0")
        assert isinstance(opened, OpenForm)
        assert opened.form.fields[0].value == "a fox --ar 3:2"
        assert [choice.value for choice in opened.form.fields[1].choices] == ["0", "1", "2", "3", "4"]
        values = {"prompt": "a red hen --ar 3:2", "base": "3"}
        answer = await core.service.submit(Submission(core.ask("bob"), opened.form.control, values))
        assert isinstance(answer, Placeholder)
        child = await core.ended(answer.job_id)
        assert (child.action, child.parent_index, child.request.text) == (Action.VARIATION, 3, "a red hen")
        again = await core.service.submit(Submission(core.ask("bob"), opened.form.control, {"prompt": "a hen", "base": "x"}))
        assert isinstance(again, Placeholder)
        assert (await core.job(again.job_id)).action is Action.REROLL


@pytest.mark.parametrize(
    ("changes", "note", "kind", "as_image"),
    [
        ({"variation": False}, "picked picture", Kind.IMAGINE, True),
        ({"variation": False, "image_input": False}, "new seed", Kind.IMAGINE, False),
    ],
)
async def test_a_v_that_is_not_native_says_how(
    tmp_path: Path, changes: dict[str, Any], note: str, kind: Kind, as_image: bool
) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, **changes)) as core:
        parent = await core.drawn("a fox --seed 7")
        answer = await core.press(f"i1:variation:{parent.id}:2")
        assert isinstance(answer, Placeholder)
        assert note in answer.card.lines[0]
        await core.ended(answer.job_id)
        request = list(core.provider.paid.values())[-1]
        assert (request.kind, request.image is not None, request.params.seed) == (kind, as_image, None)


async def test_a_u_without_an_upscaler_is_lanczos_and_labelled(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, upscale=False)) as core:
        parent = await core.drawn()
        answer = await core.press(f"i1:upscale:{parent.id}:1")
        assert isinstance(answer, Placeholder)
        assert "resampling" in answer.card.lines[0]
        child = await core.ended(answer.job_id)
        assert (child.provider, child.pictures[0].width) == ("lanczos", 2 * parent.pictures[0].width)


@pytest.mark.parametrize(
    "control",
    [
        "",
        "i1:upscale:nobody:1",
        "i1:upscale:../etc:1",
        "i2:upscale:x:1",
        "i1:drop:x:1",
        "MJ::JOB::upsample::1::x",
        "i1:settings::0",
    ],
)
async def test_a_forged_control_gets_a_private_answer(tmp_path: Path, control: str) -> None:
    async with running_core(tmp_path) as core:
        await core.drawn()
        assert "no job here" in sentence(await core.press(control))
        assert len(await core.store.jobs([], 10)) == 1


@pytest.mark.parametrize("typed", ["", "  "])
async def test_a_form_without_a_prompt_says_what_is_missing(tmp_path: Path, typed: str) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn("a fox")
        for control in (f"i1:remix:{parent.id}:0", "i1:imagine::0"):
            answer = await core.service.submit(Submission(core.ask(), control, {"prompt": typed}))
            assert "nothing to draw" in sentence(answer)


@pytest.mark.parametrize("action", ["upscale", "variation", "reroll", "remix", "cancel", "delete", "details", "again"])
async def test_a_job_of_another_place_is_not_here(tmp_path: Path, action: str) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn()
        for place in (
            Place(Platform.PLAYGROUND, "elsewhere", "guild"),
            Place(Platform.PLAYGROUND, "hall", "other guild"),
            Place(Platform.DISCORD, "hall", "guild"),
        ):
            ask = replace(core.ask("ann", moderator=True), place=place)
            assert "no job here" in sentence(await core.service.press(Press(ask, f"i1:{action}:{job.id}:1")))
        assert not core.chat.deleted


@pytest.mark.parametrize("index", [0, 5, 9])
async def test_an_index_that_is_no_picture(tmp_path: Path, index: int) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn()
        assert "no picture of that number" in sentence(await core.press(f"i1:upscale:{job.id}:{index}"))


async def test_a_running_job_has_nothing_to_vary(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        job_id = await core.accepted()
        assert "no pictures" in sentence(await core.press(f"i1:variation:{job_id}:1"))


async def test_settings_change_what_the_next_job_gets(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        await set_choice(core, "ratio", "16:9")
        await set_choice(core, "style", "oil")
        form = await core.press("i1:setting:suffix:0")
        assert isinstance(form, OpenForm)
        saved = await core.service.submit(Submission(core.ask(), form.form.control, {"suffix": "soft light --chaos 9"}))
        assert isinstance(saved, Update)
        job = await core.job(await core.accepted("a fox"))
        assert (job.request.params.ratio, job.request.params.style, job.request.params.chaos) == ("16:9", "oil", 9)
        assert "soft light" in job.request.text
        await set_choice(core, "ratio", "-")
        assert (await core.job(await core.accepted("a fox"))).request.params.ratio == ""
        assert (await core.job(await core.accepted("a fox", "bob"))).request.params.style == ""


async def set_choice(core: Core, name: str, value: str) -> None:
    answer = await core.service.press(Press(core.ask(), f"i1:setting:{name}:0", value))
    assert isinstance(answer, Update), answer


async def test_a_default_that_would_break_every_prompt_is_refused(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        for name, value in (("ratio", "99:1"), ("style", "nope"), ("provider", "nobody")):
            assert isinstance(await core.service.press(Press(core.ask(), f"i1:setting:{name}:0", value)), Private)
        sent = Submission(core.ask(), "i1:setting:suffix:0", {"suffix": "--chaos 900"})
        refused = sentence(await core.service.submit(sent))
        assert refused.startswith("Your suffix was not saved. ")
        assert "any more" not in refused
        assert isinstance(await core.imagine("a fox"), Placeholder)


async def test_remix_of_a_very_long_prompt_says_that_it_was_cut(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn("a fox " * 900)
        opened = await core.press(f"i1:remix:{parent.id}:0")
        assert isinstance(opened, OpenForm)
        assert "cut off" in opened.form.fields[0].hint
