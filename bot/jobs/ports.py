"""What the core asks of the outside: promises and signatures only. Adapters stand in storage, engine and front ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.jobs.model import Actor, Call, CallState, Found, Job, JobState, MessageRef, Picture, Place, Progress, Reply
from bot.jobs.surface import Card

Clock = Callable[[], float]
"""Unix seconds; tests hand in one they can move."""


class ChatFault(StrEnum):
    """Why a chat did not take a message."""

    GONE = "gone"
    """The message, channel or token is gone for good."""
    FORBIDDEN = "forbidden"
    """We may not speak there (any more)."""
    BUSY = "busy"
    """Rate limit: try again after `retry_after`."""
    TOO_LARGE = "too_large"
    """The attachment is over this place's limit."""
    BROKEN = "broken"
    """The platform failed, or the line did: try again."""


class ChatError(Exception):
    """A chat refused a call; `fault` decides what the core does next. `retry_after` in seconds."""

    def __init__(self, fault: ChatFault, text: str, retry_after: float | None = None) -> None:
        """Keep the facts as attributes."""
        super().__init__(f"{fault}: {text}")
        self.fault = fault
        self.text = text
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class ChatLimits:
    """What a chat takes: bytes per picture, mime types it shows, seconds between two progress edits of one message."""

    picture_bytes: int
    formats: frozenset[str]
    progress_seconds: float


class Chat(Protocol):
    """A front end's way out. Every method has a timeout of its own and raises ChatError only."""

    @property
    def limits(self) -> ChatLimits:
        """Constant for the life of the adapter."""
        ...

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """Find the job's placeholder (Discord: the interaction's own response) or post it.

        None: it cannot stand any more (the interaction is dead): the job is cancelled and refunded.
        Posting must be repeat-safe where the platform can (Discord channel posts: a nonce from job id and purpose).
        """
        ...

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """Make the job's message show `card`; repeatable. Returns the reference to keep."""
        ...

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """The message can't be edited for lack of access: post anew where we may, else send it to the requester alone."""
        ...

    async def whisper(self, job: Job, card: Card) -> bool:
        """Show `card` privately to the requester while a token or a DM allows it; False if there is no way."""
        ...

    async def ping(self, job: Job, sentence: str) -> None:
        """Tell the requester by a new message that links to the job's message."""
        ...

    async def delete(self, job: Job) -> None:
        """Remove the job's message; one that is gone already is no error."""
        ...


class Pictures(Protocol):
    """The picture store: bytes under a key."""

    async def put(self, key: str, data: bytes, mime: str) -> None:
        """Store; the same key again replaces."""
        ...

    async def get(self, key: str) -> bytes:
        """The bytes; raises KeyError for an unknown key."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Remove; unknown keys are no error."""
        ...


class Fetcher(Protocol):
    """The guarded fetcher: every URL that a user or a provider names goes through it."""

    async def fetch(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None, trusted: str = "") -> bytes:
        """At most `limit` bytes. `trusted`: a host (with port) that may be private: a configured base URL's own.

        Raises providers.errors.BadUrl with one sentence.
        """
        ...


@dataclass(frozen=True, slots=True)
class Composed:
    """One picture that was checked, or made of several. Sizes in px."""

    data: bytes
    mime: str
    width: int
    height: int


class Imaging(Protocol):
    """Pixels, off the event loop. Every method raises providers.errors.BadPicture for bytes it cannot use."""

    async def check(self, data: bytes) -> Composed:
        """Is it a picture that is safe to decode, whole, and of a type we know (PNG, JPEG, WebP)? Bytes stay as they are."""
        ...

    async def grid(self, tiles: Sequence[bytes], limit: int) -> Composed:
        """2x2 (or fewer) tiles as one JPEG of at most `limit` bytes."""
        ...

    async def fit(self, data: bytes, limit: int, formats: frozenset[str]) -> Composed:
        """The same picture under `limit` bytes in one of `formats`; the bytes themselves if they fit already."""
        ...


class Engine(Protocol):
    """Says only when a job is looked at."""

    def wake(self, job_id: str) -> None:
        """Look at this job as soon as possible; never blocks, never lost while the process lives."""
        ...

    def defer(self, job_id: str, delay: float) -> None:
        """Look at it again in `delay` seconds."""
        ...


Advance = Callable[[str], Awaitable[float | None]]
"""One look at a job: seconds to wait for the next, or None if only a wake can bring news."""


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps of one deployment. `daily`: pictures a user and UTC day."""

    daily: int
    user_running: int
    user_waiting: int
    running: int


class RefusalKind(StrEnum):
    """Why a job was not accepted."""

    QUOTA = "quota"
    QUEUE_FULL = "queue_full"
    TWIN = "twin"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not accepted, nothing written. `left`: units left today; `twin`: the job that already does (or did) this."""

    kind: RefusalKind
    left: int = 0
    twin: Job | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Job row and reservation are committed. `ahead`: jobs before it; `replay`: the same request came before."""

    job: Job
    ahead: int
    replay: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A user's numbers now: units used today, jobs running and waiting."""

    used: int
    running: int
    waiting: int


class LeaseLost(Exception):
    """Another owner holds the job, or it has moved on: stop at once, touch nothing."""


class JobReads(Protocol):
    """Questions to the store."""

    async def job(self, job_id: str) -> Job | None:
        """One job, or None."""
        ...

    async def calls(self, job_id: str) -> list[Call]:
        """All calls of a job, oldest first."""
        ...

    async def call(self, call_id: str) -> Call | None:
        """One call, or None."""
        ...

    async def due(self, now: float, limit: int) -> list[str]:
        """Ids of jobs whose time has come, oldest first."""
        ...

    async def ahead(self, job_id: str) -> int:
        """Jobs that will be admitted before this one, in the fair order."""
        ...

    async def standing(self, user_key: str, now: float) -> Standing:
        """For /info."""
        ...

    async def jobs(self, states: Sequence[JobState], limit: int, user_key: str = "") -> list[Job]:
        """Newest first; no states = all."""
        ...

    async def child(self, parent_id: str, action: str, index: int) -> Job | None:
        """The newest child job of that action that is open or delivered."""
        ...


@dataclass(frozen=True, slots=True)
class NewCall:
    """An intent to write down: slot 0-3, `count` pictures, estimated `cost` in micro-USD."""

    id: str
    slot: int
    attempt: int
    provider: str
    count: int
    cost: int


class JobWrites(Protocol):
    """Each method is one transaction; books and state change together. Methods with a `job` match id, state and lease
    of what they were given and raise LeaseLost when no row matches. The kill test stops the process before and after
    every one of them."""

    async def accept(self, job: Job, key: str, caps: Caps, due_at: float) -> Accepted | Refusal:
        """Check replay, twin, queue and quota, then insert the row and reserve its units."""
        ...

    async def claim(self, job_id: str, lease: str, now: float, until: float) -> Job | None:
        """Take the job unless another lease is alive; None if it is held or unknown."""
        ...

    async def release(self, job: Job, due_at: float | None) -> None:
        """Give the lease back and say when to look again."""
        ...

    async def placed(self, job_id: str, message: MessageRef, now: float) -> Job | None:
        """The placeholder stands: new -> queued. None if the job was not new any more (message is kept all the same)."""
        ...

    async def admit(self, caps: Caps, now: float) -> list[str]:
        """Move waiting jobs to submitting, fairly between users, exactly up to the caps; returns their ids."""
        ...

    async def intend(self, job: Job, calls: Sequence[NewCall], now: float) -> list[Call]:
        """Write down paid requests before they are sent, and book their cost."""
        ...

    async def call_accepted(self, call: Call, ref: str, cost: int | None, now: float) -> Call:
        """The provider took it. Returns the row as it stands (a webhook may already have hooked it)."""
        ...

    async def call_done(
        self, call: Call, ref: str, pictures: Sequence[Picture], urls: Sequence[Found], cost: int | None, now: float
    ) -> None:
        """The provider finished it; inline bytes are in the picture store already."""
        ...

    async def call_refused(self, call: Call, reason: str, *, paid: bool, now: float) -> None:
        """It came to nothing. `paid` False only on proof of non-acceptance or non-charge: zeroes its cost."""
        ...

    async def call_unknown(self, call: Call, reason: str, now: float) -> None:
        """It was sent and no answer came."""
        ...

    async def polled(self, call: Call, now: float) -> None:
        """A status was asked for: counts the poll and takes the hook off."""
        ...

    async def hooked(self, call_id: str, candidate: str, now: float) -> str | None:
        """A webhook came: remember it and make its job due. Returns the job id, None for an unknown call."""
        ...

    async def move(self, job: Job, state: JobState, now: float, due_at: float | None = None) -> Job:
        """To a later open state."""
        ...

    async def progressed(self, job: Job, progress: Progress) -> Job:
        """Keep what the provider said last."""
        ...

    async def store(self, job: Job, pictures: Sequence[Picture], shown: Picture, now: float) -> Job:
        """finished -> stored: the pictures are in the picture store."""
        ...

    async def retry(self, job: Job, due_at: float, reason: str) -> Job:
        """Count a failed attempt of the present step."""
        ...

    async def end(
        self, job: Job, state: JobState, now: float, *, settle: int, reason: str = "", detail: str = "",
        message: MessageRef | None = None, told: bool = False,
    ) -> Job:
        """An end: settle `settle` units and refund the rest of the reservation. Not told = its message is still to be edited."""
        ...

    async def tell(self, job: Job, message: MessageRef | None) -> Job:
        """The end stands in the chat."""
        ...

    async def late(self, job: Job, now: float) -> Job:
        """uncertain -> finished: the pictures came after all, free of units."""
        ...

    async def cancel(self, job_id: str, now: float) -> bool:
        """Ask the lease holder to cancel; True if the job was open."""
        ...

    async def delete(self, job_id: str, now: float) -> Job | None:
        """Mark as deleted by a person: buttons of it answer so, its pictures may be removed."""
        ...

    async def revive(self, job_id: str, state: JobState, now: float) -> bool:
        """Operator: re-enter an ended job at the step whose product is missing."""
        ...

    async def clear_leases(self) -> int:
        """At the start of the only process: nobody else can hold one. Returns how many."""
        ...


class JobStore(JobReads, JobWrites, Protocol):
    """Both."""


@dataclass(frozen=True, slots=True)
class UserSettings:
    """A person's own defaults; empty means: not set."""

    provider: str = ""
    ratio: str = ""
    style: str = ""
    suffix: str = ""
    ping: bool = False


class SettingsStore(Protocol):
    """Personal settings."""

    async def user_settings(self, user_key: str) -> UserSettings:
        """Defaults where nothing is stored."""
        ...

    async def save_user_settings(self, user_key: str, settings: UserSettings) -> None:
        """Replace them."""
        ...


