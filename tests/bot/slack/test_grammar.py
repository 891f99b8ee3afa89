"""Which texts are commands, and which are prompts."""

from __future__ import annotations

import pytest

from bot.jobs.catalog import COMMANDS
from bot.slack.grammar import IMAGINE, WORDS, Said, read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("info", Said("info")),
        (" HELP ", Said("help")),
        ("privacy", Said("imagine-privacy")),
        ("imagine-privacy", Said("imagine-privacy")),
        ("style", Said("style", "list")),
        ("style list", Said("style", "list")),
        ("Style  Show ink-wash", Said("style", "show", {"name": "ink-wash"})),
        ("style remove Größe2", Said("style", "remove", {"name": "Größe2"})),
        ("style add", Said("style", "add")),
        ("style add noir", Said("style", "add", {"name": "noir"})),
        ("admin", Said("imagine-admin", "settings")),
        ("imagine-admin settings", Said("imagine-admin", "settings")),
        ("admin usage", Said("imagine-admin", "usage")),
        ("admin review", Said("imagine-admin", "review")),
        ("admin log", Said("imagine-admin", "log")),
        ("admin stop", Said("imagine-admin", "stop")),
        ("admin\nresume", Said("imagine-admin", "resume")),
        ("admin user <@U0123ABC>", Said("imagine-admin", "user", {"user": "U0123ABC"})),
        ("admin user <@W9|Ann the Great>", Said("imagine-admin", "user", {"user": "W9"})),
        ("admin user @ann.lee", Said("imagine-admin", "user", {"user": ""})),
    ],
)
def test_a_whole_text_is_a_command(text: str, said: Said) -> None:
    assert read(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "imagine",
        "a fox",
        "admin of a castle",
        "administrator",
        "admin usage chart on a wall",
        "admin user",
        "admin user ann",
        "admin user <@U1> <@U2>",
        "admin user <#C1|art>",
        "admin --ar 1:1",
        "style show",
        "style of an old master",
        "style show two words",
        "style remove",
        "style add noir --suffix x",
        "style show --ar",
        "privacy please",
        "info info",
    ],
)
def test_anything_more_or_less_is_a_prompt(text: str) -> None:
    assert read(text) is None


def test_no_command_of_the_catalog_is_forgotten() -> None:
    for spec in COMMANDS:
        if spec.name == IMAGINE:
            continue
        word = spec.word or spec.name
        assert word in WORDS
        assert read(word) == read(spec.name) == Said(spec.name, spec.subs[0].name if spec.subs else "")
        for sub in spec.subs:
            value = "<@U1>" if sub.name == "user" else "x"
            texts = (f"{word} {sub.name}", f"{word} {sub.name} {value}")
            assert {(said.name, said.sub) for text in texts if (said := read(text))} == {(spec.name, sub.name)}
