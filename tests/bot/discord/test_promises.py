"""The file of answers that are owed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.discord.promises import Promises


def begun(path: Path, now: float = 1000.0) -> tuple[Promises, list[str]]:
    made = Promises(path, lambda: now)
    return made, [promise.interaction for promise in made.begin()]


def promise(made: Promises, *names: str) -> None:
    for name in names:
        made.make(name, "7", f"token {name}", hidden=name == "b", silent=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "promises.jsonl"


def test_the_next_life_finds_what_was_not_kept(path: Path) -> None:
    made, none = begun(path)
    assert none == []
    promise(made, "a", "b", "c")
    made.keep("b")
    made.end()
    again = Promises(path, lambda: 1500.0)
    found = again.begin()
    assert [(one.interaction, one.application, one.token, one.hidden, one.silent) for one in found] == [
        ("a", "7", "token a", False, False),
        ("c", "7", "token c", False, False),
    ]
    again.end()
    assert begun(path)[1] == [], "they are told once"


def test_nothing_stands_there_while_nothing_is_owed(path: Path) -> None:
    made, _ = begun(path)
    promise(made, "a", "b")
    made.keep("a")
    assert path.read_text() != ""
    made.keep("b")
    made.keep("never made")
    assert path.read_text() == ""
    assert path.stat().st_mode & 0o077 == 0, "tokens are nobody else's"


@pytest.mark.parametrize("later", [900.1, -10.0])
def test_a_token_that_is_over_is_no_promise_any_more(path: Path, later: float) -> None:
    """Nor one that no clock of ours can have given."""
    made, _ = begun(path)
    promise(made, "a")
    made.end()
    assert begun(path, 1000.0 + later)[1] == []


@pytest.mark.parametrize(
    "line", ["{", '{"interaction": "x"}', "[]", '"x"', "null", '{"kept": []}', "\udcff", '{"interaction']
)
def test_lines_that_are_none_of_ours_are_left_out(path: Path, line: str) -> None:
    made, _ = begun(path)
    promise(made, "a")
    made.end()
    with path.open("a", errors="surrogateescape") as file:
        file.write(line)
    assert begun(path)[1] == ["a"]


def test_another_process_has_the_file(path: Path) -> None:
    made, _ = begun(path)
    promise(made, "a")
    second, none = begun(path)
    assert none == []
    promise(second, "b")
    second.keep("b")
    made.end()
    assert begun(path)[1] == ["a"]


def test_without_a_file_nothing_is_kept(tmp_path: Path) -> None:
    made = Promises(None, lambda: 0.0)
    assert made.begin() == []
    promise(made, "a")
    made.keep("a")
    made.end()
    lost, none = begun(tmp_path / "no" / "such" / "folder")
    assert none == []
    promise(lost, "a")
    lost.keep("a")
