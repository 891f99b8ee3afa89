"""Channels where one may draw."""

from __future__ import annotations

from bot.jobs.place import Platform
from bot.policy.case import Case, No, Opinion, Tools
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """A listed channel, a thread in one, or a listed thread; everywhere if none is listed. DMs: as the operator set it.

    A key of the job API stands in no channel: that it may draw for a community is what the operator said when they made it.
    """
    place = case.place
    if not _settled(case):
        return None if tools.direct else No("channel", texts.KEY_DIRECT if place.platform is Platform.API else texts.DIRECT)
    if place.platform is Platform.API:
        return None
    listed = case.community.channels
    if not listed or place.channel_id in listed or (place.thread_id and place.thread_id in listed):
        return None
    return No("channel", texts.channel(listed), detail=texts.CHANNEL)


def _settled(case: Case) -> bool:
    """Whether moderators can have set anything there: not in a DM, and not for keys that were made for no community."""
    return bool(case.key) and case.key.partition(":")[0] != Platform.API
