"""Mentions in Cards: what makes one, what never does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs import incoming
from bot.jobs.asks import Ask, Attachment, Command, Imagine, Placeholder, Press, Submission, Update
from bot.jobs.clean import clean, without_marks
from bot.jobs.mentions import CHANNEL, ROLE, channel_mention, clipped, pieces, role_mention, spoken
from bot.jobs.place import Actor, Place, Platform
from tests.support.core import running_core

TYPED = "\ufdd0c:123\ufdd1"
MARKS = st.text(st.sampled_from("\ufdd0\ufdd1\ufdef\ufffe\U0001ffffcr:1 "), max_size=20)


def test_a_text_falls_into_words_and_mentions() -> None:
    text = f"in {channel_mention('C1')}, {role_mention('7')}{role_mention('8')}."
    assert list(pieces(text)) == [("", "in "), (CHANNEL, "C1"), ("", ", "), (ROLE, "7"), (ROLE, "8"), ("", ".")]
    assert spoken(text) == "in #C1, @7@8."


@pytest.mark.parametrize("odd", ["", "a b", "x" * 41, "künstler", "1\ufdd12", "170.5"])
def test_ids_of_another_shape_stand_as_words(odd: str) -> None:
    assert [kind for kind, _ in pieces(channel_mention(odd) + role_mention(odd))] == [""]
    assert spoken(role_mention(odd)) == f"@{without_marks(odd)}"


@given(MARKS)
def test_nothing_typed_is_a_mention_and_no_mark_is_shown(text: str) -> None:
    for made in (without_marks(text), clean(text)):
        assert all(not kind for kind, _ in pieces(made))
        assert not set("\ufdd0\ufdd1\ufdef\ufffe\U0001ffff") & set(made)
    assert not set("\ufdd0\ufdd1\ufdef\ufffe\U0001ffff") & set(spoken(text))


@pytest.mark.parametrize("most", range(30))
def test_a_cut_leaves_no_half(most: int) -> None:
    text = clipped(f"ab {channel_mention('12345')} cd {role_mention('6')}", most)
    assert len(text) <= most
    assert text.count("\ufdd0") == text.count("\ufdd1")


async def test_typed_tokens_come_in_as_words(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        ask = core.ask("root", moderator=True)
        ask = replace(ask, actor=replace(ask.actor, name=f"Root {TYPED}"))
        answer = await core.service.imagine(Imagine(ask, f"a fox {TYPED}"))
        assert isinstance(answer, Placeholder), answer
        job = await core.job(answer.job_id)
        assert (job.request.prompt, job.actor.name) == ("a fox c:123", "Root c:123")
        typed = {"name": f"gold {TYPED}", "role": "77", "daily": "5"}
        page = await core.service.submit(Submission(ask, "i1:admin:tier_add:0", typed))
        assert isinstance(page, Update)
        assert f"gold c:123 ({role_mention('77')})" in dict(page.card.facts)
        rules = {"file": Attachment("rules.txt", 20, async_bytes(f"word hen # in {TYPED}\n".encode()))}
        page = await core.service.submit(Submission(ask, "i1:admin:rule_import:0", {"list": ""}, rules))
        assert isinstance(page, Update)
        assert ("word hen", "in c:123") in page.card.facts
        entries = await core.house.policy.entries("")
        assert all(not kind for entry in entries for kind, _ in pieces(f"{entry.name} {entry.text}"))


@pytest.mark.parametrize("value", [TYPED, "\ufffe"])
def test_every_kind_of_ask_is_cleared(value: str) -> None:
    async def read() -> bytes:
        return b""

    ask = Ask(Actor(Platform.SLACK, "U1", value), Place(Platform.SLACK, "C1", "T1"), "key")
    file = Attachment(value, 1, read)
    cleared = (
        incoming.of_imagine(Imagine(ask, value, {"no": value}, file)),
        incoming.of_command(Command(ask, "style", "add", {"name": value}, {"preview": file})),
        incoming.of_press(Press(ask, "i1:admin:section:0", value)),
        incoming.of_submission(Submission(ask, "i1:admin:x:0", {"name": value}, {"file": file})),
    )
    for asked in cleared:
        assert without_marks(value) in repr(asked)
        assert not any(odd in repr(asked) for odd in ("\\ufdd0", "\\ufdd1", "\\ufffe"))


def async_bytes(data: bytes) -> Callable[[], Awaitable[bytes]]:
    """What a front end hands over as a file's content."""

    async def read() -> bytes:
        return data

    return read
