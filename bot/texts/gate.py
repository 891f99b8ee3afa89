"""What the gate says to people it turns away: why, and what to do. And how moderators get rules wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.jobs.mentions import channel_mention, role_mention

STOPPED = "The moderators have stopped all drawing here for now. Try again when they have resumed it."
CHANNEL = "Drawing is not allowed in this channel."
DIRECT = "Here in private nothing is drawn: go to a channel of a server that has this bot."
KEY_DIRECT = (
    "This key draws for no server or workspace, and the operator has switched that off (IMAGINE_DIRECT). "
    "Ask them for a key that is made with --community."
)
ROLE = "Drawing is for certain roles or groups here, and you are in none of them:"
MENTIONED = 5
"""Channels or roles that a refusal names."""
AGE = "Drawing is allowed in age-restricted channels only here. Go to one of those."
INPUT_IMAGES = "Pictures of your own can't be used here. Describe in words what you want to see."
LINKS = "Links are not allowed in prompts here. Take the link out and try again."
GENERAL = "Your prompt has something in it that is not allowed here."
REWRITE = "Write it differently and try again."
FEATURES = {
    "imagine": "Drawing from a prompt",
    "upscale": "Upscaling",
    "variation": "Drawing variations",
    "reroll": "Drawing again",
    "remix": "Remixing",
    "image_input": "Starting from a picture of your own",
}
CATEGORIES = {
    "sexual": "sexual content",
    "sexual/minors": "sexual content with minors",
    "harassment": "harassment",
    "harassment/threatening": "threats",
    "hate": "hate",
    "hate/threatening": "hate and threats",
    "illicit": "help with something illegal",
    "illicit/violent": "help with something illegal and violent",
    "self-harm": "self-harm",
    "self-harm/intent": "self-harm",
    "self-harm/instructions": "self-harm",
    "violence": "violence",
    "violence/graphic": "graphic violence",
}
WHY_LONGEST = 400
"""Characters of a service's own words that the log keeps."""


def channel(channels: Sequence[str]) -> str:
    """Elsewhere; `channels`: ids of those where it is allowed."""
    return f"{CHANNEL} Go to {_some([channel_mention(one) for one in channels])}."


def role(roles: Sequence[str]) -> str:
    """For others; `roles`: ids of those that may."""
    return f"{ROLE} {_some([role_mention(one) for one in roles])}. Ask a moderator how to get in."


def _some(mentions: Sequence[str]) -> str:
    more = len(mentions) - MENTIONED
    if more > 0:
        return f"{', '.join(mentions[:MENTIONED])} or {more} more"
    return " or ".join(part for part in (", ".join(mentions[:-1]), mentions[-1]) if part)


def blocked(until: float | None, reason: str) -> str:
    """A blocked user. `until`: unix seconds, None where somebody must lift it."""
    when = "until a moderator lifts it" if until is None else f"until {moment(until)}"
    why = f" The reason: {sentence(reason)}" if reason else ""
    return f"You are blocked from drawing here {when}.{why} If that is a mistake, ask a moderator."


def moment(at: float) -> str:
    """A minute that everybody can place, like "5 March 2026, 14:05 UTC", never earlier than `at`."""
    day = datetime.fromtimestamp(-(-at // 60) * 60, UTC)
    return f"{day.day} {day:%B %Y, %H:%M} UTC"


def feature_off(feature: str) -> str:
    """Something that is switched off."""
    return f"{FEATURES[feature]} is switched off here. Ask a moderator if you need it."


def cooldown(left: int, pause: int) -> str:
    """Both in seconds."""
    return f"Wait {seconds(left)} before you draw again: here it is one job in {seconds(pause)}."


def seconds(count: int) -> str:
    """A time in words that are short."""
    if count < 120:
        return "1 second" if count == 1 else f"{count} seconds"
    minutes, rest = divmod(count, 60)
    return f"{minutes} minutes" + (f" {rest} s" if rest else "")


def too_long(length: int, most: int) -> str:
    """A prompt over the community's own limit; both in characters."""
    return f"Your prompt is {length:,} characters long; {most:,} is the most here. Shorten it and try again."


def rule(reason: str) -> str:
    """A rule of the community was broken; its reason is the moderators' own sentence."""
    return f"{sentence(reason) if reason else GENERAL} {REWRITE}"


def spam(times: int, minutes: int) -> str:
    """The same prompt again and again."""
    often = "once" if times == 1 else f"{times} times"
    return f"You have had this very prompt drawn {often} within {minutes} minutes. Change it, or wait a while."


def flagged(categories: Sequence[str]) -> str:
    """The moderation service's verdict, in words."""
    words = list(dict.fromkeys(CATEGORIES.get(name, name) for name in categories))
    return f"The automatic moderation takes your prompt for {' and '.join(words)}, which is not drawn here. {REWRITE}"


def down(why: str, *, holds: bool) -> str:
    """For the log: the service gave no answer."""
    then = "Prompts wait for a moderator meanwhile." if holds else "Prompts are let through meanwhile."
    return f"The moderation service does not answer. {then} It said: {why[:WHY_LONGEST]}"


def sentence(text: str) -> str:
    """What a moderator typed, with a full stop."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


NO_PATTERN = "There is nothing to look for: write a word, a phrase or a regular expression."
NO_LETTERS = "A word or phrase needs letters or digits; for signs alone use a regular expression."
ONE_WORD = "A word is letters and digits without spaces or signs; for more use a phrase or a regular expression."
MATCHES_ALL = "This regular expression matches every prompt, even an empty one."
NO_MEMORY = "This regular expression is too big; make it shorter, or its repeats smaller."


def pattern_long(length: int, most: int) -> str:
    """A rule's pattern; both in characters."""
    return f"The pattern is {length:,} characters long; {most:,} is the most."


def reason_long(length: int, most: int) -> str:
    """A rule's reason; both in characters."""
    return f"The reason is {length:,} characters long; {most:,} is the most."


def bad_pattern(why: str) -> str:
    """A regular expression that the engine cannot read, with the engine's own words."""
    return f"This regular expression can't be read: {why}. Look-ahead and back-references are not supported."


def line(number: int, why: str) -> str:
    """A list of rules, one per line, counted from 1."""
    return f"Line {number}: {why}"


def more_lines(count: int) -> str:
    """There are more faults than are shown."""
    return f"And {count} more line{'s' if count > 1 else ''} can't be read."


def too_many(count: int, most: int) -> str:
    """A list of rules that is too long."""
    return f"The list has {count:,} rules; {most:,} is the most."


KINDS = "a line starts with word, phrase or regex, then what to look for, then, if you like, # and the reason."
BAD_QUOTES = "the quoted pattern doesn't end, or something stands behind it that is no # and reason."
