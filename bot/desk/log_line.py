"""An audit entry on one line: when, what, about whom, by whom, where, why."""

from __future__ import annotations

from bot.desk.who import called
from bot.jobs.house import House
from bot.jobs.mentions import channel_mention
from bot.policy.records import Entry
from bot.texts import desk as texts


async def line_of(house: House, entry: Entry) -> str:
    """People by name and pseudonym. Whoever acted about themselves is named once."""
    own = entry.actor == entry.subject
    subject = await called(house, entry.subject, entry.name if own else "")
    by = "" if own else await called(house, entry.actor, entry.name)
    where = channel_mention(entry.channel) if entry.channel else ""
    text = " ".join(entry.text.split())
    return texts.log_line(entry.at, texts.said(entry.what), subject, by, where, text)
