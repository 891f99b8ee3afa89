"""Why an ask was turned down, as a code for programs: the job API's problem codes. Never renamed, only added to."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The gate's checks by their names, what the store refuses (`RefusalKind`), and what the core says by itself."""

    STOPPED = "stopped"
    BLOCKED = "blocked"
    FEATURE = "feature"
    CHANNEL = "channel"
    ROLE = "role"
    AGE = "age"
    COOLDOWN = "cooldown"
    LENGTH = "length"
    RULES = "rules"
    MODERATION = "moderation"

    QUOTA = "quota"
    MONTH = "month"
    BUDGET = "budget"
    QUEUE_FULL = "queue_full"
    LINE_FULL = "line_full"
    TWIN = "twin"
    DRAWN = "drawn"

    PROMPT = "prompt"
    IMAGE = "image"
    PROVIDER = "provider"
    NO_JOB = "no_job"
    NOT_READY = "not_ready"
    NO_PICTURE = "no_picture"
    PICTURE_GONE = "picture_gone"
    HIDDEN = "hidden"
    TOO_LATE = "too_late"
    STOPPING = "stopping"
    STORE = "store"
    TROUBLE = "trouble"
