"""The Web API methods that this front end uses, each with a timeout and SlackFault as its only error."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.jobs.chat_port import ChatFault
from bot.jobs.ports import Clock
from bot.slack.faults import TOKEN, SlackFault, guarded, repeated
from bot.slack.lanes import Lanes
from bot.slack.late import Late, place_of
from bot.texts import slack as texts

T = TypeVar("T")
FILES_PACE = 0.65
"""Seconds between two files.info in a rush: it is Tier 4, about 100 a minute in a workspace."""
Json = dict[str, Any]
Refused = Callable[[str], None]
"""Told Slack's word for it when it takes a token no more."""
log = structlog.get_logger(__name__)


class Lines(Protocol):
    """Plain HTTP posts outside the Web API; raises SlackFault only."""

    async def respond(self, url: str, body: Json) -> None:
        """Answer through a response_url."""
        ...

    async def upload(self, url: str, data: bytes) -> None:
        """Send a file's bytes to the address that files.getUploadURLExternal gave."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is, by auth.test. `url` is the workspace's address, with a slash."""

    team_id: str
    user_id: str
    bot_id: str
    name: str
    url: str
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a message shows: blocks, and the words of its notification."""

    blocks: Sequence[Json]
    text: str


def token_refused(code: str) -> None:
    """The one workspace's token, which stands in the settings."""
    log.error("slack_token_refused", code=code, hint=texts.NEW_KEY)


class SlackApi:
    """Thin: one method of ours per method of Slack's. `parse` none: nothing in a `text` becomes a mention."""

    def __init__(
        self,
        client: AsyncWebClient,
        lines: Lines,
        timeout: float,
        refused: Refused = token_refused,
        clock: Clock = time.time,
    ) -> None:
        """`timeout`: seconds for one call."""
        self.client = client
        self.lines = lines
        self._timeout = timeout
        self._tell = refused
        self._lanes = Lanes(clock)
        self._looks = Lanes(clock, FILES_PACE)
        self.late = Late(self.delete)
        self._refused = ""

    @property
    def token(self) -> str:
        """What its calls go with. A secret."""
        return str(self.client.token or "")

    async def _ask(self, call: Callable[[], Awaitable[T]], *, once: bool = False) -> T:
        """One call. That Slack takes the token no more is told once, until it is taken again.

        `once`: what is done twice is seen twice. All else is repeated where the connection broke.
        """
        try:
            answer = await (guarded(call(), self._timeout) if once else repeated(call, self._timeout))
        except SlackFault as fault:
            self._note(fault.code if fault.code in TOKEN else self._refused)
            raise
        self._note("")
        return answer

    def _note(self, refused: str) -> None:
        if refused and refused != self._refused:
            self._tell(refused)
        self._refused = refused

    async def identity(self) -> Identity:
        """auth.test."""
        found = await repeated(self.client.auth_test, self._timeout)
        words = {
            name: str(found.get(name) or "") for name in ("team_id", "user_id", "bot_id", "user", "url", "enterprise_id")
        }
        return Identity(
            words["team_id"], words["user_id"], words["bot_id"], words["user"], words["url"], words["enterprise_id"]
        )

    async def exchange(self, client_id: str, client_secret: str, code: str, redirect_uri: str) -> Json:
        """oauth.v2.access: what Slack grants for the code of an installation."""
        call = self.client.oauth_v2_access(
            client_id=client_id, client_secret=client_secret, code=code, redirect_uri=redirect_uri
        )
        found = (await guarded(call, self._timeout)).data
        return found if isinstance(found, dict) else {}

    async def socket_url(self, app_token: str) -> str:
        """apps.connections.open: a single-use WebSocket address."""
        found = await repeated(lambda: self.client.apps_connections_open(app_token=app_token), self._timeout)
        return str(found["url"])

    async def post(self, channel: str, thread: str, shown: Written, key: str = "") -> tuple[str, str]:
        """chat.postMessage; channel and ts as the response names them (a DM's own id, not the user's).

        When it is its turn in the channel: ChatError BUSY where that is far off. `key`: of what is posted again when no
        answer came; the message that came late is it then.
        """
        slot = f"{key} in {channel} {thread}" if key else ""
        if (held := self.late.arrived(slot)) is not None and await self._stands(held, shown):
            self.late.adopted(slot)
            return held
        return await self._lanes.send(channel, lambda: self._posted(slot, channel, thread, shown))

    async def _stands(self, held: tuple[str, str], shown: Written) -> bool:
        """The message that came late shows this now; False: somebody has deleted it."""
        try:
            await self.update(*held, shown)
        except SlackFault as fault:
            if fault.fault is not ChatFault.GONE:
                raise
            return False
        return True

    async def _posted(self, slot: str, channel: str, thread: str, shown: Written) -> tuple[str, str]:
        call = asyncio.ensure_future(self._posting(channel, thread, shown))
        with self.late.going(slot, call):
            return place_of(await self._ask(lambda: asyncio.shield(call), once=True))

    def _posting(self, channel: str, thread: str, shown: Written) -> Awaitable[AsyncSlackResponse]:
        return self.client.chat_postMessage(
            channel=channel,
            thread_ts=thread or None,
            blocks=shown.blocks,
            text=shown.text,
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def update(self, channel: str, ts: str, shown: Written) -> None:
        """chat.update."""
        await self._ask(
            lambda: self.client.chat_update(
                channel=channel, ts=ts, blocks=shown.blocks, text=shown.text, parse="none", link_names=False
            )
        )

    async def ephemeral(self, channel: str, thread: str, user: str, shown: Written) -> None:
        """chat.postEphemeral."""
        call = self.client.chat_postEphemeral(
            channel=channel,
            user=user,
            thread_ts=thread or None,
            blocks=shown.blocks,
            text=shown.text,
            parse="none",
            link_names=False,
        )
        await self._ask(lambda: call, once=True)

    async def delete(self, channel: str, ts: str) -> None:
        """chat.delete."""
        await self._ask(lambda: self.client.chat_delete(channel=channel, ts=ts))

    async def delete_file(self, file_id: str) -> None:
        """files.delete."""
        await self._ask(lambda: self.client.files_delete(file=file_id))

    async def open_dm(self, user: str) -> str:
        """conversations.open: the id of the direct conversation with `user`."""
        found = await self._ask(lambda: self.client.conversations_open(users=[user]))
        return str(found["channel"]["id"])

    async def join(self, channel: str) -> None:
        """conversations.join; only public channels can be joined."""
        await self._ask(lambda: self.client.conversations_join(channel=channel))

    async def open_view(self, trigger: str, view: Json) -> None:
        """views.open."""
        await self._ask(lambda: self.client.views_open(trigger_id=trigger, view=view), once=True)

    async def user(self, user: str) -> Json:
        """users.info."""
        found = await repeated(lambda: self.client.users_info(user=user, include_locale=True), self._timeout)
        return dict(found["user"])

    async def user_groups(self, team: str) -> list[Json]:
        """usergroups.list: those of the workspace that are in use, with their people."""
        found = await self._ask(lambda: self.client.usergroups_list(include_users=True, team_id=team or None))
        return list(found["usergroups"])

    async def file(self, file_id: str) -> Json:
        """files.info. One after the other, and none before Slack allows it: ChatError BUSY where that is far off."""
        found = await self._looks.send("files.info", lambda: self._ask(lambda: self.client.files_info(file=file_id)))
        return dict(found["file"])

    async def upload_url(self, name: str, size: int, alt: str) -> tuple[str, str]:
        """files.getUploadURLExternal: address and file id."""
        found = await self._ask(
            lambda: self.client.files_getUploadURLExternal(filename=name, length=size, alt_txt=alt or None)
        )
        return str(found["upload_url"]), str(found["file_id"])

    async def complete_upload(self, file_id: str, title: str, kind: str = "", channel: str = "", thread: str = "") -> None:
        """files.completeUploadExternal. Without a channel the file stays private. `kind`: png, jpg or gif, else empty."""
        files: list[dict[str, str | None]] = [{"id": file_id, "title": title, **({"highlight_type": kind} if kind else {})}]
        await self._ask(
            lambda: self.client.files_completeUploadExternal(
                files=files, channel_id=channel or None, thread_ts=thread or None
            ),
            once=bool(channel),
        )
