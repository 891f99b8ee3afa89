"""The nouns of the house: requests, jobs, calls, pictures. Times are unix seconds, money is micro-USD."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from bot.jobs.place import Actor, MessageRef, Place, Reply
from providers.base import Params, Size


class Action(StrEnum):
    """What a job does; the letter also stands in button strings."""

    IMAGINE = "imagine"
    UPSCALE = "upscale"
    VARIATION = "variation"
    REROLL = "reroll"


class JobState(StrEnum):
    """The states of a job row. Those up to STORED are open, the others are ends.

    HELD: a moderator must agree before anything is paid. REVIEW: its pictures wait for a moderator before they are shown.
    """

    NEW = "new"
    HELD = "held"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    FINISHED = "finished"
    REVIEW = "review"
    STORED = "stored"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"

    @property
    def open(self) -> bool:
        """Whether something is still to be done for the pictures."""
        return self in OPEN

    @property
    def waiting(self) -> bool:
        """Whether nothing can have been paid yet."""
        return self in WAITING


WAITING = frozenset({JobState.NEW, JobState.HELD, JobState.QUEUED})
"""Accepted, but no call has been made."""
BUSY = frozenset({JobState.SUBMITTING, JobState.RUNNING, JobState.FINISHED, JobState.STORED})
"""Counts against the running caps."""
OPEN = WAITING | BUSY | {JobState.REVIEW}


class CallState(StrEnum):
    """One paid request: written down as `intent` before it is sent."""

    INTENT = "intent"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


GIVEN_UP = "deadline: no result in time"
"""Reason of a call that the provider took and did not finish in time: an operator may have it asked for again."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes in the picture store. Sizes in px and bytes.

    `seed` and `source_id` as the provider named them; `index` is its place among the pictures of the call `call_id`.
    """

    key: str
    mime: str
    width: int
    height: int
    size: int
    seed: int | None = None
    source_id: str = ""
    call_id: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What to draw: `prompt` as typed (shown to people), `text` without parameters (sent to the provider)."""

    prompt: str
    text: str
    params: Params
    size: Size
    count: int = 4
    image_key: str = ""
    image_mime: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a provider said last. `fraction` 0.0-1.0 only where the provider gives one: never invented.

    `preview`: what is drawn so far, where the provider sends that.
    """

    fraction: float | None = None
    queue_position: int | None = None
    preview: Picture | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One row, the whole state of a job. Frozen: only a store makes the next version.

    `running_cap`: how many jobs its user may have running (0: the deployment's cap). `hold`: why a moderator must agree
    before it is paid ("" = need not); `verdict`: what the moderator decided: "", "approved" or "rejected: reason".
    `flags`: what the moderation found in its pictures; `hidden`: not shown until a moderator has looked at it.
    `queued_at`: since when it waits in the line; `not_before`: a step that is tried again waits so long, whatever wakes it.
    `alias`: the pseudonym of its user, which logs hold. `estimate`: what it should cost, as reckoned at its acceptance.
    """

    id: str
    action: Action
    state: JobState
    actor: Actor
    place: Place
    request: Request
    units: int
    provider: str
    created_at: float
    parent_id: str = ""
    parent_index: int = 0
    notes: tuple[str, ...] = ()
    reply: Reply | None = None
    message: MessageRef | None = None
    pictures: tuple[Picture, ...] = ()
    shown: Picture | None = None
    progress: Progress = Progress()
    reason: str = ""
    detail: str = ""
    attempts: int = 0
    cost: int = 0
    estimate: int = 0
    cancel_requested: bool = False
    ping: bool = False
    told: bool = False
    deleted: bool = False
    started_at: float | None = None
    queued_at: float | None = None
    not_before: float | None = None
    ended_at: float | None = None
    due_at: float | None = None
    lease: str = ""
    running_cap: int = 0
    hold: str = ""
    verdict: str = ""
    flags: tuple[str, ...] = ()
    spoiler: bool = False
    hidden: bool = False
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One paid request of a job. `hooked`: a webhook came for it; `candidate`: the provider id that the webhook named."""

    id: str
    job_id: str
    slot: int
    attempt: int
    provider: str
    state: CallState
    count: int
    created_at: float
    ref: str = ""
    cost: int = 0
    hooked: bool = False
    candidate: str = ""
    polls: int = 0
    reason: str = ""
    pictures: tuple[Picture, ...] = ()
    urls: tuple[Found, ...] = ()
    sent_at: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A finished picture that is still at the provider."""

    url: str
    seed: int | None = None
    source_id: str = ""


def new_id() -> str:
    """A fresh id for a job or a call: 80 random bits, so that nobody guesses another's."""
    return secrets.token_hex(10)
