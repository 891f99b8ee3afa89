"""A whole front over the loopback Slack, and a core that draws at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.jobs.asks import Answer, Imagine, OpenForm, Placeholder, Press, Private, Quiet, Submission, Update
from bot.jobs.model import Job
from bot.jobs.place import MessageRef
from bot.jobs.surface import Button, Card, Field, FieldKind, Form, Tone
from bot.slack.config import SlackConfig, Waits
from bot.slack.front import SlackFront
from tests.bot.slack.jobs import DONE, RUNNING, WAITING, job
from tests.bot.slack.stub import StubCore, StubFetcher, StubPictures
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_helpers import PNG

FORM = Form("i1:imagine::0", "New picture", (Field("prompt", "Prompt", FieldKind.LONG_TEXT, required=True),))
SETTINGS = Button("i1:settings::0", "Settings")
NO = Private(Card(Tone.FAILED, status="Not today.", rows=((SETTINGS,),), private=True), refused=True)
WAITS = Waits(processed=(0.0, 0.01, 0.05), race=(0.01, 0.01, 0.01, 0.01, 0.01))


class DrawingCore(StubCore):
    """Accepts everything and draws at once, through the Chat port; "no" is refused, silence opens the form."""

    def __init__(self, front: SlackFront) -> None:
        super().__init__()
        self.front = front
        self.jobs: list[Job] = []
        self.refs: list[MessageRef | None] = []
        self.changed = asyncio.Event()

    async def until(self, ready: Callable[[], object]) -> None:
        """Wait until something holds of this core."""
        async with asyncio.timeout(5):
            while not ready():
                self.changed.clear()
                await self.changed.wait()

    async def imagine(self, asked: Imagine) -> Answer:
        self.asked.append(asked)
        if not asked.text:
            return OpenForm(FORM)
        return NO if asked.text == "no" else await self._draw(asked)

    async def submit(self, asked: Submission) -> Answer:
        self.asked.append(asked)
        return await self._draw(asked)

    async def press(self, asked: Press) -> Answer:
        self.asked.append(asked)
        self.changed.set()
        return Update(Card(Tone.DONE, status="Saved.", private=True)) if ":settings:" in asked.control else Quiet()

    async def _draw(self, asked: Imagine | Submission) -> Answer:
        made = replace(job(), actor=asked.ask.actor, place=asked.ask.place, reply=asked.ask.reply)
        ref = await self.front.chat.place(made, WAITING)
        self.refs.append(ref)
        if ref is not None:
            made = replace(made, message=ref)
            await self.front.chat.edit(made, RUNNING)
            made = replace(made, message=await self.front.chat.edit(made, DONE))
        self.jobs.append(made)
        self.changed.set()
        return Placeholder(made.id, WAITING)


def made_front(fake: FakeSlack, app_token: str = "", signing_secret: str = "") -> SlackFront:
    pictures = StubPictures()
    pictures.held["grid-1"] = PNG
    token = app_token or (None if signing_secret else fake.app_token)
    config = SlackConfig(fake.bot_token, token, signing_secret or None, api_url=fake.api_url, waits=WAITS, timeout=5.0)
    return SlackFront(config, pictures, StubFetcher(), fake.clock)
