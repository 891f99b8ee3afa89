"""What a guild or workspace has set: one frozen value, changed only as a whole, with defaults that stop nobody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Feature(StrEnum):
    """What can be switched off here."""

    IMAGINE = "imagine"
    UPSCALE = "upscale"
    VARIATION = "variation"
    REROLL = "reroll"
    REMIX = "remix"
    IMAGE_INPUT = "image_input"


class Level(StrEnum):
    """How much the moderation lets through. RELAXED holds in age-restricted channels only; elsewhere it is STANDARD."""

    STRICT = "strict"
    STANDARD = "standard"
    RELAXED = "relaxed"


class ReviewMode(StrEnum):
    """What waits for a moderator: nothing, what was flagged, also the first pictures of a new user, or everything."""

    OFF = "off"
    FLAGGED = "flagged"
    NEW_USERS = "new_users"
    EVERYTHING = "everything"


class Flagged(StrEnum):
    """What becomes of a flagged picture."""

    HOLD = "hold"
    SPOILER = "spoiler"


class WhenDown(StrEnum):
    """What happens while the moderation service does not answer."""

    PASS = "pass"  # noqa: S105 - let through, and log
    HOLD = "hold"


class Delivery(StrEnum):
    """How a result arrives: in the placeholder, there and with a ping, or as a new message."""

    EDIT = "edit"
    PING = "ping"
    REPOST = "repost"


@dataclass(frozen=True, slots=True)
class Tier:
    """Limits for those who have a role (Discord) or are in a user group (Slack).

    Units are pictures; 0 = no limit of its own.
    """

    name: str
    role: str
    daily: int = 0
    monthly: int = 0
    running: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of the whole community; 0 = none. Images are pictures, money is micro-USD. Periods are UTC days and months."""

    images_day: int = 0
    images_month: int = 0
    spend_day: int = 0
    spend_month: int = 0


@dataclass(frozen=True, slots=True)
class Community:
    """Everything that is set for one guild or workspace. Ids are the platform's own; empty tuples mean: no restriction.

    `channels`: where people may draw; `roles`: who may; `moderators`, `admins`: roles or groups that rank so besides
    those who do on the platform. `cooldown`: seconds between two jobs of a user. `prompt_longest`: characters, 0 = the
    provider's. `spam_repeats`: how often the same prompt may come within `SPAM_SECONDS`, 0 = any. `monthly`: units a
    user and month, 0 = none. `review_first`: how many delivered jobs make a user known. `reports_hide`: so many reports
    hide a result, 0 = never. `providers`: names in order, empty = the deployment's. Days of 0 = the deployment's.
    """

    channels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    off: tuple[Feature, ...] = ()
    stopped: bool = False
    adult_only: bool = False
    cooldown: int = 0
    prompt_longest: int = 0
    links: bool = True
    input_images: bool = True
    spam_repeats: int = 0
    daily: int = 0
    monthly: int = 0
    tiers: tuple[Tier, ...] = ()
    budget: Budget = Budget()
    level: Level = Level.STANDARD
    flagged: Flagged = Flagged.HOLD
    when_down: WhenDown = WhenDown.PASS
    review: ReviewMode = ReviewMode.OFF
    review_first: int = 3
    reports_hide: int = 3
    review_channel: str = ""
    log_channel: str = ""
    providers: tuple[str, ...] = ()
    delivery: Delivery = Delivery.EDIT
    retain_prompts: int = 0
    retain_pictures: int = 0
    guided: bool = False


SPAM_SECONDS = 600.0
"""Repeats of a prompt are counted over this time."""
