"""Why a job's message cannot stand where it was asked for, in words: only what an invitation mends asks for one."""

from __future__ import annotations

from bot.jobs.chat_port import ChatError
from bot.slack.faults import ARCHIVED, OUTSIDE, READ_ONLY, SCOPE, SlackFault
from bot.texts import slack as texts

WRITE = "chat:write"


class NoRoom(ChatError):
    """Neither there nor in the direct conversation. `sentence`: what the requester reads."""

    def __init__(self, there: SlackFault, direct: ChatError) -> None:
        """The fault is the second one's; the first says what is wrong."""
        super().__init__(direct.fault, f"{there.text}; {direct.text}", direct.retry_after)
        self.sentence = texts.NO_RIGHT if _rightless(there) else texts.no_room(_why(there))


def moved(there: SlackFault) -> str:
    """The pictures come as a direct message."""
    return texts.moved(_why(there))


def _why(fault: SlackFault) -> str:
    """Empty: the bot is not there, and may be invited."""
    if fault.code in ARCHIVED:
        return texts.ARCHIVED
    if fault.code in READ_ONLY:
        return texts.READ_ONLY
    outside = fault.code in OUTSIDE or (fault.code == SCOPE and not _rightless(fault))
    return "" if outside else texts.CLOSED


def _rightless(fault: SlackFault) -> bool:
    """Without the right to post at all; one to join a channel may be lacking, too, and an invitation replaces it."""
    return fault.code == SCOPE and WRITE in fault.details.split(",")
