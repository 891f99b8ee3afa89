"""Every setting of a community once, as data: pages, Forms, checks and the audit log all read this table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.desk.admin.kinds import Ids, Kind, Money, Names, OneOf, SomeOf, Value, Whole, YesNo
from bot.jobs.surface import FieldKind
from bot.policy.community import Community, Delivery, Feature, Flagged, Level, ReviewMode, WhenDown


@dataclass(frozen=True, slots=True)
class Setting:
    """`name`: of the Community's field, after a point of the budget's. `unset`: words for nothing, 0 and ""."""

    name: str
    label: str
    kind: Kind
    unset: str = ""
    hint: str = ""

    @property
    def key(self) -> str:
        """Its name in a Form."""
        return self.name.rpartition(".")[2]

    def of(self, community: Community) -> Value:
        """Its value there."""
        return getattr(community.budget if self.name.startswith("budget.") else community, self.key)

    def put(self, community: Community, value: Value) -> Community:
        """The settings with this one replaced."""
        change: dict[str, Value] = {self.key: value}
        if self.name.startswith("budget."):
            return replace(community, budget=replace(community.budget, **change))
        return replace(community, **change)

    def show(self, community: Community) -> str:
        """Its value in words."""
        return self.kind.show(self.of(community)) or self.unset


@dataclass(frozen=True, slots=True)
class Section:
    """One page and one Form: at most five settings. `title`: at most 24 characters."""

    name: str
    title: str
    help: str
    settings: tuple[Setting, ...]


CHANNEL, ROLE = FieldKind.CHANNEL, FieldKind.ROLE
DEFAULT = "the deployment's"

SECTIONS = (
    Section(
        "place",
        "Who and where",
        "Where people may draw, who may, and who looks after it.",
        (
            Setting("channels", "Channels where people may draw", Ids(CHANNEL), "every channel"),
            Setting("roles", "Roles that may draw", Ids(ROLE), "everybody"),
            Setting(
                "moderators", "Moderators", Ids(ROLE), "those who may manage messages", "Besides those who rank so here"
            ),
            Setting("admins", "Admins of these settings", Ids(ROLE), "those who manage this place", "Besides those who do"),
            Setting("adult_only", "Age-restricted channels only", YesNo()),
        ),
    ),
    Section(
        "features",
        "Features",
        "What can be done here.",
        (
            Setting(
                "off",
                "Switched off",
                SomeOf(
                    Feature, ("Draw", "Enlarge (U)", "Vary (V)", "Draw again (↻)", "Edit the prompt (✎)", "Input pictures")
                ),
                "nothing",
            ),
            Setting("links", "Links allowed in prompts", YesNo()),
            Setting("input_images", "Pictures to start from allowed", YesNo()),
        ),
    ),
    Section(
        "pace",
        "Pace and quota",
        "How fast and how much one person may draw. Tiers and single persons' limits go before these.",
        (
            Setting("cooldown", "Seconds between two jobs of a person", Whole(86_400, "seconds"), "no pause", "0: no pause"),
            Setting(
                "prompt_longest",
                "Longest prompt",
                Whole(6000, "characters"),
                "the provider's",
                "In characters; 0: the provider's",
            ),
            Setting(
                "spam_repeats",
                "Same prompt within ten minutes",
                Whole(100, "times"),
                "any number",
                "How often one person may have it drawn; 0: any number",
            ),
            Setting("daily", "Pictures a person and day", Whole(100_000, "pictures"), DEFAULT, "0: the deployment's"),
            Setting("monthly", "Pictures a person and month", Whole(1_000_000, "pictures"), "no limit", "0: no limit"),
        ),
    ),
    Section(
        "budget",
        "Budget",
        "What all may use together. The log channel is told at 80 %; at 100 % nobody can draw. Days end at 00:00 UTC.",
        (
            Setting("budget.images_day", "Pictures a day", Whole(10_000_000, "pictures"), "no limit", "0: no limit"),
            Setting("budget.images_month", "Pictures a month", Whole(10_000_000, "pictures"), "no limit", "0: no limit"),
            Setting("budget.spend_day", "USD a day", Money(), "no limit", "For example 2.50; 0: no limit"),
            Setting("budget.spend_month", "USD a month", Money(), "no limit", "For example 50; 0: no limit"),
        ),
    ),
    Section(
        "content",
        "Content",
        "What the automatic moderation lets through. Relaxed holds in age-restricted channels only.",
        (
            Setting("level", "Content level", OneOf(Level, ("strict", "standard", "relaxed"))),
            Setting("flagged", "A flagged picture", OneOf(Flagged, ("is held for review", "is shown as a spoiler"))),
            Setting(
                "when_down", "When the moderation is down", OneOf(WhenDown, ("let through and log", "hold for a moderator"))
            ),
        ),
    ),
    Section(
        "review",
        "Review and log",
        "What waits for a moderator, and where moderators are told.",
        (
            Setting(
                "review",
                "Waits for a moderator",
                OneOf(ReviewMode, ("nothing", "what was flagged", "also a new person's first pictures", "everything")),
            ),
            Setting(
                "review_first",
                "A person is new for so many jobs",
                Whole(1000, "jobs"),
                "no jobs",
                "Counts where new people's wait",
            ),
            Setting("reports_hide", "Reports that hide a picture", Whole(100, "reports"), "never", "0: reports never hide"),
            Setting(
                "review_channel",
                "Review channel",
                Ids(CHANNEL, 1),
                "none",
                "One that moderators alone can read, and where the bot may write: invite it",
            ),
            Setting(
                "log_channel",
                "Log channel",
                Ids(CHANNEL, 1),
                "none",
                "One that moderators alone can read, and where the bot may write: invite it",
            ),
        ),
    ),
    Section(
        "delivery",
        "Providers and delivery",
        "Who draws, in which order, and how a picture arrives.",
        (
            Setting("providers", "Providers, first choice first", Names(), "all that are set up"),
            Setting(
                "delivery",
                "A picture arrives",
                OneOf(Delivery, ("in its message", "in its message, with a ping", "as a new message")),
            ),
        ),
    ),
    Section(
        "keeping",
        "Keeping",
        "After how many days prompts and pictures are deleted.",
        (
            Setting("retain_prompts", "Days that prompts are kept", Whole(3650, "days"), DEFAULT, "0: the deployment's"),
            Setting("retain_pictures", "Days that pictures are kept", Whole(3650, "days"), DEFAULT, "0: the deployment's"),
        ),
    ),
)

BY_NAME = {section.name: section for section in SECTIONS}
