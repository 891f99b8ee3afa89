"""The audit log in the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import logbook
from bot.jobs.asks import Private, Update
from bot.jobs.mentions import channel_mention, spoken
from bot.jobs.surface import Card, Menu
from bot.policy.records import Entry, What
from bot.texts import desk
from tests.bot.desk import hall
from tests.support.core import Core, running_core


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path) as running:
        await hall.settled(running)
        yield running


async def page(core: Core, *, moderator: bool = True) -> Card:
    ask = core.ask("mod", moderator=moderator)
    return hall.card_of(await logbook.page(core.house, hall.command(ask, "log")))


def menu(card: Card) -> Menu:
    (found,) = [entry for row in card.rows for entry in row if isinstance(entry, Menu)]
    return found


def numbers(card: Card) -> list[int]:
    return [int(line.rpartition(" ")[2]) for line in card.lines]


async def write(core: Core, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        await core.house.policy.record(
            Entry(hall.HERE, What.RULE, actor="playground:mod", name="Mod", text=f"number {number}")
        )


async def test_pages_go_back_and_forth_and_stand_still(core: Core) -> None:
    await write(core, 45)
    first = await page(core)
    assert numbers(first) == list(range(45, 25, -1))
    assert "by Mod (" in first.lines[0]
    await write(core, 5, 46)
    second = await hall.press(core, hall.buttons(first)["Older"])
    assert isinstance(second, Update)
    assert numbers(second.card) == list(range(25, 5, -1))
    third = hall.card_of(await hall.press(core, hall.buttons(second.card)["Older"]))
    assert [line.rpartition(" ")[2] for line in third.lines][:5] == ["5", "4", "3", "2", "1"]
    assert list(hall.buttons(third)) == ["Newer"]
    back = hall.card_of(await hall.press(core, hall.buttons(third)["Newer"]))
    assert numbers(back) == list(range(25, 5, -1))


async def test_an_entry_carries_its_actions(core: Core) -> None:
    job = await core.drawn("a fox")
    entry = Entry(hall.HERE, What.FLAGGED, subject="playground:ann", job_id=job.id, text="violence")
    number = await core.house.policy.record(entry)
    answer = await hall.press(core, menu(await page(core)).control, value=str(number))
    assert isinstance(answer, Private)
    assert "flagged · Ann (" in answer.card.status
    labels = hall.buttons(answer.card)
    assert list(labels) == ["Result", "Delete result", "Their last jobs", "Block user", "Grant pictures"]
    for label in labels:
        assert not hall.refused(await hall.press(core, labels[label])), label
    assert (await core.job(job.id)).deleted


async def test_who_asked_for_what_where_can_be_read_and_reached(core: Core) -> None:
    await hall.settled(core, log_channel="log")
    job = await core.drawn("a fox")
    await core.house.policy.record(
        Entry(
            hall.HERE, What.REFUSED, "playground:ann", "Ann", "playground:ann", channel="hall", text="rules: a word (a hen)"
        )
    )
    refused, asked = (await core.house.policy.entries(hall.HERE))[:2]
    card = await logbook.entry_card(core.house, asked)
    alias = await core.house.policy.alias("playground:ann")
    assert spoken(card.status).split(" · ", 1)[1] == f"asked · Ann ({alias}) · in #hall · imagine: a fox"
    assert card.links[0].url == f"chat://m-{job.id}"
    assert list(hall.buttons(card)) == ["Result", "Delete result", "Their last jobs", "Block user", "Grant pictures"]
    card = await logbook.entry_card(core.house, refused)
    assert spoken(card.status).endswith(f"refused · Ann ({alias}) · in #hall · rules: a word (a hen)")
    assert list(hall.buttons(card)) == ["Their last jobs", "Block user", "Grant pictures"]


async def test_a_long_line_of_the_page_ends_in_no_half_of_a_mention(core: Core) -> None:
    for length in range(60, 160):
        entry = Entry(hall.HERE, What.SETTING, name="Mod", text=f"{'x' * length} {channel_mention('123456789012345678')}")
        await core.house.policy.record(entry)
    for control in ("i1:admin:log_9999:0", "i1:admin:log_9999:2", "i1:admin:log_9999:4"):
        card = hall.card_of(await hall.press(core, control))
        assert all(line.count("\ufdd0") == line.count("\ufdd1") for line in card.lines)
        assert all("\ufdd0" not in choice.label for choice in menu(card).choices)


@pytest.mark.parametrize("value", ["0", "x", "²", "9" * 30])
async def test_made_up_entries_are_refused(core: Core, value: str) -> None:
    assert desk.NO_ENTRY in hall.said(await hall.press(core, "i1:admin:log:0", value=value))


async def test_entries_of_other_communities_stay_there(core: Core) -> None:
    number = await core.house.policy.record(Entry("playground:another", What.RULE, text="secret"))
    assert desk.NO_ENTRY in hall.said(await hall.press(core, "i1:admin:log:0", value=str(number)))
    assert all("secret" not in line for line in (await page(core)).lines)
    assert hall.refused(await hall.press(core, "i1:admin:log_x:0", "ann", moderator=False))


async def test_a_button_opens_the_page(core: Core) -> None:
    await write(core, 1)
    assert hall.card_of(await hall.press(core, "i1:admin:log:0")).lines[0].endswith("number 1")


async def test_members_may_not(core: Core) -> None:
    assert desk.NOT_MODERATOR in (await page(core, moderator=False)).lines
    for control in ("i1:admin:log:0", "i1:admin:log_5:1"):
        assert desk.NOT_MODERATOR in hall.said(await hall.press(core, control, "ann", moderator=False, value="1"))
    core.place = replace(core.place, community_id="")
    assert desk.NO_COMMUNITY in (await page(core)).lines
