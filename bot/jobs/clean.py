"""What a person typed, without the characters that nobody can see and that only break layouts or stores."""

from __future__ import annotations

import re

SPACES = re.compile(r"\r\n|[\t-\r\x1c-\x1f\x85\u2028\u2029]")
"""Line breaks and tabs: one space each."""
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, direction overrides
    "\U000e0000-\U000e007f]"  # tags: a whole hidden alphabet
)
LAST = "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
NONCHARACTERS = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{LAST}]")
"""Code points that Unicode keeps for programs' own use: ours mark mentions in Cards, so that nobody may type them.

And halves of a surrogate pair, which JSON can carry, and no store and no answer takes.
"""
JOINERS = re.compile(
    r"(?<![^\x00-\x7f\s\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\s\u200c\u200d])",
)
"""Joiners that join nothing. Between two characters outside ASCII they carry meaning (emoji families, Persian, Hindi)."""


def clean(typed: str) -> str:
    """The visible text on one line, otherwise as typed; cleaning twice changes nothing."""
    return JOINERS.sub("", UNSEEN.sub("", SPACES.sub(" ", without_marks(typed)))).strip()


def without_marks(typed: str) -> str:
    """The text without noncharacters and halves of characters."""
    return NONCHARACTERS.sub("", typed)
