"""Which pictures may be linked to, so that whoever has the link sees them without a login."""

from __future__ import annotations

import re

DRAWN = re.compile(r"jobs/[0-9a-f]{20}/[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
"""What was drawn for a job, or made of that; never what a person gave (`inputs/`), nor the desk's files."""
LEAST_SECONDS = 24 * 3600
"""A link works at least that long. The vendors of object stores allow seven days at most."""


def drawn(key: str) -> str:
    """The key itself, or ValueError where it is no drawn picture's."""
    if not DRAWN.fullmatch(key):
        raise ValueError(f"no link is made to {key!r}: it is no drawn picture")
    return key
