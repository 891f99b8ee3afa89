"""What the moderators' desk keeps beside the settings: rules, blocks, grants, audit entries, reviews, styles."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class RuleKind(StrEnum):
    """How a rule's pattern is read: a whole word, words in a row, or a regular expression (RE2)."""

    WORD = "word"
    PHRASE = "phrase"
    REGEX = "regex"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that prompts may not say here. `reason`: the sentence for the user; "" = a general one."""

    id: int
    kind: RuleKind
    pattern: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A user may not draw here until `until` (unix seconds; None: until somebody lifts it)."""

    user_key: str
    until: float | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Override:
    """A user's own limits here, in place of tiers and defaults; None: not overridden."""

    daily: int | None = None
    monthly: int | None = None


class What(StrEnum):
    """What an audit entry tells of."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DELIVERED = "delivered"
    HELD = "held"
    FLAGGED = "flagged"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REPORTED = "reported"
    HIDDEN = "hidden"
    DELETED = "deleted"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GRANTED = "granted"
    RESET = "reset"
    LIMITED = "limited"
    SETTING = "setting"
    RULE = "rule"
    STYLE = "style"
    STOPPED = "stopped"
    RESUMED = "resumed"
    BUDGET = "budget"
    MODERATION_DOWN = "moderation_down"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log.

    `actor` and `subject` are user keys (erased users: their anonymous key), `name` the actor's name then;
    `text`: what was decided and why, as a sentence; `once`: a second entry of that key is not written.
    `id` and `at` (unix seconds) are the store's; 0 in an entry that is still to be written.
    """

    community: str
    what: What
    actor: str = ""
    name: str = ""
    subject: str = ""
    job_id: str = ""
    channel: str = ""
    text: str = ""
    once: str = ""
    id: int = 0
    at: float = 0.0


class NoticeKind(StrEnum):
    """Where a notice goes: the review channel or the log channel."""

    REVIEW = "review"
    LOG = "log"


class Cause(StrEnum):
    """Why a job or a result waits for a moderator."""

    EVERYTHING = "everything"
    NEW_USER = "new_user"
    PROMPT = "prompt"
    DOWN = "down"
    PICTURE = "picture"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Review:
    """One question to the moderators; at most one is open per job.

    `decided`: "", approved, rejected, expired or withdrawn.
    """

    id: int
    community: str
    job_id: str
    cause: Cause
    text: str
    at: float
    decided: str = ""
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody says that a result should not stand."""

    job_id: str
    user_key: str
    reason: str


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """A style of a community: words before and behind the prompt, parameters behind it, a preview picture's key."""

    name: str
    prefix: str = ""
    suffix: str = ""
    parameters: str = ""
    preview: str = ""
    preview_mime: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """One line of the usage page: pictures delivered and micro-USD spent by a day, user or provider."""

    group: str
    jobs: int
    pictures: int
    cost: int


@dataclass(frozen=True, slots=True)
class Period:
    """What counts in a UTC day and month: units or micro-USD."""

    day: int = 0
    month: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything kept about one user, ready to be written as a file: tables of plain values, and picture keys."""

    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
