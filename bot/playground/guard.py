"""Who may speak to the playground at all: checks on every request, before any handler.

- Host must be a loopback name, or with a key one we were told, so that a foreign page cannot reach us through its own
  DNS name, and a tunnel that is there for webhooks does not open a keyless playground to the world.
- What changes something needs a header that a foreign page cannot send, and an Origin of our own.
- With a key (any other host than loopback), every request needs it: once as `?key=`, then as a cookie.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.texts import playground as texts

HEADER = "x-playground"
COOKIE = "playground"
FORWARDED = {"forwarded", "x-forwarded-for", "x-real-ip"}
"""A proxy stands in between (a tunnel for webhooks, say): then it is not our own machine that asks."""
MONTH = 30 * 24 * 3600


class Guard:
    """ASGI middleware; answers 401 or 403 with a sentence, or hands on."""

    def __init__(self, app: ASGIApp, *, key: str | None, hosts: frozenset[str]) -> None:
        """`key` None: none is asked for. `hosts`: names besides loopback ones (only with a key), lower case, no port."""
        self._app = app
        self._key = key
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then hand on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        refused = self._refusal(request)
        if refused is not None:
            status, sentence = refused
            await JSONResponse({"error": sentence}, status)(scope, receive, send)
            return
        await self._app(scope, receive, self._with_cookie(request, send))

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        host = request.headers.get("host", "")
        if not self._host_allowed(host) or (self._key is None and FORWARDED & set(request.headers)):
            return 403, texts.FOREIGN_HOST
        if request.method not in ("GET", "HEAD") and not _own_page(request, host):
            return 403, texts.FOREIGN_PAGE
        if self._key is not None and not self._key_shown(request, self._key):
            return 401, texts.KEY_NEEDED
        return None

    def _host_allowed(self, host: str) -> bool:
        name = (urlsplit(f"//{host}").hostname or "") if _readable(host) else ""
        if name == "localhost" or (name in self._hosts and self._key is not None):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # An address is no name that a foreign page could point elsewhere; without a key only our own machine may ask.
        return address.is_loopback or self._key is not None

    def _key_shown(self, request: Request, key: str) -> bool:
        offered = request.query_params.get("key")
        if offered is not None and _same(offered, key):
            return True
        return _same(request.cookies.get(COOKIE, ""), _ticket(key))

    def _with_cookie(self, request: Request, send: Send) -> Send:
        if self._key is None or "key" not in request.query_params:
            return send
        secure = "; Secure" if request.url.scheme == "https" else ""
        cookie = f"{COOKIE}={_ticket(self._key)}; HttpOnly; SameSite=Strict; Path=/; Max-Age={MONTH}{secure}"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        return sending


def _own_page(request: Request, host: str) -> bool:
    origin = request.headers.get("origin")
    return request.headers.get(HEADER) == "1" and (origin is None or _netloc(origin) == host.lower())


def _netloc(origin: str) -> str:
    return urlsplit(origin).netloc.lower() if _readable(origin) else ""


def _readable(text: str) -> bool:
    """Whether urlsplit takes it (an unclosed bracket raises)."""
    try:
        urlsplit(f"//{text}" if "//" not in text else text)
    except ValueError:
        return False
    return True


def _ticket(key: str) -> str:
    """What the cookie holds: not the key itself."""
    return hashlib.sha256(f"playground cookie {key}".encode()).hexdigest()


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
