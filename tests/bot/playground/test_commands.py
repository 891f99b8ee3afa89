"""Command lines and names."""

from __future__ import annotations

import pytest

from bot.jobs.asks import Ask, Attachment, Command, Imagine
from bot.jobs.place import Place, Platform
from bot.playground.commands import CommandError, read_command
from bot.playground.people import actor, read_roles

ASK = Ask(actor("Robin"), Place(Platform.PLAYGROUND, "playground"), "k")


async def read() -> bytes:
    return b"x"


def test_imagine_keeps_the_text_as_typed() -> None:
    asked = read_command(ASK, " /imagine  a fox\nin snow --ar 3:2 ", {"style": " ink ", "seed": ""}, None)
    assert asked == Imagine(ASK, "a fox\nin snow --ar 3:2", {"style": "ink"}, None)


@pytest.mark.parametrize("name", ["info", "settings", "help", "HELP"])
def test_other_commands(name: str) -> None:
    assert read_command(ASK, f"/{name}", {}, None) == Command(ASK, name.lower())


PICTURE = Attachment("x.png", 1, read)


@pytest.mark.parametrize(
    ("line", "expected"),
    [("/imagine-admin", ("imagine-admin", "settings", {})), ("/admin  USAGE", ("imagine-admin", "usage", {})),
     ("/admin user Élodie  O'Neil", ("imagine-admin", "user", {"user": "élodie-o-neil"})),
     ("/admin user @Kim", ("imagine-admin", "user", {"user": "kim"})), ("/admin stop", ("imagine-admin", "stop", {})),
     ("/style", ("style", "list", {})), ("/style show ink", ("style", "show", {"name": "ink"})),
     ("/style\nremove ink", ("style", "remove", {"name": "ink"})), ("/privacy", ("imagine-privacy", "", {}))],
)  # fmt: skip
def test_subcommands_and_short_words(line: str, expected: tuple[str, str, dict[str, str]]) -> None:
    assert read_command(ASK, line, {}, None) == Command(ASK, *expected)


def test_style_add_takes_options_and_the_picture() -> None:
    asked = read_command(ASK, "/style add ink", {"suffix": " in ink ", "prefix": ""}, PICTURE)
    assert asked == Command(ASK, "style", "add", {"name": "ink", "suffix": "in ink"}, {"preview": PICTURE})
    assert read_command(ASK, "/style show ink", {}, PICTURE) == Command(ASK, "style", "show", {"name": "ink"})


def test_imagine_alone_is_empty_text() -> None:
    assert read_command(ASK, "/imagine", {}, None) == Imagine(ASK, "")


@pytest.mark.parametrize(
    ("line", "options", "hint"),
    [("/draw a fox", {}, "/imagine, /info"), ("a fox", {}, "/imagine a fox"), ("", {}, "slash"), ("/ x", {}, "slash"),
     ("/style paint", {}, "/style list, /style show NAME"), ("/style show", {}, "Type: /style show NAME"),
     ("/admin user", {}, "/imagine-admin user USER"), ("/admin user !!", {}, "letter or digit"),
     ("/style add x", {"size": "9"}, "style add"), ("/style list", {"prefix": "9"}, "prefix"),
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


def test_a_moderator_is_an_admin_and_roles_are_words() -> None:
    who = actor("Robin", moderator=True, roles=read_roles(" Artists,vip\tVIP,, "))
    assert (who.moderator, who.admin, who.roles) == (True, True, ("artists", "vip"))
    assert not actor("Robin").admin
    assert len(read_roles(" ".join(map(str, range(50))))) == 20
