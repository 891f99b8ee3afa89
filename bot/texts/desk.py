"""What moderators read about results, people and the audit log, and what is said to those who are no moderators."""

from __future__ import annotations

from datetime import UTC, datetime

NO_COMMUNITY = "This works inside a server or workspace, not in a direct message."
NOT_MODERATOR = "Only moderators of this community can do this."
NO_JOB = "This is not a result of this community, or it is gone."
NO_PERSON = "Nobody is known under this name any more: everything about them was deleted."
OLD_BUTTON = "This button is from an older version: open the page anew."
ERASED = "somebody who was deleted"

USER, STATE, ASKED, PROVIDER, COST, FOUND, REPORTS = "User", "State", "Asked", "Provider", "Cost", "Found", "Reports"
RESULT_TITLE = "One result"
RESULT, DELETE, DELETED, HIDDEN = "Result", "Delete result", "Deleted.", "hidden after reports"
DELETED_BY = "deleted by a moderator"
BLOCK, UNBLOCK, GRANT, RESET, LIMITS = "Block", "Unblock", "Grant pictures", "Reset today", "Own limits"
LAST, PERSON, REVIEW = "Their last jobs", "Person", "Review"
BLOCK_USER = "Block user"

PERSON_TITLE = "One person"
TODAY, MONTH, BLOCKED, OWN = "Used today", "Used this month", "Blocked", "Own limits"
NO_JOBS = "No jobs here yet."
NOT_BLOCKED = "no"
NOT_THEIRS = "none"
ALIAS = "Name in the logs"

BLOCK_FORM = "Block"
HOURS, HOURS_HINT = "For how many hours", "0 = until a moderator lifts it"
REASON, REASON_HINT = "Reason", "The user reads this"
GRANT_FORM, UNITS, UNITS_HINT = "Grant pictures", "How many pictures", "On top of today's and this month's limit"
LIMITS_FORM = "Own limits"
DAILY, MONTHLY, LIMIT_HINT = "Pictures a day", "Pictures a month", "Empty = as for everybody else here"

LIFTED = "Unblocked."
WAS_NOT_BLOCKED = "They were not blocked (any more)."
LIMITED = "Own limits saved."
UNLIMITED = "They have no limits of their own any more."

LOG_TITLE = "Audit log"
NO_ENTRIES = "Nothing has happened here yet."
OLDER, NEWER, ACT = "Older", "Newer", "Act on an entry"
NO_ENTRY = "There is no such entry here."


def no_user(command: str) -> str:
    """The person is missing behind the command."""
    return f"Say who: {command} and the person's name."


def when(at: float) -> str:
    """A moment: 2026-11-21 08:31 UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def person(name: str, alias: str) -> str:
    """How people stand in logs and pages."""
    return f"{name} ({alias})"


def used(count: int, cap: int) -> str:
    """Of a limit; 0 = none. Pictures that a moderator granted may be more than were drawn: then none is used."""
    count = max(0, count)
    pictures = "picture" if (cap or count) == 1 else "pictures"
    return f"{count} of {cap} {pictures}" if cap else f"{count} {pictures}, no limit"


def block_state(until: float | None, reason: str) -> str:
    """How long and why; the minute is never earlier than the end, as in what the user reads."""
    span = "until it is lifted" if until is None else f"until {when(-(-until // 60) * 60)}"
    return f"{span}{f': {reason}' if reason else ''}"


def blocked_for(hours: int, reason: str) -> str:
    """The audit entry's text and the confirmation."""
    span = f"for {hours} hour{'s' if hours != 1 else ''}" if hours else "until it is lifted"
    return f"{span}{f': {reason}' if reason else ''}"


def blocked(hours: int, reason: str) -> str:
    """The confirmation."""
    return f"Blocked {blocked_for(hours, reason)}."


def granted(units: int) -> str:
    """Audit entry and confirmation."""
    return f"{units} picture{'s' if units != 1 else ''} on top."


def reset(units: int) -> str:
    """The confirmation."""
    return f"{units} picture{'s' if units != 1 else ''} of today given back."


RESET_TEXT = "today's use given back"


def limits(daily: int | None, monthly: int | None) -> str:
    """A user's own limits in words."""
    parts = [f"{count} a {period}" for count, period in ((daily, "day"), (monthly, "month")) if count is not None]
    return ", ".join(parts) or NOT_THEIRS


def own_job(number: int, state: str, prompt: str) -> str:
    """A line of somebody's last jobs."""
    return f"{number}. {state}: {prompt}"


def number_wanted(label: str, least: int, most: int) -> str:
    """What was typed is no number, or out of range."""
    return f"“{label}” takes a whole number from {least} to {most}."


def log_line(at: float, what: str, subject: str, by: str, where: str, text: str) -> str:
    """One entry on one line."""
    parts = (when(at), what, subject, f"by {by}" if by else "", f"in {where}" if where else "", text)
    return " · ".join(part for part in parts if part)


SAID = {"accepted": "asked"}
"""Kinds of entries that a moderator would call differently."""


def said(what: str) -> str:
    """A kind of entry in words."""
    return SAID.get(what) or what.replace("_", " ")


def entry_choice(what: str, text: str, at: float) -> str:
    """An entry in the menu (at most 75 characters)."""
    return f"{when(at)[11:16]} {said(what)} {text}"[:75]


def summed(count: int, kinds: dict[str, int], command: str) -> str:
    """Entries that came too fast to be posted one by one; `command` shows them."""
    each = ", ".join(f"{number} {said(kind)}" for kind, number in sorted(kinds.items()))
    return f"{count} entries came at once: {each}. {command} shows them."
