"""The main flows, with Discord's permissions and visibility as the simulator models them."""

from __future__ import annotations

import discord

from bot.jobs.model import JobState
from bot.texts import answers, pages
from tests.scenarios.simcord.conftest import Stage, text_of


async def test_placeholder_then_grid_then_u_and_v(stage: Stage) -> None:
    asked = await stage.ann.slash(stage.channel, "imagine", prompt="a red fox")
    assert not asked.ephemeral
    assert asked.response is not None
    assert "a red fox" in text_of(asked.response.components)
    assert asked.response.attachments == []
    stage.easel.finish()
    grid = await stage.finished(asked)
    assert len(grid.attachments) == 1
    large = await stage.finished(await stage.ann.click(grid, label="U2"))
    assert large.id != grid.id
    varied = await stage.finished(await stage.bob.click(grid, label="V3"))
    assert varied.attachments[0].filename != grid.attachments[0].filename
    assert len(stage.easel.paid) == 3


async def test_old_buttons_after_a_restart(stage: Stage) -> None:
    stage.easel.finish()
    grid = await stage.finished(await stage.ann.slash(stage.channel, "imagine", prompt="a red fox"))
    await stage.restart()
    assert (await stage.finished(await stage.ann.click(grid, label="U1"))).attachments
    dialog = await stage.ann.click(grid, label="✎")
    assert dialog.modal is not None
    await stage.restart()
    remixed = await stage.ann.submit_modal(dialog, {"prompt": "a blue fox", "base": ["2"]})
    assert (await stage.finished(remixed)).attachments
    assert list(stage.easel.paid.values())[-1].prompt == "a blue fox"


async def test_a_refusal_is_seen_by_its_asker_alone(stage: Stage) -> None:
    asked = await stage.ann.slash(stage.channel, "imagine", prompt="a fox --s 9999")
    assert asked.ephemeral
    assert asked.response is not None
    assert "from 0 to 1000" in text_of(asked.response.components)
    assert stage.easel.paid == {}


async def test_delete_needs_the_requester_or_manage_messages(stage: Stage) -> None:
    stage.easel.finish()
    asked = await stage.ann.slash(stage.channel, "imagine", prompt="a red fox")
    grid = await stage.finished(asked)
    refused = await stage.bob.click(grid, label=pages.DELETE)
    told = refused.followups[0] if refused.followups else refused.response
    assert told is not None
    assert told.ephemeral
    assert answers.NOT_YOURS_DELETE in text_of(told.components)
    role = stage.env.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
    moderator = stage.env.guild.add_member(stage.env.create_user("mo"), roles=[role])
    await moderator.click(grid, label=pages.DELETE)
    await stage.ended(grid.id, JobState.DELIVERED)
    assert not stage.core.pictures.kept


async def test_in_a_direct_message(stage: Stage) -> None:
    stage.easel.finish()
    asked = await stage.ann.user.slash("imagine", prompt="a red fox")
    grid = await stage.finished(asked)
    assert (await stage.finished(await stage.ann.user.click(grid, label="↻"))).attachments
