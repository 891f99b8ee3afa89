"""What is wrong with a prompt, in one sentence each; values that a user typed are shortened before they are shown."""

from __future__ import annotations

from collections.abc import Sequence

EMPTY = "There is nothing to draw: write what the picture should show, or give a picture to start from."
RATIO = "two whole numbers from 1 to 10000 with a colon, no longer than 4:1 and no taller than 1:4"
WORD = "a name of letters, digits, dots and dashes"
TEXT = "words, up to the next parameter"
NOTHING = "no value"
LONGEST_VALUE = 60
"""Characters of a typed value that an answer repeats."""


def too_long(length: int, most: int) -> str:
    """A prompt over the limit; both in characters."""
    return f"The prompt is {length:,} characters long; {most:,} is the most."


def unknown(typed: str, nearest: str) -> str:
    """A parameter that nobody knows."""
    return f"There is no parameter {short(typed)}. The nearest one is {nearest}."


def twice(name: str) -> str:
    """A parameter that was given two times."""
    return f"{name} is given twice; give it once."


def contradiction(first: str, second: str) -> str:
    """Two parameters that exclude each other."""
    return f"{first} and {second} contradict each other; give one of them."


def missing(name: str, expected: str) -> str:
    """A parameter without its value."""
    return f"{name} needs a value: {expected}."


def wrong(name: str, typed: str, expected: str) -> str:
    """A value out of range or of the wrong kind."""
    return f"{name} can't be “{short(typed)}”: it takes {expected}."


def in_settings(setting: str, sentence: str) -> str:
    """The fault lies in the user's own defaults, not in what was typed now."""
    return f"Your own {setting} in the settings doesn't work any more. {sentence}"


def whole_number(least: int, most: int) -> str:
    """What a parameter with an integer takes."""
    return f"a whole number from {least} to {most}"


def one_of(values: Sequence[str]) -> str:
    """What a parameter with a list of values takes."""
    return f"one of {', '.join(values)}"


def short(typed: str) -> str:
    """At most LONGEST_VALUE characters of something typed."""
    return typed if len(typed) <= LONGEST_VALUE else typed[: LONGEST_VALUE - 1] + "…"
