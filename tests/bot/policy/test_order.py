"""The gate's order: an ask that everything speaks against is answered by the first check, and mended by each next one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.policy import gate
from bot.policy.case import Case, Hold, No, Tools
from bot.policy.community import Community, Feature, ReviewMode
from bot.policy.records import Block, Cause, Rule, RuleKind, What
from tests.bot.policy.cases import ANN, case
from tests.fakes.moderation import NUDE, ScriptedModeration
from tests.support.policy import ANN as ANN_KEY
from tests.support.policy import HERE, NOW, Desk, desk_on, entry

MENDED: dict[str, dict[str, Any]] = {
    "stopped": {"stopped": False},
    "blocked": {},
    "feature": {"off": ()},
    "channel": {"channels": ()},
    "role": {"roles": ()},
    "age": {"adult_only": False},
    "cooldown": {"cooldown": 0},
    "length": {"prompt_longest": 0},
    "rules": {},
    "moderation": {"review": ReviewMode.EVERYTHING},
    "review": {"review": ReviewMode.OFF},
}
"""In the order of the issue, and how each is mended where it is a setting."""
WRONG: dict[str, Any] = {
    "stopped": True, "off": (Feature.IMAGINE,), "channels": ("studio",), "roles": ("painters",), "adult_only": True,
    "cooldown": 3600, "prompt_longest": 1, "review": ReviewMode.OFF,
}  # fmt: skip


async def everything_wrong(desk: Desk) -> Case:
    await desk.policy.put_block(HERE, Block(ANN_KEY, None, "spam", "m"), entry())
    await desk.policy.add_rules(HERE, [Rule(0, RuleKind.WORD, "fox")], entry())
    await desk.job(at=NOW)
    return case(**WRONG)


async def mend(desk: Desk, asked: Case, name: str) -> Case:
    if name == "blocked":
        assert await desk.policy.lift_block(HERE, ANN_KEY, entry(What.UNBLOCKED))
    if name == "rules":
        (rule,) = await desk.policy.rules(HERE)
        await desk.policy.remove_rule(HERE, rule.id, entry(What.RULE))
    return replace(asked, community=replace(asked.community, **MENDED[name]))


async def test_the_first_that_is_against_it_answers(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        asked, service, answered = await everything_wrong(desk), ScriptedModeration(NUDE), []
        for name in MENDED:
            opinion = await gate.ask(Tools(desk.policy, service), asked)
            if isinstance(opinion, No):
                answered.append(opinion.check)
                assert bool(service.asked) is (name == "moderation"), name
            else:
                answered.append("review")
                assert opinion == (Hold(Cause.PROMPT, "sexual 1.00"), Hold(Cause.EVERYTHING))
                service.says = {}
            asked = await mend(desk, asked, name)
        assert answered == list(MENDED)
        assert [name for name, _ in gate.CHECKS] == answered
        assert await gate.ask(Tools(desk.policy, service), asked) == ()


async def test_the_early_checks_ask_nobody_outside(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        service = ScriptedModeration(NUDE)
        assert await gate.early(Tools(desk.policy, service), case()) == ()
        assert service.asked == []
        stopped = await gate.early(Tools(desk.policy, service), case(stopped=True))
        assert isinstance(stopped, No)
        assert stopped.check == "stopped"


def test_the_defaults_stop_nobody() -> None:
    assert Community() == replace(Community(), stopped=False, off=(), channels=(), roles=(), cooldown=0, links=True)
    assert ANN.key == ANN_KEY
