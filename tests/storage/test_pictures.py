"""What only the obstore adapter has: its check, its folder, its failures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from storage.pictures import ObstorePictures


async def test_check_leaves_nothing_behind(tmp_path: Path) -> None:
    await ObstorePictures(str(tmp_path)).check()
    assert not any(Path.iterdir(tmp_path))


async def test_check_says_that_the_folder_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file, not a folder")
    with pytest.raises(StoreUnavailable, match="picture folder did not write"):
        await ObstorePictures(str(tmp_path / "pictures")).check()


async def test_a_key_is_a_path_below_the_folder(tmp_path: Path) -> None:
    await ObstorePictures(tmp_path.as_uri()).put("job/0.jpg", b"jpeg", "image/jpeg")
    assert (tmp_path / "job" / "0.jpg").read_bytes() == b"jpeg"


async def test_an_unknown_scheme_is_the_stores_failure() -> None:
    with pytest.raises(StoreUnavailable, match="object store did not write"):
        await ObstorePictures("nosuch://bucket").put("a", b"x", "image/png")


def test_obstore_is_loaded_at_first_use_only() -> None:
    code = "import sys, storage.pictures; storage.pictures.ObstorePictures('memory://'); sys.exit('obstore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
