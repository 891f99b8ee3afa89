"""chat.update of our messages: within the workspace's budget, past the file race, and none that would change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import structlog

from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.place import MessageRef
from bot.jobs.surface import Card
from bot.slack.api import SlackApi, Written
from bot.slack.faults import SlackFault
from bot.slack.fitting import fitted, unseen
from bot.slack.limits import Budget
from bot.slack.render import render
from bot.slack.standing import Standing
from bot.slack.upload import Uploads

log = structlog.get_logger(__name__)


class Edits:
    """One workspace's."""

    def __init__(self, api: SlackApi, uploads: Uploads, budget: Budget) -> None:
        """`uploads` knows which files Slack refuses; `budget` is shared by all edits of a workspace."""
        self._api = api
        self._uploads = uploads
        self._budget = budget
        self._standing = Standing()

    def posted(self, channel: str, ts: str, shown: Written) -> None:
        """A new message stands, and shows that."""
        self._standing.keep(f"{channel}:{ts}", shown)

    async def draw(self, ref: MessageRef, card: Card, files: Mapping[str, str], team: str, *, end: bool = False) -> None:
        """A job's `end` is sent whatever stands there: the answer tells whether the message does. Raises ChatError."""
        try:
            await fitted(card, files, partial(self._update, ref, team, end=end), self._uploads.race(files))
        except SlackFault as fault:
            if end and fault.unprocessed_file:
                await self._excuse(ref, card, team)
            raise
        self._uploads.accepted(card.pictures, files)

    async def _excuse(self, ref: MessageRef, card: Card, team: str) -> None:
        """Sent once: what stands there already is not sent again."""
        try:
            await self._update(ref, team, render(unseen(card), {}), end=False)
        except ChatError as error:
            log.info("slack_excuse_not_shown", message=ref.message_id, fault=error.text)

    async def _update(self, ref: MessageRef, team: str, shown: Written, *, end: bool) -> None:
        message = f"{ref.channel_id}:{ref.message_id}"
        if not end and self._standing.shows(message, shown):
            return
        if (pause := self._budget.pause(team)) > 0:
            raise ChatError(ChatFault.BUSY, "Slack asked for a pause", pause)
        self._budget.count(team)
        held = self._standing.drop(message)
        try:
            await self._api.update(ref.channel_id, ref.message_id, shown)
        except SlackFault as fault:
            if fault.unprocessed_file:
                self._standing.restore(message, held)
            if fault.retry_after is not None:
                self._budget.cool(team, fault.retry_after)
            raise
        self._standing.keep(message, shown)
