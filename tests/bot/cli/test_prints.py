"""Commands that print one thing: invite, slack-manifest, migrate, help."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import yaml

from bot.cli.app import COMMANDS
from bot.cli.invite import id_in_token
from bot.discord.invite import invite_url
from bot.slack.manifest import manifest
from tests.bot.cli.conftest import Invoke
from tests.fakes.discord import FakeDiscord

TOKEN = f"{base64.urlsafe_b64encode(b'1234567890').decode().rstrip('=')}.x.y"
NOBODY = "http://127.0.0.1:9/api/v10"


async def test_help_names_every_command(invoke: Invoke) -> None:
    result = await invoke("--help")
    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in COMMANDS)
    assert (await invoke("paint")).exit_code == 2


async def test_invite_asks_discord(invoke: Invoke) -> None:
    async with FakeDiscord() as fake:
        result = await invoke("invite", DISCORD_TOKEN=fake.token, DISCORD_API_URL=fake.api_url)
    assert (result.exit_code, result.stdout) == (0, f"{invite_url(str(fake.me.id))}\n")


async def test_invite_reads_the_token_where_discord_is_away(invoke: Invoke) -> None:
    result = await invoke("invite", DISCORD_TOKEN=TOKEN, DISCORD_API_URL=NOBODY)
    assert (result.exit_code, result.stdout) == (0, f"{invite_url('1234567890')}\n")
    assert "can't be reached" in result.stderr
    assert TOKEN not in result.output
    nothing = await invoke("invite", DISCORD_TOKEN="no-number.x.y", DISCORD_API_URL=NOBODY)
    assert nothing.exit_code == 2


async def test_invite_without_a_token(invoke: Invoke) -> None:
    result = await invoke("invite")
    assert result.exit_code == 2
    assert "DISCORD_TOKEN is not set" in result.output


def test_ids_in_tokens() -> None:
    assert id_in_token(TOKEN) == "1234567890"
    assert id_in_token("ä.b") is None
    assert id_in_token("YWJj.b.c") is None


async def test_the_manifest_in_both_formats(invoke: Invoke) -> None:
    plain = await invoke("slack-manifest", SLACK_COMMAND="/paint")
    assert json.loads(plain.output) == manifest("/paint")
    assert yaml.safe_load((await invoke("slack-manifest", "--format", "yaml")).output) == manifest()


async def test_the_manifest_over_http(invoke: Invoke) -> None:
    wanted = manifest(http_url="https://a.b/x/slack/events")
    asked = await invoke("slack-manifest", "--http", PUBLIC_URL="https://a.b/x/")
    assert json.loads(asked.output) == wanted
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s" * 32}
    assert json.loads((await invoke("slack-manifest", PUBLIC_URL="https://a.b/x", **tokens)).output) == wanted
    unknown = await invoke("slack-manifest", "--http")
    assert unknown.exit_code == 2
    assert "PUBLIC_URL" in unknown.output


async def test_the_manifest_for_many_workspaces(invoke: Invoke) -> None:
    wanted = manifest(redirect_url="https://a.b/x/slack/oauth_redirect")
    assert json.loads((await invoke("slack-manifest", "--many", PUBLIC_URL="https://a.b/x/")).output) == wanted
    client = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s" * 32, "SLACK_APP_TOKEN": "xapp-1"}
    assert json.loads((await invoke("slack-manifest", PUBLIC_URL="https://a.b/x", **client)).output) == wanted
    over = await invoke("slack-manifest", "--many", "--http", PUBLIC_URL="https://a.b/x")
    both = manifest(http_url="https://a.b/x/slack/events", redirect_url="https://a.b/x/slack/oauth_redirect")
    assert json.loads(over.output) == both
    nowhere = await invoke("slack-manifest", "--many")
    assert (nowhere.exit_code, "PUBLIC_URL" in nowhere.output) == (2, True)


async def test_migrate_twice(tmp_path: Path, invoke: Invoke) -> None:
    assert "from an empty database" in (await invoke("migrate")).output
    assert "is up to date" in (await invoke("migrate")).output
    (tmp_path / "folder.db").mkdir()
    refused = await invoke("migrate", DATABASE_URL="sqlite:///folder.db")
    assert refused.exit_code == 2
    assert "cannot be opened for writing" in refused.output
