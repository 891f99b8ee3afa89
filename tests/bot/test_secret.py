"""The secret is made once, whole, and readable by its owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StartError
from bot.secret import kept_secret


def test_made_once(tmp_path: Path) -> None:
    made = kept_secret(tmp_path / "data")
    assert len(made) == 64
    assert kept_secret(tmp_path / "data") == made
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]


def test_an_empty_file_of_a_killed_process_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    assert len(kept_secret(tmp_path)) == 64


@pytest.mark.parametrize("found", [b"\xff\xfe\x00bin", b"short", b"with spaces, and long enough"])
def test_what_is_no_secret_is_told_and_left_alone(tmp_path: Path, found: bytes) -> None:
    (tmp_path / "secret").write_bytes(found)
    with pytest.raises(StartError, match="at least 16 characters without spaces"):
        kept_secret(tmp_path)
    assert (tmp_path / "secret").read_bytes() == found


def test_a_new_folder_is_for_this_user_alone(tmp_path: Path) -> None:
    kept_secret(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
