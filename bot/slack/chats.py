"""The Chat port over all workspaces: each message goes out through the office of the workspace where it stands."""

from __future__ import annotations

from bot.jobs.chat_port import ChatLimits
from bot.jobs.model import Job
from bot.jobs.place import Actor, MessageRef, Place
from bot.jobs.surface import Card
from bot.slack.chat import LIMITS, SlackChat
from bot.slack.convert import Source
from bot.slack.offices import Offices


class Chats:
    """Where no installation is kept, every call is a SlackFault that counts as broken: jobs wait for a new one."""

    def __init__(self, offices: Offices) -> None:
        """`offices`: asked at every call, as a token may be new since the last one."""
        self._offices = offices
        self.limits: ChatLimits = LIMITS

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """As `SlackChat.place`."""
        return await (await self._of(job)).place(job, card)

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """As `SlackChat.edit`."""
        return await (await self._of(job)).edit(job, card)

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """As `SlackChat.repost`."""
        return await (await self._of(job)).repost(job, card)

    async def whisper(self, job: Job, card: Card) -> bool:
        """As `SlackChat.whisper`."""
        return await (await self._of(job)).whisper(job, card)

    async def ping(self, job: Job, sentence: str) -> None:
        """As `SlackChat.ping`."""
        await (await self._of(job)).ping(job, sentence)

    async def delete(self, job: Job) -> None:
        """As `SlackChat.delete`."""
        await (await self._of(job)).delete(job)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """As `SlackChat.post`."""
        return await (await self._at(place)).post(place, card, key)

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        """As `SlackChat.revise`."""
        return await (await self._at(place)).revise(place, message, card)

    async def _of(self, job: Job) -> SlackChat:
        return (await self._offices.of(_source(job.place, job.actor))).chat

    async def _at(self, place: Place) -> SlackChat:
        return (await self._offices.of(_source(place))).chat


def _source(place: Place, actor: Actor | None = None) -> Source:
    """The organisation is not named: a job of a person and a card of nobody must find the same office."""
    return Source(place.community_id or (actor.team_id if actor else ""))
