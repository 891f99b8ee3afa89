"""Our secrets in a vendor's mouth: servers and proxies are known to repeat a request's headers and body in their errors.

Whatever a vendor says may be logged, kept with the job and handed to its user, so keys, webhook secrets and the addresses of
webhooks go before anybody reads it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Iterable
from urllib.parse import quote

import httpx

HIDDEN = b"[hidden]"
SHORTEST = 6
"""Characters; anything shorter would cut holes into ordinary words."""
SMALL = 64 * 1024
"""Bytes: longer bodies that say "success" hold pictures, and nobody quotes them."""
TELLING = re.compile(r"authorization|cookie|key|token|secret|hook|callback", re.IGNORECASE)
"""Names of headers, of query parameters and of a body's own fields whose values are ours alone."""
TOKEN = re.compile(rb"(webhooks(?:(?:\\?/|%2F)[^/\\%\s]{1,200}){2}(?:\\?/|%2F))[A-Za-z0-9_-]{43}", re.IGNORECASE)
"""An address as `webhook.py` makes it: a status may tell what only the submit had sent."""


def hush(body: bytes, status: int, secrets: Collection[bytes]) -> bytes:
    """The body without `secrets`, and without the token of any webhook's address."""
    if len(body) > SMALL and status < 400:
        return body
    for secret in sorted(secrets, key=len, reverse=True):
        body = body.replace(secret, HIDDEN)
    return TOKEN.sub(rb"\1" + HIDDEN, body)


def secrets_of(request: httpx.Request, order: object = None, more: Iterable[str] = ()) -> set[bytes]:
    """What a request proves itself with, and where its webhook goes. `order`: its JSON body; `more`: what else to hide."""
    fields = order.items() if isinstance(order, dict) else ()
    sent = [*request.url.params.multi_items(), *fields]
    named = [value for name, value in sent if isinstance(value, str) and TELLING.search(str(name))]
    words = {form for value in (*named, *more) for form in _forms(value)} | _in_headers(request)
    return {word for word in words if len(word) >= SHORTEST}


def _in_headers(request: httpx.Request) -> set[bytes]:
    """Each value and its last word (`Bearer KEY`)."""
    values = [value for name, value in request.headers.raw if TELLING.search(name.decode("latin-1"))]
    return {word for value in values for word in (value, value.rpartition(b" ")[2])}


def _forms(value: str) -> set[bytes]:
    """As it is and as JSON, HTML and a query write it; of an address also the token at its end alone."""
    quoted = {json.dumps(value, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    slashed = {form.replace("/", "\\/") for form in quoted}
    forms = {value, *quoted, *slashed, html.escape(value), quote(value, safe=""), quote(value)}
    if "://" in value:
        forms.add(value.rpartition("/")[2])
    return {form.encode("utf-8", "replace") for form in forms}
