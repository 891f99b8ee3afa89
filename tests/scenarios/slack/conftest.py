"""Opens workspaces, and looks at the end whether the bot did anything that a correct one never does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fakes.slack import FakeSlack
from tests.scenarios.slack.town import Town
from tests.scenarios.slack.workspace import Workspace

Open = Callable[..., Awaitable[Workspace]]
OpenTown = Callable[..., Awaitable[Town]]
FORESEEN = {"slack_token_refused", "slack_token_unreadable", "undeliverable"}
"""Errors that the log may show where workspaces come and go."""


@pytest.fixture
async def opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Makes started workspaces. At the end: no violation of Slack's rules, and no error in the log but those foreseen."""
    monkeypatch.setattr("storage.policy.audit.STANDS_SECONDS", 0.0)  # no scenario waits for a log entry to be told
    made: list[Workspace] = []
    folder = tmp_path / "data"

    async def open_one(clock: Callable[[], float] | None = None, **options: Any) -> Workspace:
        fake = FakeSlack(clock) if clock else FakeSlack()
        await fake.start()
        made.append(Workspace(fake, folder, **options))
        await made[-1].start()
        return made[-1]

    with capture_logs() as lines:
        yield open_one
        for workspace in made:
            await workspace.stop()
            await workspace.fake.stop()
    foreseen = {event for workspace in made for event in workspace.foreseen}
    errors = [line for line in lines if line["log_level"] in {"error", "critical"} and line["event"] not in foreseen]
    assert not errors, errors
    for workspace in made:
        assert not workspace.fake.violations


@pytest.fixture
async def slack(opens: Open) -> Workspace:
    """A workspace whose provider gives plain colours at once, over Socket Mode."""
    return await opens()


@pytest.fixture
async def sketched(opens: Open) -> Workspace:
    """A workspace with the built-in provider alone, over Socket Mode."""
    return await opens(more=())


@pytest.fixture
async def towns(tmp_path: Path) -> AsyncIterator[OpenTown]:
    """Makes started towns; at the end: no violation, no error but those foreseen, no token in log or database."""
    made: list[Town] = []

    async def open_one(**options: Any) -> Town:
        fake = FakeSlack()
        await fake.start()
        made.append(Town(fake, tmp_path / "data", **options))
        await made[-1].start()
        return made[-1]

    with capture_logs() as lines:
        yield open_one
        for town in made:
            await town.stop()
            await town.fake.stop()
    tokens = {call.token for town in made for call in town.fake.calls if call.token.startswith("xoxb-")}
    kept = [path.read_bytes() for path in (tmp_path / "data").iterdir() if path.is_file()]
    for token in tokens:
        assert not [line for line in lines if token in str(line)]
        assert not [data for data in kept if token.encode() in data]
    errors = [line for line in lines if line["log_level"] in {"error", "critical"} and line["event"] not in FORESEEN]
    assert not errors, errors
    for town in made:
        assert not town.fake.violations
