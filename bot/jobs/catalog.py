"""Every command and its options, once: Discord registers from it, Slack and the playground parse by it, /help prints it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OptionKind(StrEnum):
    """What an option takes."""

    TEXT = "text"
    INTEGER = "integer"
    IMAGE = "image"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Option:
    """One named option. `suggested`: the core offers entries while one types (`Core.suggest`)."""

    name: str
    description: str
    kind: OptionKind = OptionKind.TEXT
    required: bool = False
    suggested: bool = False
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command. Name: 1-32 characters, description: 1-100 (Discord's limits).

    `word`: what it is called behind another chat's one command (`/imagine admin`); `subs`: its subcommands, each with
    options of its own, the first of which is meant where none is named; `manages`: offered by default to those who may
    manage the guild only (the core checks for itself).
    """

    name: str
    description: str
    options: tuple[Option, ...] = ()
    subs: tuple[CommandSpec, ...] = ()
    word: str = ""
    manages: bool = False


PROMPT_LONGEST = 6000
"""Characters of a prompt (Discord's limit for a text option)."""
SEED_MOST = 4294967295

STYLE_NAME = Option("name", "Its name: letters, digits and dashes", required=True, suggested=True)

COMMANDS = (
    CommandSpec(
        "imagine",
        "Draw four pictures from a prompt",
        (
            Option("prompt", "What to draw; parameters like --ar 3:2 --seed 7 --no people may follow", required=True),
            Option("ratio", "Width to height, for example 3:2", suggested=True),
            Option("style", "A style for the whole picture", suggested=True),
            Option("provider", "Who draws it", suggested=True),
            Option("seed", "The same seed and prompt draw the same again", OptionKind.INTEGER, least=0, most=SEED_MOST),
            Option("image", "A picture to start from (PNG, JPEG or WebP)", OptionKind.IMAGE),
        ),
    ),
    CommandSpec("info", "Your quota, your jobs and the limits here"),
    CommandSpec("settings", "Your own defaults: provider, ratio, style, suffix, ping"),
    CommandSpec("help", "Commands and prompt parameters"),
    CommandSpec(
        "style",
        "Styles of this community, for --style",
        subs=(
            CommandSpec("list", "All styles, the community's own first"),
            CommandSpec("show", "One style and its preview", (STYLE_NAME,)),
            CommandSpec(
                "add",
                "Add or change a style (for moderators)",
                (
                    STYLE_NAME,
                    Option("prefix", "Words before every prompt"),
                    Option("suffix", "Words behind every prompt"),
                    Option("parameters", "Parameters behind every prompt, for example --ar 3:2 --no text"),
                    Option("preview", "A picture that shows it (PNG, JPEG or WebP)", OptionKind.IMAGE),
                ),
            ),
            CommandSpec("remove", "Remove a style (for moderators)", (STYLE_NAME,)),
        ),
    ),
    CommandSpec(
        "imagine-admin",
        "Settings and moderation of this community",
        subs=(
            CommandSpec("settings", "Who may draw what, where, how much and for how much money"),
            CommandSpec("usage", "What was drawn and what it cost: chart and table"),
            CommandSpec(
                "user", "One person: last pictures, quota, block", (Option("user", "Who", OptionKind.USER, required=True),)
            ),
            CommandSpec("review", "What waits for a moderator"),
            CommandSpec("log", "The last entries of the audit log"),
            CommandSpec("stop", "Stop everything here now"),
            CommandSpec("resume", "Let people draw again"),
        ),
        word="admin",
        manages=True,
    ),
    CommandSpec("imagine-privacy", "What is kept about you: get it as a file, or delete it", word="privacy"),
)
