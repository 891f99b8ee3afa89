"""Prompt rules: what people do to hide a word, what is innocent, and expressions that would hang elsewhere."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.policy.listing import read_rules, write_rules
from bot.policy.records import Rule, RuleKind
from bot.policy.rules import book, links
from bot.policy.rules.listed import usable

WORD = st.sampled_from(["secret", "ass", "badword", "naked", "gore"])
LOOKS = {
    "a": "aAáäåаαａ𝓪ⓐᴀ", "b": "bBＢ𝓫ⓑ", "c": "cCçсｃ𝓬ⓒ", "d": "dDďｄ𝓭ⓓ", "e": "eEéёеｅ𝓮ⓔ", "g": "gGğｇ𝓰ⓖ", "k": "kKķｋ𝓴ⓚ",
    "n": "nNñｎ𝓷ⓝ", "o": "oOöоｏ𝓸ⓞ", "r": "rRřｒ𝓻ⓡ", "s": "sSşѕｓ𝓼ⓢ", "t": "tTťｔ𝓽ⓣ", "w": "wWŵｗ𝔀ⓦ",
}  # fmt: skip
HIDDEN = st.sampled_from(["", "\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u0301", "\u0336"])
GAP = st.sampled_from([" ", ".", "-", "_", "*", "  ", " . ", "~", "/", "_ ", "\n", "\u3000"])
MARK = st.sampled_from([".", "-", "*", "~", "'", "·"])
AROUND = st.sampled_from([("", ""), ("draw the ", " of it"), ("(", ")"), ("«", "»!"), ("日本 ", " 語")])


def rule(pattern: str, kind: RuleKind = RuleKind.WORD) -> Rule:
    return Rule(1, kind, pattern)


@given(st.data(), WORD, AROUND)
def test_no_spelling_hides_a_listed_word(data: st.DataObject, word: str, around: tuple[str, str]) -> None:
    letters = [data.draw(st.sampled_from(LOOKS[letter])) for letter in word]
    how = data.draw(st.sampled_from(["hidden", "spelt", "marks"]))
    if how == "hidden":
        said = "".join(letter + data.draw(HIDDEN) for letter in letters)
    elif how == "spelt":
        said = letters[0] + "".join(data.draw(GAP) + letter for letter in letters[1:])
    else:
        said = data.draw(MARK).join(letters)
    assert book.broken([rule(word)], around[0] + said + around[1]) is not None, ascii(said)


@pytest.mark.parametrize(("word", "text"), [
    ("ass", "a classy assassin in class, embassy, grass; as s is"), ("cunt", "the market of Scunthorpe"),
    ("sex", "Essex, Sussex and Middlesex"), ("pen", "the penis mightier than an open pencil"),
    ("secret", "secrets, secretary"), ("tit", "a titmouse on a title"),
    ("abc", "a b cat, a bc"), ("hell", "hello shell, he'll")])  # fmt: skip
def test_a_word_inside_an_innocent_one_is_innocent(word: str, text: str) -> None:
    assert book.broken([rule(word)], text) is None


@pytest.mark.parametrize(("phrase", "text", "stops"), [
    ("red fox", "a Red,  FOX!", True), ("red fox", "a réd\nfｏx", True), ("red fox", "r e d f o x", True),
    ("red fox", "a red big fox", False), ("red fox", "hatred foxes", False), ("red fox", "fox red", False)])  # fmt: skip
def test_phrases_are_words_in_a_row(phrase: str, text: str, stops: bool) -> None:
    assert (book.broken([rule(phrase, RuleKind.PHRASE)], text) is not None) is stops


@given(st.text(st.characters(), max_size=300) | st.text(st.characters(categories=["Cs", "Cf", "Mn", "Lo", "Co", "Cn"])))
def test_no_text_raises_anything(text: str) -> None:
    book.broken([rule("secret"), rule("red fox", RuleKind.PHRASE), rule("a+$", RuleKind.REGEX)], text)
    links.has_link(text)
    for kind in RuleKind:
        with suppress(ValueError):
            book.broken([rule(usable(kind, text), kind)], text)


def test_the_first_rule_of_the_list_answers() -> None:
    rules = [Rule(1, RuleKind.REGEX, "x{3}"), Rule(2, RuleKind.WORD, "hen"), Rule(3, RuleKind.REGEX, "fo+x")]
    for text, found in [("a fox", 3), ("a fox and a hen", 2), ("xxx fox hen", 1), ("nothing", 0)]:
        broken = book.broken(rules, text)
        assert (broken.id if broken else 0) == found


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}b", "(x+x+)+y", "(([a-z])+.)+[A-Z]([a-z])+$"])
def test_catastrophic_expressions_cannot_hang(pattern: str) -> None:
    usable(RuleKind.REGEX, f"{pattern}b")
    for text in ("a" * 5999 + "!", "x" * 6000):
        began = time.thread_time()
        book.broken([rule(pattern, RuleKind.REGEX)], text)
        assert time.thread_time() - began < 0.2


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "(?=a)", r"(a)\1", "a{99999}", "", " ", "(?P<x", "\\", "a" * 5000])
def test_a_bad_expression_is_a_sentence(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"[A-Z].{10,}\."):
        usable(RuleKind.REGEX, pattern)


@pytest.mark.parametrize(("kind", "pattern"), [("word", "two words"), ("word", "!!"), ("phrase", "- -"), ("word", "")])
def test_a_pattern_that_can_never_match_is_a_sentence(kind: str, pattern: str) -> None:
    with pytest.raises(ValueError, match=r"[A-Z].{10,}\."):
        usable(RuleKind(kind), pattern)


KINDS = {
    RuleKind.WORD: st.from_regex(r"[a-zàéöñ0-9]{2,12}", fullmatch=True),
    RuleKind.PHRASE: st.from_regex(r"[a-z#\"]{2,9}( [a-z#]{1,9}){1,3}", fullmatch=True),
    RuleKind.REGEX: st.from_regex(r"[a-z# \"]{1,9}(\+|\[0-9\]|#x| # y)?z", fullmatch=True),
}
REASON = st.from_regex(r"([A-Za-z\"' ,.!]{1,40})?", fullmatch=True)


@given(st.lists(st.sampled_from(RuleKind).flatmap(lambda kind: st.tuples(st.just(kind), KINDS[kind], REASON)), max_size=6))
@settings(deadline=None)
def test_a_list_comes_back_as_it_went(parts: list[tuple[RuleKind, str, str]]) -> None:
    rules = []
    for kind, pattern, reason in parts:
        assume(any(char.isalnum() for char in pattern))
        rules.append(Rule(0, kind, usable(kind, pattern), " ".join(reason.split())))
    assert read_rules(write_rules(rules)) == rules


@pytest.mark.parametrize("text", ["words fox", "regex (", "word", "word two words", "phrase ..."])
def test_a_line_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="Line 3"):
        read_rules(f"# a note\n\n{text}\n")


def test_a_long_list_against_a_long_prompt_is_quick() -> None:
    rules = [Rule(n, RuleKind.WORD, f"word{n}x") for n in range(500)]
    text = " ".join(f"some{n % 700}" for n in range(900))[:6000]
    book.broken(rules, text)
    began = time.thread_time()
    assert book.broken(rules, f"{text[1:]} ") is None
    assert time.thread_time() - began < 0.1
