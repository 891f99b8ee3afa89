"""One person as a Card: their last jobs here, what they have used, and whether they are blocked."""

from __future__ import annotations

from bot.desk.moderator import ELSEWHERE
from bot.desk.who import alias_of, called, last_jobs, numbered_links, prompt_of, state_of
from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.model import Job
from bot.jobs.surface import Button, Card, Style, Tone
from bot.policy.tiers import caps_for
from bot.texts import desk as texts

OPEN, BLOCK, UNBLOCK, GRANT, RESET, LIMITS = 0, 1, 2, 3, 4, 5
"""What a button does: its control's index (the ones)."""
JOBS = 10


async def card(house: House, community: str, user_key: str, status: str = "") -> Card:
    """Private: for the moderator who asks."""
    jobs = await last_jobs(house, community, user_key, JOBS)
    block = await house.policy.block_of(community, user_key, house.clock())
    facts = await _used(house, community, user_key, jobs)
    facts += ((texts.BLOCKED, texts.block_state(block.until, block.reason) if block else texts.NOT_BLOCKED),)
    lines = [texts.own_job(number, state_of(job), prompt_of(job)) for number, job in enumerate(jobs, 1)]
    return Card(
        Tone.DONE,
        await called(house, user_key),
        status=status,
        lines=tuple(lines) or (texts.NO_JOBS,),
        facts=facts,
        rows=(_buttons(await alias_of(house, user_key), blocked=block is not None),),
        links=numbered_links(jobs),
        private=True,
    )


async def _used(house: House, community: str, user_key: str, jobs: list[Job]) -> tuple[tuple[str, str], ...]:
    """Their tier goes by the roles that they had at their last job here: nothing tells of a role that changes."""
    override = await house.policy.override_of(community, user_key)
    roles = jobs[0].actor.roles if jobs else ()
    caps = caps_for(house.caps, await house.policy.community(community), override, roles)
    used = await house.policy.used_by(user_key, house.clock(), community)
    return (
        (texts.TODAY, texts.used(used.day, caps.daily)),
        (texts.MONTH, texts.used(used.month, caps.monthly)),
        (texts.OWN, texts.limits(override.daily, override.monthly)),
    )


def _buttons(alias: str, *, blocked: bool) -> tuple[Button, ...]:
    block = _button(alias, UNBLOCK, texts.UNBLOCK) if blocked else _button(alias, BLOCK, texts.BLOCK, Style.DANGER)
    return (
        block,
        _button(alias, GRANT, texts.GRANT),
        _button(alias, RESET, texts.RESET),
        _button(alias, LIMITS, texts.LIMITS),
    )


def shortcuts(alias: str) -> tuple[Button, ...]:
    """The same from another card: what stands there stays."""
    return (
        _button(alias, OPEN, texts.LAST),
        _button(alias, ELSEWHERE + BLOCK, texts.BLOCK_USER, Style.DANGER),
        _button(alias, ELSEWHERE + GRANT, texts.GRANT),
        _button(alias, ELSEWHERE + RESET, texts.RESET),
    )


def _button(alias: str, index: int, label: str, style: Style = Style.NORMAL) -> Button:
    return Button(str(Control("person", alias, index)), label, style)
