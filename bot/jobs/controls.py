"""The short string that a button, a menu or a Form carries: version, action, job id, index.

It is the same on every platform, so that a button works after a restart and for ever. It is never trusted alone:
whoever reads one checks it against the job row and the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VERSION = "i1"
ACTIONS = (
    "upscale",
    "variation",
    "reroll",
    "remix",
    "cancel",
    "delete",
    "details",
    "again",
    "setting",
    "settings",
    "imagine",
    "admin",
    "review",
    "moderate",
    "person",
    "report",
    "style",
    "privacy",
)
PATTERN = re.compile(rf"{VERSION}:(?P<action>{'|'.join(ACTIONS)}):(?P<job>[0-9a-z_]{{0,40}}):(?P<index>[0-9]{{1,2}})")
"""A whole control string; front ends route by it."""
OPENS_FORM = frozenset({"remix", "setting", "imagine", "admin", "review", "moderate", "person", "report", "style"})
"""Actions whose answer may be a Form: a front end must not defer before it has the answer."""


@dataclass(frozen=True, slots=True)
class Control:
    """A parsed control. `job`: a job id, the name of a setting or page, or (for `person`) a user's alias.

    `index` is 0-99: a picture's number, or which of several things is meant.
    """

    action: str
    job: str = ""
    index: int = 0

    def __str__(self) -> str:
        """The string that travels."""
        return f"{VERSION}:{self.action}:{self.job}:{self.index}"


def read_control(text: str) -> Control | None:
    """Parse a control string; None for anything that we did not write."""
    match = PATTERN.fullmatch(text)
    return Control(match["action"], match["job"], int(match["index"])) if match else None
