"""The Chat port on Slack.

A job's message is posted by chat.postMessage and edited by chat.update, as both outlive every response_url. Where the bot
may not post, it joins (public channels), else the whole job moves to the direct conversation with its requester,
who is told so: a message that a response_url brought could never be edited with the picture. A message of no job has no
requester to go to: it stands in its channel or nowhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

import structlog

from bot.jobs.chat_port import PASSING, ChatError, ChatFault, ChatLimits
from bot.jobs.model import Job, JobState
from bot.jobs.place import MessageRef, Place
from bot.jobs.surface import Card, Link, Tone
from bot.slack.api import SlackApi, Written
from bot.slack.config import SlackConfig
from bot.slack.covers import EVERY, Covers, covered
from bot.slack.edits import Edits
from bot.slack.faults import OUTSIDE, SlackFault, unless_gone, within
from bot.slack.fitting import fitted
from bot.slack.groups import Groups
from bot.slack.handout import Handout
from bot.slack.limits import Budget
from bot.slack.named import with_groups
from bot.slack.private import MOST_SECONDS, PrivateCards
from bot.slack.refs import files_of, permalink, with_files
from bot.slack.render import render, section, text
from bot.slack.rooms import NoRoom, moved
from bot.slack.speak import Speaker
from bot.slack.turns import Turns
from bot.slack.upload import KINDS, Uploads
from bot.texts import slack as texts

log = structlog.get_logger(__name__)
LIMITS = ChatLimits(20 * 1024 * 1024, frozenset(KINDS), progress_seconds=5.0)
"""PNG and JPEG; sparse progress, as edits are counted per workspace."""
ENDS = frozenset({Tone.DONE, Tone.FAILED})
STANDING = frozenset({JobState.HELD, JobState.REVIEW})
Post = Callable[[Written], Awaitable[tuple[str, str]]]


class SlackChat:
    """In one workspace."""

    def __init__(
        self,
        api: SlackApi,
        speaker: Speaker,
        uploads: Uploads,
        handout: Handout,
        private: PrivateCards,
        budget: Budget,
        config: SlackConfig,
        groups: Groups,
        site: str,
    ) -> None:
        """`budget` is shared by all edits of a workspace; `groups`: what its roles are called; `site`: its address."""
        self._api = api
        self._speaker = speaker
        self._uploads = uploads
        self._handout = handout
        self._private = private
        self._budget = budget
        self._waits = config.waits
        self._covers = Covers(api, uploads, config.waits)
        self._groups = groups
        self._turns = Turns()
        self._edits = Edits(api, uploads, budget)
        self._site = site or "https://slack.com/"
        self.limits: ChatLimits = LIMITS

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """Post the placeholder: here, after joining, or in the direct conversation. None: Slack lets us speak nowhere."""
        try:
            return await self.repost(job, card)
        except ChatError as error:
            if error.fault in PASSING:
                raise
            log.warning("slack_no_room", job=job.id, channel=job.place.channel_id, fault=error.text)
            said = error.sentence if isinstance(error, NoRoom) else texts.no_room("")
        await self.whisper(job, Card(Tone.FAILED, status=said, private=True))
        return None

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """A new message in the job's place, else in the direct conversation. Slack posts at least once: it has no nonce."""
        try:
            return await self._send(job.place, card, files_of(job.message), self._here(job.place, job.id))
        except SlackFault as fault:
            if fault.fault not in {ChatFault.FORBIDDEN, ChatFault.GONE}:
                raise
            log.info("slack_moves_to_dm", job=job.id, channel=job.place.channel_id, fault=fault.code)
            return await self._direct(job, card, fault)

    async def _direct(self, job: Job, card: Card, refused: SlackFault) -> MessageRef:
        direct = partial(self._speaker.direct, job.actor.user_id, key=job.id)
        try:
            ref = await self._send(job.place, card, files_of(job.message), direct)
        except ChatError as error:
            if error.fault in PASSING:
                raise
            raise NoRoom(refused, error) from error
        await self._say_moved(job, ref, moved(refused))
        return ref

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """Progress may be dropped (budget, overtaken); an end never is. Takes at most `MOST_SECONDS`: upload, scan, race.

        That a moderator is waited for is no progress: no edit may follow for days. A hidden result is an end.

        Progress shows no preview pictures: each would be a file that stays in the workspace until it is deleted, costs
        three calls and Slack's scan of up to half a minute, and would make the finished pictures wait for it.
        """
        ref, final = _ref(job), card.tone in ENDS or job.hidden
        async with within(MOST_SECONDS), self._turns.turn(f"{ref.channel_id}:{ref.message_id}", final=final) as mine:
            if not mine or not (final or job.state in STANDING or self._budget.spare(_team(job))):
                return ref
            return await self._shown(job.place, ref, card if final else replace(card, pictures=()), _team(job), end=final)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """At least once, whatever the `key`: Slack has no nonce. Files follow in the message's thread."""
        card = await with_groups(card, place.community_id, self._groups)
        ref = await self._send(place, card, {}, self._here(place, key), EVERY)
        try:
            async with within(MOST_SECONDS):
                await self._handout.to_channel(card.files, ref.channel_id, place.thread_id or ref.message_id)
        except ChatError as error:  # the message stands, and trying again would make a second one
            log.warning("slack_files_not_posted", key=key, channel=place.channel_id, fault=error.text)
        return ref

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        """One edit after the other; none is dropped. Files are not sent again."""
        async with within(MOST_SECONDS), self._turns.turn(f"{message.channel_id}:{message.message_id}", final=True):
            card = await with_groups(card, place.community_id, self._groups)
            return await self._shown(place, message, card, place.community_id, EVERY)

    async def redraw(self, place: Place, message: MessageRef, card: Card) -> None:
        """`revise` for the message that carried a control, whose reference nobody has: a cover's reply stays as it is."""
        async with within(MOST_SECONDS), self._turns.turn(f"{message.channel_id}:{message.message_id}", final=True):
            shown, _ = covered(card)
            await self._edits.draw(message, shown, await self._uploads.ids(shown.pictures, {}), place.community_id)

    async def whisper(self, job: Job, card: Card) -> bool:
        """To the requester alone; pictures and files too."""
        return await self._private.whisper(job.place, job.actor.user_id, job.reply, card, files_of(job.message))

    async def ping(self, job: Job, sentence: str) -> None:
        """A message beside the job's own that mentions its requester."""
        ref = _ref(job)
        thread = job.place.thread_id if ref.channel_id == job.place.channel_id else ""
        link = [{"type": "link", "url": ref.url, "text": texts.SHOW}] if ref.url else []
        words = [{"type": "user", "user_id": job.actor.user_id}, *text(f" {sentence} "), *link]
        notice = render(Card(Tone.DONE, status=sentence), {}).text
        await self._api.post(ref.channel_id, thread, Written([{"type": "rich_text", "elements": [section(words)]}], notice))

    async def delete(self, job: Job) -> None:
        """The message, its cover, and the files that both showed: deleting a message leaves them."""
        ref = _ref(job)
        await self._covers.remove(ref)
        await unless_gone(self._api.delete(ref.channel_id, ref.message_id))
        for file_id in files_of(ref).values():
            await unless_gone(self._api.delete_file(file_id))
        self._uploads.forget(tuple(files_of(ref)))

    def _here(self, place: Place, key: str) -> Post:
        channel, thread = place.channel_id, place.thread_id

        async def post(shown: Written) -> tuple[str, str]:
            try:
                return await self._api.post(channel, thread, shown, key)
            except SlackFault as fault:
                if fault.code not in OUTSIDE or not channel.startswith("C"):
                    raise
            await self._api.join(channel)
            return await self._api.post(channel, thread, shown, key)

        return post

    async def _send(
        self, place: Place, card: Card, known: Mapping[str, str], post: Post, bears: Collection[ChatFault] = PASSING
    ) -> MessageRef:
        """`bears`: what may happen to its cover once it stands. A job's message that may have none goes elsewhere."""
        shown, hidden = covered(card)
        async with within(MOST_SECONDS):
            files = await self._uploads.ids(card.pictures, known)
            with self._uploads.shown(files):
                channel, ts = await fitted(shown, files, partial(self._posted, post), self._waits.race)
        thread = place.thread_id if channel == place.channel_id else ""
        ref = with_files(MessageRef(channel, ts, permalink(self._site, channel, ts, thread)), files)
        return await self._covers.follow(ref, thread, hidden, files, bears)

    async def _shown(
        self, place: Place, ref: MessageRef, card: Card, team: str, bears: Collection[ChatFault] = (), *, end: bool = False
    ) -> MessageRef:
        shown, hidden = covered(card)
        files = await self._uploads.ids(card.pictures, files_of(ref))
        thread = place.thread_id if ref.channel_id == place.channel_id else ""
        with self._uploads.shown(files):
            await self._edits.draw(ref, shown, files, team, end=end)
        return await self._covers.follow(with_files(ref, files), thread, hidden, files, bears)

    async def _posted(self, post: Post, shown: Written) -> tuple[str, str]:
        channel, ts = await post(shown)
        self._edits.posted(channel, ts, shown)
        return channel, ts

    async def _say_moved(self, job: Job, ref: MessageRef, said: str) -> None:
        card = Card(Tone.WAITING, status=said, links=(Link(texts.SHOW, ref.url),), private=True)
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
