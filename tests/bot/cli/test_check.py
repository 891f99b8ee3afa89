"""`imagine-bot check`: each finding on a line, exit code 1 if anything is wrong, no secret in any of them."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.discord import check as discord_check
from tests.bot.cli.conftest import Invoke
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.model import CLIENT_ID, CLIENT_SECRET
from tests.support.process import bot_process


@asynccontextmanager
async def serving(routes: dict[str, web.Response]) -> AsyncIterator[str]:
    """A loopback server that answers these paths, whatever the method; all else is 404."""

    async def answer(request: web.Request) -> web.Response:
        found = routes.get(request.path)
        return (
            web.Response(status=404)
            if found is None
            else web.Response(status=found.status, body=found.body, headers=found.headers)
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_all_is_well_out_of_the_box(tmp_path: Path, invoke: Invoke) -> None:
    result = await invoke("check")
    assert result.exit_code == 0, result.output
    assert [line[:5] for line in result.output.splitlines()] == ["ok   "] * 5
    assert not (tmp_path / "data" / "imagine.db").exists()


async def test_every_wrong_setting_is_a_finding(invoke: Invoke) -> None:
    result = await invoke("check", HTTP_PORT="x", IMAGINE_NOPE="1")
    assert result.exit_code == 1
    assert [line[:15] for line in result.output.splitlines()] == ["WRONG  settings"] * 2


async def test_a_folder_that_cannot_be_written(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "file").touch()
    result = await invoke("check", IMAGINE_DATA_DIR="file/data")
    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert "IMAGINE_DATA_DIR" in result.output


async def test_a_database_that_cannot_be_written(tmp_path: Path, invoke: Invoke) -> None:
    """A folder where SQLite keeps its log."""
    (tmp_path / "sealed.db").touch()
    (tmp_path / "sealed.db-wal").mkdir()
    result = await invoke("check", DATABASE_URL="sqlite:///sealed.db")
    assert result.exit_code == 1
    assert "WRONG  database" in result.output
    assert "check the file's owner" in result.output


async def test_a_picture_store_that_cannot_be_written(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "file").touch()
    result = await invoke("check", PICTURES_URL=f"file://{tmp_path / 'file'}/pictures")
    assert result.exit_code == 1
    assert "WRONG  pictures" in result.output


async def test_an_unknown_provider_is_a_finding(invoke: Invoke) -> None:
    result = await invoke("check", IMAGINE_PROVIDERS="dalle")
    assert result.exit_code == 1
    assert "dalle" in result.output


async def test_low_credit_is_a_warning_and_no_failure(invoke: Invoke) -> None:
    routes = {"/v1/credits": web.json_response({"credits": 12.5})}
    async with serving(routes) as url:
        result = await invoke("check", BFL_API_KEY="key", BFL_BASE_URL=f"{url}/v1")
    assert result.exit_code == 0, result.output
    assert "LOW    provider bfl" in result.output
    assert "12.5 credits are left" in result.output


async def test_findings_stand_alone_on_standard_output(tmp_path: Path) -> None:
    """In a process of its own, whose logs nobody has set up: what is told while the provider is asked is no finding."""
    async with serving({"/v1/credits": web.json_response({"credits": 99999.0})}) as url:
        settings = {"BFL_API_KEY": "key", "BFL_BASE_URL": f"{url}/v1"}
        async with bot_process(tmp_path, "check", **settings) as bot:
            code, out, log = await bot.ended()
    assert (code, log) == (0, "")
    assert {line[:5] for line in out.splitlines()} == {"ok   "}, out


async def test_the_public_address(invoke: Invoke) -> None:
    async with serving({"/healthz": web.json_response({"status": "alive"})}) as url:
        assert (await invoke("check", PUBLIC_URL=url)).exit_code == 0
    async with serving({"/healthz": web.json_response({"status": "another program"})}) as url:
        foreign = await invoke("check", PUBLIC_URL=url)
    closed = await invoke("check", PUBLIC_URL=url)
    assert (foreign.exit_code, closed.exit_code) == (1, 1)
    assert "not from imagine-bot" in foreign.output
    assert "does not lead to a running imagine-bot" in closed.output


async def test_no_secret_is_printed_even_if_a_server_echoes_it(invoke: Invoke) -> None:
    token = "xoxb-very-secret-token"
    routes = {"/api/auth.test": web.json_response({"ok": False, "error": f"bad {token}"})}
    async with serving(routes) as url:
        result = await invoke("check", SLACK_BOT_TOKEN=token, SLACK_SIGNING_SECRET="s" * 32, SLACK_API_URL=f"{url}/api/")
    assert result.exit_code == 1
    assert "WRONG  Slack" in result.output
    assert token not in result.output


async def test_slack_for_many_workspaces(invoke: Invoke) -> None:
    client = {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET}
    async with FakeSlack() as fake, serving({"/healthz": web.json_response({"status": "alive"})}) as url:
        settings = {**client, "SLACK_API_URL": fake.api_url, "SLACK_APP_TOKEN": fake.app_token, "PUBLIC_URL": url}
        result = await invoke("check", **settings)
        wrong = await invoke("check", **settings | {"SLACK_CLIENT_SECRET": "not-the-secret-of-it"})
    assert result.exit_code == 0, result.output
    assert "Slack takes SLACK_CLIENT_ID and SLACK_CLIENT_SECRET" in result.output
    assert f"a workspace is added at {url}/slack/install" in result.output
    assert (wrong.exit_code, "bad_client_secret" in wrong.output) == (1, True)
    assert "not-the-secret-of-it" not in wrong.output


async def test_the_moderation_is_tried(invoke: Invoke) -> None:
    scores = web.json_response({"results": [{"category_scores": {"sexual": 0.0}}]})
    async with serving({"/v1/moderations": scores}) as base:
        environ = {"OPENAI_API_KEY": "key", "OPENAI_BASE_URL": f"{base}/v1", "IMAGINE_PROVIDERS": "sketch"}
        good = await invoke("check", IMAGINE_MODERATION="openai", **environ)
    assert good.exit_code == 0, good.output
    assert "ok     moderation openai" in good.output
    async with serving({"/v1/moderations": web.Response(status=401)}) as base:
        bad = await invoke("check", IMAGINE_MODERATION="openai", **environ | {"OPENAI_BASE_URL": f"{base}/v1"})
    assert bad.exit_code == 1
    assert "WRONG  moderation openai" in bad.output
    assert "set OPENAI_API_KEY anew" in bad.output


async def damaged(folder: Path, invoke: Invoke) -> str:
    """Ten pages in the middle are gone; the address of that database."""
    await invoke("migrate", DATABASE_URL="sqlite:///bad.db")
    with sqlite3.connect(folder / "bad.db") as made:
        made.execute("PRAGMA journal_mode=DELETE")
    whole = (folder / "bad.db").read_bytes()
    (folder / "bad.db").write_bytes(whole[:12288] + bytes(40960) + whole[53248:])
    return "sqlite:///bad.db"


async def test_a_damaged_database_is_judged_as_the_start_judges_it(tmp_path: Path, invoke: Invoke) -> None:
    url = await damaged(tmp_path, invoke)
    checked, migrated = await invoke("check", DATABASE_URL=url), await invoke("migrate", DATABASE_URL=url)
    assert (checked.exit_code, migrated.exit_code) == (1, 2)
    for told in (checked, migrated):
        assert "The database bad.db is damaged (" in told.output
        assert "can be written" not in "".join(line for line in told.output.splitlines() if "bad.db" in line)


async def test_a_database_where_none_can_be_made_names_its_own_setting(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "file").touch()
    result = await invoke("check", DATABASE_URL="sqlite:///file/bot.db")
    assert result.exit_code == 1
    (line,) = (line for line in result.output.splitlines() if line.startswith("WRONG"))
    assert "DATABASE_URL" in line
    assert "IMAGINE_DATA_DIR" not in line


async def test_a_full_disk_needs_no_other_folder(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    result = await invoke("check")
    assert result.exit_code == 1
    assert "make room on its disk" in result.output
    assert "IMAGINE_DATA_DIR" not in result.output


async def test_one_question_that_breaks_ends_none_of_the_others(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(discord_check, "check", broken)
    async with FakeDiscord() as discord, FakeSlack() as slack:
        tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}
        result = await invoke("check", DISCORD_TOKEN=discord.token, DISCORD_API_URL=discord.api_url, **tokens)
    assert result.exit_code == 1
    assert "WRONG  Discord           this could not be tried (KeyError: 'a bug')" in result.output
    assert "ok     Slack" in result.output
