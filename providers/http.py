"""One HTTP call for every adapter: bounded in time and bytes, each failure a ProviderError with a true `accepted`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import httpx
import stamina

from providers.errors import Accepted, Family, ProviderError
from providers.hush import hush, secrets_of
from providers.retry_after import retry_after

Envelope = Callable[[httpx.Response], bool]
"""Whether a 5xx carries the vendor's own documented error body: its application spoke, so nothing was accepted."""

Feed = Callable[[bytes], Awaitable[bool]]
"""Takes an event stream as it comes; True: that is all that was wanted."""

BODY_LIMIT = 40_000_000
"""Most bytes of one reply: four pictures of 6 MB as base64, and air."""
CONNECT_SECONDS = 10.0
READ_ATTEMPTS = 3
LONGEST_WAIT = 5.0
"""A read waits at most this many seconds for a Retry-After; longer ones are for the caller to keep."""
BUSY = frozenset({408, 409, 423, 425, 429})
"""Not now: nothing was accepted, and a later try may be. The SDKs of OpenAI and fal.ai send 408, 409 and 429 again; 408 says
that no whole request came (RFC 9110, 15.5.9), 425 and 423 that this one was not looked at (RFC 8470, RFC 4918)."""
REFUSALS = {401: Family.BAD_KEY, 402: Family.NO_MONEY} | dict.fromkeys(BUSY, Family.BUSY)
NEVER_OPENED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
RECODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class AnswerError(ProviderError):
    """The vendor answered, but not with success. `response` holds status and body, for an adapter that knows more."""

    def __init__(self, family: Family, response: httpx.Response, *, accepted: Accepted) -> None:
        """Take the text and the Retry-After from the reply."""
        said = response.content[:2000].decode("utf-8", "replace")[:500]  # its charset may be any name
        text = f"HTTP {response.status_code} {said}".strip()
        super().__init__(family, text, accepted=accepted, retry_after=retry_after(response.headers))
        self.response = response


def forbidden(error: AnswerError) -> ProviderError:
    """A 403 that speaks of nothing else, as a key without access or a proxy's refusal; any other answer as it is."""
    if error.response.status_code != 403:
        return error
    return ProviderError(Family.BAD_KEY, error.text, accepted=error.accepted, retry_after=error.retry_after)


def no_envelope(_response: httpx.Response) -> bool:
    """For vendors whose error body is not documented: any 5xx may be a gateway's."""
    return False


async def call(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    timeout: float,  # noqa: ASYNC109 - it bounds retries as well, and tells what never opened from what never answered
    submit: bool,
    envelope: Envelope = no_envelope,
    limit: int = BODY_LIMIT,
    feed: Feed | None = None,
    attempts: int = READ_ATTEMPTS,
    hide: Collection[str] = (),
    **parts: Any,  # noqa: ANN401 - handed to httpx.AsyncClient.build_request, which types them
) -> httpx.Response:
    """Send one request and return a 2xx reply with its body read; anything else raises ProviderError.

    `timeout`: seconds for all of it. `submit`: a paid request, sent once; others are repeated when that may help,
    `attempts` times in all at most.
    `hide`: what an earlier request carried and no reply may repeat to anybody.
    `feed`: gets the body of a 2xx event stream, which is then returned empty; any other reply is read as always.
    `parts`: headers, params, json, data, files or content as httpx takes them.
    """
    sender = _Sender(client, envelope, limit, timeout, feed, hide)
    try:
        async with asyncio.timeout(timeout):
            if submit:
                return await sender.send(method, url, parts)
            async for attempt in stamina.retry_context(
                on=_worth_repeating, attempts=attempts, timeout=timeout, wait_initial=0.2, wait_max=2.0, wait_jitter=0.3
            ):
                with attempt:
                    return await sender.send(method, url, parts)
    except TimeoutError as error:
        raise ProviderError(Family.BROKEN, f"no complete answer within {timeout:g} s") from error
    raise ProviderError(Family.BROKEN, "no attempt was made", accepted=Accepted.NO)


class _Sender:
    """One attempt after another with the same bounds."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        envelope: Envelope,
        limit: int,
        timeout: float,
        feed: Feed | None,
        hide: Collection[str],
    ) -> None:
        self._client = client
        self._hide = hide
        self._feed = feed
        self._envelope = envelope
        self._limit = limit
        opening = min(
            CONNECT_SECONDS, timeout / 4
        )  # waiting, TCP and TLS each: what never opened is known before the whole time is up
        self._timeout = httpx.Timeout(timeout, connect=opening, pool=opening)

    async def send(self, method: str, url: str, parts: dict[str, Any]) -> httpx.Response:
        wire = _Wire()
        try:
            request = self._client.build_request(
                method, url, timeout=self._timeout, extensions={"trace": wire.note}, **parts
            )
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise ProviderError(Family.BAD_REQUEST, f"could not be built: {error}", accepted=Accepted.NO) from error
        if self._client.is_closed:
            raise ProviderError(Family.BROKEN, "the HTTP client is closed", accepted=Accepted.NO)
        try:
            reply = await self._client.send(request, stream=True, follow_redirects=False)
        except Exception as error:  # httpx lets some of h11's own through, for one a body that falls short of its length
            raise _unanswered(error, wire) from error
        try:
            return self._judge(await self._read(reply, secrets_of(request, parts.get("json"), self._hide)))
        finally:
            await reply.aclose()

    async def _read(self, reply: httpx.Response, secrets: Collection[bytes]) -> httpx.Response:
        """The whole reply; a refusal whose body breaks off or is too long is still that refusal."""
        body, fault, size = bytearray(), "", 0
        feed = self._feed if reply.is_success and _is_events(reply) else None
        try:
            async for chunk in reply.aiter_bytes():
                size += len(chunk)
                if size > self._limit:
                    fault = f"the reply is longer than {self._limit} bytes"
                if feed is None:
                    body += chunk
                if fault or (feed is not None and await feed(chunk)):
                    break
        except httpx.HTTPError as error:
            fault = f"the reply broke off: {type(error).__name__}: {error}"
        if fault and reply.status_code < 400:
            raise ProviderError(Family.BROKEN, fault)
        headers = [(name, value) for name, value in reply.headers.multi_items() if name not in RECODED]
        said = hush(bytes(body[: self._limit]), reply.status_code, secrets)
        return httpx.Response(reply.status_code, headers=headers, content=said, request=reply.request)

    def _judge(self, reply: httpx.Response) -> httpx.Response:
        status = reply.status_code
        if reply.is_success:
            return reply
        if status >= 500:
            ours = _ask(self._envelope, reply)
            raise AnswerError(Family.BROKEN, reply, accepted=Accepted.NO if ours else Accepted.UNKNOWN)
        if status >= 400:
            raise AnswerError(REFUSALS.get(status, Family.BAD_REQUEST), reply, accepted=Accepted.NO)
        elsewhere = status in (
            301,
            307,
            308,
        )  # "send it there instead"; 302 and 303 are also how a form says that it took the data
        raise AnswerError(Family.BAD_REQUEST, reply, accepted=Accepted.NO if elsewhere else Accepted.UNKNOWN)


def _is_events(reply: httpx.Response) -> bool:
    kind: str = reply.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower() == "text/event-stream"


class _Wire:
    """Notes whether anything may have been written (httpcore's trace extension)."""

    def __init__(self) -> None:
        self.written = False

    async def note(self, event: str, _info: object) -> None:
        if event.endswith("send_request_headers.complete"):
            self.written = True


def _unanswered(error: Exception, wire: _Wire) -> ProviderError:
    opened = wire.written or not isinstance(error, (*NEVER_OPENED, httpx.LocalProtocolError))
    text = f"{type(error).__name__}: {error}"
    return ProviderError(Family.BROKEN, text, accepted=Accepted.UNKNOWN if opened else Accepted.NO)


def _ask(envelope: Envelope, reply: httpx.Response) -> bool:
    """An adapter's look into a body that may be anything: a shape that it cannot read is not its envelope."""
    try:
        return envelope(reply)
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def _worth_repeating(error: Exception) -> bool | float:
    """Seconds to wait before a read is repeated, True for the usual backoff, False for never."""
    if not isinstance(error, ProviderError) or error.family not in (Family.BUSY, Family.BROKEN):
        return False
    if error.retry_after is None:
        return True
    return error.retry_after if error.retry_after <= LONGEST_WAIT else False
