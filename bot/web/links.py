"""Our own links to pictures: `<base>/links/<key>?until=<unix seconds>&sig=<HMAC>`, and the route that answers them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from bot.errors import PicturesUnavailable
from bot.jobs.links import LEAST_SECONDS, drawn
from bot.jobs.ports import Clock, Pictures
from bot.texts import web as texts

PATH = "/links/{key:path}"
HOUR = 3600
KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))
HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}
"""A page of another origin may show the picture; nothing in it runs."""


class SignedLinks:
    """Implements the core's `Links`, and is the route at the same time: what it did not sign it does not open."""

    def __init__(self, base: Callable[[], str], secret: str, pictures: Pictures, clock: Clock) -> None:
        """`base`: where this process (or one with the same secret) is reached; asked at each link, for a free port."""
        self._base = base
        self._secret = secret.encode()
        self._pictures = pictures
        self._clock = clock
        self.router = APIRouter()
        self.router.add_api_route(PATH, self.answer, methods=["GET"], response_model=None)
        self.router.add_api_route(PATH, self.answer, methods=["HEAD"], response_model=None, include_in_schema=False)

    async def link(self, key: str, mime: str) -> str:  # noqa: ARG002  (the type is told by the bytes)
        """Good for a day and what is left of the hour: within one hour the same address, which browsers may keep."""
        until = (int(self._clock()) // HOUR + 1) * HOUR + LEAST_SECONDS
        asked = urlencode({"until": until, "sig": self._signature(drawn(key), str(until))})
        return f"{self._base().rstrip('/')}/links/{key}?{asked}"

    async def answer(self, key: str, until: str = "", sig: str = "") -> Response:
        """The bytes; 404 for what we did not sign or do not have, 410 when its time is over."""
        if not self._ours(key, until, sig):
            return Response(texts.NO_LINK, 404, media_type="text/plain")
        left = int(until) - int(self._clock())
        if left <= 0:
            return Response(texts.LINK_OVER, 410, media_type="text/plain")
        try:
            data = await self._pictures.get(key)
        except KeyError:
            return Response(texts.NO_LINK, 404, media_type="text/plain")
        except PicturesUnavailable:
            return Response(texts.LINK_AWAY, 503, {"retry-after": "30"}, media_type="text/plain")
        kept = {"cache-control": f"private, max-age={min(left, HOUR)}"}
        kind = _kind(data)
        saved = {} if kind else {"content-disposition": "attachment"}
        return Response(data, headers=HEADERS | kept | saved, media_type=kind or "application/octet-stream")

    def _ours(self, key: str, until: str, sig: str) -> bool:
        try:
            drawn(key)
        except ValueError:
            return False
        wanted = self._signature(key, until)
        return hmac.compare_digest(sig.encode("utf-8", "surrogatepass"), wanted.encode())

    def _signature(self, key: str, until: str) -> str:
        said = "\0".join(("picture", key, until)).encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(hmac.digest(self._secret, said, hashlib.sha256)).rstrip(b"=").decode()


def _kind(data: bytes) -> str:
    """By content; "" for what is no picture that we know."""
    return next((mime for start, mime in KINDS if data.startswith(start)), "")
