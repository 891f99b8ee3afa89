"""Commands in the simulator: what a person sees, and the order of the calls behind."""

from __future__ import annotations

import discord

from bot.jobs.asks import Command, Imagine, Placeholder, Private
from bot.jobs.controls import Control
from bot.jobs.surface import Card, Field, FieldKind, Form, Tone
from bot.texts import discord as texts
from tests.bot.discord.conftest import Stage
from tests.bot.discord.stub import PNG, refusal, text_of, with_buttons

UPSCALE = str(Control("upscale", "job1", 2))
DETAILS = str(Control("details", "job1"))
REMIX = str(Control("remix", "job1", 1))
SETTING = str(Control("setting", "provider"))
FORM = Form(REMIX, "Remix", (Field("prompt", "Prompt", FieldKind.LONG_TEXT, "a lighthouse"),))


async def test_the_placeholder_is_the_answer_itself(stage: Stage) -> None:
    result = await stage.ann.slash(stage.channel, "imagine", prompt="a lighthouse", ratio="3:2", seed=7)
    assert not stage.deferred()
    assert not result.ephemeral
    assert "a lighthouse at dusk" in text_of(result.response)
    [(job_id, ref)] = stage.core.placed_at
    assert result.response is not None
    assert (job_id, ref.channel_id, ref.message_id) == ("job1", str(stage.channel.id), str(result.response.id))
    assert ref.url.endswith(f"/{stage.channel.id}/{result.response.id}")
    [asked] = stage.core.asked
    assert isinstance(asked, Imagine)
    assert (asked.text, dict(asked.options)) == ("a lighthouse", {"ratio": "3:2", "seed": "7"})
    assert asked.ask.answers
    assert asked.ask.actor.user_id == str(stage.ann.id)


async def test_only_the_requester_can_be_pinged(stage: Stage) -> None:
    await stage.ann.slash(stage.channel, "imagine", prompt="@everyone")
    [body] = stage.bodies("/callback")
    data = body["data"]
    assert isinstance(data, dict)
    assert data["allowed_mentions"] == {"parse": [], "users": [stage.ann.id]}


async def test_a_slow_core_is_deferred_publicly_then_edited(stage: Stage) -> None:
    stage.core.hold = stage.deferred
    result = await stage.ann.slash(stage.channel, "imagine", prompt="a lighthouse")
    assert stage.deferred()
    assert not result.ephemeral
    assert "a lighthouse at dusk" in text_of(result.response)
    assert [job_id for job_id, _ in stage.core.placed_at] == ["job1"]
    assert stage.calls()[-2:] == ["POST /interactions/*/*/callback", "PATCH /webhooks/*/*/messages/@original"]


async def test_a_refusal_before_the_defer_is_private(stage: Stage) -> None:
    stage.core.answer = refusal()
    result = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert result.ephemeral
    assert "No units left today." in text_of(result.response)
    assert stage.core.placed_at == []


async def test_a_refusal_after_a_public_defer_leaves_nothing_public(stage: Stage) -> None:
    stage.core.answer, stage.core.hold = refusal(), stage.deferred
    result = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert result.response is None
    [followup] = result.followups
    assert followup.ephemeral
    assert "No units left today." in text_of(followup)
    assert stage.calls()[-4:] == [
        "POST /interactions/*/*/callback",
        "PATCH /webhooks/*/*/messages/@original",
        "POST /webhooks/*/*",
        "DELETE /webhooks/*/*/messages/@original",
    ]


async def test_the_neutral_line_says_nothing_of_the_reason(stage: Stage) -> None:
    stage.core.answer, stage.core.hold = refusal(), stage.deferred
    await stage.ann.slash(stage.channel, "imagine", prompt="x")
    [edit] = stage.bodies("@original")
    assert texts.ANSWERED_PRIVATELY in str(edit)
    assert "No units" not in str(edit)


async def test_info_is_private_even_when_slow(stage: Stage) -> None:
    stage.core.answer, stage.core.hold = Private(Card(Tone.DONE, lines=("96 left",), private=True)), stage.deferred
    result = await stage.ann.slash(stage.channel, "info")
    assert stage.deferred()
    assert result.ephemeral
    assert "96 left" in text_of(result.response)
    assert [asked.name for asked in stage.core.asked if isinstance(asked, Command)] == ["info"]


async def test_a_core_that_fails_answers_privately(stage: Stage) -> None:
    stage.core.answer = RuntimeError("boom")
    result = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert result.ephemeral
    assert texts.FAULT in text_of(result.response)


async def test_too_late_means_unplaced(stage: Stage) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert stage.core.unplaced_jobs == ["job1"]
    assert stage.core.placed_at == []


async def test_too_late_for_the_defer_means_unplaced_too(stage: Stage) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    stage.core.hold = lambda: any("/callback" in entry.path for entry in stage.env.http_requests)
    await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert stage.core.unplaced_jobs == ["job1"]
    assert stage.calls()[-1] == "POST /interactions/*/*/callback"


async def test_a_placeholder_that_discord_refuses_is_unplaced_and_said_privately(stage: Stage) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=400, code=50035)
    result = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert stage.core.unplaced_jobs == ["job1"]
    assert result.ephemeral
    assert texts.NOT_SHOWN in text_of(result.response)


async def test_a_server_error_leaves_the_job_to_the_core(stage: Stage) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=503)
    await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert stage.core.unplaced_jobs == []
    assert stage.core.placed_at == []


async def test_autocomplete_offers_at_most_25(stage: Stage) -> None:
    offered = await stage.ann.autocomplete(stage.channel, "imagine", "ratio", "3", prompt="x")
    assert len(offered) == 25
    assert offered[0] == {"name": "ratio 0", "value": "30:2"}


async def test_in_a_direct_message(stage: Stage) -> None:
    result = await stage.ann.user.slash("imagine", prompt="x")
    assert "a lighthouse" in text_of(result.response)
    place = stage.core.ask.place
    assert (place.community_id, place.reachable) == ("", True)


async def test_an_attachment_is_read_through_the_fetcher(stage: Stage) -> None:
    await stage.ann.slash(stage.channel, "imagine", prompt="x", image=("cat.png", PNG))
    [asked] = stage.core.asked
    assert isinstance(asked, Imagine)
    assert asked.image is not None
    assert (asked.image.name, asked.image.size) == ("cat.png", len(PNG))
    assert await asked.image.read() == PNG
    [(url, limit, trusted)] = stage.fetcher.fetched
    assert url.endswith("cat.png") or "cat.png?" in url
    assert (limit, trusted) == (25 * 1024 * 1024, "")


async def test_no_new_commands_while_stopping(stage: Stage) -> None:
    await stage.front.stop_intake()
    result = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert result.ephemeral
    assert texts.STOPPING in text_of(result.response)
    assert stage.core.asked == []


async def test_nothing_is_registered_twice_or_kept_in_memory(stage: Stage) -> None:
    before = stage.calls().count("PUT /applications/*/commands")
    await stage.env.restart_bot()
    stage.core.answer = Placeholder("job1", with_buttons(UPSCALE))
    await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert before == stage.calls().count("PUT /applications/*/commands") == 1
    assert stage.front.client.persistent_views == []


async def test_who_may_manage_messages_here_is_a_moderator(stage: Stage) -> None:
    role = stage.env.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
    mod = stage.env.guild.add_member(stage.env.create_user("mod"), roles=[role])
    await stage.ann.slash(stage.channel, "info")
    await mod.slash(stage.channel, "info")
    assert [asked.ask.actor.moderator for asked in stage.core.asked] == [False, True]


async def test_a_second_acknowledgement_without_a_message_is_unplaced(stage: Stage) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=400, code=40060)
    await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert stage.core.unplaced_jobs == ["job1"]
