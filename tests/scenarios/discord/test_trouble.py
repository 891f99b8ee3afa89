"""Discord refuses, fails, or loses the line while jobs run."""

from __future__ import annotations

import pytest

from bot.jobs.model import JobState
from bot.jobs.place import Platform
from tests.fakes.discord import routes
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.server import WITHIN, Server, opened, private
from tests.scenarios.discord.test_places import LIFE
from tests.support.wait import eventually


async def test_a_picture_that_is_too_large_after_all_is_sent_smaller(server: Server) -> None:
    shown = await server.placed()
    server.fake.fail(routes.EDIT_FOLLOW_UP, 413, code=40005)
    await server.finished(shown)
    job = await server.job(shown)
    sizes = sorted(int(path.name.rpartition("-")[2]) for path in server.folder.glob(f"pictures/jobs/{job.id}/shown-*"))
    assert len(sizes) == 2
    assert len(shown.images[0].data) == sizes[0] <= 0.7 * sizes[1]
    assert opened(shown).width > 100
    assert await server.used() == 4


async def test_a_picture_that_is_never_small_enough_ends_refunded(studio: Studio) -> None:
    server = studio.server
    server.expected |= {"undeliverable"}
    shown = await server.placed()
    server.fake.fail("PATCH /webhooks", 413, times=100, code=40005)
    studio.easel.finish()
    job = await server.reaches(shown, JobState.FAILED)
    assert job.reason == "undeliverable"
    assert await server.used() == 0


async def test_a_message_that_somebody_deleted_is_not_posted_again(studio: Studio) -> None:
    server = studio.server
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    job_id = (await server.job(shown)).id
    server.fake.delete_message(shown)
    studio.easel.finish()

    async def delivered() -> bool:
        job = await server.bot.store.job(job_id)
        return job is not None and job.state is JobState.DELIVERED and job.told

    await eventually(delivered, WITHIN)
    job = await server.bot.store.job(job_id)
    assert job is not None
    assert job.reason == "withdrawn"
    assert await server.bot.house.pictures.get(job.pictures[0].key)
    (kept,) = [message for message in server.fake.messages.values() if not message.deleted]
    assert (kept.ephemeral, len(kept.images)) == (True, 1), "its requester alone may still see it"


@pytest.mark.parametrize("route", [routes.EDIT_FOLLOW_UP, routes.EDIT_MESSAGE])
async def test_rate_limits_on_edits_delay_the_end_only(studio: Studio, route: str) -> None:
    server = studio.server
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    if route == routes.EDIT_MESSAGE:
        server.clock.ahead += LIFE
    server.fake.limit(route, times=2, retry_after=0.1)
    server.fake.exhaust(route, reset_after=0.1)
    studio.easel.finish()
    await server.finished(shown)
    assert server.fake.count(route) >= 3
    assert await server.used() == 4


async def test_a_ban_of_the_address_is_waited_out(studio: Studio) -> None:
    """A 429 without `Via` is Cloudflare's: discord.py passes it on at once, and the core waits as long as it says."""
    server = studio.server
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    server.fake.limit(routes.EDIT_MESSAGE, retry_after=0.3, via=False)
    studio.easel.finish()
    await server.finished(shown)
    assert await server.used() == 4


async def test_server_errors_on_edits_are_tried_again(studio: Studio) -> None:
    server = studio.server
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    server.fake.fail(routes.EDIT_MESSAGE, 503, times=3)
    studio.easel.finish()
    await server.finished(shown)
    assert server.fake.count(routes.EDIT_MESSAGE) >= 4


async def test_an_edit_whose_receipt_was_lost_shows_one_picture(studio: Studio) -> None:
    server = studio.server
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    server.fake.fail(routes.EDIT_MESSAGE, 503, after=True)
    studio.easel.finish()
    await server.finished(shown)
    assert len(shown.images) == len(shown.attachments) == 1


async def test_the_gateway_closes_and_what_was_missed_arrives(studio: Studio) -> None:
    server = studio.server
    shown = await server.placed()
    await server.fake.close_gateway(4000)
    while_away = server.fake.slash(server.bob, server.art, "imagine", prompt="meanwhile")
    other = await while_away.response(WITHIN)
    studio.easel.finish()
    for message in (shown, other):
        await server.finished(message)
    assert server.fake.gateway.resumes >= 1
    assert len(studio.easel.paid) == 2


@pytest.mark.parametrize("how", ["reconnect", "resumable", "invalid"])
async def test_the_gateway_asks_for_another_connection(studio: Studio, how: str) -> None:
    server = studio.server
    shown = await server.placed()
    identifies, resumes = server.fake.gateway.identifies, server.fake.gateway.resumes
    if how == "reconnect":
        server.fake.reconnect_gateway()
    else:
        server.fake.invalidate_sessions(resumable=how == "resumable")
    gateway = server.fake.gateway
    await server.until(lambda: gateway.identifies + gateway.resumes > identifies + resumes and gateway.ready)
    await server.until(lambda: server.bot.fronts[Platform.DISCORD].ready)
    studio.easel.finish()
    await server.finished(shown)
    assert (await server.drawn("another", user=server.bob)).has_button("U1")
    assert "the fake" in (await private(await server.press(shown, "Show details"))).text
    assert (gateway.identifies > identifies) == (how == "invalid")
