"""What every PolicyStore promises: settings, rules, blocks, allowances, styles and what a user did lately."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.acceptance import Accepted, Caps, Refusal
from bot.jobs.model import CallState, JobState, Picture
from bot.jobs.store import NewCall
from bot.policy.community import Community, Feature, Tier
from bot.policy.records import Block, HouseStyle, Override, Period, Rule, RuleKind, Usage, What
from storage.rows import PICTURES, dump
from tests.support.policy import ANN, BOB, HERE, NOW, Desk, desk_on, entry
from tests.support.rows import new_job

DAY = 86_400.0
FOX = Rule(0, RuleKind.WORD, "fox", "no foxes")


@pytest.fixture
async def desk(tmp_path: Path, backend: str) -> AsyncIterator[Desk]:
    async with desk_on(tmp_path) as opened:
        yield opened


async def told(desk: Desk) -> list[What]:
    return [one.what for one in await desk.policy.entries(HERE)]


async def test_a_community_is_replaced_as_a_whole_and_stands_after_a_restart(desk: Desk, tmp_path: Path) -> None:
    assert await desk.policy.community(HERE) == Community() == await desk.policy.community("")
    first = Community(channels=("1", "2"), off=(Feature.REMIX,), tiers=(Tier("gold", "77", daily=9),))
    await desk.policy.save_community(HERE, first, entry())
    second = Community(stopped=True)
    await desk.policy.save_community("slack:T1", first, entry(community="slack:T1"))
    await desk.policy.save_community(HERE, second, entry())
    async with desk_on(tmp_path) as again:
        assert await again.policy.community(HERE) == second
        assert await again.policy.all_communities() == {HERE: second, "slack:T1": first}
    assert await told(desk) == [What.SETTING, What.SETTING]


async def test_of_two_changes_to_the_same_settings_one_is_kept_and_the_other_told(desk: Desk, tmp_path: Path) -> None:
    found = await desk.policy.community(HERE)
    changes = (replace(found, daily=5), replace(found, cooldown=30))
    async with desk_on(tmp_path) as other:
        both = zip((desk, other), changes, strict=True)
        saved = await asyncio.gather(*(one.policy.save_community(HERE, new, entry(), expect=found) for one, new in both))
    assert sorted(saved) == [False, True]
    kept = await desk.policy.community(HERE)
    assert kept == changes[saved.index(True)]
    assert await told(desk) == [What.SETTING], "what was not kept is not in the log"
    merged = replace(kept, daily=5, cooldown=30)
    assert await desk.policy.save_community(HERE, merged, entry(), expect=kept)
    assert await desk.policy.community(HERE) == merged


async def test_rules_are_added_once_and_removed_by_id(desk: Desk) -> None:
    more = Rule(0, RuleKind.REGEX, "fox")
    assert await desk.policy.add_rules(HERE, [FOX, more, FOX], entry(What.RULE)) == 2
    assert await desk.policy.add_rules(HERE, [FOX], entry(What.RULE)) == 0
    first, second = await desk.policy.rules(HERE)
    assert (first.kind, first.pattern, first.reason) == (RuleKind.WORD, "fox", "no foxes")
    assert await desk.policy.rules("slack:T1") == []
    assert not await desk.policy.remove_rule("slack:T1", first.id, entry(What.RULE))
    assert await desk.policy.remove_rule(HERE, first.id, entry(What.RULE))
    assert not await desk.policy.remove_rule(HERE, first.id, entry(What.RULE))
    assert await desk.policy.rules(HERE) == [second]
    assert await told(desk) == [What.RULE, What.RULE]


async def test_an_id_of_a_rule_is_never_given_twice(desk: Desk) -> None:
    await desk.policy.add_rules(HERE, [FOX], entry(What.RULE))
    (old,) = await desk.policy.rules(HERE)
    await desk.policy.remove_rule(HERE, old.id, entry(What.RULE))
    await desk.policy.add_rules(HERE, [FOX], entry(What.RULE))
    assert (await desk.policy.rules(HERE))[0].id > old.id


async def test_a_block_holds_here_until_its_time_or_until_it_is_lifted(desk: Desk) -> None:
    block = Block(ANN, NOW + 60, "spam", "playground:mod")
    await desk.policy.put_block(HERE, block, entry(What.BLOCKED))
    assert await desk.policy.block_of(HERE, ANN, NOW) == block
    assert await desk.policy.block_of("slack:T1", ANN, NOW) is None
    assert await desk.policy.block_of(HERE, BOB, NOW) is None
    assert await desk.policy.block_of(HERE, ANN, NOW + 60) is None
    longer = Block(ANN, None, "spam again", "playground:mod")
    desk.now += 1
    await desk.policy.put_block(HERE, longer, entry(What.BLOCKED))
    await desk.policy.put_block(HERE, Block(BOB, NOW + 5, "", ""), entry(What.BLOCKED))
    assert await desk.policy.blocks(HERE, NOW) == [longer, Block(BOB, NOW + 5, "", "")]
    assert await desk.policy.blocks(HERE, NOW + 5) == [longer]
    assert await desk.policy.lift_block(HERE, ANN, entry(What.UNBLOCKED))
    assert not await desk.policy.lift_block(HERE, ANN, entry(What.UNBLOCKED))
    assert await desk.policy.block_of(HERE, ANN, NOW) is None
    assert (await told(desk)).count(What.UNBLOCKED) == 1


async def test_an_override_is_of_one_user_here(desk: Desk) -> None:
    assert await desk.policy.override_of(HERE, ANN) == Override()
    await desk.policy.put_override(HERE, ANN, Override(daily=0), entry(What.LIMITED))
    await desk.policy.put_override(HERE, ANN, Override(monthly=7), entry(What.LIMITED))
    assert await desk.policy.override_of(HERE, ANN) == Override(None, 7)
    assert await desk.policy.override_of("slack:T1", ANN) == Override() == await desk.policy.override_of(HERE, BOB)


async def test_grants_count_down_what_a_user_used_and_not_what_a_community_drew(desk: Desk) -> None:
    await desk.job(units=4)
    await desk.job(units=4, at=NOW - DAY)  # 1_000_000 is 1970-01-12
    await desk.job("bob", units=1)
    await desk.job(units=2, community="elsewhere")
    assert await desk.policy.used_by(ANN, NOW) == Period(6, 10)
    await desk.policy.grant(HERE, ANN, 5, entry(What.GRANTED), NOW)
    await desk.policy.grant(HERE, ANN, 2, entry(What.GRANTED), NOW)
    assert await desk.policy.used_by(ANN, NOW, HERE) == Period(-1, 3)
    assert (await desk.policy.used_in(HERE, NOW))[0] == Period(5, 9)
    assert await desk.policy.used_by(ANN, NOW + 40 * DAY) == Period(0, 0)


async def test_what_moderators_give_is_good_in_their_community_and_the_operators_everywhere(desk: Desk) -> None:
    """Whoever adds the bot to a server of their own is its moderator, and must not lift the deployment's cap elsewhere."""
    await desk.job(units=4)
    await desk.policy.grant("playground:own", ANN, 100, entry(What.GRANTED), NOW)
    await desk.policy.reset("playground:own", ANN, entry(What.RESET), NOW)
    assert await desk.policy.used_by(ANN, NOW, "playground:own") == Period(-96, -96)
    assert await desk.policy.used_by(ANN, NOW, HERE) == Period(4, 4) == await desk.policy.used_by(ANN, NOW)
    assert (await desk.store.standing(ANN, NOW, HERE)).used == 4
    caps = Caps(daily=4, user_running=9, user_waiting=9, running=9)
    elsewhere = await desk.store.accept(new_job(at=NOW), "elsewhere", caps, NOW)
    assert isinstance(elsewhere, Refusal)
    assert isinstance(await desk.store.accept(new_job(at=NOW, community="own"), "own", caps, NOW), Accepted)
    await desk.policy.grant("", ANN, 8, entry(What.GRANTED), NOW)
    assert await desk.policy.used_by(ANN, NOW, HERE) == Period(0, 0)
    assert isinstance(await desk.store.accept(new_job(at=NOW), "here", caps, NOW), Accepted)


async def test_a_reset_grants_what_was_used_today(desk: Desk) -> None:
    await desk.job(units=4)
    assert await desk.policy.reset(HERE, ANN, entry(What.RESET), NOW) == 4
    assert await desk.policy.reset(HERE, ANN, entry(What.RESET), NOW) == 0
    assert await desk.policy.used_by(ANN, NOW, HERE) == Period(0, 0)


async def test_two_resets_at_once_grant_once(desk: Desk) -> None:
    await desk.job(units=4)
    resets = (desk.policy.reset(HERE, ANN, entry(What.RESET), NOW) for _ in range(5))
    assert sorted(await asyncio.gather(*resets)) == [0, 0, 0, 0, 4]
    assert await desk.policy.used_by(ANN, NOW, HERE) == Period(0, 0)


async def test_money_is_what_was_spent_and_what_open_jobs_may_still_cost(desk: Desk) -> None:
    job = await desk.job(state=JobState.SUBMITTING, estimate=100, lease="me")
    await desk.job("bob", state=JobState.HELD, estimate=30)
    await desk.job("bob", state=JobState.FAILED, estimate=1000)
    assert await desk.policy.used_in(HERE, NOW) == (Period(12, 12), Period(130, 130))
    (call,) = await desk.store.intend(job, [NewCall("call", 0, 0, "fake", 4, 40)], NOW)
    assert await desk.policy.used_in(HERE, NOW) == (Period(12, 12), Period(130, 130))
    await desk.store.call_accepted(call, "ref", 150, NOW)
    assert (await desk.policy.used_in(HERE, NOW))[1] == Period(180, 180)
    assert await desk.policy.used_in("", NOW) == (Period(), Period())
    assert call.state is CallState.INTENT


async def test_styles_are_of_the_community(desk: Desk) -> None:
    inks = HouseStyle("ink", prefix="ink of", suffix="on paper", parameters="--ar 1:1", preview="k", by=ANN)
    await desk.policy.put_style(HERE, HouseStyle("oil"), entry(What.STYLE))
    await desk.policy.put_style(HERE, HouseStyle("ink", prefix="old"), entry(What.STYLE))
    await desk.policy.put_style(HERE, inks, entry(What.STYLE))
    assert await desk.policy.styles(HERE) == [inks, HouseStyle("oil")]
    assert await desk.policy.styles("slack:T1") == []
    assert await desk.policy.remove_style("slack:T1", "ink", entry(What.STYLE)) is None
    assert await desk.policy.remove_style(HERE, "ink", entry(What.STYLE)) == inks
    assert await desk.policy.styles(HERE) == [HouseStyle("oil")]


async def test_history_knows_what_a_user_did_here(desk: Desk) -> None:
    assert await desk.policy.last_accepted(HERE, ANN) is None
    await desk.job(at=NOW - 50, state=JobState.DELIVERED)
    await desk.job(at=NOW - 10, state=JobState.FAILED)
    await desk.job(at=NOW, community="elsewhere", state=JobState.DELIVERED)
    assert await desk.policy.last_accepted(HERE, ANN) == NOW - 10
    assert await desk.policy.repeats(HERE, ANN, "a fox", NOW - 20) == 1
    assert await desk.policy.repeats(HERE, ANN, "a fox", NOW - 50) == 2
    assert await desk.policy.repeats(HERE, ANN, "a hen", 0) == 0 == await desk.policy.repeats(HERE, BOB, "a fox", 0)
    assert [await desk.policy.delivered(HERE, who, most) for who, most in ((ANN, 9), (BOB, 9), (ANN, 0))] == [1, 0, 0]


async def test_usage_is_of_one_community(desk: Desk) -> None:
    two = dump(PICTURES, tuple(Picture(key, "image/png", 1, 1, 1) for key in "ab"))
    await desk.job(state=JobState.DELIVERED, pictures=two, cost=10, at=NOW - DAY)
    await desk.job("bob", state=JobState.DELIVERED, pictures=two, cost=30)
    await desk.job("bob", state=JobState.FAILED, cost=5)
    await desk.job("bob", state=JobState.DELIVERED, pictures=two, cost=99, community="elsewhere")
    assert await desk.policy.usage(HERE, "user", 0) == [Usage(BOB, 2, 2, 35), Usage(ANN, 1, 2, 10)]
    days = [Usage("1970-01-11", 1, 2, 10), Usage("1970-01-12", 2, 2, 35)]
    assert await desk.policy.usage(HERE, "day", 0) == days
    assert await desk.policy.usage(HERE, "provider", NOW) == [Usage("fake", 2, 2, 35)]
