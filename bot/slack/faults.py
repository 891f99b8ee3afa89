"""Slack's error strings, and what each of them means to the core. The only place that knows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.jobs.chat_port import ChatError, ChatFault

T = TypeVar("T")
GONE = frozenset(
    [
        "message_not_found",
        "thread_not_found",
        "cannot_reply_to_message",
        "user_not_found",
        "expired_url",
        "used_url",
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
        "file_not_found",
        "file_deleted",
    ]
)
OUTSIDE = frozenset(["channel_not_found", "not_in_channel", "user_not_in_channel", "no_permission", "restricted_action"])
"""The bot (or the reader of a whisper) is no member; another way may do."""
SCOPE = "missing_scope"
ARCHIVED = frozenset(["is_archived"])
READ_ONLY = frozenset(
    [
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
    ]
)
"""Members may be there and not post."""
TOO_LATE = frozenset(["expired_trigger_id", "trigger_expired"])
"""The three seconds in which a form can be opened are over."""
FORBIDDEN = (
    OUTSIDE
    | ARCHIVED
    | READ_ONLY
    | frozenset(
        [
            "cant_update_message",
            "edit_window_closed",
            "cant_delete_message",
            "is_inactive",
            SCOPE,
            "cannot_dm_bot",
            "user_disabled",
            "messages_tab_disabled",
            "method_not_supported_for_channel_type",
            "channel_is_limited_access",
            "access_denied",
            "org_login_required",
            "ekm_access_denied",
            "team_access_not_granted",
            "file_uploads_disabled",
            "storage_limit_reached",
            "not_allowed_token_type",
        ]
    )
)
NOT_INSTALLED, UNREADABLE = "not_installed", "token_unreadable"
"""Our own words: no installation of that workspace is kept, or its token cannot be read."""
TOKEN = frozenset(
    ["account_inactive", "invalid_auth", "not_authed", "token_revoked", "token_expired", NOT_INSTALLED, UNREADABLE]
)
"""Slack does not take the token (any more). Only the operator, or whoever installs the app, can mend that, and what waits
meanwhile is not lost: it counts as broken, so that jobs wait, over a restart too, and the next token finishes them."""
BUSY = frozenset(["ratelimited", "rate_limited", "message_limit_exceeded"])
UNREACHABLE = "unreachable"
"""Our own word: no connection, or it broke; nobody knows whether the call had its effect."""
AWAY = frozenset(["timeout", UNREACHABLE, "internal_error", "fatal_error", "request_timeout", "service_unavailable"])
"""Nothing is wrong with what was asked: later it may be answered."""
TOO_LARGE = frozenset(["file_upload_size_restricted", "file_too_large", "post_contents_too_large"])
TOO_LONG = frozenset(["msg_blocks_too_long", "msg_too_long"])
AGAIN = 0.2
"""Seconds before a call that lost its connection is made once more."""
SECONDS = 30.0
"""How long to wait where Slack says busy and no figure."""


class SlackFault(ChatError):
    """A call that Slack refused or that never came through. `code`: Slack's own word; `details`: its `errors` list."""

    def __init__(self, code: str, *, details: str = "", retry_after: float | None = None) -> None:
        """The core reads `fault`, this front end `code`."""
        super().__init__(_fault(code), f"{code} {details}".strip(), retry_after)
        self.code = code
        self.details = details

    @property
    def away(self) -> bool:
        """Whether Slack is away, or busy, and did not refuse."""
        return self.code in AWAY or self.code.startswith("http_5") or self.fault is ChatFault.BUSY

    @property
    def unprocessed_file(self) -> bool:
        """The known race: the file is there, and no image block may hold it yet (HTTP 200, `invalid_blocks`)."""
        words = self.details.replace("_", " ")
        return self.code == "invalid_blocks" and "slack file" in words


async def guarded(call: Awaitable[T], seconds: float) -> T:
    """Await one Web API call with a timeout; every way to fail becomes a SlackFault."""
    try:
        async with asyncio.timeout(seconds):
            return await call
    except SlackApiError as error:
        raise read_refusal(error) from error
    except TimeoutError as error:
        raise SlackFault("timeout") from error
    except (aiohttp.ClientError, OSError) as error:
        raise SlackFault(UNREACHABLE, details=type(error).__name__) from error


async def repeated(call: Callable[[], Awaitable[T]], seconds: float) -> T:
    """`guarded`, once more where the connection broke: for what does no harm when it is done twice."""
    try:
        return await guarded(call(), seconds)
    except SlackFault as fault:
        if fault.code != UNREACHABLE:
            raise
    await asyncio.sleep(AGAIN)
    return await guarded(call(), seconds)


async def unless_gone(call: Awaitable[None]) -> None:
    """What is to be removed may be gone already."""
    try:
        await call
    except SlackFault as fault:
        if fault.fault is not ChatFault.GONE:
            raise


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """A bound on several calls together; over it is a SlackFault too."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise SlackFault("timeout") from error


def read_refusal(error: SlackApiError) -> SlackFault:
    """The facts of an answer with `ok: false`, or of one that is no JSON."""
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    data = getattr(response, "data", None)
    body = data if isinstance(data, dict) else {}
    code = "ratelimited" if status == 429 else str(body.get("error") or f"http_{status}")
    details = "; ".join(str(item) for item in [*(body.get("errors") or []), *([body["needed"]] if "needed" in body else [])])
    return SlackFault(
        code, details=details, retry_after=_retry_after(dict(getattr(response, "headers", {}))) if code in BUSY else None
    )


def _retry_after(headers: Mapping[str, Any]) -> float:
    value = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if value.isdigit() else SECONDS


def _fault(code: str) -> ChatFault:
    for codes, fault in (
        (GONE, ChatFault.GONE),
        (FORBIDDEN, ChatFault.FORBIDDEN),
        (BUSY, ChatFault.BUSY),
        (TOO_LARGE, ChatFault.TOO_LARGE),
    ):
        if code in codes:
            return fault
    return ChatFault.BROKEN
