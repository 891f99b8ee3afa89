"""Every page and Form of the settings, as Discord's and Slack's own schemas take it, none of it left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.desk.admin.fields import SECTIONS
from bot.discord import forms as discord_forms
from bot.discord.render import layout
from bot.jobs.surface import Card, Form
from bot.policy.records import Entry, What
from bot.slack import modal as slack_modal
from bot.slack.meta import Meta
from bot.slack.render import render
from tests.bot.desk.admin.test_fields import FULL
from tests.bot.slack.schema import check_blocks, check_modal
from tests.fakes.discord.schema import problems
from tests.support.admin import HERE, Hands, controls, form, shown
from tests.support.core import running_core

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
FORMS = [*(f"change_{section.name}" for section in SECTIONS), "tier_add", "rule_add", "rule_import"]


def custom_ids(part: Any) -> list[str]:
    """Of everything that can be pressed."""
    if isinstance(part, list):
        return [found for one in part for found in custom_ids(one)]
    if not isinstance(part, dict):
        return []
    return [part["custom_id"]] if "custom_id" in part else custom_ids(part.get("components", []))


def check_card(card: Card) -> None:
    components = layout(card).to_components()  # type: ignore[no-untyped-call]  # discord.py has no types here
    body = {"type": 4, "data": {"flags": 1 << 15, "components": components}}
    assert problems("POST", CALLBACK, body) == []
    assert [one.split(":")[2] for one in custom_ids(components)] == controls(card)
    check_blocks(list(render(card, {}).blocks))


def check_form(asked: Form) -> None:
    sent = discord_forms.modal(asked).to_dict()
    assert problems("POST", CALLBACK, {"type": 9, "data": sent}) == []
    assert len(sent["components"]) == len(asked.fields)
    check_modal(slack_modal.modal(asked, Meta("C1")))


async def test_pages(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        root = Hands(core)
        check_card(shown(await root.command()))
        await core.house.policy.save_community(HERE, FULL, Entry(HERE, What.SETTING))
        patterns = "\n".join(f"{'long' * 20}{number}" for number in range(70))
        await root.submit("rule_add", kind="word", patterns=patterns, reason="r" * 300)
        for number in range(25):
            await root.submit("tier_add", name="n" * 60, role=str(10**18 + number), daily="100000", jobs="100 100")
        pages = [await root.press(f"section_{section.name}") for section in SECTIONS]
        pages += [await root.press("rules", index=1), await root.press("tiers"), await root.press("usage", index=1)]
        pages += [await root.command(), await root.command("stop"), await root.command("resume")]
        for page in pages:
            check_card(shown(page))


@pytest.mark.parametrize("page", FORMS)
async def test_forms(tmp_path: Path, page: str) -> None:
    async with running_core(tmp_path, started=False) as core:
        root = Hands(core)
        check_form(form(await root.press(page)))
        await core.house.policy.save_community(HERE, FULL, Entry(HERE, What.SETTING))
        check_form(form(await root.press(page)))
