"""Commands on a Postgres server, and the move of a community to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.lock import OF_FOLDER, folder_lock
from tests.bot.cli.conftest import Invoke
from tests.support.core import running_core
from tests.support.databases import stands_for

PHRASE = "a-phrase-of-sixteen"


async def drawn(folder: Path) -> str:
    """A community with one picture; its job."""
    async with running_core(folder) as core:
        return (await core.drawn("a fox at dusk")).id


async def test_a_community_moves_and_the_commands_find_it(tmp_path: Path, invoke: Invoke) -> None:
    job_id, url = await drawn(tmp_path), stands_for(tmp_path)
    old, server = {"DATABASE_URL": "sqlite:///bot.db"}, {"DATABASE_URL": url, "IMAGINE_SECRET": PHRASE}
    result = await invoke("migrate", "--to", url, **old)
    assert result.exit_code == 0, result.output
    assert "jobs: 1 rows, the same on both sides (sha256 " in result.output
    assert "IMAGINE_SECRET to what stands in data/secret" in result.output
    assert (await invoke("jobs", "list", **server)).output == (await invoke("jobs", "list", **old)).output
    assert job_id in (await invoke("jobs", "list", **server)).output
    assert (await invoke("usage", **server)).output == (await invoke("usage", **old)).output
    named = await invoke("migrate", "--to", "sqlite:///named.db", **old | {"IMAGINE_SECRET": PHRASE})
    assert ("leave IMAGINE_SECRET as it is" in named.output, "data/secret" in named.output) == (True, False), named.output
    assert "is up to date" in (await invoke("migrate", **server)).output
    back = await invoke("migrate", "--from", url, "--to", "sqlite:///back.db", **old)
    assert back.exit_code == 0, back.output
    assert "IMAGINE_SECRET" not in back.output
    again = await invoke("migrate", "--from", "sqlite:///back.db", "--to", url)
    assert (again.exit_code, "is not empty (table " in again.output) == (2, True), again.output


async def test_a_running_bots_file_is_not_moved(tmp_path: Path, invoke: Invoke) -> None:
    await drawn(tmp_path)
    with folder_lock(tmp_path / OF_FOLDER):
        result = await invoke("migrate", "--from", "sqlite:///bot.db", "--to", stands_for(tmp_path))
    assert result.exit_code == 2
    assert "Another imagine-bot process is running" in result.output


async def test_what_is_typed_wrong_is_said(tmp_path: Path, invoke: Invoke) -> None:
    half = await invoke("migrate", "--from", "sqlite:///bot.db")
    assert (half.exit_code, "give both" in half.output) == (2, True)
    odd = await invoke("migrate", "--to", "mysql://me:geheim@db/bot")
    assert (odd.exit_code, "expected sqlite:///PATH" in odd.output, "geheim" in odd.output) == (2, True, False)
    nothing = await invoke("migrate", "--from", "sqlite:///gone.db", "--to", "sqlite:///new.db")
    assert (nothing.exit_code, "There is no database at gone.db" in nothing.output) == (2, True)
    away = f"postgresql://me:geheim@/bot?host={tmp_path}"
    (tmp_path / "bot.db").touch()
    refused = await invoke("migrate", "--from", "sqlite:///bot.db", "--to", away)
    assert (refused.exit_code, "did not answer" in refused.output, "geheim" in refused.output) == (2, True, False)


@pytest.mark.parametrize("command_", ["backup", "restore"])
async def test_a_servers_own_tools_copy_it(tmp_path: Path, invoke: Invoke, command_: str) -> None:
    settings = {"DATABASE_URL": "postgresql://me@db/bot", "IMAGINE_SECRET": PHRASE}
    result = await invoke(command_, "file.tar", **settings)
    assert result.exit_code == 2
    assert ("`pg_dump`" if command_ == "backup" else "`pg_restore`") in result.output


async def test_check_looks_at_the_server(tmp_path: Path, invoke: Invoke) -> None:
    settings = {"IMAGINE_SECRET": PHRASE, "IMAGINE_SKETCH_SECONDS": "0"}
    good = await invoke("check", DATABASE_URL=stands_for(tmp_path), **settings)
    assert good.exit_code == 0, good.output
    bad = await invoke("check", DATABASE_URL=f"postgresql://me:geheim@/bot?host={tmp_path}", **settings)
    assert bad.exit_code == 1
    assert "postgresql://me:***@/bot" in bad.output
    refused = await invoke("migrate", DATABASE_URL=f"postgresql://me:geheim@/bot?host={tmp_path}", **settings)
    assert refused.exit_code == 2
    assert "Check that the server runs" in refused.output
    assert "geheim" not in bad.output + refused.output
