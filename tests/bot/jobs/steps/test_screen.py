"""Pictures before the moderation: held, hidden behind a spoiler, refused, or waved through where the service is down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.jobs.asks import Attachment, Imagine, Private
from bot.jobs.model import JobState
from bot.jobs.place import Place, Platform
from bot.policy import gate
from bot.policy.case import Case, Hold, Tools
from bot.policy.community import Flagged, ReviewMode, WhenDown
from bot.policy.records import Cause, What
from bot.policy.together import PartlyDown
from bot.texts import review as texts
from tests.fakes.moderation import DOWN, NUDE, ScriptedModeration
from tests.fakes.provider import COLOURS, picture
from tests.support.core import ASYNC, Core, running_core
from tests.support.held import asked, community, decide, last_status, logged, pictures_shown, used

TILE = picture(COLOURS[2])
INLINE = replace(ASYNC, asynchronous=False, webhook=False)


@pytest.fixture
def moderation() -> ScriptedModeration:
    return ScriptedModeration()


def one_nude(moderation: ScriptedModeration) -> None:
    moderation.of[TILE] = NUDE


async def test_what_is_harmless_is_shown(tmp_path: Path, moderation: ScriptedModeration) -> None:
    async with running_core(tmp_path, moderation=moderation) as core:
        job = await core.drawn()
        assert (job.flags, job.spoiler) == ((), False)
        assert set(moderation.asked) >= {picture(colour) for colour in COLOURS}
        assert What.FLAGGED not in await logged(core)


async def test_a_moderation_of_texts_alone_is_not_asked_about_pictures(tmp_path: Path) -> None:
    mute = ScriptedModeration(NUDE, of={"a fox": {}}, pictures=False)
    async with running_core(tmp_path, moderation=mute) as core:
        await core.drawn()
        assert [one for one in mute.asked if isinstance(one, bytes)] == []


async def test_one_flagged_picture_holds_the_grid_until_a_moderator_agrees(
    tmp_path: Path, moderation: ScriptedModeration
) -> None:
    one_nude(moderation)
    async with running_core(tmp_path, moderation=moderation) as core:
        job = await core.reaches(await core.accepted(), JobState.REVIEW)
        assert job.flags == ("sexual",)
        assert len(job.pictures) == 4
        review = await asked(core, job.id, Cause.PICTURE)
        assert "sexual" in review.text
        await core.chat.until(lambda: "moderator" in last_status(core, job.id))
        assert pictures_shown(core) == []
        assert await decide(core, review, "approved")
        ended = await core.ended(job.id)
        assert (ended.state, ended.spoiler, await used(core)) == (JobState.DELIVERED, False, 4)
        assert pictures_shown(core) == [ended.shown.key] if ended.shown else False
        assert await decide(core, review, "rejected") is False
        log = [what for what in await logged(core, job.id) if what in {What.FLAGGED, What.HELD, What.APPROVED}]
        assert log == [What.FLAGGED, What.HELD, What.APPROVED]


@pytest.mark.parametrize("capabilities", [ASYNC, INLINE])
async def test_a_rejected_job_is_refunded_and_its_pictures_are_gone(
    tmp_path: Path, moderation: ScriptedModeration, capabilities: object
) -> None:
    one_nude(moderation)
    async with running_core(tmp_path, moderation=moderation, capabilities=capabilities) as core:  # type: ignore[arg-type]
        job = await core.reaches(await core.accepted(), JobState.REVIEW)
        assert await used(core) == 4
        await decide(core, await asked(core, job.id, Cause.PICTURE), "rejected", "Not in this server.")
        ended = await core.ended(job.id)
        assert (ended.state, ended.reason, ended.detail) == (JobState.REFUSED, "rejected", "Not in this server.")
        assert (await used(core), core.pictures.kept, pictures_shown(core)) == (0, {}, [])
        assert [(user, card.lines[-1]) for user, card in core.chat.whispers] == [("ann", "Not in this server.")]


async def test_spoiler_mode_shows_it_as_a_spoiler(tmp_path: Path, moderation: ScriptedModeration) -> None:
    one_nude(moderation)
    async with running_core(tmp_path, moderation=moderation) as core:
        await community(core, flagged=Flagged.SPOILER)
        job = await core.drawn()
        assert (job.spoiler, job.flags) == (True, ("sexual",))
        (shown,) = core.chat.messages[f"m-{job.id}"][-1].pictures
        assert shown.spoiler
        assert What.FLAGGED in await logged(core, job.id)


async def test_where_everything_is_reviewed_a_spoiler_is_not_enough(
    tmp_path: Path, moderation: ScriptedModeration, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def agreed(tools: Tools, case: Case) -> tuple[Hold, ...]:
        """A moderator has agreed to the prompt."""
        return ()

    monkeypatch.setattr(gate, "ask", agreed)
    one_nude(moderation)
    async with running_core(tmp_path, moderation=moderation) as core:
        await community(core, flagged=Flagged.SPOILER, review=ReviewMode.EVERYTHING)
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.REVIEW)
        await asked(core, job_id, Cause.PICTURE)
        assert pictures_shown(core) == []


async def test_in_a_dm_there_is_nobody_to_ask(tmp_path: Path, moderation: ScriptedModeration) -> None:
    one_nude(moderation)
    async with running_core(tmp_path, moderation=moderation, capabilities=INLINE) as core:
        core.place = Place(Platform.PLAYGROUND, "dm")
        job = await core.ended(await core.accepted())
        assert (job.state, job.reason, job.detail) == (JobState.REFUSED, "flagged", texts.flagged(("sexual",)))
        assert (await used(core), core.pictures.kept, pictures_shown(core)) == (0, {}, [])
        assert [user for user, _ in core.chat.whispers] == ["ann"]


@pytest.mark.parametrize("dm", [False, True])
async def test_down_lets_through_and_is_logged_once_a_job(tmp_path: Path, moderation: ScriptedModeration, dm: bool) -> None:
    moderation.of = {picture(colour): DOWN for colour in COLOURS}
    async with running_core(tmp_path, moderation=moderation) as core:
        if dm:
            core.place = Place(Platform.PLAYGROUND, "dm")
        with capture_logs() as lines:
            job = await core.drawn()
        assert job.flags == (texts.UNSCREENED,)
        downs = [line for line in lines if line["event"] == "moderation down" and "pictures" in line]
        assert [(line["pictures"], line["log_level"]) for line in downs] == [(4, "error")]
        written = [one for one in await core.house.policy.entries("") if one.what is What.MODERATION_DOWN and one.job_id]
        assert [one.job_id for one in written] == [job.id]


async def test_down_holds_where_the_community_wants_it(tmp_path: Path, moderation: ScriptedModeration) -> None:
    moderation.of = {picture(colour): DOWN for colour in COLOURS}
    async with running_core(tmp_path, moderation=moderation) as core:
        await community(core, when_down=WhenDown.HOLD)
        job = await core.reaches(await core.accepted(), JobState.REVIEW)
        await decide(core, await asked(core, job.id, Cause.DOWN), "approved")
        assert (await core.ended(job.id)).state is JobState.DELIVERED


@pytest.mark.parametrize("partly", [False, True])
async def test_what_was_found_counts_though_another_answer_is_missing(
    tmp_path: Path, moderation: ScriptedModeration, partly: bool
) -> None:
    """A service that fails for one picture (or one of two services that fails) is no way past the other's finding."""
    moderation.of = {TILE: PartlyDown(DOWN, NUDE)} if partly else {TILE: NUDE, picture(COLOURS[0]): DOWN}
    async with running_core(tmp_path, moderation=moderation) as core:
        job = await core.reaches(await core.accepted(), JobState.REVIEW)
        assert job.flags == ("sexual", texts.UNSCREENED)
        await asked(core, job.id, Cause.PICTURE)
        assert {What.FLAGGED, What.MODERATION_DOWN} <= set(await logged(core, job.id))


async def test_a_spoiler_is_not_enough_where_down_means_hold(tmp_path: Path, moderation: ScriptedModeration) -> None:
    moderation.of = {TILE: NUDE, picture(COLOURS[0]): DOWN}
    async with running_core(tmp_path, moderation=moderation) as core:
        await community(core, flagged=Flagged.SPOILER, when_down=WhenDown.HOLD)
        job = await core.reaches(await core.accepted(), JobState.REVIEW)
        assert job.spoiler


OWN = picture("purple", 80)


async def own_picture(core: Core) -> object:
    async def read() -> bytes:
        return OWN

    image = Attachment("mine.jpg", len(OWN), read)
    return await core.service.imagine(Imagine(core.ask(), "a fox", image=image))


async def test_a_flagged_input_picture_is_refused_privately_and_not_kept(
    tmp_path: Path, moderation: ScriptedModeration
) -> None:
    moderation.of = {OWN: NUDE}
    async with running_core(tmp_path, moderation=moderation) as core:
        answer = await own_picture(core)
        assert isinstance(answer, Private)
        assert answer.refused
        assert answer.card.private
        assert texts.INPUT_FLAGGED in answer.card.lines[0]
        assert (core.pictures.kept, await used(core), core.provider.paid) == ({}, 0, {})
        (entry,) = await core.house.policy.entries("")
        assert (entry.what, entry.subject, entry.actor) == (What.FLAGGED, "playground:ann", "playground:ann")
        assert "sexual" in entry.text


async def test_a_harmless_input_picture_is_taken(tmp_path: Path, moderation: ScriptedModeration) -> None:
    async with running_core(tmp_path, moderation=moderation) as core:
        answer = await own_picture(core)
        assert not isinstance(answer, Private)
        assert moderation.asked[0] == OWN


@pytest.mark.parametrize(("when_down", "taken"), [(WhenDown.PASS, True), (WhenDown.HOLD, False)])
async def test_an_input_picture_that_nobody_can_judge(
    tmp_path: Path, moderation: ScriptedModeration, when_down: WhenDown, taken: bool
) -> None:
    moderation.of = {OWN: DOWN}
    async with running_core(tmp_path, moderation=moderation) as core:
        await community(core, when_down=when_down)
        answer = await own_picture(core)
        assert (not isinstance(answer, Private)) is taken
        if isinstance(answer, Private):
            assert texts.INPUT_UNSCREENED in answer.card.lines[0]
            assert core.pictures.kept == {}
        assert (await logged(core)).count(What.MODERATION_DOWN) == 1
