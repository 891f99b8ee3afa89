"""The first seconds of an interaction: slow cores, lost acknowledgements, replays."""

from __future__ import annotations

import asyncio
import json

from bot.jobs.model import JobState
from bot.texts import discord as texts
from bot.wiring import Bot
from tests.bot.imaging.pictures import encoded, frames, huge_png, noise
from tests.fakes.discord import routes
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.server import ANSWERED, DEFERRED, WITHIN, Server, private
from tests.support.wait import eventually


async def ended(bot: Bot, state: JobState) -> None:
    """The only job there is comes to this end."""

    async def there() -> bool:
        return [job.state for job in await bot.store.jobs([], 10)] == [state]

    await eventually(there, WITHIN)


def slow_store(server: Server) -> asyncio.Event:
    """Acceptance waits until the event is set."""
    gate, accept = asyncio.Event(), server.bot.store.accept

    async def waiting(*arguments: object) -> object:
        await gate.wait()
        return await accept(*arguments)  # type: ignore[arg-type]

    server.bot.store.accept = waiting  # type: ignore[assignment, method-assign]
    return gate


async def test_a_slow_acceptance_is_deferred_publicly_and_filled(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    gate = slow_store(server)
    asked = await server.imagine()
    assert asked.ack is not None
    assert asked.ack.type == DEFERRED
    assert asked.ack.seconds < ANSWERED
    gate.set()
    shown = await asked.response()
    assert not shown.ephemeral
    await server.finished(shown)
    assert asked.followups == []


async def test_a_refusal_after_a_public_defer_leaves_nothing_behind(studio: Studio) -> None:
    server = studio.server
    picture = server.fake.attachment(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.png")
    async with server.fake.hold(routes.CDN):
        asked = await server.imagine(image=picture)
        assert asked.ack is not None
        assert asked.ack.type == DEFERRED
    told = await asked.followup()
    assert told.ephemeral
    assert "SVG" in told.text
    await server.until(lambda: asked.message is not None and asked.message.deleted)
    calls = [call.route for call in server.fake.calls if "/webhooks/" in call.route]
    assert calls == [routes.EDIT_ORIGINAL, routes.FOLLOW_UP, routes.DELETE_ORIGINAL]
    neutral = next(json.dumps(call.body) for call in server.fake.calls if call.route == routes.EDIT_ORIGINAL)
    assert texts.ANSWERED_PRIVATELY in neutral
    assert "SVG" not in neutral
    assert await server.used() == 0


async def test_an_interaction_that_is_over_at_the_acknowledgement_costs_nothing(studio: Studio) -> None:
    server = studio.server
    server.fake.fail(routes.CALLBACK, 404, code=10062)
    server.fake.slash(server.ann, server.art, "imagine", prompt="a red fox")
    await ended(server.bot, JobState.CANCELLED)
    assert studio.easel.paid == {}
    assert await server.used() == 0


async def test_the_same_when_it_was_to_be_deferred(studio: Studio) -> None:
    server = studio.server
    gate = slow_store(server)
    server.fake.fail(routes.CALLBACK, 404, code=10062)
    server.fake.slash(server.ann, server.art, "imagine", prompt="a red fox")
    await server.until(lambda: server.fake.count(routes.CALLBACK))
    gate.set()
    await ended(server.bot, JobState.CANCELLED)
    assert studio.easel.paid == {}
    assert await server.used() == 0


async def test_an_answer_whose_receipt_was_lost_is_not_given_twice(studio: Studio) -> None:
    """Discord took the callback and answered 502: the message stands, and is adopted."""
    server = studio.server
    studio.easel.finish()
    server.fake.fail(routes.CALLBACK, 502, after=True)
    shown = await server.placed()
    await server.finished(shown)
    assert len(studio.easel.paid) == 1
    assert len([message for message in server.fake.messages.values() if not message.deleted]) == 1


async def test_an_interaction_that_discord_delivers_twice_is_one_job(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    asked = await server.imagine()
    shown = await server.finished(await asked.response())
    server.fake.again(asked)
    await server.drawn("another fox")
    assert server.fake.count(routes.CALLBACK) == len(studio.easel.paid) == 2
    assert await server.used() == 8
    assert shown.has_button("U1")


async def test_one_that_comes_twice_while_it_is_accepted_has_its_picture(studio: Studio) -> None:
    """Both would be deferred: the second one's private answer would take the job's message away."""
    server = studio.server
    studio.easel.finish()
    gate = slow_store(server)
    asked = await server.imagine()
    server.fake.again(asked)
    await server.imagine("another fox")
    gate.set()
    await server.finished(await asked.response())
    assert server.fake.count(routes.CALLBACK) == 2
    assert asked.followups == []


async def test_a_picture_to_start_from(server: Server) -> None:
    picture = server.fake.attachment(encoded(noise()), "start.png")
    shown = await server.drawn("a red fox", image=picture)
    job = await server.job(shown)
    assert await server.bot.house.pictures.get(job.request.image_key) == picture.data
    plain = await server.drawn("a red fox", seed=1)
    coloured = await server.drawn("a red fox", seed=1, image=picture)
    assert plain.images[0].data != coloured.images[0].data


async def test_files_that_are_no_pictures_are_refused_privately(studio: Studio) -> None:
    server = studio.server
    whole = encoded(noise())
    bad = {
        "empty.png": b"",
        "words.png": b"just words",
        "page.png": b"<!DOCTYPE html><html></html>",
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "cut.png": whole[: len(whole) // 2],
        "many.gif": frames("GIF", 30),
        "huge.png": huge_png(),
    }
    for name, data in bad.items():
        asked = await server.imagine(image=server.fake.attachment(data, name))
        assert (await private(asked)).text, name
    huge = server.fake.attachment(whole, "huge.png", size=26 * 2**20)
    assert "25 MB" in (await private(await server.imagine(image=huge))).text
    assert studio.easel.paid == {}
    assert await server.used() == 0
