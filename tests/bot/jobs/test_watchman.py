"""The background look: each change once, offline providers never, no provider's fault hinders another's check."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from structlog.testing import capture_logs

from bot.jobs.troubles import Troubles
from bot.jobs.watchman import Watchman
from providers.base import Health
from providers.errors import Family, ProviderError
from providers.registry import Registry
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC

GOOD, LOW, BAD = (
    Health(ok=True, sentence="Well."),
    Health(ok=True, sentence="3 left.", low=True),
    Health(ok=False, sentence="No."),
)


@dataclass
class Patient(ScriptedProvider):
    """`found`: what its next checks say; the last one stays."""

    found: list[Health | Exception] = field(default_factory=lambda: [GOOD])
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def check(self) -> Health:
        self.asked.set()
        health = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        if isinstance(health, Exception):
            raise health
        return health


def patient(name: str, *found: Health | Exception, offline: bool = False) -> Patient:
    return Patient(replace(ASYNC, name=name, label=name.title(), offline=offline), found=list(found))


def told(lines: Sequence[MutableMapping[str, Any]]) -> list[tuple[str, str]]:
    return [(line["provider"], line["found"]) for line in lines if line["log_level"] == "warning"]


async def test_each_change_is_told_once() -> None:
    troubles, heard = Troubles(), []
    troubles.listeners.append(lambda label, sentence: heard.append((label, sentence)))
    watchman = Watchman(Registry([patient("fal", GOOD, LOW, LOW, BAD, BAD, GOOD, GOOD), patient("bfl", GOOD)]), troubles)
    with capture_logs() as lines:
        for _ in range(7):
            await watchman.look()
    assert told(lines) == [("fal", "low"), ("fal", "wrong"), ("fal", "well")]
    assert heard == [("Fal", "3 left."), ("Fal", "No."), ("Fal", "Well.")]


async def test_a_check_that_raises_hinders_no_other() -> None:
    broken = patient("odd", RuntimeError("a bug"))
    away = patient("away", ProviderError(Family.BROKEN, "timeout"))
    watchman = Watchman(Registry([broken, away, patient("low", LOW)]), Troubles())
    with capture_logs() as lines:
        await watchman.look()
    assert told(lines) == [("away", "wrong"), ("low", "low")]
    assert [line["provider"] for line in lines if line["log_level"] == "error"] == ["odd"]


async def test_a_start_asks_nobody_and_a_stop_ends_it() -> None:
    asked, offline = patient("fal"), patient("sketch", offline=True)
    watchman = Watchman(Registry([asked, offline]), Troubles(), first=0.3, every=0.01)
    watchman.start()
    await asyncio.sleep(0)
    assert not asked.asked.is_set()
    for _ in range(2):
        await asyncio.wait_for(asked.asked.wait(), 5)
        asked.asked.clear()
    await watchman.stop()
    asked.asked.clear()
    await asyncio.sleep(0.05)
    assert not asked.asked.is_set()
    assert not offline.asked.is_set()
