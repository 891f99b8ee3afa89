"""Tiers and rules: added, changed, removed, taken in and given out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.admin import tiers
from bot.desk.admin.fields import SECTIONS
from bot.jobs.asks import Attachment, Private, Update
from bot.jobs.mentions import role_mention
from bot.jobs.surface import Menu
from bot.policy.community import Tier
from bot.policy.records import What
from bot.texts import admin as texts
from providers.errors import BadUrl
from tests.support.admin import HERE, Hands, controls, form, outcome, refused, shown
from tests.support.core import Core, running_core


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path, started=False) as core:
        yield core


def file(data: bytes, size: int = 0) -> dict[str, Attachment]:
    async def read() -> bytes:
        return data

    return {"file": Attachment("rules.txt", size or len(data), read)}


async def test_a_tier_is_added_changed_and_removed(core: Core) -> None:
    root = Hands(core)
    assert form(await root.press("tier_add")).control == "i1:admin:tier_add:0"
    card = shown(await root.submit("tier_add", name="Friends", role="77", daily="40", jobs="4 20"))
    assert (f"Friends ({role_mention('77')})", "40 pictures a day, 4 running, 20 waiting") in card.facts
    assert [field.value for field in form(await root.press("tier_change", "77")).fields] == [
        "Friends",
        "77",
        "40",
        "",
        "4 20",
    ]
    shown(await root.submit("tier_add", name="Good friends", role="77", daily="50"))
    assert (await root.settings()).tiers == (Tier("Good friends", "77", daily=50),)
    card = shown(await root.press("tier_remove", "77"))
    assert "Tier Good friends: 50 pictures a day → none" in card.lines
    assert (await root.settings()).tiers == ()
    assert {entry.what for entry in await root.log()} == {What.SETTING}
    assert len(await root.log()) == 3


async def test_tiers_that_are_none(core: Core) -> None:
    root = Hands(core)
    assert refused(await root.submit("tier_add", name="Friends", daily="4")) == texts.TIER_ROLE_NEEDED
    assert refused(await root.submit("tier_add", name="Friends", role="7", jobs="many")) == texts.TIER_JOBS_BAD
    assert refused(await root.submit("tier_add", role="7", daily="9", monthly="3")) == texts.DAY_OVER_MONTH
    assert refused(await root.press("tier_change", "7")) == texts.TIER_GONE
    assert refused(await root.press("tier_remove", "7")) == texts.TIER_GONE
    for number in range(tiers.MOST):
        shown(await root.submit("tier_add", name="x", role=str(number)))
    assert refused(await root.submit("tier_add", name="x", role="one more")).startswith("Role or user group")
    assert refused(await root.submit("tier_add", name="x", role="99")) == texts.TIERS_FULL


@given(st.fixed_dictionaries({name: st.text(max_size=15) for name in ("name", "role", "daily", "monthly", "jobs")}))
def test_any_text_is_a_tier_or_a_sentence(typed: dict[str, str]) -> None:
    tier, said = outcome(lambda: tiers.read(typed))
    assert said.endswith(".") if tier is None else (tier.name and tier.role)


async def test_rules_are_added_and_removed(core: Core) -> None:
    root = Hands(core)
    card = shown(await root.submit("rule_add", kind="word", patterns="foo\n\nbar\n", reason="Not here."))
    assert card.facts == (("word foo", "Not here."), ("word bar", "Not here."))
    (menu,) = [item for row in card.rows for item in row if isinstance(item, Menu)]
    assert [choice.label for choice in menu.choices] == ["word foo", "word bar"]
    card = shown(await root.press("rule_remove", menu.choices[0].value))
    assert [rule.pattern for rule in await core.house.policy.rules(HERE)] == ["bar"]
    assert "Rule removed: word foo" in card.lines
    assert refused(await root.press("rule_remove", menu.choices[0].value)) == texts.RULE_GONE
    assert refused(await root.press("rule_remove", "x")) == texts.RULE_GONE
    assert [entry.text for entry in await root.log()] == ["Rule removed: word foo", "Rules added: word foo, word bar"]


async def test_one_bad_rule_keeps_all_out(core: Core) -> None:
    root = Hands(core)
    refused(await root.submit("rule_add", kind="regex", patterns="a+\n(b"))
    refused(await root.submit("rule_add", kind="spell", patterns="a"))
    assert refused(await root.submit("rule_add", kind="word", patterns=" \n ")) == texts.RULE_NOTHING
    assert "Line 2" in refused(await root.submit("rule_import", list="word foo\nnothing of ours"))
    assert await core.house.policy.rules(HERE) == []
    assert await root.log() == []


async def test_a_long_list_has_pages(core: Core) -> None:
    root = Hands(core)
    await root.submit("rule_add", kind="word", patterns="\n".join(f"word{number}" for number in range(60)))
    first = shown(await root.press("rules"))
    assert len(first.facts) == 25
    assert "60 rules, page 1 of 3" in first.lines
    last = shown(await root.press("rules", index=2))
    assert len(last.facts) == 10
    assert controls(last)[:2] == ["rule_remove", "rules"]
    assert shown(await root.press("rules", index=98)).facts == last.facts


async def test_an_export_is_an_import(core: Core) -> None:
    root = Hands(core)
    await root.submit("rule_add", kind="phrase", patterns="two words", reason="No.")
    await root.submit("rule_add", kind="regex", patterns="a+b")
    before = [(rule.kind, rule.pattern, rule.reason) for rule in await core.house.policy.rules(HERE)]
    answer = await root.press("rule_export")
    assert isinstance(answer, Private)
    (download,) = answer.card.files
    data, mime = core.pictures.kept[download.key]
    assert mime == "text/plain"
    assert download.key.startswith("desk/")
    for rule in await core.house.policy.rules(HERE):
        await root.press("rule_remove", str(rule.id))
    card = shown(await root.submit("rule_import", file(data), list=""))
    assert "2 added." in card.lines
    assert [(rule.kind, rule.pattern, rule.reason) for rule in await core.house.policy.rules(HERE)] == before
    assert "0 added. 2 stood here already." in shown(await root.submit("rule_import", file(data))).lines


async def test_files_that_are_no_list(core: Core) -> None:
    root = Hands(core)

    async def lost() -> bytes:
        raise BadUrl("gone")

    assert refused(await root.submit("rule_import")) == texts.IMPORT_NOTHING
    assert refused(await root.submit("rule_import", file(b"\xff\xfe\x00"))) == texts.IMPORT_NO_TEXT
    assert refused(await root.submit("rule_import", file(b"x", 10**9))) == texts.IMPORT_LARGE
    assert refused(await root.submit("rule_import", {"file": Attachment("x", 1, lost)})) == texts.IMPORT_LOST


NASTY = ["\x00", "\ud800", "\u202e", "a" * 4000, "<@everyone>", "🦊" * 50, "'; drop table rules; --", "\n\n", "# word", '"']


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
async def test_no_form_fails_on_any_text(core: Core, typed: str) -> None:
    root = Hands(core)
    sections = {section.name: [setting.key for setting in section.settings] for section in SECTIONS}
    forms = {f"change_{name}": keys for name, keys in sections.items()}
    forms |= {"tier_add": ["name", "role"], "rule_import": ["list"]}
    for page, keys in forms.items():
        answer = await root.submit(page, **dict.fromkeys(keys, typed))
        assert isinstance(answer, (Private, Update))
        json.dumps([answer.card.lines, answer.card.facts], ensure_ascii=False).encode()
    for kind in ("word", "phrase", "regex", typed):
        answer = await root.submit("rule_add", kind=kind, patterns=typed, reason=typed)
        assert isinstance(answer, (Private, Update))
    shown(await root.command())
    shown(await root.press("rules"))
    shown(await root.submit("tier_add", name=typed, role="7"))
