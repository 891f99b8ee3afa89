"""schemathesis asks the whole running bot, by HTTP, everything that its description allows, and what it does not."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode

from bot.jobs.place import Platform
from bot.playground.front import PlaygroundFront
from bot.wiring import Bot
from tests.security.description import FIELDS, described
from tests.support.bot import running_bot

SECONDS = 10.0
"""For one answer: longer is a hang."""
OWN = {"x-playground": "1"}


def apps(bot: Bot) -> Any:
    """The description of the web part and the playground that stands in it."""
    page = bot.fronts[Platform.PLAYGROUND]
    assert isinstance(page, PlaygroundFront)
    return described(bot.web._hangup._app, page.app._app)  # type: ignore[arg-type]


def ask_everything(schema: Any, base: str, examples: int) -> list[str]:
    """Paths that were asked. In a thread: the bot answers on the loop."""
    asked: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
            | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        )
        def answered(case: Case[Any]) -> None:
            reply = case.call(base_url=base, headers=OWN, timeout=SECONDS)
            assert reply.status_code < 500, (case.as_curl_command(), reply.text)

        answered()
        asked.append(operation.path)
    return asked


@pytest.mark.parametrize("examples", [4, pytest.param(300, marks=pytest.mark.slow)])
async def test_no_request_is_a_fault_of_ours(examples: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with running_bot(tmp_path, {"IMAGINE_PLAYGROUND": "on", "IMAGINE_DAILY_IMAGES": "8"}) as bot:
        schema = schemathesis.openapi.from_dict(apps(bot))
        asked = await asyncio.to_thread(ask_everything, schema, bot.url.rstrip("/"), examples)
    assert set(FIELDS) <= set(asked)
    assert {"/", "/readyz", "/pictures/{key}", "/webhooks/{provider}/{call_id}/{token}"} <= set(asked)
    faults = [record.getMessage() for record in caplog.records if record.exc_info or "failed" in record.getMessage()]
    assert faults == []
