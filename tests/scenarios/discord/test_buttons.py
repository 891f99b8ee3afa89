"""Buttons under a grid and under one picture."""

from __future__ import annotations

import asyncio

from bot.jobs.controls import Control
from bot.jobs.model import Action, JobState
from bot.texts import answers, pages
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import MANAGE_MESSAGES, USER_PERMISSIONS
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.server import Server, labels, links, opened, private, url_of, whispered


async def test_u2_brings_one_large_picture_that_links_to_its_parent(server: Server) -> None:
    grid = await server.drawn("a red fox", seed=1)
    large = await server.child(grid, "U2")
    assert large.id != grid.id
    tile = (await server.job(grid)).pictures[1]
    assert opened(large).size == (2 * tile.width, 2 * tile.height)
    assert labels(large) == [["Vary"], ["Show details", "Delete"], ["picture 2 of this job"]]
    assert links(large) == {"picture 2 of this job": url_of(grid)}
    assert await server.used() == 5


async def test_v3_and_reroll_bring_new_grids(server: Server) -> None:
    grid = await server.drawn("a red fox", seed=1)
    varied, again = await server.child(grid, "V3"), await server.child(grid, "↻")
    assert labels(varied)[0] == ["U1", "U2", "U3", "U4", "↻"]
    assert list(links(varied)) == ["variations of picture 3 of this job"]
    assert list(links(again)) == ["drawn again from this job"]
    assert len({one.images[0].data for one in (grid, varied, again)}) == 3
    assert [(await server.job(one)).action for one in (varied, again)] == [Action.VARIATION, Action.REROLL]
    assert await server.used() == 12


async def test_vary_under_a_single_picture(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    large = await server.child(await server.drawn(), "U4")
    varied = await server.child(large, "Vary")
    assert labels(varied)[1] == ["V1", "V2", "V3", "V4", "✎"]
    source = list(studio.easel.paid.values())[-1].source
    assert source is not None
    assert source.data == await server.bot.house.pictures.get((await server.job(large)).pictures[0].key)


async def test_remix_edits_the_prompt_before_it_varies(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    grid = await server.drawn("a red fox --ar 3:2")
    pressed = await server.press(grid, "✎")
    dialog = await pressed.modal()
    [prompt, base] = [label["component"] for label in dialog["components"]]
    assert prompt["value"] == "a red fox --ar 3:2"
    assert [option["value"] for option in base["options"]] == ["0", "1", "2", "3", "4"]
    sent = server.fake.modal(server.ann, dialog["custom_id"], {"prompt": "a blue fox", "base": "2"}, pressed)
    remixed = await server.finished(await sent.response())
    job = await server.job(remixed)
    assert (job.action, job.parent_index, job.request.text) == (Action.VARIATION, 2, "a blue fox")
    assert "a blue fox" in remixed.text
    again = server.fake.modal(server.ann, dialog["custom_id"], {"prompt": "a wolf", "base": "0"}, pressed)
    assert (await server.job(await server.finished(await again.response()))).action is Action.REROLL


async def test_a_bad_remix_is_refused_privately(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    pressed = await server.press(await server.drawn(), "✎")
    dialog = await pressed.modal()
    sent = server.fake.modal(server.ann, dialog["custom_id"], {"prompt": "a fox --s 9999"}, pressed)
    assert "from 0 to 1000" in (await private(sent)).text
    assert await server.used() == 4


async def test_whoever_presses_pays_and_is_named(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    grid = await server.drawn()
    large = await server.child(grid, "U1", server.bob)
    assert server.bob.mention in large.text
    assert (await server.used(), await server.used(server.bob)) == (4, 1)
    linked = await private(await server.press(grid, "U1"))
    assert answers.DRAWN in linked.text
    assert links(linked) == {pages.OPEN: url_of(large)}
    assert await server.used() == 4


async def test_details_are_private(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    large = await server.child(await server.drawn("a red fox --seed 7"), "U2")
    shown = await private(await server.press(large, pages.DETAILS, server.bob))
    for words in ("a red fox --seed 7", "the fake", "upscale 2", "0.0050 USD", "100"):
        assert words in shown.text.replace("\\", ""), shown.text
    assert list(links(shown)) == ["picture 2 of this job"]
    assert not large.deleted


async def test_only_the_requester_cancels(studio: Studio) -> None:
    server, easel = studio.server, studio.easel
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    await server.until(lambda: shown.has_button("Cancel") and "25 %" in shown.text)
    assert answers.NOT_YOURS_CANCEL in (await private(await server.press(shown, "Cancel", server.bob))).text
    await server.press(shown, "Cancel")
    await server.ends(shown, JobState.CANCELLED)
    assert "cancelled" in shown.text
    assert len(easel.cancelled) == 1
    assert await server.used() == 0


async def test_requester_and_moderators_delete_others_do_not(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    moderator = server.fake.user("mo", permissions=USER_PERMISSIONS | MANAGE_MESSAGES)
    first, second = await server.drawn(), await server.drawn()
    assert answers.NOT_YOURS_DELETE in (await private(await server.press(first, "Delete", server.bob))).text
    assert not first.deleted
    keys = [picture.key for picture in (await server.job(first)).pictures]
    stale = first.button("U1")
    for grid, user in ((first, server.ann), (second, moderator)):
        await server.press(grid, "Delete", user)
    await server.until(lambda: first.deleted and second.deleted)
    await server.ends(first, JobState.DELIVERED)
    for key in keys:
        assert not (server.folder / "pictures" / key).exists()
    third = await server.drawn()
    assert answers.DELETED in (await private(await server.forged(third, stale))).text


async def test_a_double_click_is_one_job(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    grid = await server.drawn()
    before = await server.used()
    for label, units in (("V2", 4), ("↻", 4), ("U3", 1)):
        await double_clicked(server, grid, label)
        before += units
        assert await server.used() == before


async def double_clicked(server: Server, grid: Message, label: str) -> None:
    """Which of both is first is not told; the other one is refused privately, at once or after a deferred answer."""
    both = [server.fake.press(server.ann, grid, grid.button(label)) for _ in range(2)]
    await asyncio.gather(*(one.acknowledged() for one in both))
    (refused,) = await server.until(lambda: [one for one in both if whispered(one)])
    (accepted,) = [one for one in both if one is not refused]
    await server.finished(await accepted.response())
    assert whispered(accepted) is None, label


async def test_forged_and_foreign_buttons_are_refused_privately(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    grid = await server.drawn()
    elsewhere = await server.drawn(channel=server.fake.channel(server.guild, "other"))
    far = await server.drawn(channel=server.fake.channel(server.fake.guild("far")))
    paid = len(studio.easel.paid)
    controls = ["nonsense", "i1:upscale:0000000000:1", f"i2:upscale:{(await server.job(grid)).id}:1", elsewhere.button("U1")]
    controls += [far.button("↻"), far.button("Delete"), far.button(pages.DETAILS)]
    controls += [str(Control("upscale", (await server.job(grid)).id, number)) for number in (0, 5, 99)]
    for control in controls:
        shown = await private(await server.forged(grid, control))
        assert shown.text, control
    assert len(studio.easel.paid) == paid
    assert not far.deleted
    assert await server.used() == 12


async def test_a_parent_that_was_deleted_while_its_child_runs(studio: Studio) -> None:
    server, easel = studio.server, studio.easel
    easel.finish()
    grid = await server.drawn()
    easel.waiting = True
    child = await (await server.press(grid, "V1")).response()
    await server.reaches(child, JobState.RUNNING)
    await server.press(grid, "Delete")
    await server.until(lambda: grid.deleted)
    easel.finish()
    await server.finished(child)
    assert links(child) == {}


async def test_a_cancel_that_crosses_the_pictures_is_answered(studio: Studio) -> None:
    server = studio.server
    shown = await server.placed()
    cancel = shown.button("Cancel")
    studio.easel.finish()
    await server.finished(shown)
    assert answers.TOO_LATE_ENDED in (await private(await server.forged(shown, cancel))).text
