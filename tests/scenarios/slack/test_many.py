"""Many workspaces in one process: each with its own token, its own books, its own messages; coming and going."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.jobs.house import Tries
from bot.jobs.model import JobState
from bot.jobs.surface import Card, Tone
from bot.texts import slack as texts
from bot.wiring import Bot
from tests.fakes.slack import Delivery
from tests.fakes.slack.model import Organisation
from tests.fakes.slack.play import Play
from tests.scenarios.slack.conftest import OpenTown
from tests.scenarios.slack.held import held, release
from tests.scenarios.slack.town import Town, ann, art
from tests.scenarios.slack.workspace import WITHIN, find, hasten, words
from tests.support.wait import eventually


def tokens_by_team(town: Town) -> dict[str, set[str]]:
    """Which tokens the calls that reached each workspace came with."""
    found: dict[str, set[str]] = {}
    for call in town.fake.calls:
        if call.token.startswith("xoxb-") and not call.error:
            found.setdefault(call.team, set()).add(call.token)
    return found


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_two_workspaces_draw_each_with_its_own_token(towns: OpenTown, mode: str) -> None:
    town = await towns(mode=mode)
    painters, potters = await town.workspace("Painters"), await town.workspace("Potters")
    assert painters.token != potters.token
    for world in (painters, potters):
        grid = await town.drawn(world)
        await (await world.press(ann(world), grid, find(grid, "variation", 1))).acked()
        await town.pictures(world, 2)
        await (await world.mention(ann(world), art(world), "imagine a hen", grid.ts)).acked()
        await town.pictures(world, 3)
        assert f"https://{world.team_name.lower()}.slack.com/archives/" in (await newest(town)).url
    assert tokens_by_team(town) == {painters.team: {painters.token}, potters.team: {potters.token}}
    jobs = await town.jobs()
    assert {job.place.community for job in jobs} == {f"slack:{painters.team}", f"slack:{potters.team}"}
    assert {job.actor.key for job in jobs} == {f"slack:{world.team}:{ann(world).id}" for world in (painters, potters)}


async def newest(town: Town) -> Any:
    """The message of the job that came last."""
    (job, *_) = sorted(await town.jobs(), key=lambda job: -job.created_at)
    return job.message


async def test_a_job_that_runs_over_a_restart_finds_its_token_again(towns: OpenTown) -> None:
    provider = held()
    town = await towns(more=[provider], settings={"IMAGINE_STOP_SECONDS": "0"})
    painters, potters = await town.workspace("Painters"), await town.workspace("Potters")
    waiting = [(world, await town.placed(world)) for world in (painters, potters)]
    await town.running(2)
    await town.restart()
    release(provider)
    for world, message in waiting:
        await town.shown(world, message)
        assert len(world.messages(art(world))) == 1
    assert tokens_by_team(town) == {painters.team: {painters.token}, potters.team: {potters.token}}


async def test_one_workspaces_buttons_do_nothing_in_another(towns: OpenTown) -> None:
    town = await towns()
    painters, potters = await town.workspace("Painters"), await town.workspace("Potters")
    theirs, ours = await town.drawn(painters), await town.drawn(potters)
    stolen = find(theirs, "delete")
    await (await potters.press(ann(potters), ours, stolen, forged=True)).acked()
    await town.fake.until(lambda: potters.ephemerals, WITHIN)
    assert not theirs.deleted
    assert not ours.deleted


def patient(bot: Bot) -> None:
    """Short waits, and the real number of tries."""
    hasten(bot)
    bot.house.tries = Tries()


async def test_a_workspace_that_does_not_come_back_is_refunded(towns: OpenTown) -> None:
    provider = held()
    town = await towns(more=[provider])
    painters = await town.workspace("Painters")
    message = await town.placed(painters)
    await town.running(1)
    for told in await painters.uninstall():
        await told.acked()
    await town.forgotten()
    release(provider)

    async def ended() -> bool:
        (job,) = await town.jobs()
        return job.state is JobState.FAILED and job.reason == "undeliverable"

    await eventually(ended, WITHIN)
    standing = await town.bot.store.standing(f"slack:{painters.team}:{ann(painters).id}", town.bot.house.clock())
    assert standing.used == 0
    assert not message.pictures


async def test_a_workspace_removes_the_bot_while_it_draws_and_installs_it_again(towns: OpenTown) -> None:
    provider = held()
    town = await towns(more=[provider], prepare=patient)
    painters, potters = await town.workspace("Painters"), await town.workspace("Potters")
    message, other = await town.placed(painters), await town.placed(potters)
    await town.running(2)
    first = painters.token
    for told in await painters.uninstall():
        await told.acked()
    await town.forgotten(1)
    release(provider)
    await town.shown(potters, other)
    assert not message.pictures
    await town.browser().installs(painters, ann(painters))
    assert painters.token != first
    await town.shown(painters, message)
    late = [call for call in town.fake.calls if call.token == first and call.error]
    assert not [call for call in late if call.error != "account_inactive"]
    await town.drawn(painters, "a hen")


async def test_a_removal_told_of_late_does_not_take_the_installation_that_came_after(towns: OpenTown) -> None:
    town = await towns()
    painters = await town.workspace("Painters")
    (revoked, removed) = await painters.uninstall()
    await removed.acked()
    await town.forgotten()
    for told in (revoked, removed):
        told.payload["event_time"] -= 60
    await town.browser().installs(painters, ann(painters))
    await (await painters.again(removed)).acked()
    await (await painters.again(revoked)).acked()
    await town.drawn(painters)


async def test_a_workspace_that_is_not_known_is_told_so(towns: OpenTown) -> None:
    town = await towns()
    painters = town.fake.workspace("Painters")
    who, room = painters.user("ann"), painters.channel("art")
    painters.bot_token = "xoxb-of-another-database"
    await (await painters.command(who, room, "a red fox")).acked()
    await town.fake.until(lambda: painters.responses, WITHIN)
    assert painters.responses[0].body["text"] == texts.NOT_INSTALLED
    assert not await town.jobs()


async def test_a_token_kept_under_another_secret_is_not_used(towns: OpenTown) -> None:
    town = await towns(settings={"IMAGINE_SECRET": "the-first-secret-of-all"})
    painters = await town.workspace("Painters")
    await town.drawn(painters)
    town.settings = {"IMAGINE_SECRET": "quite-another-secret-now"}
    await town.restart()
    before = len(town.fake.calls)
    await painters.command(ann(painters), art(painters), "a hen")
    await town.drawn(await town.workspace("Potters"))
    assert painters.token not in {call.token for call in town.fake.calls[before:]}
    assert len(painters.messages(art(painters))) == 1
    await town.browser().installs(painters, ann(painters))
    await town.drawn(painters, "a hen")


@pytest.mark.parametrize("nameless", [False, True])
async def test_an_organisation_installs_it_for_all_its_workspaces(towns: OpenTown, nameless: bool) -> None:
    town = await towns()
    org = Organisation("E00009001", "Arts")
    painters = await town.workspace("Painters", org, org_wide=True)
    potters = await town.workspace("Potters", org)
    assert painters.token == potters.token == org.token
    for world in (painters, potters):
        world.nameless = nameless
        grid = await town.drawn(world)
        await (await world.mention(ann(world), art(world), "imagine a hen", grid.ts)).acked()
        await town.pictures(world, 2)
    ann(potters).home = painters.team
    await a_form_of_an_organisation(town, potters)
    jobs = await town.jobs()
    assert {job.actor.key for job in jobs} == {f"slack:{org.id}:{ann(world).id}" for world in (painters, potters)}
    places = {"slack:E00009001"} if nameless else set()
    assert {job.place.community for job in jobs} == {f"slack:{painters.team}", f"slack:{potters.team}"} | places
    for told in await potters.uninstall():
        await told.acked()
    await town.forgotten()


async def test_an_organisations_removal_may_be_told_in_the_name_of_a_workspace(towns: OpenTown) -> None:
    """Also where a workspace is only taken out of an organisation that keeps the app: then its token still works."""
    town = await towns()
    org = Organisation("E00009001", "Arts")
    painters = await town.workspace("Painters", org, org_wide=True)
    potters = await town.workspace("Potters", org)
    told = {"type": "event_callback", "team_id": potters.team, "enterprise_id": org.id, "event_time": int(time.time())}
    gone = {**told, "event": {"type": "app_uninstalled"}, "event_id": "Ev1"}
    await (await town.fake.courier.deliver(Delivery("events_api", gone))).acked()
    await town.drawn(painters)
    painters.dead.add(org.token)
    org.token = ""
    await (await town.fake.courier.deliver(Delivery("events_api", {**gone, "event_id": "Ev2"}))).acked()
    await town.forgotten()


async def a_form_of_an_organisation(town: Town, world: Play) -> None:
    """What comes back of a modal names no team but the person's own: the place is where the modal was opened."""
    before = len(await town.jobs())
    await (await world.command(ann(world), art(world), "")).acked()
    (view, *_) = await town.fake.until(lambda: world.opened_views, WITHIN)
    told = await world.submit(ann(world), view, {"f:prompt": "an owl"})
    assert told.payload["team"] is None
    await told.acked()
    await town.pictures(world, 3)
    jobs = await town.jobs()
    assert len(jobs) == before + 1
    assert max(jobs, key=lambda job: job.created_at).place.community_id == world.team


async def test_a_card_for_moderators_finds_the_organisations_token(towns: OpenTown) -> None:
    """Nobody's request is behind it, and its place names the workspace alone."""
    town = await towns()
    org = Organisation("E00009001", "Arts")
    painters = await town.workspace("Painters", org, org_wide=True)
    await town.drawn(painters)
    await town.restart()
    house = town.bot.house
    (job,) = await town.jobs()
    assert job.state is JobState.DELIVERED
    chat = house.chats[job.actor.platform]
    ref = await chat.post(job.place, Card(Tone.DONE, status="A notice"), "notice-1")
    assert "A notice" in words(painters.post(ref.channel_id, ref.message_id))
