"""What the job API keeps (keys, idempotency keys, callbacks) and what it asks of the outside. Times: unix seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.jobs.model import Job, JobState

COMMUNITY = "api:keys"
"""Under which a key draws unless it was made for a guild or workspace."""


class Scope(StrEnum):
    """What a key may do. DRAW: new jobs, U, V, cancel. READ: look at its own jobs."""

    DRAW = "draw"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key. `digest`: SHA-256 of its token, in hex: the token itself is kept nowhere.

    `per_minute`: requests; `community`: whose rules, budget and moderators count; `roles`: of that community, for its
    tiers and permissions. `used_at`: to the minute, None = never. `expires_at`, `revoked_at`: None = not.
    """

    id: str
    name: str
    digest: str
    created_at: float
    scopes: tuple[Scope, ...] = (Scope.DRAW, Scope.READ)
    per_minute: int = 120
    community: str = COMMUNITY
    roles: tuple[str, ...] = ()
    expires_at: float | None = None
    revoked_at: float | None = None
    used_at: float | None = None

    @property
    def user_key(self) -> str:
        """The identity that jobs, quota and audit log go by (`Actor.key`)."""
        return f"api:{self.id}"

    def valid(self, now: float) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Keys(Protocol):
    """Keys; none is ever deleted, so that the audit log names them for ever."""

    async def key(self, key_id: str) -> Key | None:
        """One key, revoked ones too. Always read anew: a revocation holds at once, in every process."""
        ...

    async def all_keys(self) -> list[Key]:
        """Oldest first."""
        ...

    async def add_key(self, key: Key) -> None:
        """A new one."""
        ...

    async def revoke_key(self, key_id: str, now: float) -> bool:
        """False if it is unknown or was revoked before."""
        ...

    async def key_used(self, key_id: str, now: float) -> None:
        """Remember when; written at most once a minute."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """What came with an idempotency key first. `nonce`: names that request; `fingerprint`: of its body."""

    nonce: str
    fingerprint: str


class Marks(Protocol):
    """Idempotency keys, remembered for a day."""

    async def mark(self, key_id: str, idempotency: str, mark: Mark, now: float, since: float) -> Mark:
        """Keep `mark` unless one stands since `since`; returns the one that stands. One wins among many at once."""
        ...


@dataclass(frozen=True, slots=True)
class Callback:
    """One message to be sent. `event`: the state that the job ended in; `attempts`: how often it was tried."""

    job_id: str
    event: str
    key_id: str
    url: str
    due_at: float
    attempts: int = 0

    @property
    def id(self) -> str:
        """The same at every try, so that a receiver knows a repeat."""
        return f"{self.job_id}.{self.event}"


class Callbacks(Protocol):
    """Messages to callback addresses, until they were taken or given up."""

    async def put_callback(self, callback: Callback) -> None:
        """To be sent at `due_at`; one of the same job and event stays as it is."""
        ...

    async def take_callbacks(self, now: float, until: float, limit: int) -> list[Callback]:
        """Those whose time has come, oldest first; nobody else gets them before `until`."""
        ...

    async def retry_callback(self, callback: Callback, due_at: float, said: str) -> None:
        """It was not taken: count the attempt. `said`: what went wrong, for the operator."""
        ...

    async def close_callback(self, callback: Callback, now: float, said: str) -> None:
        """Taken, or given up: the address is forgotten."""
        ...

    async def prune(self, marks_before: float, callbacks_before: float) -> None:
        """Forget idempotency keys made before, and callbacks closed before."""
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after this job, in the order of a list (newest first)."""

    created_at: float
    job_id: str


class Jobs(Protocol):
    """Questions about jobs."""

    async def job(self, job_id: str) -> Job | None:
        """One job, or None."""
        ...

    async def by_key(self, key: str) -> Job | None:
        """The job that a request of that key has become."""
        ...

    async def page(self, user_key: str, states: Sequence[JobState], limit: int, after: Cursor | None) -> list[Job]:
        """A user's jobs, newest first; no states = all."""
        ...


class ApiStore(Keys, Marks, Callbacks, Jobs, Protocol):
    """All of it."""


class Poster(Protocol):
    """The guarded way out for callbacks."""

    def check(self, url: str) -> None:
        """Whether an address may be called at all, as far as its text tells. Raises providers.errors.BadUrl."""
        ...

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, float | None]:
        """The answer's status, and the seconds that it asks to wait (None: it does not); a redirect is not followed.

        Raises providers.errors.BadUrl with one sentence.
        """
        ...
