"""Private answers: refusals and confirmations."""

from __future__ import annotations

from datetime import UTC, datetime


def span(seconds: float) -> str:
    """A time span in words: 5 h 12 min."""
    minutes = max(1, int(seconds // 60))
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def quota(left: int, daily: int, needed: int, resets_in: float) -> str:
    """The daily quota does not cover the job."""
    return (
        f"This needs {needed} picture{'s' if needed > 1 else ''}, and {left} of your {daily} for today are left. "
        f"More come at 00:00 UTC, in {span(resets_in)}. Nothing was charged."
    )


def month(left: int, monthly: int, needed: int) -> str:
    """The monthly quota does not cover the job."""
    return (
        f"This needs {needed} picture{'s' if needed > 1 else ''}, and {left} of your {monthly} for this month are left. "
        "More come on the first of the month, at 00:00 UTC. Nothing was charged."
    )


def budget(period: str) -> str:
    """The community's budget is used up."""
    when = "tomorrow at 00:00 UTC" if period == "day" else "on the first of next month"
    return f"The budget of this community for the {period} is used up; it starts anew {when}. Nothing was charged."


def budget_used(share: float, period: str) -> str:
    """For the moderators."""
    if share >= 1.0:
        return f"The budget for the {period} is used up: nobody can draw until it starts anew or is raised."
    return f"{share:.0%} of the budget for the {period} is used."


def day(now: float) -> str:
    """The UTC day of a moment: 2026-11-21."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()


def queue_full(running: int, waiting: int) -> str:
    """The user's queue is full."""
    return (
        f"Your queue is full: {running} of your jobs may run and {waiting} may wait. "
        "Try again when one of them is done. Nothing was charged."
    )


LINE_FULL = "Too many pictures are waiting to be drawn just now. Try again in a few minutes. Nothing was charged."
"""Of the whole deployment."""


FREE = "Nothing was charged."
TWIN = "This is being drawn already."
DRAWN = "This picture has been enlarged already: follow the link."
DRAWING = "This picture is being enlarged already: follow the link."
DELETED = "This job was deleted. Its pictures are gone."
SWEPT_PICTURES = "The pictures of this job are kept no longer: they were deleted after the time that is set here."
PICTURE_GONE = "This picture is not in the bot's store any more, so nothing can be drawn from it. Nothing was charged."
UNKNOWN_JOB = "This button belongs to no job here. It may be from a message that was deleted or copied."
HIDDEN = "Hidden after reports, until a moderator has looked at it. Nothing was charged."
NOT_READY = "This job has no pictures to work on."
NO_SUCH_PICTURE = "This job has no picture of that number."
NOT_YOURS_CANCEL = "Only the one who asked for it may cancel this job."
NOT_YOURS_DELETE = "Only the one who asked for it, or somebody who may manage messages here, may delete this."
TOO_LATE = "It is too late to cancel: the provider is drawing, and has been paid."
TOO_LATE_DRAWN = "It is too late to cancel: the pictures have been drawn."
TOO_LATE_ENDED = "This job has ended already: there is nothing to cancel."
CANCELLING = "Cancelling."
DELETED_NOW = "Deleted."
STORE_AWAY = "The bot cannot write to its database just now. Nothing was charged; try again in a minute."
PICTURES_AWAY = "The bot cannot reach its picture store just now. Nothing was charged; try again in a minute."
STOPPING = "The bot is restarting. Nothing was charged; try again in a minute."
TROUBLE = "Something went wrong in the bot. Nothing was charged; the operator can see why in the log."
SAVED = "Saved."
ONE_IMAGE = "One picture to start from, please: you gave several."
NO_PROVIDER = "No provider is set up that can do this."
NO_ENLARGER = "This picture is too large for every enlarger here: it stays as it is."
NO_IMAGE_PROVIDER = "No provider here can start from a picture. Leave the picture out."


def suffix_refused(sentence: str) -> str:
    """What was typed just now; the one from before stays."""
    return f"Your suffix was not saved. {sentence}"


def swept_prompt(command: str) -> str:
    """Nothing is left to draw again from. `command`: what to draw with."""
    return f"The prompt of this job is kept no longer: it was deleted after the time that is set here. Use {command}."


def unknown_provider(name: str, names: list[str]) -> str:
    """A provider that is not configured."""
    return f"There is no provider “{name}” here. Choose one of: {', '.join(names)}."


def image(sentence: str) -> str:
    """An input picture that cannot be used."""
    return f"{sentence} Nothing was charged."


def too_long(length: int, longest: int, provider: str) -> str:
    """A prompt over the provider's own limit."""
    return f"{provider} takes prompts of at most {longest} characters; yours has {length}. Nothing was charged."


def image_too_large(name: str, limit: int) -> str:
    """An attachment over our limit."""
    return f"“{name}” is too large: a picture to start from may have {limit // 2**20} MB."
