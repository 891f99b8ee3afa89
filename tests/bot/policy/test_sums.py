"""Ranks, tiers, levels and limits: the arithmetic of policy, to the last unit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.acceptance import Caps, RefusalKind
from bot.policy import limits
from bot.policy.community import Budget, Community, Level, Tier
from bot.policy.levels import flagged
from bot.policy.limits import Used
from bot.policy.records import Override, Period
from bot.policy.rights import is_admin, is_moderator
from bot.policy.tiers import caps_for
from tests.bot.policy.cases import ANN

BASE = Caps(daily=10, user_running=2, user_waiting=5, running=50, monthly=0)
GOLD, TIN = Tier("gold", "g", daily=40, running=1), Tier("tin", "t", daily=20, monthly=300, running=6, waiting=9)
SET = Community(tiers=(GOLD, TIN), daily=15, monthly=200, budget=Budget(images_day=7))


@pytest.mark.parametrize(("facts", "moderator", "admin"), [
    ({}, False, False), ({"roles": ("x",)}, False, False), ({"moderator": True}, True, False),
    ({"admin": True}, True, True), ({"roles": ("m",)}, True, False), ({"roles": ("a", "x")}, True, True)])  # fmt: skip
def test_ranks(facts: dict[str, object], moderator: bool, admin: bool) -> None:
    here, actor = Community(moderators=("m",), admins=("a",)), replace(ANN, **facts)  # type: ignore[arg-type]
    assert (is_moderator(actor, here), is_admin(actor, here)) == (moderator, admin)


def caps(*roles: str, community: Community = SET, override: Override = Override()) -> tuple[int, int, int, int]:
    found = caps_for(BASE, community, override, roles)
    assert (found.running, found.budget) == (BASE.running, community.budget)
    return found.daily, found.monthly, found.user_running, found.user_waiting


def test_own_limits_before_the_best_tier_before_the_community_before_all() -> None:
    assert caps(community=Community()) == (10, 0, 2, 5)
    assert caps("nobody") == (15, 200, 2, 5)
    assert caps("t") == (20, 300, 6, 9)
    assert caps("g") == (40, 200, 1, 5)
    assert caps("t", "g") == caps("g", "t") == (40, 300, 6, 9)
    assert caps("t", "g", override=Override(daily=3)) == (3, 300, 6, 9)
    assert caps("t", override=Override(daily=0, monthly=7)) == (0, 7, 6, 9)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("adult", [True, False])
def test_minors_are_never_let_through(level: Level, adult: bool) -> None:
    assert flagged({"sexual/minors": 0.2, "sexual": 0.0}, level, adult=adult) == ("sexual/minors",)


@given(st.dictionaries(st.sampled_from(["sexual", "violence", "violence/graphic", "hate", "new/thing"]), st.floats(0, 1)))
def test_relaxed_is_standard_outside_age_restricted_places_and_stricter_flags_more(scores: dict[str, float]) -> None:
    standard = flagged(scores, Level.STANDARD, adult=True)
    assert flagged(scores, Level.RELAXED, adult=False) == standard == flagged(scores, Level.STANDARD, adult=False)
    assert set(flagged(scores, Level.RELAXED, adult=True)) <= set(standard) <= set(flagged(scores, Level.STRICT, adult=True))
    assert "sexual" not in flagged(scores, Level.RELAXED, adult=True)


def test_what_nobody_has_listed_is_not_let_through_unseen() -> None:
    assert flagged({"new/thing": 1.0}, Level.RELAXED, adult=True) == ("new/thing",)


@given(st.integers(0, 50), st.integers(-20, 60), st.integers(1, 8), st.integers(0, 90), st.integers(0, 120))
def test_quota_is_exact(daily: int, used: int, units: int, monthly: int, month: int) -> None:
    refusal = limits.quota(replace(BASE, daily=daily, monthly=monthly), Period(used, month), units)
    if used + units > daily:
        assert refusal is not None
        assert (refusal.kind, refusal.left) == (RefusalKind.QUOTA, max(0, daily - used))
    elif monthly and month + units > monthly:
        assert refusal is not None
        assert (refusal.kind, refusal.left) == (RefusalKind.MONTH, max(0, monthly - month))
    else:
        assert refusal is None


@pytest.mark.parametrize(("budget", "period"), [
    (Budget(images_day=14), "day"), (Budget(images_month=104), "month"), (Budget(spend_day=1_050), "day"),
    (Budget(spend_month=9_050), "month")])  # fmt: skip
def test_a_budget_takes_the_last_one_that_fits(budget: Budget, period: str) -> None:
    used = Used(Period(), Period(10, 100), Period(1_000, 9_000))
    assert limits.budget(budget, used, 4, 50) is None
    assert limits.fullest(budget, used, 4, 50) == (1.0, period)
    refusal = limits.budget(budget, used, 5, 51)
    assert refusal is not None
    assert (refusal.kind, refusal.period) == (RefusalKind.BUDGET, period)
    assert limits.fullest(Budget(), used, 5, 51) == (0.0, "")
    assert limits.budget(Budget(), used, 5, 51) is None


def test_the_fullest_budget_is_named() -> None:
    used = Used(Period(), Period(10, 100), Period(0, 900))
    share, period = limits.fullest(Budget(images_day=100, images_month=1000, spend_month=1000), used, 0, 0)
    assert (share, period) == (0.9, "month")
