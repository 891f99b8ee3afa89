"""Pictures marked as sensitive, in channels.

Slack has no spoilers. An image block is always open; a link to the file opens for nobody, since no conversation shares
it; and sharing it in the channel would show it there. The one cover that every client of Slack draws is a thread: the
message says that the picture is in there, and the picture is its reply, seen by those who open the thread. In a message
that itself stands in a thread the reply is the next message of that thread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

import structlog

from bot.jobs.chat_port import PASSING, ChatError, ChatFault
from bot.jobs.place import MessageRef
from bot.jobs.surface import Card, Shown, Tone
from bot.slack.api import SlackApi
from bot.slack.config import Waits
from bot.slack.faults import SlackFault, within
from bot.slack.private import MOST_SECONDS
from bot.slack.render import render
from bot.slack.upload import Uploads, past_race
from bot.texts import slack as texts

log = structlog.get_logger(__name__)
REPLY = "cover"
"""In a reference's `extra`: the ts of the reply that holds the pictures."""
EVERY = frozenset(ChatFault)


def covered(card: Card) -> tuple[Card, tuple[Shown, ...]]:
    """The Card without its sensitive pictures but with a line about them, and these pictures."""
    hidden = tuple(shown for shown in card.pictures if shown.spoiler)
    if not hidden:
        return card, ()
    rest = tuple(shown for shown in card.pictures if not shown.spoiler)
    return replace(card, pictures=rest, lines=(*card.lines, texts.COVERED)), hidden


class Covers:
    """One reply for each message that has such pictures; it goes when they go."""

    def __init__(self, api: SlackApi, uploads: Uploads, waits: Waits) -> None:
        """`uploads`: told what Slack refuses; `waits`: between tries while a fresh file may not stand in a block yet."""
        self._api = api
        self._uploads = uploads
        self._waits = waits

    async def follow(
        self,
        ref: MessageRef,
        thread: str,
        hidden: tuple[Shown, ...],
        files: Mapping[str, str],
        bears: Collection[ChatFault] = (),
    ) -> MessageRef:
        """Post the reply that is missing, remove the one that is over. Raises ChatError.

        But not the faults that it `bears`: the message stands, and whoever lost its reference would post a second one. The
        reference is not whole then if another try may help.
        """
        try:
            async with within(MOST_SECONDS):
                with self._uploads.shown(files):
                    return replace(await self._followed(ref, thread, hidden, files), whole=True)
        except ChatError as error:
            if error.fault not in bears:
                raise
            log.warning("slack_cover_not_posted", channel=ref.channel_id, message=ref.message_id, fault=error.text)
            return replace(ref, whole=error.fault not in PASSING)

    async def _followed(
        self, ref: MessageRef, thread: str, hidden: tuple[Shown, ...], files: Mapping[str, str]
    ) -> MessageRef:
        if not hidden:
            return await self.remove(ref)
        if ref.extra.get(REPLY):
            return ref
        shown = render(Card(Tone.DONE, pictures=hidden), files)
        key = f"cover of {ref.message_id}"
        post = partial(self._api.post, ref.channel_id, thread or ref.message_id, shown, key)
        _, ts = await past_race(post, self._waits.race)
        return replace(ref, extra={**ref.extra, REPLY: ts})

    async def remove(self, ref: MessageRef) -> MessageRef:
        """The reference without its reply; one that is gone already is no error. Raises ChatError."""
        if ts := ref.extra.get(REPLY):
            try:
                await self._api.delete(ref.channel_id, ts)
            except SlackFault as fault:
                if fault.fault is not ChatFault.GONE:
                    raise
        return replace(ref, extra={key: value for key, value in ref.extra.items() if key != REPLY})
