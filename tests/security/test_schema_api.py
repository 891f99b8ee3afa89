"""schemathesis asks the job API everything that its description allows and forbids: it answers as it says it does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.api.front import ApiFront
from bot.jobs.place import Platform
from tests.fakes.provider import ScriptedProvider
from tests.support.api import Api, Program, open_api
from tests.support.core import ASYNC

SECONDS = 10.0
CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]


def described(api: Api, job_id: str) -> Any:
    """Its own description; half of the ids that are tried are a real job's."""
    front = api.bot.fronts[Platform.API]
    assert isinstance(front, ApiFront)
    said = front.app.openapi()
    for operations in said["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "job_id":
                    parameter["schema"] = {"anyOf": [{"enum": [job_id]}, {"type": "string", "maxLength": 30}]}
    said["servers"] = [{"url": "/"}]
    return schemathesis.openapi.from_dict(said)


def ask_everything(schema: Any, program: Program, base: str, examples: int) -> list[str]:
    """Operations that were asked. In a thread: the bot answers on the loop."""
    asked: list[str] = []
    headers = {"authorization": f"Bearer {program.token}"}
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
            | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        )
        def answered(case: Case[Any]) -> None:
            reply = case.call(base_url=base, headers=headers, timeout=SECONDS)
            assert reply.status_code < 500, (case.as_curl_command(), reply.text)
            if reply.status_code != 405:  # a method that is not described: problem details, too
                case.validate_response(reply, checks=CHECKS)
            assert reply.status_code < 400 or reply.headers["content-type"] == ["application/problem+json"]

        answered()
        asked.append(operation.label)
    return asked


@pytest.mark.parametrize("examples", [3, pytest.param(300, marks=pytest.mark.slow)])
async def test_every_answer_is_as_described(examples: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with open_api(tmp_path, {"IMAGINE_DAILY_IMAGES": "20"}, more=[ScriptedProvider(ASYNC)]) as api:
        program = await api.program(per_minute=100_000)
        schema = described(api, (await program.drawn())["job_id"])
        asked = await asyncio.to_thread(ask_everything, schema, program, api.base.rstrip("/"), examples)
    assert len(asked) == 7
    faults = [record.getMessage() for record in caplog.records if record.exc_info or "failed" in record.getMessage()]
    assert faults == []
