"""Each check of the gate alone: what it lets through, what it stops, and who is exempt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.api.ports import COMMUNITY
from bot.jobs.mentions import spoken
from bot.jobs.model import JobState
from bot.jobs.place import Actor, Place, Platform
from bot.policy import gate
from bot.policy.case import Case, Check, Hold, No, Tools
from bot.policy.checks import (
    age,
    blocked,
    channel,
    cooldown,
    feature,
    length,
    moderation,
    review,
    role,
    rules,
    stopped,
)
from bot.policy.community import Feature, Level, ReviewMode, WhenDown
from bot.policy.records import Block, Cause, Rule, RuleKind, What
from tests.bot.policy.cases import ANN, DM, HALL, MODERATOR, NAMED, case
from tests.fakes.moderation import CLEAR, DOWN, NUDE, ScriptedModeration
from tests.support.policy import HERE, NOW, Desk, desk_on, entry

ADULT = replace(HALL, adult=True)
THREAD = replace(HALL, thread_id="thread")
PAINTER = replace(ANN, roles=("painters",))
WITH_PICTURE = frozenset({Feature.REROLL, Feature.IMAGE_INPUT})
ADMIN = replace(ANN, admin=True)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_on(tmp_path) as opened:
        yield opened


STOPS: list[tuple[Check, Case, str]] = [
    (stopped.check, case(stopped=True), "stopped"),
    (stopped.check, case(stopped=True, actor=ADMIN), "stopped"),
    (feature.check, case(off=(Feature.IMAGINE,)), "switched off"),
    (feature.check, case(off=(Feature.IMAGE_INPUT,), features=WITH_PICTURE), "switched off"),
    (channel.check, case(channels=("studio",)), "channel"),
    (channel.check, case(channels=("studio",), place=THREAD), "channel"),
    (role.check, case(roles=("painters", "p2")), "roles"),
    (age.check, case(adult_only=True), "age-restricted"),
    (length.check, case("12345", prompt_longest=4), "4"),
    (rules.check, case("see https://example.org", links=False), "Links"),
    (feature.check, case(has_image=True, input_images=False), "Pictures of your own"),
]
LETS: list[tuple[Check, Case]] = [
    (stopped.check, case()),
    (feature.check, case(off=(Feature.UPSCALE, Feature.REMIX))),
    (channel.check, case()),
    (channel.check, case(channels=("studio", "hall"))),
    (channel.check, case(channels=("hall",), place=THREAD)),
    (channel.check, case(channels=("thread",), place=THREAD)),
    (role.check, case()),
    (role.check, case(roles=("painters",), actor=PAINTER)),
    (role.check, case(roles=("painters",), actor=MODERATOR)),
    (role.check, case(roles=("painters",), actor=NAMED)),
    (age.check, case(adult_only=True, place=ADULT)),
    (length.check, case("1234", prompt_longest=4)),
    (length.check, case("1" * 5000)),
    (rules.check, case("see https://example.org")),
    (rules.check, case("a fox", links=False, input_images=False)),
    (rules.check, case(has_image=True)),
]


@pytest.mark.parametrize(("check", "asked", "said"), STOPS)
async def test_it_stops(check: Check, asked: Case, said: str, desk: Desk) -> None:
    opinion = await check(Tools(desk.policy), asked)
    assert isinstance(opinion, No)
    assert said in opinion.sentence


@pytest.mark.parametrize(("check", "asked"), LETS)
async def test_it_lets_through(check: Check, asked: Case, desk: Desk) -> None:
    assert await check(Tools(desk.policy), asked) is None


async def test_a_block_says_until_when_and_why_and_ends(desk: Desk) -> None:
    await desk.policy.put_block(HERE, Block(ANN.key, NOW + 60, "spam", "m"), entry())
    opinion = await blocked.check(Tools(desk.policy), case())
    assert isinstance(opinion, No)
    assert "spam" in opinion.sentence
    assert "1970" in opinion.sentence
    assert await blocked.check(Tools(desk.policy), case(now=NOW + 61)) is None
    assert await blocked.check(Tools(desk.policy), case(actor=replace(ANN, user_id="bob"))) is None


@pytest.mark.parametrize(("actor", "after", "stops"), [
    (ANN, 29.0, True), (ANN, 30.0, False), (MODERATOR, 1.0, False), (NAMED, 1.0, False), (PAINTER, 1.0, True)])  # fmt: skip
async def test_the_cooldown(actor: Actor, after: float, stops: bool, desk: Desk) -> None:
    tools = Tools(desk.policy)
    assert await cooldown.check(tools, case(cooldown=30)) is None
    await desk.job(at=NOW)
    assert isinstance(await cooldown.check(tools, case(cooldown=30, actor=actor, now=NOW + after)), No) is stops


async def test_the_same_prompt_again_and_again(desk: Desk) -> None:
    tools = Tools(desk.policy)
    await desk.job(at=NOW)
    assert await rules.check(tools, case(spam_repeats=2)) is None
    await desk.job(at=NOW)
    assert isinstance(await rules.check(tools, case(spam_repeats=2)), No)
    assert await rules.check(tools, case("a hen", spam_repeats=2)) is None
    assert await rules.check(tools, case(spam_repeats=2, now=NOW + 601)) is None


@pytest.mark.parametrize("many", [0, 40])
async def test_listed_words_and_expressions(many: int, desk: Desk) -> None:
    listed = [Rule(0, RuleKind.WORD, f"word{n}") for n in range(many)]
    listed += [Rule(0, RuleKind.WORD, "hen", "No hens"), Rule(0, RuleKind.REGEX, r"wo+lf$")]
    await desk.policy.add_rules(HERE, listed, entry(What.RULE))
    opinion = await rules.check(Tools(desk.policy), case("a H.E.N"))
    assert isinstance(opinion, No)
    assert "No hens" in opinion.sentence
    assert "hen" in opinion.detail
    assert isinstance(await rules.check(Tools(desk.policy), case("a woooLF")), No)
    assert await rules.check(Tools(desk.policy), case("a hendiadys")) is None


@pytest.mark.parametrize(("settings", "expected"), [
    ({}, No), ({"review": ReviewMode.FLAGGED}, Hold), ({"review": ReviewMode.EVERYTHING}, Hold),
    ({"level": Level.RELAXED}, No), ({"level": Level.RELAXED, "place": ADULT}, type(None))])  # fmt: skip
async def test_a_flagged_prompt(settings: dict[str, Any], expected: type, desk: Desk) -> None:
    tools = Tools(desk.policy, ScriptedModeration(NUDE))
    assert isinstance(await moderation.check(tools, case(**settings)), expected)


async def test_a_clear_prompt_no_service_and_no_text(desk: Desk) -> None:
    service = ScriptedModeration(CLEAR)
    assert await moderation.check(Tools(desk.policy, service), case()) is None
    assert service.asked == ["a fox"]
    assert await moderation.check(Tools(desk.policy, ScriptedModeration(NUDE, texts=False)), case()) is None
    assert await moderation.check(Tools(desk.policy), case()) is None
    assert await moderation.check(Tools(desk.policy, ScriptedModeration(NUDE)), case("")) is None


async def test_minors_are_refused_whatever_is_set(desk: Desk) -> None:
    tools = Tools(desk.policy, ScriptedModeration({"sexual/minors": 0.25}))
    asked = case(level=Level.RELAXED, place=ADULT, review=ReviewMode.EVERYTHING, actor=ADMIN)
    assert isinstance(await moderation.check(tools, asked), No)


@pytest.mark.parametrize("hold", [True, False])
async def test_a_service_that_is_down(hold: bool, desk: Desk) -> None:
    tools, when = Tools(desk.policy, ScriptedModeration(DOWN)), WhenDown.HOLD if hold else WhenDown.PASS
    for _ in range(3):
        opinion = await moderation.check(tools, case(when_down=when))
        assert opinion == (Hold(Cause.DOWN) if hold else None)
    assert [one.what for one in await desk.policy.entries(HERE)] == [What.MODERATION_DOWN]


async def test_review_of_new_users_and_of_everything(desk: Desk) -> None:
    tools = Tools(desk.policy)
    new: dict[str, Any] = {"review": ReviewMode.NEW_USERS, "review_first": 1}
    assert await review.check(tools, case()) is None
    assert await review.check(tools, case(review=ReviewMode.FLAGGED)) is None
    assert await review.check(tools, case(**new)) == Hold(Cause.NEW_USER)
    assert await review.check(tools, case(review=ReviewMode.EVERYTHING)) == Hold(Cause.EVERYTHING)
    for actor in (MODERATOR, NAMED, ADMIN):
        assert await review.check(tools, case(actor=actor, review=ReviewMode.EVERYTHING)) is None
        assert await review.check(tools, case(actor=actor, **new)) is None
    await desk.job(state=JobState.DELIVERED)
    assert await review.check(tools, case(**new)) is None


async def test_in_dms_only_the_moderation_is_asked(desk: Desk) -> None:
    settings: dict[str, Any] = {"stopped": True, "channels": ("x",), "roles": ("x",), "adult_only": True, "cooldown": 99,
                "prompt_longest": 1, "links": False, "review": ReviewMode.EVERYTHING}  # fmt: skip
    asked = case("https://example.org", place=DM, **settings)
    assert await gate.ask(Tools(desk.policy, ScriptedModeration(CLEAR)), asked) == ()
    assert isinstance(await gate.ask(Tools(desk.policy, ScriptedModeration(NUDE)), asked), No)


async def test_a_refusal_names_where_and_for_whom_it_works(desk: Desk) -> None:
    tools = Tools(desk.policy)
    elsewhere = await channel.check(tools, case(channels=("1", "2", "3")))
    others = await role.check(tools, case(roles=tuple(map(str, range(9)))))
    assert isinstance(elsewhere, No)
    assert isinstance(others, No)
    assert spoken(elsewhere.sentence).endswith("Go to #1, #2 or #3.")
    assert spoken(others.sentence).endswith("@0, @1, @2, @3, @4 or 4 more. Ask a moderator how to get in.")
    assert elsewhere.sentence.count("\ufdd0") == 3, "mentions, not ids"


async def test_an_operator_may_close_direct_messages(desk: Desk) -> None:
    direct = replace(case(), place=DM)
    assert await gate.ask(Tools(desk.policy), direct) == ()
    closed = await gate.ask(Tools(desk.policy, direct=False), direct)
    assert isinstance(closed, No)
    assert "in private" in closed.sentence


async def test_closed_direct_messages_close_keys_of_no_community_too(desk: Desk) -> None:
    mine, theirs = Place(Platform.API, "k", COMMUNITY), Place(Platform.API, "k", "discord:7")
    assert await channel.check(Tools(desk.policy), replace(case(), place=mine)) is None
    closed = await gate.ask(Tools(desk.policy, direct=False), replace(case(), place=mine))
    assert isinstance(closed, No)
    assert "--community" in closed.sentence
    assert await channel.check(Tools(desk.policy, direct=False), replace(case(channels=("1",)), place=theirs)) is None
