"""The secret is made once, whole, and readable by its owner alone."""

from __future__ import annotations

from pathlib import Path

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
