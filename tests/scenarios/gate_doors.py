"""Every way to a job, and everything that can shut it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.jobs.asks import Answer, Attachment, Imagine, Press, Submission
from bot.jobs.model import Job
from bot.policy.community import Budget, Feature
from bot.policy.records import Block, Entry, Rule, RuleKind, What
from tests.fakes.moderation import NUDE, ScriptedModeration
from tests.fakes.provider import picture
from tests.support.core import Core
from tests.support.held import HERE, community

ANN = "playground:ann"
FOX = "a fox"


@dataclass(frozen=True)
class Ground:
    """A core with a job of ann's that was delivered and one that failed."""

    core: Core
    drawn: Job
    failed: Job

    async def press(self, control: str) -> Answer:
        return await self.core.service.press(Press(self.core.ask(), control))

    async def submit(self, control: str, values: dict[str, str], *, image: bool = False) -> Answer:
        files = {"image": own_picture()} if image else {}
        return await self.core.service.submit(Submission(self.core.ask(), control, values, files))


def own_picture() -> Attachment:
    """A user's file."""

    async def read() -> bytes:
        return picture("green")

    return Attachment("own.jpg", len(picture("green")), read)


Door = Callable[[Ground], Awaitable[Answer]]


async def _imagine(ground: Ground) -> Answer:
    return await ground.core.service.imagine(Imagine(ground.core.ask(), FOX))


async def _imagine_picture(ground: Ground) -> Answer:
    return await ground.core.service.imagine(Imagine(ground.core.ask(), FOX, image=own_picture()))


def _press(action: str, index: int) -> Door:
    async def door(ground: Ground) -> Answer:
        job = ground.failed if action == "again" else ground.drawn
        return await ground.press(f"i1:{action}:{job.id}:{index}")

    return door


def _remix(base: str, *, image: bool = False) -> Door:
    async def door(ground: Ground) -> Answer:
        return await ground.submit(f"i1:remix:{ground.drawn.id}:0", {"prompt": FOX, "base": base}, image=image)

    return door


def _form(*, image: bool) -> Door:
    async def door(ground: Ground) -> Answer:
        return await ground.submit("i1:imagine::0", {"prompt": FOX}, image=image)

    return door


DOORS: dict[str, tuple[Feature, Door]] = {
    "imagine": (Feature.IMAGINE, _imagine),
    "imagine with picture": (Feature.IMAGE_INPUT, _imagine_picture),
    "U": (Feature.UPSCALE, _press("upscale", 1)),
    "V": (Feature.VARIATION, _press("variation", 2)),
    "re-roll": (Feature.REROLL, _press("reroll", 0)),
    "try again": (Feature.REROLL, _press("again", 0)),
    "remix": (Feature.REMIX, _remix("0")),
    "remix of a picture": (Feature.REMIX, _remix("3")),
    "remix with a picture of one's own": (Feature.IMAGE_INPUT, _remix("0", image=True)),
    "form": (Feature.IMAGINE, _form(image=False)),
    "form with picture": (Feature.IMAGE_INPUT, _form(image=True)),
}
"""With the feature that switches it off."""
Bolt = Callable[[Ground, Feature], Awaitable[None]]


def _set(**settings: Any) -> Bolt:
    async def bolt(ground: Ground, feature: Feature) -> None:
        await community(ground.core, **settings)

    return bolt


async def _block(ground: Ground, feature: Feature) -> None:
    block = Block(ANN, None, "too many foxes", "playground:mod")
    await ground.core.house.policy.put_block(HERE, block, Entry(HERE, What.BLOCKED))


async def _off(ground: Ground, feature: Feature) -> None:
    await community(ground.core, off=(feature,))


async def _rule(ground: Ground, feature: Feature) -> None:
    rule = Rule(0, RuleKind.WORD, "fox", "Foxes are asleep")
    await ground.core.house.policy.add_rules(HERE, [rule], Entry(HERE, What.RULE))


async def _moderation(ground: Ground, feature: Feature) -> None:
    ground.core.house.moderation = ScriptedModeration(NUDE, pictures=False)


async def _queue(ground: Ground, feature: Feature) -> None:
    ground.core.house.caps = replace(ground.core.house.caps, user_running=0, user_waiting=0)


BOLTS: dict[str, tuple[Bolt, str]] = {
    "stopped": (_set(stopped=True), "stopped"),
    "blocked": (_block, "too many foxes"),
    "feature": (_off, "switched off"),
    "channel": (_set(channels=("studio",)), "this channel"),
    "role": (_set(roles=("painters",)), "roles"),
    "age": (_set(adult_only=True), "age-restricted"),
    "cooldown": (_set(cooldown=3600), "Wait"),
    "length": (_set(prompt_longest=4), "4 is the most"),
    "rules": (_rule, "Foxes are asleep"),
    "moderation": (_moderation, "sexual content"),
    "quota": (_set(daily=4), "of your 4 for today"),
    "month": (_set(monthly=4), "of your 4 for this month"),
    "budget": (_set(budget=Budget(images_day=4)), "budget of this community for the day"),
    "budget of a month": (_set(budget=Budget(images_month=4)), "budget of this community for the month"),
    "budget in USD": (_set(budget=Budget(spend_day=40_000)), "budget of this community for the day"),
    "budget in USD of a month": (_set(budget=Budget(spend_month=40_000)), "budget of this community for the month"),
    "queue_full": (_queue, "queue is full"),
}
"""What shuts the door, and what the sentence must say. The first word is how the audit entry begins."""


async def unbolt(ground: Ground) -> None:
    """As if nothing had ever been set."""
    policy = ground.core.house.policy
    await community(ground.core)
    await policy.lift_block(HERE, ANN, Entry(HERE, What.UNBLOCKED))
    for rule in await policy.rules(HERE):
        await policy.remove_rule(HERE, rule.id, Entry(HERE, What.RULE))
    ground.core.house.moderation = None
