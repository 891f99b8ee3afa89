"""What is told as ignored: also what a provider honours for words alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.model import Action
from bot.jobs.notes import notes
from bot.texts import states
from providers.base import Params
from providers.capabilities import Capabilities
from providers.errors import Accepted, Family, ProviderError
from tests.bot.imaging.pictures import encoded, noise
from tests.bot.jobs.steps.test_fitting import with_picture
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, running_core

SHAPED = replace(ASYNC, lost_with_picture=frozenset({"ratio"}))
DEAF = replace(SHAPED, honours=frozenset({"seed"}))
WIDE = Params(ratio="3:2", seed=7)
LOST = states.lost_with_picture(["ar"], ASYNC.label)
NEVER = states.ignored(["ar"], ASYNC.label)


@pytest.mark.parametrize(
    ("capabilities", "params", "image", "told"),
    [
        (SHAPED, WIDE, True, (LOST,)), (SHAPED, WIDE, False, ()), (SHAPED, Params(seed=7), True, ()),
        (ASYNC, WIDE, True, ()), (DEAF, WIDE, True, (NEVER,)),
    ],
)  # fmt: skip
def test_what_a_picture_overrules_is_named_once(
    capabilities: Capabilities, params: Params, *, image: bool, told: tuple[str, ...]
) -> None:
    assert notes(Action.IMAGINE, params, capabilities, native=False, image=image) == told


async def test_under_the_picture_and_again_with_a_reroll(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=SHAPED) as core:
        job = await with_picture(core, encoded(noise()), "a fox --ar 3:2")
        assert any(LOST in line for line in core.chat.messages[f"m-{job.id}"][-1].lines)
        again = await core.press(f"i1:reroll:{job.id}:0")
        assert (await core.job(getattr(again, "job_id", ""))).notes == (LOST,)


async def test_it_is_about_who_draws_in_the_end(tmp_path: Path) -> None:
    second = ScriptedProvider(replace(SHAPED, name="second", label="the second"))
    async with running_core(tmp_path, more=[second]) as core:
        core.provider.script = [ProviderError(Family.NO_MONEY, "empty", accepted=Accepted.NO)]
        job = await with_picture(core, encoded(noise()), "a fox --ar 3:2")
        assert (job.provider, job.notes) == ("second", (states.lost_with_picture(["ar"], "the second"),))
