"""Command lines and names."""

from __future__ import annotations

import pytest

from bot.jobs.asks import Ask, Command, Imagine
from bot.jobs.model import Place, Platform
from bot.playground.commands import CommandError, read_command
from bot.playground.people import actor

ASK = Ask(actor("Robin"), Place(Platform.PLAYGROUND, "playground"), "k")


def test_imagine_keeps_the_text_as_typed() -> None:
    asked = read_command(ASK, " /imagine  a fox\nin snow --ar 3:2 ", {"style": " ink ", "seed": ""}, None)
    assert asked == Imagine(ASK, "a fox\nin snow --ar 3:2", {"style": "ink"}, None)


@pytest.mark.parametrize("name", ["info", "settings", "help", "HELP"])
def test_other_commands(name: str) -> None:
    assert read_command(ASK, f"/{name}", {}, None) == Command(ASK, name.lower())


def test_imagine_alone_is_empty_text() -> None:
    assert read_command(ASK, "/imagine", {}, None) == Imagine(ASK, "")


@pytest.mark.parametrize(
    ("line", "options", "hint"),
    [("/draw a fox", {}, "/imagine, /info"), ("a fox", {}, "/imagine a fox"), ("", {}, "slash"), ("/ x", {}, "slash"),
     ("/imagine a fox", {"size": "9"}, "size"), ("/imagine {0} {x}", {"image": "9"}, "image")],
)  # fmt: skip
def test_hints(line: str, options: dict[str, str], hint: str) -> None:
    with pytest.raises(CommandError, match=hint):
        read_command(ASK, line, options, None)


@pytest.mark.parametrize(
    ("name", "user_id"), [("Robin", "robin"), ("  Élodie  O'Neil ", "élodie-o-neil"), ("李雷", "李雷"), ("a:b", "a-b")]
)
def test_names_become_ids(name: str, user_id: str) -> None:
    assert actor(name).user_id == user_id


@pytest.mark.parametrize("name", ["", "   ", "!!!", "x" * 33, "\u202e"])
def test_unusable_names(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        actor(name)
