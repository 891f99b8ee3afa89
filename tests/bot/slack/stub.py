"""Doubles: a core that answers what it is told, a Web API client that records, and the other ports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.jobs.asks import Answer, Command, Imagine, Press, Quiet, Submission
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.surface import Card, Choice
from bot.slack.faults import SlackFault

Json = dict[str, Any]
SITE = "https://painters.slack.com/"
IDENTITY: Json = {
    "ok": True, "url": SITE, "team": "Painters", "user": "imagine", "team_id": "T1", "user_id": "U0BOT", "bot_id": "B0BOT"
}  # fmt: skip


def user(**more: object) -> Json:
    """users.info's answer."""
    ann = {"id": "U1", "name": "ann", "real_name": "Ann A", "locale": "de-DE", "profile": {"display_name": "Annie"}, **more}
    return {"ok": True, "user": ann}


DEFAULTS: dict[str, Json] = {
    "auth.test": IDENTITY,
    "chat.postMessage": {"ok": True, "channel": "C1", "ts": "1700000000.000100"},
    "conversations.open": {"ok": True, "channel": {"id": "D9"}},
    "users.info": user(),
    "usergroups.list": {"ok": True, "usergroups": []},
    "files.getUploadURLExternal": {"ok": True, "upload_url": "https://files.slack.com/upload/v1/a", "file_id": "F0000000A"},
    "files.info": {"ok": True, "file": {"id": "F0000000A", "mimetype": "image/png"}},
}


class StubClient(AsyncWebClient):
    """Records every call; answers from `answers` (a list is used up from the front), else with what suffices."""

    def __init__(self) -> None:
        super().__init__("xoxb-secret", "http://127.0.0.1:9/api/")
        self.calls: list[tuple[str, Json]] = []
        self.answers: dict[str, list[Json] | Json] = {}

    def of(self, method: str) -> list[Json]:
        """The arguments of each call of one method."""
        return [arguments for name, arguments in self.calls if name == method]

    async def api_call(self, api_method: str, **request: Any) -> AsyncSlackResponse:
        given: Json = {**(request.get("params") or {}), **(request.get("json") or {})}
        arguments = {name: value for name, value in given.items() if value is not None}
        self.calls.append((api_method, arguments))
        data = self._answer(api_method, arguments)
        status, headers = data.pop("_status", 200), data.pop("_headers", {})
        response = AsyncSlackResponse(
            client=self, http_verb="POST", api_url=api_method, req_args={}, data=data, headers=headers, status_code=status
        )
        if status != 200 or not data.get("ok"):
            refused: Callable[..., SlackApiError] = SlackApiError
            raise refused(api_method, response)
        return response

    def _answer(self, method: str, arguments: Json) -> Json:
        canned = self.answers.get(method, DEFAULTS.get(method, {"ok": True}))
        if isinstance(canned, list):
            canned = canned.pop(0) if canned else DEFAULTS.get(method, {"ok": True})
        data = dict(canned)
        if method == "chat.postMessage" and data.get("ok"):
            data["channel"] = arguments["channel"]
        return data


def refusal(code: str, **more: object) -> Json:
    """`ok: false`."""
    return {"ok": False, "error": code, **more}


RACE = refusal("invalid_blocks", errors=["invalid slack file [json-pointer:/blocks/0/slack_file]"])
BUSY = refusal("ratelimited", _status=429, _headers={"Retry-After": "7"})


class StubLines:
    """Records answers to response_urls and uploads."""

    def __init__(self) -> None:
        self.responses: list[tuple[str, Json]] = []
        self.uploads: list[tuple[str, bytes]] = []
        self.dead = False

    async def respond(self, url: str, body: Json) -> None:
        if self.dead:
            raise SlackFault("expired_url")
        self.responses.append((url, body))

    async def upload(self, url: str, data: bytes) -> None:
        self.uploads.append((url, data))


@dataclass
class StubCore:
    """Says `answer` to everything, and remembers what was asked."""

    answer: Answer = field(default_factory=Quiet)
    asked: list[Imagine | Command | Press | Submission] = field(default_factory=list)
    error: Exception | None = None

    async def imagine(self, asked: Imagine) -> Answer:
        return self._take(asked)

    async def command(self, asked: Command) -> Answer:
        return self._take(asked)

    async def press(self, asked: Press) -> Answer:
        return self._take(asked)

    async def submit(self, asked: Submission) -> Answer:
        return self._take(asked)

    async def placed(self, job_id: str, message: MessageRef) -> None:
        raise AssertionError(job_id)

    async def unplaced(self, job_id: str) -> None:
        raise AssertionError(job_id)

    async def became_job(self, platform: Platform, key: str) -> bool:
        return False

    async def suggest(self, option: str, typed: str, place: Place) -> list[Choice]:
        return []

    async def joined(self, place: Place, adder: str) -> Card | None:
        raise AssertionError(adder)

    def _take(self, asked: Imagine | Command | Press | Submission) -> Answer:
        self.asked.append(asked)
        if self.error is not None:
            raise self.error
        return self.answer


class StubPictures:
    """A dict."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    async def put(self, key: str, data: bytes, mime: str) -> None:
        self.held[key] = data

    async def get(self, key: str) -> bytes:
        return self.held[key]

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.held.pop(key, None)

    async def has(self, key: str) -> bool:
        return key in self.held

    async def keys(self, folder: str, *, after: float = 0.0, before: float = 0.0) -> AsyncIterator[Sequence[str]]:
        yield [key for key in self.held if key.startswith(f"{folder}/")]


class StubFetcher:
    """Records what was fetched, with which headers."""

    def __init__(self) -> None:
        self.fetched: list[tuple[str, Mapping[str, str], str]] = []

    async def fetch(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None, trusted: str = "") -> bytes:
        self.fetched.append((url, headers or {}, trusted))
        return b"picture"


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now
