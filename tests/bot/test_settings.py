"""Settings: read, refused with one clear line each, never shown where secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, describe
from bot.settings_load import load_settings
from bot.texts import settings as texts
from tests.bot.wrong_settings import lines

TOKEN = "very-secret-token"
NAMES = """
DISCORD_TOKEN DISCORD_GUILD_IDS DISCORD_API_URL DISCORD_GATEWAY_URL DISCORD_SHARD_COUNT DISCORD_SHARD_IDS
SLACK_BOT_TOKEN SLACK_APP_TOKEN SLACK_SIGNING_SECRET SLACK_CLIENT_ID SLACK_CLIENT_SECRET SLACK_COMMAND SLACK_API_URL
IMAGINE_DATA_DIR DATABASE_URL PICTURES_URL PICTURES_PUBLIC_URL HTTP_HOST HTTP_PORT PUBLIC_URL IMAGINE_PLAYGROUND IMAGINE_API
IMAGINE_SECRET IMAGINE_PROVIDERS IMAGINE_ROUTE IMAGINE_PRICES IMAGINE_MODERATION
IMAGINE_DAILY_IMAGES IMAGINE_USER_RUNNING IMAGINE_USER_WAITING IMAGINE_RUNNING IMAGINE_WAITING
IMAGINE_POLL_SECONDS IMAGINE_STOP_SECONDS IMAGINE_DIRECT IMAGINE_RETAIN_DAYS IMAGINE_ALLOW_HOSTS
IMAGINE_CALLBACK_HOSTS
IMAGINE_ROLES IMAGINE_METRICS_TOKEN IMAGINE_LOG_LEVEL
IMAGINE_SKETCH_SECONDS
FAL_KEY FAL_BASE_URL FAL_JWKS_URL IMAGINE_FAL_MODEL
REPLICATE_API_TOKEN REPLICATE_BASE_URL REPLICATE_WEBHOOK_SECRET IMAGINE_REPLICATE_MODEL
OPENAI_API_KEY OPENAI_BASE_URL IMAGINE_OPENAI_MODEL IMAGINE_OPENAI_PARTIALS
RECRAFT_API_KEY RECRAFT_BASE_URL IMAGINE_RECRAFT_MODEL
BFL_API_KEY BFL_BASE_URL BFL_WEBHOOK_SECRET IMAGINE_BFL_MODEL
STABILITY_API_KEY STABILITY_BASE_URL IMAGINE_STABILITY_MODEL
GEMINI_API_KEY GEMINI_BASE_URL IMAGINE_GEMINI_MODEL
IDEOGRAM_API_KEY IDEOGRAM_BASE_URL IMAGINE_IDEOGRAM_MODEL
XAI_API_KEY XAI_BASE_URL IMAGINE_XAI_MODEL
MIDAPI_API_KEY MIDAPI_BASE_URL IMAGINE_MIDAPI_MODEL
IMAGINE_MIDAPI_INDEX_BASE IMAGINE_MIDAPI_UPSCALE_PATH IMAGINE_MIDAPI_VARY_PATH
MIDJOURNEY_API_KEY MIDJOURNEY_API_BASE_URL IMAGINE_MIDJOURNEY_MODEL IMAGINE_MIDJOURNEY_RELAX_WORD
A1111_URL IMAGINE_A1111_MODEL IMAGINE_A1111_UPSCALER
COMFYUI_URL IMAGINE_COMFYUI_MODEL IMAGINE_COMFYUI_UPSCALER IMAGINE_COMFYUI_WORKFLOW
IMAGINE_COMFYUI_IMG2IMG_WORKFLOW IMAGINE_COMFYUI_UPSCALE_WORKFLOW
"""


def many(without: str = "") -> dict[str, str]:
    """Slack for many workspaces, as far as settings go."""
    whole = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "abc",
        "SLACK_APP_TOKEN": "xapp-1",
        "PUBLIC_URL": "https://a.b",
    }
    return {name: value for name, value in whole.items() if name != without}


def test_the_table_has_every_name_once_with_its_meaning() -> None:
    rows = describe()
    assert [row.name for row in rows] == NAMES.split()
    assert all(10 <= len(row.meaning) <= 100 for row in rows)
    assert {row.name for row in rows if row.secret} == {
        "DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET",
        "IMAGINE_SECRET", "IMAGINE_METRICS_TOKEN",
        "FAL_KEY", "REPLICATE_API_TOKEN", "REPLICATE_WEBHOOK_SECRET", "OPENAI_API_KEY", "RECRAFT_API_KEY", "BFL_API_KEY",
        "BFL_WEBHOOK_SECRET", "STABILITY_API_KEY", "GEMINI_API_KEY", "IDEOGRAM_API_KEY", "XAI_API_KEY", "MIDAPI_API_KEY",
        "MIDJOURNEY_API_KEY",
    }  # fmt: skip


def test_the_defaults_as_written_are_read_as_the_defaults() -> None:
    written = {row.name: row.default for row in describe()}
    assert written["IMAGINE_STOP_SECONDS"] == "200"
    assert load_settings(written, None) == Settings() == load_settings({}, None)


def test_all_kinds_of_values() -> None:
    settings = load_settings(
        {
            "DISCORD_TOKEN": f" {TOKEN}\n", "DISCORD_GUILD_IDS": "1, 22,", "DISCORD_SHARD_COUNT": "2",
            "DISCORD_SHARD_IDS": "0,1",
            "DISCORD_API_URL": "http://127.0.0.1:5/api/v10/", "SLACK_API_URL": "http://127.0.0.1:6/api",
            "IMAGINE_DATA_DIR": "/srv/a b", "DATABASE_URL": "sqlite:////srv/x.db", "PICTURES_URL": "s3://bucket/p",
            "PUBLIC_URL": "https://a.b/prefix/", "IMAGINE_PLAYGROUND": "Off", "IMAGINE_PROVIDERS": "FAL, sketch",
            "IMAGINE_MODERATION": "OpenAI,local",
            "IMAGINE_DAILY_IMAGES": "7", "IMAGINE_POLL_SECONDS": ".5",
            "IMAGINE_ALLOW_HOSTS": "comfy_ui:8188,10.0.0.1,[FD00::1]:80", "IMAGINE_CALLBACK_HOSTS": "Shop.lan:9000",
            "IMAGINE_LOG_LEVEL": "DEBUG", "HTTP_HOST": "::1", "HTTP_PORT": "0", "PATH": "/bin",
        },
        None,
    )  # fmt: skip
    assert settings == Settings(
        discord_token=SecretStr(TOKEN), discord_guild_ids=(1, 22), discord_shard_count=2, discord_shard_ids=(0, 1),
        discord_api_url="http://127.0.0.1:5/api/v10", slack_api_url="http://127.0.0.1:6/api/",
        imagine_data_dir=Path("/srv/a b"), database_url="sqlite+aiosqlite:////srv/x.db", pictures_url="s3://bucket/p",
        public_url="https://a.b/prefix", imagine_playground=False, imagine_providers=("fal", "sketch"),
        imagine_moderation=("openai", "local"),
        imagine_daily_images=7, imagine_poll_seconds=0.5, imagine_allow_hosts=("comfy_ui:8188", "10.0.0.1", "[fd00::1]:80"),
        imagine_log_level="debug", http_host="::1", http_port=0, imagine_callback_hosts=("shop.lan:9000",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_GUILD_IDS", "1,x"), ("DISCORD_GUILD_IDS", "1,1"), ("DISCORD_API_URL", "discord.com"),
        ("DISCORD_GATEWAY_URL", "https://x"),
        ("DISCORD_SHARD_COUNT", "0"), ("SLACK_COMMAND", "imagine"), ("SLACK_COMMAND", "/Imagine it"),
        ("SLACK_API_URL", "ftp://x"),
        ("DATABASE_URL", "mysql://x"), ("DATABASE_URL", "sqlite://"), ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://db"), ("DATABASE_URL", "postgresql:///bot"),
        ("DATABASE_URL", "postgresql+asyncpg://db/bot"), ("DATABASE_URL", "postgresql://db:0/bot"),
        ("PICTURES_URL", "s3://"),
        ("PICTURES_URL", "file://host/x"), ("PICTURES_URL", "pictures"), ("HTTP_HOST", "http://x"), ("HTTP_HOST", "a:80"),
        ("HTTP_PORT", "65536"), ("HTTP_PORT", "-1"), ("HTTP_PORT", "http"), ("PUBLIC_URL", "a.b"),
        ("PUBLIC_URL", "https://a.b/?x=1"),
        ("PUBLIC_URL", "https://a.b/../c"), ("PUBLIC_URL", "https://a.b//c"), ("PUBLIC_URL", "https://a.b/#x"),
        ("PUBLIC_URL", "https://[::1"), ("PUBLIC_URL", "https://a.b:99999"), ("PUBLIC_URL", "https://"),
        ("IMAGINE_PLAYGROUND", "maybe"), ("IMAGINE_PROVIDERS", "fal,fal"), ("IMAGINE_PROVIDERS", "f al"),
        ("IMAGINE_MODERATION", "azure"), ("IMAGINE_MODERATION", "local,local"),
        ("IMAGINE_DAILY_IMAGES", "0"),
        ("IMAGINE_DAILY_IMAGES", "1.5"), ("IMAGINE_RUNNING", "9" * 5000), ("IMAGINE_USER_RUNNING", "three"),
        ("IMAGINE_USER_WAITING", "-1"),
        ("IMAGINE_POLL_SECONDS", "0"), ("IMAGINE_POLL_SECONDS", "nan"), ("IMAGINE_STOP_SECONDS", "-1"),
        ("IMAGINE_STOP_SECONDS", "inf"),
        ("IMAGINE_ALLOW_HOSTS", "http://x"), ("IMAGINE_ALLOW_HOSTS", "a:0"), ("IMAGINE_ALLOW_HOSTS", "fd00::1"),
        ("IMAGINE_CALLBACK_HOSTS", "http://shop.lan"),
        ("IMAGINE_LOG_LEVEL", "loud"), ("IMAGINE_DATA_DIR", "~nobody-here/x"),
        ("IMAGINE_COMFYUI_WORKFLOW", "~nobody-here/x.json"),
        ("IMAGINE_DATA_DIR", "a\0b"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_was_expected(name: str, value: str) -> None:
    (line,) = (one for one in lines({name: value}) if " is “" in one)
    assert line.startswith(f"{name} is “{value[:40]}")
    assert ", expected " in line
    assert "pydantic" not in line
    assert len(line) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "Bot very secret"), ("SLACK_BOT_TOKEN", "xapp-secret"), ("SLACK_APP_TOKEN", "xoxb-secret"),
        ("SLACK_SIGNING_SECRET", "very secret"), ("IMAGINE_SECRET", "secret"),
    ],
)  # fmt: skip
def test_a_wrong_secret_is_named_and_not_shown(name: str, value: str) -> None:
    said = "\n".join(lines({name: value}))
    assert f"{name} (value not shown): expected " in said
    assert value not in said


def test_logins_in_addresses_are_not_shown() -> None:
    assert lines({"PUBLIC_URL": "https://me:geheim@a.b"})[0].startswith("PUBLIC_URL is “https://***@a.b”")
    (line,) = lines({"DATABASE_URL": "postgresql://me:geheim@db"})
    assert "geheim" not in line
    assert line.endswith("or postgresql://USER:PASSWORD@HOST:PORT/DATABASE.")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("postgres://me:p%40ss@db:5433/bot?sslmode=require", "postgresql://me:p%40ss@db:5433/bot?sslmode=require"),
        ("postgresql+psycopg://me@[::1]/bot", "postgresql://me@[::1]/bot"),
        ("postgresql:///bot?host=/run/postgresql", "postgresql:///bot?host=/run/postgresql"),
    ],
)
def test_a_server_is_kept_without_a_driver(typed: str, kept: str) -> None:
    settings = load_settings({"DATABASE_URL": typed, "IMAGINE_SECRET": "a-phrase-of-sixteen"}, None)
    assert settings.database_url == kept
    assert ("p@ss" in settings.secrets()) == ("p%40ss" in typed)


def test_processes_on_a_server_share_a_secret() -> None:
    (line,) = lines({"DATABASE_URL": "postgresql://me@db/bot"})
    assert "needs IMAGINE_SECRET too" in line


def test_everything_wrong_is_said_at_once() -> None:
    assert len(lines({"HTTP_PORT": "x", "IMAGINE_RUNNING": "x", "IMAGINE_COLOUR": "red", "SLACK_APP_TOKEN": "xapp-1"})) == 4


@pytest.mark.parametrize("name", ["IMAGINE_DAILY_IMAGE", "imagine_daily_images"])
def test_an_unknown_name_of_ours_is_an_error(name: str, tmp_path: Path) -> None:
    sentence = f"{name} is no setting. The nearest one is IMAGINE_DAILY_IMAGES."
    (tmp_path / ".env").write_text(f"{name}=5\n")
    assert lines({name: "5"}) == lines({}, tmp_path / ".env") == [sentence]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN is set, and it needs SLACK_BOT_TOKEN or SLACK_CLIENT_ID too."),
        (
            {"SLACK_SIGNING_SECRET": "abc"},
            "SLACK_SIGNING_SECRET is set, and it needs SLACK_BOT_TOKEN or SLACK_CLIENT_ID too.",
        ),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN is set, and it needs SLACK_APP_TOKEN or SLACK_SIGNING_SECRET too."),
        (many("SLACK_CLIENT_SECRET"), "SLACK_CLIENT_ID is set, and it needs SLACK_CLIENT_SECRET too."),
        (many("PUBLIC_URL"), "SLACK_CLIENT_ID is set, and it needs PUBLIC_URL too."),
        (many("SLACK_APP_TOKEN"), "SLACK_CLIENT_ID is set, and it needs SLACK_APP_TOKEN or SLACK_SIGNING_SECRET too."),
        (many() | {"SLACK_BOT_TOKEN": "xoxb-1"}, texts.ONE_OR_MANY),
        ({"SLACK_CLIENT_SECRET": "abc"}, "SLACK_CLIENT_SECRET is set, and it needs SLACK_CLIENT_ID too."),
        ({"DISCORD_SHARD_IDS": "0"}, "DISCORD_SHARD_IDS is set, and it needs DISCORD_SHARD_COUNT too."),
        (
            {"DISCORD_SHARD_IDS": "0,2", "DISCORD_SHARD_COUNT": "2"},
            "DISCORD_SHARD_IDS names shard 2, and DISCORD_SHARD_COUNT is 2: expected numbers from 0 to 1.",
        ),
    ],
)
def test_settings_that_need_each_other(given: dict[str, str], sentence: str) -> None:
    assert lines(given) == [sentence]


def test_the_environment_wins_over_the_file_and_empty_means_unset(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# ours\nHTTP_PORT=1\nexport IMAGINE_RUNNING='2' # two\nIMAGINE_USER_RUNNING=3\nDISCORD_TOKEN=\nOTHER=x\n"
    )
    settings = load_settings({"HTTP_PORT": "9", "IMAGINE_RUNNING": " ", "DISCORD_TOKEN": ""}, file)
    assert (settings.http_port, settings.imagine_running, settings.imagine_user_running) == (9, 2, 3)
    assert settings.discord_token is None


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"HTTP_PORT=1\nDISCORD_TOKEN {TOKEN}\nSLACK_COMMAND='x\nHTTP_HOST\n")
    said = lines({}, file)
    assert [line.partition(" can't")[0] for line in said] == ["Line 2 of .env", "Line 3 of .env", "Line 4 of .env"]
    assert TOKEN not in "".join(said)
    file.write_bytes(b"HTTP_PORT=\xff\xfe")
    assert lines({}, file) == [".env can't be read: it is no UTF-8 text."]
    assert lines({}, tmp_path) == [f"{tmp_path.name} can't be read: Is a directory."]
    assert load_settings({}, tmp_path / "none").http_port == 8080


def test_secrets_never_show() -> None:
    settings = load_settings({"DISCORD_TOKEN": TOKEN, "IMAGINE_SECRET": "s" * 16}, None)
    assert TOKEN not in repr(settings) + str(settings) + str(settings.model_dump())
    assert set(settings.secrets()) == {TOKEN, "s" * 16}


def test_settings_do_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTP_PORT", "1")
    (tmp_path / ".env").write_text("HTTP_PORT=2")
    monkeypatch.chdir(tmp_path)
    assert Settings().http_port == 8080
