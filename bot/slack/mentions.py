"""`@bot imagine ...` in channels and threads, where slash commands do not exist or carry no file."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs.asks import Answer, Ask, Imagine, Private
from bot.jobs.core import Core
from bot.jobs.surface import Card, Tone
from bot.slack.api import Identity, Json
from bot.slack.commands import said_work
from bot.slack.convert import from_event
from bot.slack.escape import plain
from bot.slack.files import chosen
from bot.slack.grammar import IMAGINE, WORDS, Said, read
from bot.slack.intake import Intake
from bot.slack.listen import knowing
from bot.texts import slack as texts

VERB = re.compile(rf"/?{IMAGINE}\b(?!-)[:,]?\s*(?P<prompt>.*)", re.IGNORECASE | re.DOTALL)


def after_mention(text: str, bot_user_id: str) -> str:
    """What was said to the bot: all that follows its first mention, in Slack's escaped form."""
    _, _, rest = re.sub(rf"<@{re.escape(bot_user_id)}(\|[^>]*)?>", "\0", text, count=1).partition("\0")
    return rest.strip()


async def mention_work(core: Core, ask: Ask, said: str, file: Json | None, intake: Intake, us: Identity) -> Answer:
    """The verb draws, a command alone is that command, silence asks for help; the rest is not for us to draw."""
    if command := read(said) or (None if said or file else Said("help")):
        return await said_work(core, ask, command)
    if found := VERB.fullmatch(plain(said)):
        return await core.imagine(
            Imagine(
                ask,
                found["prompt"].strip(),
                image=intake.files.attachment(file, ask.place.community_id) if file else None,
            )
        )
    usage = texts.mention_usage(us.name or texts.NAME, WORDS)
    return Private(Card(Tone.FAILED, status=usage, private=True), refused=True)


def register(app: AsyncApp, intake: Intake) -> None:
    """Other bots and edits of messages that were answered already are passed over."""

    def take_mention(body: dict[str, Any], us: Identity) -> None:
        event = body["event"]
        if event.get("bot_id") or event.get("edited") or not event.get("user"):
            return
        said = after_mention(event.get("text") or "", us.user_id)
        work = partial(mention_work, said=said, file=chosen(event.get("files") or []), intake=intake, us=us)
        intake.take(from_event(body), work)

    app.event("app_mention")(knowing(take_mention))
