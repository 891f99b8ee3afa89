"""The examples of docs/examples, run as they stand against the bot."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot.api import tokens
from tests.fakes.provider import ScriptedProvider
from tests.support.api import FOX, open_api
from tests.support.core import ASYNC
from tests.support.ports import free_port

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
SECRET = "a-secret-of-the-tests-0123456789"
SECONDS = 30.0


async def example(folder: Path, name: str, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    kept = {one: os.environ[one] for one in ("PATH", "HOME") if one in os.environ}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLES / name), *arguments, cwd=folder, env=kept | settings, stdout=pipe, stderr=pipe
    )


async def test_the_examples_draw_and_receive(tmp_path: Path) -> None:
    port, pictures = free_port(), tmp_path / "saved"
    pictures.mkdir()
    settings = {"IMAGINE_SECRET": SECRET, "IMAGINE_CALLBACK_HOSTS": f"127.0.0.1:{port}"}
    async with open_api(tmp_path, settings, more=[ScriptedProvider(ASYNC)]) as api:
        program = await api.program()
        given = {"IMAGINE_URL": api.bot.base, "IMAGINE_KEY": program.token}
        drawing = await example(pictures, "draw.py", "a lighthouse at dusk", **given)
        told, wrong = await asyncio.wait_for(drawing.communicate(), SECONDS)
        assert (drawing.returncode, wrong) == (0, b"")
        lines = told.decode().splitlines()
        assert lines[-3].startswith("succeeded 100")
        assert sorted(lines[-2:]) == sorted(path.name for path in pictures.iterdir())
        refused = await example(pictures, "draw.py", "a fox --sede 7", **given)
        assert b"prompt: " in (await asyncio.wait_for(refused.communicate(), SECONDS))[1]
        receiver = await example(
            tmp_path, "receive.py", str(port), IMAGINE_WEBHOOK_SECRET=tokens.callback_secret(SECRET, program.key.id)
        )
        try:
            job_id = await program.accepted(FOX | {"callback_url": f"http://127.0.0.1:{port}/hook"})
            await program.reaches(job_id, "succeeded")
            assert receiver.stdout is not None
            api.clock.ahead = 6.0  # where the receiver was slower than the first try
            line = (await asyncio.wait_for(receiver.stdout.readline(), SECONDS)).decode().split()
            assert line[:2] == [f"{job_id}.delivered", "job.succeeded"]
            assert len(line) == 6
        finally:
            receiver.kill()
            await receiver.communicate()
