"""A provider that draws when the scenario lets it."""

from __future__ import annotations

from dataclasses import replace

from providers.base import Stage, Status
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC

HELD = 100_000
"""Looks that a held call lasts: for ever."""
QUICK = replace(ASYNC, webhook=False, poll_cap=0.05)


def held(fraction: float | None = None, *, cancel: bool = True) -> ScriptedProvider:
    """Every call runs until `release`; `fraction` is what the status says meanwhile."""
    provider = ScriptedProvider(replace(QUICK, cancel=cancel))
    hold(provider, fraction)
    return provider


def hold(provider: ScriptedProvider, fraction: float | None = None) -> None:
    """Nothing is done from now on."""
    provider.stages[:] = [Status(Stage.RUNNING, fraction)] * HELD


def release(provider: ScriptedProvider) -> None:
    """Everything is done at its next look."""
    provider.stages.clear()
