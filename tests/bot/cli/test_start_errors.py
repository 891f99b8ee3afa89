"""What stops the start says so in a sentence, with exit code 2 and no traceback."""

from __future__ import annotations

import signal
import socket
import sqlite3
from pathlib import Path

from bot.texts.discord import KEY_REFUSED
from bot.texts.slack import bad_bot_token
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.support.process import bot_process


async def refused(folder: Path, **settings: str) -> list[str]:
    """Start, and hand back the lines that are no log."""
    async with bot_process(folder, **settings) as bot:
        code, out, log = await bot.ended()
    assert code == 2, log
    assert out == ""
    assert "Traceback" not in log
    return [line for line in log.splitlines() if not line.startswith("{")]


async def test_wrong_settings_are_said_all_at_once(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("IMAGINE_DAILY_IMAGES=many\n")
    lines = await refused(tmp_path, IMAGINE_DALY_IMAGES="5", HTTP_PORT="http")
    assert len(lines) == 3
    assert lines[0] == "IMAGINE_DALY_IMAGES is no setting. The nearest one is IMAGINE_DAILY_IMAGES."
    assert any(line.startswith("IMAGINE_DAILY_IMAGES is “many”, expected a whole number") for line in lines)
    assert any(line.startswith("HTTP_PORT is “http”") for line in lines)
    assert not (tmp_path / "data").exists()


async def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (line,) = await refused(tmp_path, HTTP_PORT=str(port))
    assert line.startswith(f"Port {port} on 127.0.0.1 is in use")
    assert not (tmp_path / "data" / "imagine.db").exists()


async def test_a_second_process_on_the_same_folder(tmp_path: Path) -> None:
    async with bot_process(tmp_path) as first:
        await first.url()
        (line,) = await refused(tmp_path)
        first.send(signal.SIGTERM)
        assert (await first.ended())[0] == 0
    assert line.startswith("Another imagine-bot process is running on this data folder")


async def test_two_data_folders_on_one_database(tmp_path: Path) -> None:
    """Each would take up the other's jobs, and pay for them a second time."""
    shared = f"sqlite:///{tmp_path / 'shared.db'}"
    async with bot_process(tmp_path, DATABASE_URL=shared) as first:
        await first.url()
        (line,) = await refused(tmp_path, DATABASE_URL=shared, IMAGINE_DATA_DIR=str(tmp_path / "other"))
    assert line == f"Another imagine-bot process is running on this database ({tmp_path / 'shared.db.lock'})."


async def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (line,) = await refused(tmp_path, IMAGINE_DATA_DIR=str(tmp_path / "file" / "data"))
    assert "cannot be used" in line
    assert "IMAGINE_DATA_DIR" in line


async def test_a_database_that_another_process_locks(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "held.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        (line,) = await refused(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'held.db'}")
    finally:
        holder.close()
    assert "cannot be opened for writing" in line
    assert "database is locked" in line


async def test_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder where SQLite keeps its log: for every user, root included, the file cannot be written."""
    (tmp_path / "sealed.db").touch()
    (tmp_path / "sealed.db-wal").mkdir()
    (line,) = await refused(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'sealed.db'}")
    assert "cannot be opened for writing" in line


async def test_an_unknown_provider(tmp_path: Path) -> None:
    (line,) = await refused(tmp_path, IMAGINE_PROVIDERS="dalle")
    assert "IMAGINE_PROVIDERS" in line
    assert "dalle" in line


async def test_a_token_that_discord_refuses(tmp_path: Path) -> None:
    async with FakeDiscord() as fake:
        (line,) = await refused(tmp_path, DISCORD_TOKEN="not.a.token", DISCORD_API_URL=fake.api_url)
    assert line == KEY_REFUSED


async def test_a_token_that_slack_refuses(tmp_path: Path) -> None:
    async with FakeSlack() as fake:
        tokens = {"SLACK_BOT_TOKEN": "xoxb-wrong-token", "SLACK_APP_TOKEN": fake.app_token}
        (line,) = await refused(tmp_path, **tokens, SLACK_API_URL=fake.api_url)
    assert line == bad_bot_token("invalid_auth")
