"""Every secret is set to a word that we know; then a run in which everything fails is searched for these words."""

from __future__ import annotations

import asyncio
import base64
import json
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from aiohttp import web

from bot.settings import describe
from bot.settings_load import load_settings
from tests.bot.cli.conftest import Invoke, invoke  # noqa: F401  (a fixture)
from tests.bot.playground.house import OWN, fields
from tests.support.process import bot_process

SHAPES = {
    "SLACK_BOT_TOKEN": "xoxb-{}", "SLACK_APP_TOKEN": "xapp-{}", "DISCORD_TOKEN": "MTIzNDU2Nzg5MDEyMzQ1Njc4.{}.x",
    "REPLICATE_WEBHOOK_SECRET": "whsec_{}",
}  # fmt: skip
PASSWORD = "hush-password-in-an-address"
BASES = ("OPENAI_BASE_URL", "FAL_BASE_URL", "REPLICATE_BASE_URL", "RECRAFT_BASE_URL", "BFL_BASE_URL", "STABILITY_BASE_URL",
         "GEMINI_BASE_URL", "IDEOGRAM_BASE_URL", "XAI_BASE_URL", "MIDAPI_BASE_URL", "MIDJOURNEY_API_BASE_URL",
         "FAL_JWKS_URL")  # fmt: skip
WITH_LOGIN = ("COMFYUI_URL", "A1111_URL")
LOGIN = f"root:{PASSWORD}"


def secrets() -> dict[str, str]:
    """A known value for each secret setting there is."""
    words = {row.name: f"hush-{row.name.lower().replace('_', '-')}" for row in describe() if row.secret}
    words["REPLICATE_WEBHOOK_SECRET"] = base64.b64encode(words["REPLICATE_WEBHOOK_SECRET"].encode()).decode()
    return {name: SHAPES.get(name, "{}").format(word) for name, word in words.items()}


@asynccontextmanager
async def echoing() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that refuses everything and says in its refusal all that it was sent; its address, and what it heard."""
    heard: list[str] = []

    async def refuse(request: web.Request) -> web.Response:
        sent = f"{request.url} {dict(request.headers)} {await request.text()}"
        heard.append(sent)
        said = {"error": sent, "message": sent, "detail": sent, "msg": sent, "ok": False, "errors": [sent], "code": 500}
        return web.json_response(said, status=(400, 401, 402)[len(heard) % 3], headers={"X-Said": quote(sent)[:2000]})

    app = web.Application(client_max_size=50 * 2**20)
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", heard
    finally:
        await runner.cleanup()


def usable(*, many: bool = False) -> dict[str, str]:
    """Those that may be set together: Slack's for one workspace, or (`many`) for many."""
    other = "SLACK_BOT_TOKEN" if many else "SLACK_CLIENT_SECRET"
    more = {"SLACK_CLIENT_ID": "1.2", "PUBLIC_URL": "http://127.0.0.1:9"} if many else {}
    return {name: value for name, value in secrets().items() if name != other} | more


def everything(base: str, *, many: bool = False) -> dict[str, str]:
    """Every secret, every vendor and both chats at the echoing server."""
    addresses = dict.fromkeys(BASES, base) | dict.fromkeys(WITH_LOGIN, base.replace("://", f"://{LOGIN}@"))
    return usable(many=many) | addresses | {"DISCORD_API_URL": base, "SLACK_API_URL": f"{base}/"}


def spoken(output: str, told: Mapping[str, str]) -> list[str]:
    """Names of the settings whose secret stands in the output, in any usual spelling."""
    found = []
    for name, secret in (*told.items(), ("a password in an address", PASSWORD), ("a login in an address", LOGIN)):
        spellings = {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode(), json.dumps(secret)[1:-1]}
        found += [name for one in spellings if one in output]
    return found


def without_chats(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if not name.startswith(("DISCORD_", "SLACK_"))}


def everything_in(folder: Path) -> str:
    """Every byte of every file."""
    return "".join(file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file())


async def asked_for_pictures(url: str) -> str:
    """Every provider is asked by name; what the page is told about it."""
    async with httpx.AsyncClient(base_url=url, headers=OWN, trust_env=False, timeout=20) as client:
        words = []
        for number, name in enumerate(("openai", "fal", "replicate", "gemini", "bfl", "a1111", "sketch")):
            sent = fields(text="/imagine a fox", options=json.dumps({"provider": name}), key=f"request-{number:04}")
            words.append((await client.post("/api/command", files=sent)).text)
        words.append((await client.post("/webhooks/fal/x/y", content=b"{")).text)
        async with asyncio.timeout(20):
            while True:
                state = (await client.get("/api/state", params={"user": "Robin"})).text
                shown = [message["card"] for message in json.loads(state)["messages"] if message["job"]]
                if shown and not any(card["tone"] in {"waiting", "running"} for card in shown):
                    return "\n".join([*words, state])
                await asyncio.sleep(0.1)


async def test_no_output_of_a_run_with_failures_holds_a_secret(tmp_path: Path) -> None:
    """The log at its most talkative, what is printed, what the page is told, and every byte of the database."""
    async with echoing() as (base, heard):
        settings = without_chats(everything(base)) | {"IMAGINE_LOG_LEVEL": "debug", "IMAGINE_MODERATION": ""}
        settings |= {"IMAGINE_USER_RUNNING": "10", "IMAGINE_PLAYGROUND": "on"}
        async with bot_process(tmp_path, "run", **settings) as bot:
            told = await asked_for_pictures(await bot.url())
            bot.send(signal.SIGTERM)
            code, out, log = await bot.ended()
        assert code == 0
        assert len(heard) > 5, "the vendors were asked"
        assert any(secrets()["OPENAI_API_KEY"] in sent for sent in heard), "and the echo was poisoned"
    for where, output in {"log": log, "printed": out, "page": told, "data folder": everything_in(tmp_path)}.items():
        assert (where, spoken(output, secrets())) == (where, [])


async def test_neither_check_nor_a_failed_start_tells_one(tmp_path: Path, invoke: Invoke) -> None:  # noqa: F811
    async with echoing() as (base, heard):
        settings = everything(base) | {"IMAGINE_DATA_DIR": str(tmp_path / "data"), "HTTP_PORT": "0"}
        settings["IMAGINE_PROVIDERS"] = "openai,gemini,a1111"
        checked = await invoke("check", **settings)
        assert checked.exit_code == 1
        assert len(heard) > 4
        many = await invoke("check", **settings | everything(base, many=True) | {"SLACK_BOT_TOKEN": ""})
        assert any(secrets()["SLACK_CLIENT_SECRET"] in sent for sent in heard), "Slack was asked"
        slack = {name: value for name, value in settings.items() if name.startswith("SLACK_")}
        code, started = await ended(tmp_path, **without_chats(settings), **slack)
    assert (code, "Slack" in started) == (2, True), started
    for output in (checked.output, many.output, started):
        assert spoken(output, secrets()) == []


async def test_neither_a_wrong_setting_nor_a_dump_tells_one(invoke: Invoke) -> None:  # noqa: F811
    wrong = {name: f"{value} with a space" for name, value in secrets().items()}
    refused = await invoke("check", **wrong)
    assert refused.exit_code == 1
    assert spoken(refused.output, secrets()) == []
    for many in (False, True):
        settings = load_settings(usable(many=many), None)
        dumps = (repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json())
        assert spoken("".join(dumps), secrets()) == []


async def ended(folder: Path, **settings: str) -> tuple[int, str]:
    """A start that cannot succeed: exit code and everything that was said."""
    async with bot_process(folder, "run", **settings) as bot:
        code, out, log = await bot.ended()
        return code, out + log
