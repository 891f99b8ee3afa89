"""Where commands end and prompts begin, and the shortcuts on results: the whole bot, as its users and moderators see it."""

from __future__ import annotations

import pytest

from bot.jobs.place import Platform
from bot.slack.convert import Source
from bot.slack.front import SlackFront
from bot.texts import slack as texts
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WITHIN, Workspace, words


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_what_is_not_a_whole_command_is_drawn(opens: Open, mode: str) -> None:
    slack = await opens(mode=mode)
    for prompt in ("admin of a castle", "style of an old master", "admin usage & costs"):
        job = await slack.job(await slack.drawn(prompt, slack.chief))
        assert job.request.text == prompt
    assert not slack.fake.ephemerals


@pytest.mark.parametrize(
    "text", ["admin", "admin usage", "admin stop", "style", "style show noir", "privacy", "admin user @bob"]
)
async def test_a_whole_command_is_never_drawn(slack: Workspace, text: str) -> None:
    await slack.asks(text, slack.chief)
    await slack.fake.until(lambda: slack.fake.ephemerals or slack.fake.calls_of("views.open"), WITHIN)
    assert not slack.fake.messages(slack.art)


async def test_a_person_who_was_typed_and_not_picked(slack: Workspace) -> None:
    await slack.asks("admin user @somebody", slack.chief)
    assert texts.NOBODY.split(":", maxsplit=1)[0] in words(await slack.said(slack.chief))


async def test_the_shortcuts_answer_on_results_and_on_other_messages(slack: Workspace) -> None:
    said = slack.fake.say(slack.bob, slack.art, "a cat")
    for number, callback_id in enumerate(("report_picture", "moderate_picture"), 1):
        await (await slack.fake.shortcut(slack.ann, said, callback_id)).acked()
        assert texts.NO_RESULT in words(await slack.said())
        assert len(slack.fake.ephemerals) == number
    grid = await slack.drawn("a red fox", slack.bob)
    await (await slack.fake.shortcut(slack.ann, grid, "report_picture")).acked()
    await slack.fake.until(lambda: len(slack.fake.ephemerals) > 2 or slack.fake.opened_views, WITHIN)


async def test_user_groups_travel_with_every_ask(slack: Workspace) -> None:
    group = slack.fake.group([slack.ann], "painters")
    front = slack.bot.fronts[Platform.SLACK]
    assert isinstance(front, SlackFront)
    await slack.drawn("a red fox")
    assert await (await front.offices.of(Source())).groups.of("T00000001", slack.ann.id) == (group,)
    assert len(slack.fake.calls_of("usergroups.list")) == 1


async def test_slow_user_groups_hold_nobody_up(slack: Workspace) -> None:
    slack.fake.hang("usergroups.list")
    await slack.drawn("a red fox")
    await slack.drawn("a hen")
    assert len(slack.fake.calls_of("usergroups.list")) == 1
