"""Who may speak to the job API, and how often: checked on every request for jobs, before its body is read."""

from __future__ import annotations

from contextlib import suppress
from math import ceil

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api import tokens
from bot.api.pace import Pace, Paced
from bot.api.ports import Key, Keys
from bot.api.ports import Scope as Right
from bot.api.problems import Problem
from bot.errors import StoreUnavailable
from bot.jobs.ports import Clock
from bot.texts import api as texts

GUARDED = "/jobs"
CHALLENGE = {"www-authenticate": 'Bearer realm="imagine-bot"'}


class Guard:
    """ASGI middleware. Puts the key into the request's state (`key`), and what is left of its pace into the answers."""

    def __init__(self, app: ASGIApp, keys: Keys, clock: Clock) -> None:
        """`keys` is asked at every request."""
        self._app = app
        self._keys = keys
        self._clock = clock
        self._pace = Pace(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then hand on."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not (path == GUARDED or path.startswith(f"{GUARDED}/")):
            await self._app(scope, receive, send)
            return
        paced = None
        try:
            key = await self._key(Headers(scope=scope).get("authorization", ""))
            paced = self._pace.take(key.id, key.per_minute)
            _admit(key, paced, scope["method"])
        except Problem as problem:
            await problem.response()(scope, receive, _counted(send, paced))
            return
        except StoreUnavailable:
            await Problem("store", texts.AWAY, wait=60.0).response()(scope, receive, _counted(send, paced))
            return
        scope.setdefault("state", {})["key"] = key
        await self._app(scope, receive, _counted(send, paced))

    async def _key(self, header: str) -> Key:
        """The key whose token this is. Raises Problem."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem("key_missing", texts.KEY_MISSING, headers=CHALLENGE)
        key_id = tokens.id_of(token.strip())
        key = await self._keys.key(key_id) if key_id else None
        now = self._clock()
        if key is None or not tokens.fits(token.strip(), key.digest) or not key.valid(now):
            challenge = {"www-authenticate": f'{CHALLENGE["www-authenticate"]}, error="invalid_token"'}
            raise Problem("key_invalid", texts.KEY_INVALID, headers=challenge)
        with suppress(StoreUnavailable):  # only a note for the operator
            if key.used_at is None or now - key.used_at > 60:
                await self._keys.key_used(key.id, now)
        return key


def _admit(key: Key, paced: Paced, method: str) -> None:
    """Raises Problem for too many requests, and for what the key may not do."""
    if paced.wait > 0:
        raise Problem("rate", texts.rate(paced.limit, paced.wait), wait=paced.wait)
    needed = Right.READ if method in {"GET", "HEAD"} else Right.DRAW
    if needed not in key.scopes:
        raise Problem("scope", texts.scope(needed.value))


def _counted(send: Send, paced: Paced | None) -> Send:
    if paced is None:  # whose request it was is not known
        return send

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["ratelimit-limit"] = str(paced.limit)
            headers["ratelimit-remaining"] = str(paced.remaining)
            headers["ratelimit-reset"] = str(ceil(paced.reset))
        await send(message)

    return sending
