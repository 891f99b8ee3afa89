"""Any text in any field of any request: one answer, that every chat can be sent, and never "something went wrong"."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.discord.forms import read_modal
from bot.discord.wording import markdown
from bot.jobs.asks import Answer, Command, Imagine, OpenForm, Placeholder, Press, Private, Submission, Update
from bot.jobs.catalog import COMMANDS
from bot.jobs.controls import ACTIONS, Control
from bot.playground.cards import card_to_json, form_to_json
from bot.slack.grammar import read
from bot.slack.meta import read_meta
from bot.slack.modal import read_state
from bot.slack.render import render
from bot.texts import answers
from tests.security.test_spoofing import HOSTILE
from tests.support.core import Core, running_core

TEXT = st.text(max_size=30) | st.sampled_from(
    [HOSTILE, "\ud800", "\x00", "9" * 400, "https://[::1", "--ar", "i1:admin::0", "٣", "-1"]
)
CONTROLS = st.builds(
    Control, st.sampled_from(ACTIONS), st.from_regex(r"[0-9a-z_]{0,12}", fullmatch=True), st.integers(0, 99)
).map(str)
NAMES = st.sampled_from(
    sorted(
        {o.name for c in COMMANDS for s in (c, *c.subs) for o in s.options}
        | {
            "reason",
            "hours",
            "units",
            "prompt",
            "daily",
            "monthly",
            "kind",
            "pattern",
            "role",
            "suffix",
            "level",
            "channels",
        }
    )
)
Ask = tuple[str, Any, str, dict[str, str]]
ASKS: st.SearchStrategy[Ask] = st.one_of(
    st.tuples(st.just("imagine"), st.just(""), TEXT, st.dictionaries(NAMES, TEXT, max_size=3)),
    st.tuples(
        st.just("command"),
        st.sampled_from([(c.name, s.name) for c in COMMANDS for s in c.subs or (c,)]),
        TEXT,
        st.dictionaries(NAMES, TEXT, max_size=3),
    ),
    st.tuples(st.just("press"), CONTROLS | TEXT, TEXT, st.just({})),
    st.tuples(st.just("submit"), CONTROLS | TEXT, TEXT, st.dictionaries(NAMES, TEXT, max_size=5)),
)


async def asked(core: Core, ask: Ask, *, moderator: bool) -> Answer:
    kind, what, text, values = ask
    who = core.ask("mod" if moderator else "ann", moderator=moderator)
    who = replace(who, actor=replace(who.actor, name=text, roles=(text,)))
    match kind:
        case "imagine":
            return await core.service.imagine(Imagine(who, text, values))
        case "command":
            return await core.service.command(Command(who, what[0], what[1], values))
        case "press":
            return await core.service.press(Press(who, what, text))
    return await core.service.submit(Submission(who, what, values))


def can_be_sent(answer: Answer) -> None:
    """By all three chats."""
    if isinstance(answer, OpenForm):
        json.dumps(form_to_json(answer.form), ensure_ascii=False).encode()
    elif isinstance(answer, Private | Update | Placeholder):
        assert answers.TROUBLE not in answer.card.lines, answer
        json.dumps(card_to_json(answer.card), ensure_ascii=False).encode()
        markdown(answer.card).encode()
        json.dumps(render(answer.card, {}).blocks, ensure_ascii=False).encode()


async def answered(asks: list[Ask], folder: Path) -> None:
    async with running_core(folder) as core:
        for ask in asks:
            for moderator in (False, True):
                answer = await asyncio.wait_for(asked(core, ask, moderator=moderator), 10)
                can_be_sent(answer)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ASKS, min_size=10, max_size=15))
@example(
    [
        ("submit", f"i1:{action}::0", "", {"name": "\ud800", "prefix": "\ud800", "prompt": "\ud800 x", "reason": "\ud800"})
        for action in ACTIONS
    ]
    + [("command", ("style", "show"), "", {"name": "\ud800"})]
)
def test_any_text_anywhere_is_answered(tmp_path_factory: pytest.TempPathFactory, asks: list[Ask]) -> None:
    asyncio.run(answered(asks, tmp_path_factory.mktemp("fuzz")))


@given(TEXT | st.just("[" * 3000))
@example("[" * 100_000)
def test_what_slack_hands_back_is_read_or_passed_over(text: str) -> None:
    read_meta(text)
    read(text)


STATES = st.fixed_dictionaries(
    {"type": st.sampled_from(["plain_text_input", "static_select", "file_input", "x", "multi_static_select"])},
    optional={
        "value": st.none() | TEXT,
        "selected_option": st.none() | st.fixed_dictionaries({"value": TEXT}),
        "files": st.none() | st.lists(st.dictionaries(st.sampled_from(["id", "name"]), TEXT), max_size=2),
        "selected_users": st.none() | st.lists(TEXT, max_size=2),
    },
)
LEAVES = st.fixed_dictionaries(
    {"type": st.integers(1, 30)}, optional={"custom_id": TEXT, "value": TEXT, "values": st.lists(TEXT, max_size=3)}
)
COMPONENTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.fixed_dictionaries({"type": st.just(1), "components": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"type": st.just(18), "component": inner})
    ),
    max_leaves=6,
)


@given(st.dictionaries(TEXT, st.dictionaries(TEXT, STATES, max_size=1), max_size=4))
def test_any_state_of_a_slack_modal_is_read(state: dict[str, Any]) -> None:
    values, files = read_state({"state": {"values": state}})
    assert all(isinstance(value, str) for value in values.values())
    assert all(isinstance(file, dict) for file in files.values())


@given(st.lists(COMPONENTS, max_size=4))
def test_any_components_of_a_discord_modal_are_read(components: list[dict[str, Any]]) -> None:
    assert all(isinstance(value, str) for values in read_modal(components).values() for value in values)
