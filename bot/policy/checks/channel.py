"""Channels where one may draw."""

from __future__ import annotations

from bot.jobs.place import Platform
from bot.policy.case import Case, No, Opinion, Tools
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """A listed channel, a thread in one, or a listed thread; everywhere if none is listed. DMs: as the operator set it.

    A key of the job API stands in no channel: that it may draw here is what the operator said when they made it.
    """
    if not case.key:
        return None if tools.direct else No("channel", texts.DIRECT)
    listed, place = case.community.channels, case.place
    if (
        not listed
        or place.platform is Platform.API
        or place.channel_id in listed
        or (place.thread_id and place.thread_id in listed)
    ):
        return None
    return No("channel", texts.channel(listed), detail=texts.CHANNEL)
