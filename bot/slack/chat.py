"""The Chat port on Slack.

A job's message is posted by chat.postMessage and edited by chat.update, as both outlive every response_url. Where the bot
may not post, it joins (public channels), else the whole job moves to the direct conversation with its requester,
who is told so: a message that a response_url brought could never be edited with the picture.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.jobs.model import Job, MessageRef
from bot.jobs.ports import ChatError, ChatFault, ChatLimits
from bot.jobs.surface import Card, Link, Tone
from bot.slack.api import SlackApi, Written
from bot.slack.config import SlackConfig
from bot.slack.faults import OUTSIDE, TOO_LONG, SlackFault, within
from bot.slack.limits import Budget
from bot.slack.refs import files_of, permalink, with_files
from bot.slack.render import LESS, MOST, render, section, text
from bot.slack.speak import Speaker
from bot.slack.turns import Turns
from bot.slack.upload import KINDS, Uploads, past_race
from bot.texts import slack as texts

log = structlog.get_logger(__name__)
LIMITS = ChatLimits(20 * 1024 * 1024, frozenset(KINDS), progress_seconds=5.0)
MOST_SECONDS = 120.0
"""One delivery, whatever hangs: a file's scan alone may take half a minute."""
ENDS = frozenset({Tone.DONE, Tone.FAILED})
Post = Callable[[Written], Awaitable[tuple[str, str]]]


class SlackChat:
    """`site` is the workspace's address, known after the start."""

    def __init__(self, api: SlackApi, speaker: Speaker, uploads: Uploads, budget: Budget, config: SlackConfig) -> None:
        """`budget` is shared by all edits of a workspace."""
        self._api = api
        self._speaker = speaker
        self._uploads = uploads
        self._budget = budget
        self._waits = config.waits
        self._turns = Turns()
        self.site = "https://slack.com/"

    @property
    def limits(self) -> ChatLimits:
        """PNG and JPEG; sparse progress, as edits are counted per workspace."""
        return LIMITS

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """Post the placeholder: here, after joining, or in the direct conversation. None: Slack lets us speak nowhere."""
        try:
            return await self.repost(job, card)
        except ChatError as error:
            if error.fault in {ChatFault.BUSY, ChatFault.BROKEN}:
                raise
            log.warning("slack_no_room", job=job.id, channel=job.place.channel_id, fault=error.text)
        await self.whisper(job, Card(Tone.FAILED, status=texts.NO_ROOM, private=True))
        return None

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """A new message in the job's place, else in the direct conversation. Slack posts at least once: it has no nonce."""
        try:
            return await self._send(job, card, self._here(job))
        except SlackFault as fault:
            if fault.fault not in {ChatFault.FORBIDDEN, ChatFault.GONE}:
                raise
            log.info("slack_moves_to_dm", job=job.id, channel=job.place.channel_id, fault=fault.code)
        ref = await self._send(job, card, lambda shown: self._speaker.direct(job.actor.user_id, shown))
        await self._say_moved(job, ref)
        return ref

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """Progress may be dropped (budget, overtaken); an end never is. Takes at most `MOST_SECONDS`: upload, scan, race."""
        ref, final = _ref(job), card.tone in ENDS
        async with within(MOST_SECONDS), self._turns.turn(f"{ref.channel_id}:{ref.message_id}", final=final) as mine:
            if not mine or not (final or self._budget.spare(_team(job))):
                return ref
            files = await self._uploads.ids(card.pictures, files_of(ref))
            await self._fitted(card, files, lambda shown: self._update(job, ref, shown))
            return with_files(ref, files)

    async def whisper(self, job: Job, card: Card) -> bool:
        """To the requester alone; pictures too."""
        sent = False

        async def say(shown: Written) -> None:
            nonlocal sent
            sent = await self._speaker.whisper(job.place, job.actor.user_id, job.reply, shown)

        async with within(MOST_SECONDS):
            files = await self._uploads.ids(card.pictures, files_of(job.message))
            await self._fitted(card, files, say)
        return sent

    async def ping(self, job: Job, sentence: str) -> None:
        """A message beside the job's own that mentions its requester."""
        ref = _ref(job)
        thread = job.place.thread_id if ref.channel_id == job.place.channel_id else ""
        link = [{"type": "link", "url": ref.url, "text": texts.SHOW}] if ref.url else []
        words = [{"type": "user", "user_id": job.actor.user_id}, *text(f" {sentence} "), *link]
        notice = render(Card(Tone.DONE, status=sentence), {}).text
        await self._api.post(ref.channel_id, thread, Written([{"type": "rich_text", "elements": [section(words)]}], notice))

    async def delete(self, job: Job) -> None:
        """The message and the files it showed: deleting a message leaves them."""
        ref = _ref(job)
        await _unless_gone(self._api.delete(ref.channel_id, ref.message_id))
        for file_id in files_of(ref).values():
            await _unless_gone(self._api.delete_file(file_id))
        self._uploads.forget(tuple(files_of(ref)))

    def _here(self, job: Job) -> Post:
        channel, thread = job.place.channel_id, job.place.thread_id

        async def post(shown: Written) -> tuple[str, str]:
            try:
                return await self._api.post(channel, thread, shown)
            except SlackFault as fault:
                if fault.code not in OUTSIDE or not channel.startswith("C"):
                    raise
            await self._api.join(channel)
            return await self._api.post(channel, thread, shown)

        return post

    async def _send(self, job: Job, card: Card, post: Post) -> MessageRef:
        where = ("", "")

        async def send(shown: Written) -> None:
            nonlocal where
            where = await post(shown)

        async with within(MOST_SECONDS):
            files = await self._uploads.ids(card.pictures, files_of(job.message))
            await self._fitted(card, files, send)
        thread = job.place.thread_id if where[0] == job.place.channel_id else ""
        return with_files(MessageRef(*where, permalink(self.site, *where, thread)), files)

    async def _fitted(self, card: Card, files: Mapping[str, str], send: Callable[[Written], Awaitable[None]]) -> None:
        """Past the file race, and once more with less text where Slack finds it too long."""
        try:
            await past_race(lambda: send(render(card, files, MOST)), self._waits.race)
        except SlackFault as fault:
            if fault.code not in TOO_LONG:
                raise
            await past_race(lambda: send(render(card, files, LESS)), self._waits.race)

    async def _update(self, job: Job, ref: MessageRef, shown: Written) -> None:
        team = _team(job)
        if (pause := self._budget.pause(team)) > 0:
            raise ChatError(ChatFault.BUSY, "Slack asked for a pause", pause)
        self._budget.count(team)
        try:
            await self._api.update(ref.channel_id, ref.message_id, shown)
        except SlackFault as fault:
            if fault.retry_after is not None:
                self._budget.cool(team, fault.retry_after)
            raise

    async def _say_moved(self, job: Job, ref: MessageRef) -> None:
        card = Card(Tone.WAITING, status=texts.MOVED, links=(Link(texts.SHOW, ref.url),), private=True)
        try:
            await self.whisper(job, card)
        except ChatError as error:
            log.info("slack_move_untold", job=job.id, fault=error.fault)


def _ref(job: Job) -> MessageRef:
    if job.message is None:
        raise ChatError(ChatFault.GONE, "the job has no message")
    return job.message


def _team(job: Job) -> str:
    return job.place.community_id or job.actor.team_id


async def _unless_gone(call: Awaitable[None]) -> None:
    try:
        await call
    except SlackFault as fault:
        if fault.fault is not ChatFault.GONE:
            raise
