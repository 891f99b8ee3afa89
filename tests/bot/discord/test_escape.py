"""User text shows as typed: no markdown, no link, no mention survives, and it is never too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.escape import ELLIPSIS, clean, cut, escape, length

PIECES = [*"@<>#*_~`|[]()\\-:/!&0123 \n\t\u202e\x00", "everyone", "here", "https", "é", "🗼"]
NASTY = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
TEXTS = st.one_of(st.text(max_size=300), NASTY)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~|`\[\]<>]")
PING = re.compile(r"@(?:everyone|here)", re.IGNORECASE)
LINE_START = re.compile(r"^(?:#{1,3}|-#|[-+>]|\d+[.)])\s", re.MULTILINE)


def shown(markdown: str) -> str:
    """What Discord's client shows: a backslash before punctuation is eaten, ours before a ping is invisible."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("@\u200b", "@")


@given(TEXTS)
def test_nothing_that_formats_links_or_pings_survives(text: str) -> None:
    made = escape(text, 5_000)
    assert not UNESCAPED.search(made)
    assert not PING.search(made)
    assert not LINE_START.search(made)
    assert "://" not in made
    assert "\n" not in made


@given(TEXTS)
def test_what_is_shown_is_what_was_typed(text: str) -> None:
    assert shown(escape(text, 5_000)) == clean(text).replace("@\u200b", "@")


@given(TEXTS, st.integers(0, 40))
def test_a_cut_is_within_its_limit_and_never_inside_an_escape(text: str, most: int) -> None:
    made = escape(text, most)
    assert length(made) <= most
    assert not UNESCAPED.search(made)
    assert not re.search(r"(?<!\\)(?:\\\\)*\\$", made)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("# big", r"\# big"),
        ("-# small", r"\-# small"),
        ("> quote", r"\> quote"),
        ("12. twelfth", r"12\. twelfth"),
        ("[free](https://evil.example)", r"\[free\](https\://evil.example)"),
        ("<@123> <#4> <t:0>", r"\<@123\> \<#4\> \<t:0\>"),
        ("@Everyone", "@\u200bEveryone"),
        ("a\nb\r\n\tc", "a b c"),
        ("\u202eabc\x07", "abc"),
        ("lone \ud800 half", "lone ? half"),
    ],
)
def test_examples(typed: str, made: str) -> None:
    assert escape(typed, 200) == made


def test_astral_characters_count_twice() -> None:
    assert length("🗼") == 2
    assert cut("🗼🗼🗼", 5) == "🗼🗼" + ELLIPSIS
