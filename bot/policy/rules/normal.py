"""A text as rules see it: words in a row, without case, accents, invisible characters, look-alikes and spelling out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import decancer_py

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, kana and Han: written without spaces, so that every character stands for itself."""
TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u034f]")
"""Accents and the like. Vowel signs of other scripts are letters, and stay."""
BLANKS = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""They look like spaces."""
GAP, TURNED = "\u200b", "\u202e"
"""A zero-width space may stand in a word or between two; after the other sign text is shown from right to left."""
ARTICLES = "ai"
"""Words of one letter that may stand beside a word that is spelled out."""


@dataclass(frozen=True, slots=True)
class View:
    """One reading. `line`: words with a space before and behind each; `joined`: the same with spelled words put together.

    `spelled`: the words that were spelled out, letter by letter.
    """

    line: str
    joined: str
    spelled: frozenset[str]

    def says(self, needle: str) -> bool:
        """Whether these whole words (with single spaces) stand in it."""
        inside = f" {needle} "
        return inside in self.line or inside in self.joined or needle.replace(" ", "") in self.spelled


def views(text: str) -> tuple[View, ...]:
    """Every reading of a prompt that rules are held against."""
    return tuple(_view(tokens(reading)) for reading in readings(text))


def needles(pattern: str) -> tuple[str, ...]:
    """A listed word or phrase as it would stand in a view; none for a pattern without letters and digits."""
    found = (" ".join(tokens(form)) for form in (folded(pattern), cured(folded(pattern))))
    return tuple(dict.fromkeys(needle for needle in found if needle))


def readings(text: str) -> tuple[str, ...]:
    """The text without tricks of Unicode alone, and with look-alikes replaced; more where a trick can be read two ways."""
    texts = [text]
    if GAP in text:
        texts.append(text.replace(GAP, " "))
    if TURNED in text:
        texts.append(text[::-1])
    plain = [folded(one) for one in texts]
    return tuple(dict.fromkeys([*plain, *(cured(one) for one in plain)]))


def folded(text: str) -> str:
    """Compatibility forms, case, accents and invisible characters taken away, by Unicode's own tables."""
    shown = "".join(char for char in BLANKS.sub(" ", text) if not _invisible(char))
    bare = MARKS.sub("", unicodedata.normalize("NFKD", shown))
    return MARKS.sub("", unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", bare).casefold()))


def cured(text: str) -> str:
    """Look-alike letters replaced, by decancer. Not bidirectional: it would reorder, and rules go by the order of typing."""
    try:
        return str(decancer_py.parse(text, disable_bidi=True, retain_emojis=True))
    except ValueError:  # a text that it can't take, such as half a surrogate pair: what `folded` did must do
        return text


def tokens(text: str) -> list[str]:
    """Its words."""
    return TOKEN.findall(text)


def _invisible(char: str) -> bool:
    category = unicodedata.category(char)
    return category == "Cf" or (category == "Cc" and not char.isspace())


def _view(words: Sequence[str]) -> View:
    joined: list[str] = []
    spelled: set[str] = set()
    for run in _runs(words):
        word = "".join(run)
        joined.append(word)
        if len(run) > 1:
            spelled.update({word, word[1:] if word[0] in ARTICLES else word})
            spelled.update({one[:-1] for one in tuple(spelled) if one[-1:] and one[-1] in ARTICLES})
    return View(f" {' '.join(words)} ", f" {' '.join(joined)} ", frozenset(one for one in spelled if len(one) > 1))


def _runs(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Single letters in a row together, every other word by itself."""
    start = 0
    while start < len(words):
        end = start + 1
        if _letter(words[start]):
            while end < len(words) and _letter(words[end]):
                end += 1
        yield words[start:end]
        start = end


def _letter(word: str) -> bool:
    return len(word) == 1 and not re.match(f"[{UNSPACED}]", word)
