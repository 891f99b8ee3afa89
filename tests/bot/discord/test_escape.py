"""User text shows as typed: no markdown, no link, no mention survives, and it is never too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.escape import ELLIPSIS, clean, cut, escape, length
from bot.jobs.mentions import channel_mention, role_mention

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


def test_mentions_of_the_core_are_discords_own_and_count() -> None:
    text = f"# {channel_mention('123')} *and* {role_mention('45')}"
    assert escape(text, 200) == r"\# <#123> \*and\* <@&45>"
    assert escape(channel_mention("123"), 6) == "<#123>"
    assert escape(channel_mention("123"), 5) == ELLIPSIS, "never cut inside"
    assert escape(f"a {channel_mention('123')} bcd", 9) == f"a <#123>{ELLIPSIS}"
    assert cut(text, 200) == "# #123 *and* @45", "labels hold plain text"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "<#123> <@&45> #123 @45 #12345678901234567 @12345678901234567",
            r"\<#123\> \<@&45\> #123 @45 #12345678901234567 @12345678901234567",
        ),
        ("\ufdd0c:\ufdd1 \ufdd0x:1\ufdd1 \ufdd0c:1", "c: x:1 c:1"),
        (role_mention("everyone"), "@\u200beveryone"),
        (channel_mention("hall"), "#hall"),
    ],
)
def test_nothing_else_is_a_mention(text: str, made: str) -> None:
    assert escape(text, 400) == made
