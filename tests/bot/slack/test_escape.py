"""No text of a user pings, links or formats."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.escape import JOINER, clean, cut, escaped, plain

NASTY = st.text(st.sampled_from("<>!@#&*_~`|ab hercnl\n\t\0\u202e;lgtmp"), max_size=80)


@given(st.one_of(st.text(), NASTY))
def test_nothing_in_escaped_text_is_parsed(text: str) -> None:
    safe = escaped(text)
    assert not set("<>") & set(safe)
    assert not re.search(r"&(?!(lt|gt|amp);)", safe)
    assert not re.search(rf"@(?!{JOINER})", safe)
    assert not re.search(rf"(?<!{JOINER})([*_~`|]|&gt;)|([*_~`|]|&gt;)(?!{JOINER})", safe)


@given(NASTY)
def test_escaping_loses_no_visible_character(text: str) -> None:
    back = escaped(text).replace(JOINER, "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert back == clean(text)


@given(st.text())
def test_clean_text_has_no_control_characters(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", clean(text))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs"], exclude_characters="\u2028\u2029"), max_size=50))
def test_what_slack_escaped_comes_back_as_typed(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(sent) == text.strip()


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("<@U123|ann> and <@U9>", "@ann and @U9"),
        ("in <#C1|art>", "in #art"),
        ("<!channel> <!subteam^S1|@painters>", "@channel @painters"),
        ("<https://x.test/a.png?b=1&amp;c=2> fox", "https://x.test/a.png?b=1&c=2 fox"),
        ("<https://x.test/a|x.test/a> fox", "https://x.test/a fox"),
        ("<mailto:a@b.test|a@b.test>", "a@b.test"),
        ("a <b> c", "a <b> c"),
        ("a &amp;lt; b", "a &lt; b"),
    ],
)
def test_slacks_markup_becomes_words(sent: str, typed: str) -> None:
    assert plain(sent) == typed


def test_cut_keeps_the_limit_and_says_so() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
