"""Where a backup may be written: over nothing, and under no name of the bot's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.conftest import Invoke
from tests.bot.cli.folders import at, filled


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("target", ["kept", "old/imagine.db", "old/secret", "notes.txt", "link"])
async def test_nothing_that_is_there_is_written_over(tmp_path: Path, invoke: Invoke, target: str) -> None:
    await filled(tmp_path / "old")
    assert (await invoke("backup", "kept", **at(tmp_path / "old"))).exit_code == 0
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    was = contents(tmp_path)
    refused = await invoke("backup", target, **at(tmp_path / "old"))
    assert (refused.exit_code, "is there already" in refused.output) == (2, True), refused.output
    assert contents(tmp_path) == was
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    "target", ["old/secret", "old/imagine.db-wal", "old/pictures", "old/pictures/x.tar", "old/imagine-bot.lock"]
)
async def test_a_name_of_the_bots_own_is_no_target_even_where_it_is_free(
    tmp_path: Path, invoke: Invoke, target: str
) -> None:
    home = tmp_path / "old"
    await filled(home)
    (home / "secret").unlink()
    (home / "pictures").rename(tmp_path / "bucket")
    settings = {**at(home), "IMAGINE_SECRET": "x" * 32, "PICTURES_URL": (tmp_path / "bucket").as_uri()}
    refused = await invoke("backup", target, **settings)
    assert (refused.exit_code, "the bot's own files" in refused.output) == (2, True), refused.output
    assert not (tmp_path / target).exists()


async def test_beside_a_database_elsewhere_its_name_is_taken_and_others_are_free(tmp_path: Path, invoke: Invoke) -> None:
    await filled(tmp_path / "old")
    (tmp_path / "shop").mkdir()
    (tmp_path / "old" / "imagine.db").rename(tmp_path / "shop" / "shop.db")
    elsewhere = {**at(tmp_path / "old"), "DATABASE_URL": f"sqlite:///{tmp_path / 'shop' / 'shop.db'}"}
    refused = await invoke("backup", "shop/shop.db-journal", **elsewhere)
    assert (refused.exit_code, "the bot's own files" in refused.output) == (2, True), refused.output
    assert (await invoke("backup", "shop/kept.tar", **elsewhere)).exit_code == 0
    assert (await invoke("backup", "old/secrets.tar", **elsewhere)).exit_code == 0
