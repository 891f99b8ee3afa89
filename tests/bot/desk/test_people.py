"""One result and one person in a moderator's hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import persons
from bot.jobs.asks import Private, Update
from bot.policy.records import Entry, Override, What
from bot.texts import desk
from tests.bot.desk import hall
from tests.support.core import Core, running_core
from tests.support.wait import eventually

ANN = "playground:ann"


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path) as running:
        await hall.settled(running)
        yield running


async def ann(core: Core, index: int) -> str:
    return f"i1:person:{await core.house.policy.alias(ANN)}:{index}"


async def test_a_result_is_shown_and_deleted(core: Core) -> None:
    job = await core.drawn("a fox")
    shown = await hall.press(core, f"i1:moderate:{job.id}:0")
    assert isinstance(shown, Private)
    assert shown.card.private
    assert "State: delivered" in hall.words(shown.card)
    labels = hall.buttons(shown.card)
    assert list(labels) == ["Delete result", "Their last jobs", "Block user", "Grant pictures", "Reset today"]
    answer = await hall.press(core, labels["Delete result"])
    assert isinstance(answer, Update)
    assert "Delete result" not in hall.buttons(answer.card)

    async def deleted() -> bool:
        return job.id in core.chat.deleted

    await eventually(deleted)
    await hall.press(core, labels["Delete result"])
    (entry,) = await hall.logged(core, What.DELETED)
    assert (entry.actor, entry.subject, entry.job_id) == ("playground:mod", ANN, job.id)


async def test_from_a_channel_the_answer_is_private(core: Core) -> None:
    job = await core.drawn("a fox")
    assert isinstance(await hall.press(core, f"i1:moderate:{job.id}:11"), Private)
    assert isinstance(await hall.press(core, await ann(core, 14)), Private)


async def test_deleting_closes_what_is_open(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.hold(monkeypatch)
    job, review = await hall.held(core)
    card = hall.card_of(await hall.press(core, f"i1:moderate:{job.id}:0"))
    assert hall.refused(await hall.press(core, hall.buttons(card)["Review"])) is False
    await hall.press(core, hall.buttons(card)["Delete result"])
    closed = await core.house.policy.review(review.id)
    assert closed is not None
    assert closed.decided == "withdrawn"
    await core.ended(job.id)
    assert (await core.store.standing(ANN, core.clock())).used == 0


@pytest.mark.parametrize("index", [0, 1, 11])
async def test_results_are_for_moderators_of_their_community(core: Core, index: int) -> None:
    job = await core.drawn("a fox")
    control = f"i1:moderate:{job.id}:{index}"
    assert desk.NOT_MODERATOR in hall.said(await hall.press(core, control, "bob", moderator=False))
    assert desk.NOT_MODERATOR in hall.said(await hall.press(core, control, "ann", moderator=False))
    core.place = replace(core.place, community_id="another")
    assert desk.NO_JOB in hall.said(await hall.press(core, control))
    assert not (await core.job(job.id)).deleted


async def test_a_role_that_the_community_named_moderates(core: Core) -> None:
    await hall.settled(core, moderators=("guards",))
    ask = core.ask("gus")
    guard = replace(ask, actor=replace(ask.actor, roles=("guards",)))
    assert not hall.refused(await persons.page(core.house, hall.command(guard, "user", user="ann")))
    assert hall.refused(await persons.page(core.house, hall.command(ask, "user", user="ann")))


async def test_the_persons_page(core: Core) -> None:
    await core.drawn("a fox")
    await core.drawn("an owl")
    await core.drawn("a hen", user="bob")
    ask = core.ask("mod", moderator=True)
    card = hall.card_of(await persons.page(core.house, hall.command(ask, "user", user="ann")))
    assert card.title.startswith("Ann (")
    assert card.lines == ("1. delivered: an owl", "2. delivered: a fox")
    assert [link.label for link in card.links] == ["1", "2"]
    assert ("Used today", "8 of 100 pictures") in card.facts
    assert ("Blocked", "no") in card.facts
    unknown = hall.card_of(await persons.page(core.house, hall.command(ask, "user", user="zoe")))
    assert unknown.lines == (desk.NO_JOBS,)
    assert hall.refused(await persons.page(core.house, hall.command(ask, "user", user="slack:zoe")))
    core.place = replace(core.place, community_id="")
    dm = await persons.page(core.house, hall.command(core.ask("mod", moderator=True), "user", user="ann"))
    assert desk.NO_COMMUNITY in hall.said(dm)


async def test_jobs_elsewhere_are_not_told(core: Core) -> None:
    await core.drawn("a secret of another guild")
    core.place = replace(core.place, community_id="another")
    card = hall.card_of(await hall.press(core, await ann(core, 0)))
    assert card.lines == (desk.NO_JOBS,)


async def test_block_and_unblock(core: Core) -> None:
    card = hall.card_of(await hall.press(core, await ann(core, 0)))
    form = hall.form_of(await hall.press(core, hall.buttons(card)["Block"]))
    answer = await hall.type_in(core, form, {"hours": "2", "reason": "spam"})
    assert isinstance(answer, Update)
    assert answer.card.status == "Blocked for 2 hours: spam."
    block = await core.house.policy.block_of(hall.HERE, ANN, core.clock())
    assert block is not None
    assert block.until is not None
    assert abs(block.until - core.clock() - 7200) < 60
    assert await core.house.policy.block_of("playground:another", ANN, core.clock()) is None
    answer = await hall.press(core, hall.buttons(answer.card)["Unblock"])
    assert hall.card_of(answer).status == desk.LIFTED
    assert await core.house.policy.block_of(hall.HERE, ANN, core.clock()) is None
    assert hall.card_of(await hall.press(core, await ann(core, 2))).status == desk.WAS_NOT_BLOCKED
    entries = [*await hall.logged(core, What.UNBLOCKED), *await hall.logged(core, What.BLOCKED)]
    assert [(entry.actor, entry.subject) for entry in entries] == [("playground:mod", ANN)] * 2


async def test_grant_reset_and_limits(core: Core) -> None:
    await core.drawn("a fox")
    form = hall.form_of(await hall.press(core, await ann(core, 3)))
    assert hall.refused(await hall.type_in(core, form, {"units": "0"}))
    await hall.type_in(core, form, {"units": "3"})
    assert (await core.house.policy.used_by(ANN, core.clock(), hall.HERE)).day == 1
    answer = await hall.press(core, await ann(core, 4))
    assert hall.card_of(answer).status == "1 picture of today given back."
    assert (await core.house.policy.used_by(ANN, core.clock(), hall.HERE)).day == 0
    form = hall.form_of(await hall.press(core, await ann(core, 5)))
    assert hall.refused(await hall.type_in(core, form, {"daily": "-4", "monthly": ""}))
    answer = await hall.type_in(core, form, {"daily": "7", "monthly": ""})
    assert ("Own limits", "7 a day") in hall.card_of(answer).facts
    assert await core.house.policy.override_of(hall.HERE, ANN) == Override(daily=7)
    await hall.type_in(core, form, {"daily": "", "monthly": ""})
    assert await core.house.policy.override_of(hall.HERE, ANN) == Override()
    answer = await hall.type_in(core, hall.form_of(await hall.press(core, await ann(core, 3))), {"units": "9"})
    assert dict(hall.card_of(answer).facts)["Used today"].startswith("0 of ")
    counts = [len(await hall.logged(core, what)) for what in (What.GRANTED, What.RESET, What.LIMITED)]
    assert counts == [2, 1, 2]


@pytest.mark.parametrize("index", [0, 1, 2, 3, 4, 5, 11, 13])
async def test_people_are_for_moderators(core: Core, index: int) -> None:
    control = await ann(core, index)
    values = {"hours": "0", "reason": "", "units": "99", "daily": "9", "monthly": ""}
    for answer in (
        await hall.press(core, control, "ann", moderator=False),
        await hall.type_in(core, control, values, "ann", moderator=False),
    ):
        assert desk.NOT_MODERATOR in hall.said(answer)
    assert await core.house.policy.block_of(hall.HERE, ANN, core.clock()) is None
    assert (await core.house.policy.used_by(ANN, core.clock(), hall.HERE)).day == 0


async def test_an_unknown_or_erased_person(core: Core) -> None:
    control = await ann(core, 0)
    assert desk.NO_PERSON in hall.said(await hall.press(core, "i1:person:0123456789abcdef:0"))
    await core.house.policy.erase(ANN, Entry("", What.ERASED, subject=ANN), core.clock())
    assert desk.NO_PERSON in hall.said(await hall.press(core, control))


@pytest.mark.parametrize(
    ("count", "cap", "sentence"),
    [(1, 0, "1 picture, no limit"), (2, 0, "2 pictures, no limit"), (0, 1, "0 of 1 picture"), (1, 9, "1 of 9 pictures")],
)
def test_one_picture_is_no_pictures(count: int, cap: int, sentence: str) -> None:
    assert desk.used(count, cap) == sentence
