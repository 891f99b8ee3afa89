"""What a job's message says, by state."""

from __future__ import annotations

PROVIDER_REFUSED = "refused"

REASONS = {
    "moderated": "The provider's rules refused this prompt or its pictures. Nothing was charged.",
    "bad_request": "The provider could not use this request. Nothing was charged.",
    "bad_key": "The provider did not accept this bot's key. Nothing was charged; the operator has been told.",
    "no_money": "The provider account of this bot is empty. Nothing was charged; the operator has been told.",
    "busy": "The provider stayed too busy. Nothing was charged; try again in a while.",
    "broken": "The provider failed. Nothing was charged; try again in a while.",
    "no_pictures": "The provider sent no usable picture. Nothing was charged.",
    "deadline": "The provider took too long. Nothing was charged.",
    "undeliverable": "The pictures could not be shown here. Nothing was charged; they are kept.",
    "no_provider": "The provider of this job is not set up any more. Nothing was charged.",
    "parent_gone": "The picture that this started from is gone. Nothing was charged.",
    "queue": "It waited an hour without a free place. Nothing was charged.",
    "unanswered": "The provider gave no answer, so nobody knows whether it drew. Nothing was charged. If the pictures "
    "still come, they appear here.",
    "person": "Cancelled. Nothing was charged.",
    "rejected": "A moderator did not agree. Nothing was charged.",
    "flagged": "A picture was flagged by this bot's moderation, so none is shown. Nothing was charged.",
    "review": "No moderator decided within 72 hours. Nothing was charged.",
    "no_answer": "Cancelled: the request could not be answered in time. Nothing was charged.",
}


def reason(code: str) -> str:
    """The sentence for an end's reason code."""
    return REASONS.get(code, REASONS["broken"])


def waiting(ahead: int) -> str:
    """A placeholder that stands in the queue."""
    if ahead <= 0:
        return "waiting to start"
    return f"waiting, {ahead} job{'s' if ahead > 1 else ''} ahead"


def running(provider: str, percent: int | None, queue_position: int | None, seconds: float) -> str:
    """Only what the provider said: its percent (shown as a bar), else its queue position, else the time that has passed."""
    if percent is not None:
        return f"drawing · {provider}"
    if queue_position:
        return f"number {queue_position} in the queue of {provider}"
    return f"drawing for {int(seconds)} s · {provider}"


HELD = "waits for a moderator"
REVIEW = "drawn; waits for a moderator"
HIDDEN = "Hidden after reports, until a moderator has looked at it."
FETCHING = "fetching the pictures"
CANCELLED = "cancelled"
EXPIRED = "expired"
FAILED = "failed"
REFUSED = "refused"
UNCERTAIN = "no answer"


def done(provider: str, seconds: float) -> str:
    """A delivered job."""
    return f"{provider} · {seconds:.0f} s"


def partial(came: int, asked: int) -> str:
    """Fewer pictures than asked for."""
    return f"{came} of {asked} pictures came; only these are charged."


def ignored(names: list[str], provider: str) -> str:
    """Parameters that this provider cannot honour."""
    flags = ", ".join(f"--{name}" for name in names)
    return f"Ignored, because {provider} has no such setting: {flags}."


def lost_with_picture(names: list[str], provider: str) -> str:
    """Parameters that it honours for words alone."""
    flags = ", ".join(f"--{name}" for name in names)
    return f"Ignored, because {provider} has no such setting where it starts from a picture: {flags}."


def of_parent(action: str, index: int) -> str:
    """Label of the link to the parent."""
    words = {
        "upscale": f"picture {index} of",
        "variation": f"variations of picture {index} of",
        "reroll": "drawn again from",
    }
    return f"{words.get(action, 'from')} this job"


WITHDRAWN = "Somebody deleted the message of this job, so its pictures are shown to you alone."
ORPHAN = "This message was posted twice; the job goes on in the other one."
ORPHAN_OVER = "This job has ended; its result stands in another message."
DIRECTLY = "This takes longer than I may write here: the pictures will be sent to who asked for them directly."
ELSEWHERE = "Sent anew, because I may not change the first message any more."
MOVED = "I may not show pictures here any more; they were posted anew."
MOVED_DIRECTLY = "I may not show pictures here any more; they were sent to who asked for them directly."
LANCZOS = "Enlarged by plain resampling, without new detail: no other enlarger here could take this picture."
IMAGE_TO_IMAGE = "Variations made by drawing again from the picked picture."
NEW_SEED = "This provider cannot start from a picture: the same prompt was drawn with a new seed."
DONE_PING = "your pictures are ready"


def preview_alt(prompt: str) -> str:
    """Words for those who cannot see a picture that is still being drawn (at most 1,000 characters)."""
    return f"Preview, still being drawn: {prompt}"[:1000]


def alt(prompt: str, count: int) -> str:
    """Words for those who cannot see the picture (at most 1,000 characters)."""
    what = "Picture" if count == 1 else f"Grid of {count} pictures"
    return f"{what}: {prompt}"[:1000]
