"""Our key in a vendor's mouth: servers and proxies have been seen to repeat a request's headers in their errors.

Whatever a vendor says may be logged, kept with the job and handed to its user, so the key goes before anybody reads it.
"""

from __future__ import annotations

import re

import httpx

HIDDEN = b"[hidden]"
SHORTEST = 6
"""Characters; anything shorter would cut holes into ordinary words."""
SMALL = 64 * 1024
"""Bytes: longer bodies that say "success" hold pictures, and nobody quotes them."""
TELLING = re.compile(r"authorization|cookie|key|token|secret", re.IGNORECASE)
"""Names of headers whose values are ours alone."""


def hush(body: bytes, status: int, request: httpx.Request) -> bytes:
    """The body without what `request` proved itself with."""
    if len(body) > SMALL and status < 400:
        return body
    for secret in sorted(_secrets(request), key=len, reverse=True):
        body = body.replace(secret, HIDDEN)
    return body


def _secrets(request: httpx.Request) -> set[bytes]:
    """Each header's value and its last word (`Bearer KEY`)."""
    values = [value for name, value in request.headers.raw if TELLING.search(name.decode("latin-1"))]
    words = {word for value in values for word in (value, value.rpartition(b" ")[2])}
    return {word for word in words if len(word) >= SHORTEST}
