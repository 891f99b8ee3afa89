"""fal.ai's webhook signature: Ed25519 over ids, time and the body's hash, with keys that fal.ai publishes as a JWKS.

The scheme is on the webhook page of its docs. PyNaCl does the mathematics; where it is not installed no webhook is taken.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import importlib
import importlib.util
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from providers.errors import BadWebhook, Family, ProviderError
from providers.http import call

WINDOW: Final = 300.0
"""Seconds that a webhook's time may be off, either way."""
LONGEST_TIME: Final = 12
"""Figures of a time in seconds: a number of hundreds of them is no float."""
RENEW: Final = 12 * 3600.0
KEEP: Final = 24 * 3600.0
"""Keys are fetched anew after `RENEW` seconds and never used after `KEEP` (fal.ai's own limit)."""
RETRY: Final = 60.0
ROTATED: Final = 300.0
"""A signature that no key made may mean new keys: they are fetched, if ours are older than this."""
FETCH_SECONDS: Final = 2.5
"""A webhook waits for it, and is to be answered within 3 s: what is not taken then, fal.ai sends again."""
MOST_KEYS: Final = 16
HEADERS: Final = tuple(f"x-fal-webhook-{name}" for name in ("request-id", "user-id", "timestamp", "signature"))
MISSING: Final = "PyNaCl is not installed, so fal.ai's signatures cannot be checked; `pip install pynacl`"


def can_verify() -> bool:
    """Whether PyNaCl is there."""
    return importlib.util.find_spec("nacl") is not None


class FalKeys:
    """The published keys, fetched when needed and kept in memory."""

    def __init__(self, url: str, client: httpx.AsyncClient, clock: Callable[[], float]) -> None:
        """`clock`: unix seconds. No key of ours is sent to `url`."""
        self._url, self._client, self._clock = url, client, clock
        self._keys: tuple[bytes, ...] = ()
        self._fetched = self._due = -KEEP
        self._fault = "they are being fetched"
        self._task: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """Fetch the keys if they are due, or wait for whoever is fetching them. Raises nothing."""
        self._ask()
        if self._task is not None and not self._task.done():
            await asyncio.wait({self._task})  # it is others' as well: whoever stops waiting does not stop it

    async def _fetch(self) -> None:
        """A failure is kept for the next BadWebhook: polling finds results without the keys."""
        now = self._clock()
        self._due = now + RETRY
        try:
            reply = await call(self._client, "GET", self._url, timeout=FETCH_SECONDS, submit=False, limit=1_000_000)
            self._keys = _keys(reply)
        except ProviderError as error:
            self._fault = error.text
            return
        self._fetched, self._due = now, now + RENEW

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return if fal.ai signed this within the window. Raises BadWebhook; fal.ai then sends it again later."""
        message, signature = _signed(headers, body, self._clock())
        check = _checker()
        if not self._keys or self._clock() - self._fetched > KEEP:
            self._ask()
            raise BadWebhook(f"no keys of fal.ai to check with: {self._fault}")
        if not any(check(key, message, signature) for key in self._keys):
            self._due = min(self._due, self._fetched + ROTATED)
            self._ask()
            raise BadWebhook("no key of fal.ai made this signature")

    def _ask(self) -> None:
        """Begin to fetch the keys, if they are due and nobody does yet."""
        if self._clock() >= self._due and (self._task is None or self._task.done()):
            try:
                self._task = asyncio.get_running_loop().create_task(self._fetch())
            except RuntimeError:
                self._fault = "no event loop to fetch them on"


def _signed(headers: Mapping[str, str], body: bytes, now: float) -> tuple[bytes, bytes]:
    """The signed message and its signature, if the headers are whole and the time is near."""
    values = [headers.get(name, "") for name in HEADERS]
    if not all(values):
        raise BadWebhook("a signature header is missing")
    request, user, timestamp, signature = values
    if len(timestamp) > LONGEST_TIME:
        raise BadWebhook("the timestamp is no number of seconds")
    try:
        off = abs(now - int(timestamp))
        raw = bytes.fromhex(signature)
    except ValueError as error:
        raise BadWebhook("the signature headers cannot be read") from error
    if off > WINDOW or len(raw) != 64:
        raise BadWebhook("the webhook is too old or too new, or its signature has the wrong length")
    message = "\n".join((request, user, timestamp, hashlib.sha256(body).hexdigest()))
    return message.encode("utf-8", "surrogatepass"), raw


def _checker() -> Callable[[bytes, bytes, bytes], bool]:
    """(public key, message, signature) -> whether it fits; imported late, as only webhooks need it."""
    try:
        signing, errors = importlib.import_module("nacl.signing"), importlib.import_module("nacl.exceptions")
    except ImportError as error:
        raise BadWebhook(MISSING) from error

    def check(key: bytes, message: bytes, signature: bytes) -> bool:
        try:
            signing.VerifyKey(key).verify(message, signature)
        except errors.CryptoError:
            return False
        return True

    return check


def _keys(reply: httpx.Response) -> tuple[bytes, ...]:
    """The 32 bytes of each Ed25519 key (RFC 8037); others are passed over."""
    try:
        said = reply.json()["keys"]
        found = [key for entry in said[:MOST_KEYS] if (key := _key(entry))]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ProviderError(Family.BROKEN, "the key list cannot be read") from error
    if not found:
        raise ProviderError(Family.BROKEN, "the key list has no Ed25519 key")
    return tuple(found)


def _key(entry: Any) -> bytes:  # noqa: ANN401 - one item of somebody's JSON
    if not isinstance(entry, dict) or not isinstance(entry.get("x"), str):
        return b""
    try:
        raw = base64.b64decode(entry["x"] + "=" * (-len(entry["x"]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if len(raw) == 32 else b""
