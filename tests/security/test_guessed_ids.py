"""Somebody knows (or guesses) an id that is not theirs, and forges every control there is around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.asks import Ask, Quiet
from bot.jobs.controls import ACTIONS, Control
from bot.jobs.place import Platform
from tests.security.guild import SECRETS, Guild, from_elsewhere, guild, member

OWN = frozenset({"upscale", "variation", "reroll", "again", "remix", "imagine", "details", "setting", "report", "privacy"})
"""What any member may do with a picture that stands in their channel: it touches nothing of its owner."""
ELSEWHERE = {
    "another guild": from_elsewhere(),
    "a direct message": from_elsewhere(direct=True),
    "another platform": from_elsewhere(Platform.SLACK),
}
keys = count()


def words(thing: Any) -> Iterator[str]:
    """Every string inside an answer."""
    if isinstance(thing, str):
        yield thing
    elif is_dataclass(thing):
        yield from (word for field in fields(thing) for word in words(getattr(thing, field.name)))
    elif isinstance(thing, list | tuple):
        yield from (word for one in thing for word in words(one))


def again(who: Ask) -> Ask:
    """A request of its own."""
    return Ask(who.actor, who.place, f"forged-{next(keys)}")


async def tried(there: Guild, who: Ask, actions: Iterable[str]) -> list[tuple[str, Any]]:
    """Every action with every target, pressed and sent as a form."""
    answers: list[tuple[str, Any]] = []
    for control in [control for action in actions for control in there.controls(action)]:
        answers.append((control, await there.press(again(who), control)))
        answers.append((control, await there.submit(again(who), control)))
    return answers


@pytest.mark.parametrize("where", ELSEWHERE)
async def test_from_elsewhere_no_control_reads_or_changes_anything(where: str, tmp_path: Path) -> None:
    async with guild(tmp_path) as there:
        before, who = await there.everything(), ELSEWHERE[where]
        answers = await tried(there, who, [action for action in ACTIONS if action != "imagine"])
        assert await there.everything() == before
    read = [(control, word) for control, answer in answers for text in words(answer) for word in SECRETS if word in text]
    # Whoever knows a person's pseudonym reads their name; what they did stays in the guild where they did it.
    assert [(control, word) for control, word in read if not control.startswith("i1:person:") or word != "Ann"] == []
    assert {control.split(":")[1] for control, _ in answers} == set(ACTIONS) - {"imagine"}


async def test_a_member_changes_nothing_of_anybody_else(tmp_path: Path) -> None:
    async with guild(tmp_path) as there:
        before = await there.everything()
        answers = await tried(there, member(), [action for action in ACTIONS if action not in OWN])
        assert await there.everything() == before
        for control, answer in answers:
            assert not isinstance(answer, Quiet), control
            named = control.split(":")[1]
            if named in {"admin", "review", "moderate", "person"}:
                assert answer.refused, control


async def test_the_privacy_page_knows_its_asker_alone(tmp_path: Path) -> None:
    async with guild(tmp_path) as there:
        before = await there.everything()
        for target in (there.job.id, there.alias, "file", "delete", "erase", ""):
            for who in (member(), from_elsewhere()):
                answer = await there.press(again(who), str(Control("privacy", target)))
                assert not any(secret in word for word in words(answer) for secret in SECRETS)
        assert await there.everything() == before
        packed = [data for key, (data, _) in there.core.pictures.kept.items() if key.startswith("privacy/")]
        assert packed
        assert all(b"mauve" not in data for data in packed)
