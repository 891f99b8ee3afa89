"""A guild with something to steal: a picture, a job that waits, a review, rules, styles, a block; and those who try."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.jobs.asks import Answer, Ask, Press, Submission
from bot.jobs.controls import Control
from bot.jobs.model import Job
from bot.jobs.place import Actor, Place, Platform
from bot.policy.community import Community
from bot.policy.records import Block, Cause, Entry, HouseStyle, Override, Report, Rule, RuleKind, What
from tests.support.core import Core, running_core

HERE = "playground:guild"
ANN = "playground:ann"
PROMPT = "a mauve zeppelin"
SECRETS = ("mauve", "zeppelin", "quicksand", "taffeta", "Ann")
"""Words of the guild's prompts, rules, styles and people: no stranger reads one."""
PAGES = {
    "admin": ("section_access", "change_access", "rules", "rule_add", "rule_import", "rule_remove", "rule_export", "stop",
              "resume", "usage", "tiers", "tier_add", "tier_remove", "cancel_waiting", "log", "log_9", "review", "home"),
    "style": ("velvet", "remove_velvet", "edit_velvet", "add", "list"),
    "privacy": ("", "file", "delete", "erase"),
    "setting": ("provider", "suffix", "ping"),
}  # fmt: skip
"""Names of pages, where a control carries one."""
TYPED = {
    "prompt": "stolen", "suffix": "stolen", "reason": "stolen", "hours": "0", "units": "5", "daily": "1", "monthly": "1",
    "name": "velvet", "prefix": "stolen", "parameters": "", "role": "thieves", "kind": "word", "pattern": "stolen",
}  # fmt: skip


@dataclass
class Guild:
    """`job` is delivered, `other` waits for the moderators."""

    core: Core
    job: Job
    other: Job
    alias: str

    def controls(self, action: str) -> list[str]:
        """Every control of that action that a forger could think of."""
        targets = (self.job.id, self.other.id, self.alias, *PAGES.get(action, ("",)))
        indices = range(24) if action in {"review", "moderate", "person"} else (0, 1)
        return [str(Control(action, target, index)) for target in targets for index in indices]

    async def everything(self) -> Any:
        """What must stay as it is; a job's lease and due time are the engine's."""
        policy, store = self.core.house.policy, self.core.store
        jobs = [replace(job, lease="", due_at=None) for job in await store.jobs((), 50) if job.place.community == HERE]
        mine = [job for job in jobs if job.actor.key == ANN]
        told = [entry for entry in await policy.entries(HERE, limit=200) if entry.what not in {What.REFUSED, What.ERASED}]
        return (
            mine, await policy.community(HERE), await policy.rules(HERE), await policy.styles(HERE),
            await policy.blocks(HERE, self.core.clock()), await policy.override_of(HERE, ANN),
            await policy.open_review(self.other.id), len(told), tuple(self.core.chat.deleted),
            await self.core.house.settings.user_settings(ANN),
        )  # fmt: skip

    async def press(self, who: Ask, control: str, value: str = "1") -> Answer:
        return await self.core.service.press(Press(who, control, value, self.job.id))

    async def submit(self, who: Ask, control: str) -> Answer:
        return await self.core.service.submit(Submission(who, control, TYPED))


@asynccontextmanager
async def guild(folder: Path) -> AsyncIterator[Guild]:
    """Filled as a guild is after some weeks."""
    async with running_core(folder) as core:
        policy, told = core.house.policy, Entry(HERE, What.SETTING)
        await policy.save_community(HERE, Community(reports_hide=0), told)
        job = await core.drawn(PROMPT, "ann")
        other = await core.drawn(f"{PROMPT} again", "ann")
        await policy.add_rules(HERE, [Rule(0, RuleKind.WORD, "quicksand")], told)
        await policy.put_style(HERE, HouseStyle("velvet", prefix="taffeta"), told)
        await policy.put_block(HERE, Block("playground:bad", None, "taffeta", ANN), told)
        await policy.put_override(HERE, ANN, Override(50, None), told)
        await policy.report(Report(other.id, "playground:zoe", "quicksand"), HERE, 0, told)
        await policy.ask(HERE, other.id, Cause.REPORTS, "quicksand", told)
        yield Guild(core, job, other, await policy.alias(ANN))


def from_elsewhere(platform: Platform = Platform.PLAYGROUND, *, direct: bool = False, channel: str = "hall") -> Ask:
    """The owner of another guild, with every right there (or in a direct message), in a channel of the same name."""
    eve = Actor(platform, "eve", "Eve", moderator=True, admin=True, roles=("moderators",))
    return Ask(eve, Place(platform, channel, "" if direct else "elsewhere"), "key")


def member() -> Ask:
    """In the very channel, with no rank."""
    return Ask(Actor(Platform.PLAYGROUND, "eve", "Eve"), Place(Platform.PLAYGROUND, "hall", "guild"), "key")
