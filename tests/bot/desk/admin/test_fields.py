"""The table of settings: whole, within every chat's limits, and each value is read as it is written."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.admin import changing
from bot.desk.admin.fields import SECTIONS, Section, Setting
from bot.desk.admin.kinds import Money, OneOf, Whole, usd
from bot.jobs.surface import FieldKind
from bot.policy.community import Budget, Community, Feature, Level, ReviewMode
from storage.policy.communities import ADAPTER
from tests.support.admin import outcome

ELSEWHERE = {"stopped", "tiers", "guided", "budget"}
"""Set by pages of their own; the budget by its parts."""
SETTINGS = [setting for section in SECTIONS for setting in section.settings]
KNOWN = ("fal", "openai")
FULL = Community(
    channels=("1", "C2"), roles=("3",), moderators=("4",), admins=("5",), off=(Feature.UPSCALE, Feature.REMIX),
    adult_only=True, cooldown=30, prompt_longest=400, links=False, input_images=False, spam_repeats=3, daily=20, monthly=200,
    budget=Budget(10, 100, 2_500_000, 12_345_678), level=Level.STRICT, review=ReviewMode.NEW_USERS, review_first=5,
    reports_hide=2, review_channel="9", log_channel="10", providers=("openai", "fal"), retain_prompts=30, retain_pictures=60,
)  # fmt: skip


def test_every_setting_stands_in_the_table() -> None:
    names = {field.name for field in fields(Community)} - ELSEWHERE
    names |= {f"budget.{field.name}" for field in fields(Budget)}
    assert {setting.name for setting in SETTINGS} == names
    assert len(SETTINGS) == len(names)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_section_is_one_form_within_every_chats_limits(section: Section) -> None:
    inputs = changing.inputs(section, FULL, KNOWN)
    assert 1 <= len(inputs) <= 5
    assert len(section.title) <= 24
    assert len({field.name for field in inputs}) == len(inputs)
    for field in inputs:
        assert len(field.label) <= 45, field.label
        assert len(field.hint) <= 100, field.hint
        assert all(len(choice.label) <= 75 for choice in field.choices)
        assert (field.kind is FieldKind.CHOICE) == bool(field.choices)


@pytest.mark.parametrize("community", [Community(), FULL], ids=["fresh", "full"])
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_form_sent_back_untouched_changes_nothing(section: Section, community: Community) -> None:
    typed = {field.name: field.value for field in changing.inputs(section, community, KNOWN)}
    assert changing.read(section, community, typed, KNOWN) == community


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_values_are_shown_in_words(setting: Setting) -> None:
    assert setting.show(Community())
    assert setting.show(FULL)


@given(st.sampled_from(SETTINGS), st.text(max_size=40) | st.from_regex(r"[#@ $]{0,2}[0-9.,a-z]{0,12}", fullmatch=True))
def test_any_text_is_a_value_that_can_be_kept_or_a_sentence(setting: Setting, typed: str) -> None:
    value, said = outcome(lambda: setting.kind.read(setting.label, typed, KNOWN))
    if said:
        assert said.startswith(setting.label)
        assert said.endswith(".")
        return
    after = setting.put(Community(), value)
    assert ADAPTER.validate_json(ADAPTER.dump_json(after)) == after
    assert setting.kind.read(setting.label, setting.kind.field("x", "x", value, KNOWN).value, KNOWN) == value


@given(st.integers(0, 10**12))
def test_money_is_read_as_it_is_written(micro: int) -> None:
    assert Money().read("x", usd(micro), ()) == micro


@pytest.mark.parametrize(
    ("typed", "micro"), [("12.5", 12_500_000), ("$3", 3_000_000), ("0.000001 USD", 1), ("", 0), ("4 $", 4_000_000)]
)
def test_money(typed: str, micro: int) -> None:
    assert Money().read("x", typed, ()) == micro


@pytest.mark.parametrize("typed", ["1,5", "-1", "1e3", "nan", "١", "1.2345678", "1000001", "ten"])
def test_no_money(typed: str) -> None:
    with pytest.raises(ValueError, match="USD"):
        Money().read("USD a day", typed, ())


@pytest.mark.parametrize("typed", ["101", "-1", "1.5", "٣", "²", "x", "1 0"])
def test_no_whole_number(typed: str) -> None:
    with pytest.raises(ValueError, match="whole number of times from 0 to 100"):
        Whole(100, "times").read("x", typed, ())


def test_labels_match_their_members() -> None:
    for setting in SETTINGS:
        if isinstance(setting.kind, OneOf):
            assert len(setting.kind.labels) == len(setting.kind.options)


def test_a_review_needs_its_channel() -> None:
    with pytest.raises(ValueError, match="review channel"):
        changing.check(Community(review=ReviewMode.FLAGGED))
    changing.check(Community(review=ReviewMode.FLAGGED, review_channel="1"))


@pytest.mark.parametrize(
    "community",
    [
        Community(daily=10, monthly=5),
        Community(budget=Budget(images_day=10, images_month=9)),
        Community(budget=Budget(spend_day=2, spend_month=1)),
    ],
)
def test_a_day_is_no_more_than_its_month(community: Community) -> None:
    with pytest.raises(ValueError, match="larger"):
        changing.check(community)
    changing.check(replace(community, monthly=0, budget=Budget()))


@given(st.sampled_from(SECTIONS), st.sampled_from([Community(), FULL]), st.data())
def test_any_text_in_a_whole_form_is_saved_or_answered(section: Section, before: Community, data: st.DataObject) -> None:
    fields_ = changing.inputs(section, before, KNOWN)
    any_text = st.sampled_from(["", "0", "5", "yes", "1,2", "fal", "everything", "2.5"]) | st.text(max_size=20)
    typed = {field.name: data.draw(any_text) for field in fields_}
    after, said = outcome(lambda: changing.read(section, before, typed, KNOWN))
    if after is None:
        assert said.endswith(".")
        return
    changing.check(after)
    assert ADAPTER.validate_json(ADAPTER.dump_json(after)) == after
    assert bool(changing.differences(section, before, after)) == (before != after)
