"""What moderators read on the settings pages: how values are shown, what is wrong with a value, how pages are called."""

from __future__ import annotations

from collections.abc import Sequence

HOME_TITLE = "Settings of this community"
HOME_MENU = "Change a setting"
SERVERS_ONLY = "This works inside a server or workspace: type it in a channel there."
NOT_ADMIN = (
    "Only those who manage this server or workspace, or whom its settings name as admins, may change the settings. "
    "As a moderator you can use usage, review, user, log and stop."
)
NOT_MODERATOR = "Only moderators of this server or workspace may do this."
UNKNOWN_PAGE = "This page does not exist any more: type the command again."

CHANGE = "Change"
BACK = "Back"
USAGE = "Usage"
REVIEW = "Review queue"
RULES = "Rules"
TIERS = "Tiers"
LOG = "Log"
STOP = "Stop everything"
RESUME = "Resume"
SAVE = "Save"

STATE = "State"
RUNNING = "People may draw"
STOPPED_STATE = "Stopped: nobody can draw"
COUNT_RULES = "Rules for prompts"
COUNT_TIERS = "Tiers"
NONE = "none"
AS_DELIVERED = "as delivered"
YES = "yes"
NO = "no"
UNCHANGED = "Nothing was changed: everything is as it was."
CHANGED_MEANWHILE = "Somebody else has changed these settings meanwhile, so yours were not saved. Look again, then change."
NO_MODERATION = "The operator of this bot has set up no moderation service, so no prompt and no picture is flagged."
NO_REVIEW_CHANNEL = "Without a review channel nobody is told of reports and held pictures; the review queue shows them."


def changed(label: str, before: str, after: str) -> str:
    """One setting before and after."""
    return f"{label}: {before} → {after}"


def whole(label: str, least: int, most: int, unit: str) -> str:
    """Not a whole number in the range."""
    return f"{label}: write a whole number of {unit} from {least} to {most}."


def money(label: str, most: int) -> str:
    """No amount of money."""
    return f"{label}: write an amount in USD from 0 to {most}, with a point before the cents, for example 12.50."


def one_of(label: str, choices: Sequence[str]) -> str:
    """Not among the choices."""
    return f"{label}: choose {' or '.join(choices)}."


def several_of(label: str, choices: Sequence[str]) -> str:
    """Not all among the choices."""
    return f"{label}: choose among {', '.join(choices)}."


def bad_id(label: str, what: str) -> str:
    """Nothing that a picker would send."""
    return f"{label}: choose a {what} from the list, or give its id without spaces."


def too_many(label: str, most: int) -> str:
    """More chosen than are kept."""
    return f"{label}: choose at most {most}."


def unknown_provider(label: str, name: str, known: Sequence[str]) -> str:
    """Not configured."""
    return f"{label}: “{name}” is not set up here. Known are: {', '.join(known)}."


NEEDS_REVIEW_CHANNEL = (
    "A review channel is needed before anything can wait for a moderator: choose one in “Review channel”, then save again."
)
DAY_OVER_MONTH = "A limit for the day is larger than the same limit for the month: lower the one or raise the other."

TIERS_TITLE = "Tiers: limits by role"
TIERS_HELP = (
    "Somebody with several of these roles gets the best limit of each kind. 0 or empty: the limit for everybody holds."
)
TIER_ADD = "Add a tier"
TIER_MENU = "Change a tier"
TIER_REMOVE = "Remove a tier"
TIER_NAME = "Name"
TIER_ROLE = "Role or user group"
TIER_ROLE_HINT = "A tier that has this role already is replaced"
TIER_DAILY = "Pictures a day"
TIER_MONTHLY = "Pictures a month"
TIER_JOBS = "Jobs running and waiting"
TIER_JOBS_HINT = "Two numbers, for example 3 10. Empty: as for everybody"
TIER_JOBS_BAD = "Jobs running and waiting: write two whole numbers from 0 to 100, for example 3 10."
TIER_ROLE_NEEDED = "A tier needs a role or user group."
TIER_GONE = "There is no such tier any more."
TIERS_FULL = "There may be 25 tiers: remove one first."


def tier(daily: int, monthly: int, running: int, waiting: int) -> str:
    """A tier's limits in words."""
    said = (
        (daily, f"{daily} pictures a day"),
        (monthly, f"{monthly} a month"),
        (running, f"{running} running"),
        (waiting, f"{waiting} waiting"),
    )
    return ", ".join(words for value, words in said if value) or "no limits of its own"


def tier_saved(name: str, before: str, after: str) -> str:
    """For page and log."""
    return changed(f"Tier {name}", before or NONE, after or NONE)


RULES_TITLE = "Rules for prompts"
RULES_HELP = (
    "A prompt that says one of these is refused with the rule's reason. Capitals, accents, look-alike letters and spaces "
    "in between make no difference to words and phrases."
)
RULES_EMPTY = "There are no rules yet."
RULE_ADD = "Add"
RULE_REMOVE = "Remove a rule"
RULE_IMPORT = "Import"
RULE_EXPORT = "Export"
RULE_KIND = "Kind"
RULE_PATTERNS = "Words, phrases or expressions"
RULE_PATTERNS_HINT = "One a line"
RULE_REASON = "Reason that people read"
RULE_REASON_HINT = "Empty: a general sentence"
RULE_KINDS = {"word": "Word: a whole word", "phrase": "Phrase: words in a row", "regex": "Regular expression (RE2)"}
IMPORT_TEXT = "The list"
IMPORT_HINT = "One rule a line: word foo # the reason"
IMPORT_FILE = "Or a text file"
IMPORT_NOTHING = "Put the list into the field, or choose a text file."
IMPORT_LARGE = "The file is too large: a list of rules may have 500 kB."
IMPORT_NO_TEXT = "The file is no text in UTF-8."
IMPORT_LOST = "The file could not be fetched: try again."
RULE_NOTHING = "Write at least one word, phrase or expression."
RULE_GONE = "There is no such rule any more."
PREVIOUS = "Previous"
NEXT = "Next"


def rules_added(new: int, given: int) -> str:
    """How many were new."""
    known = given - new
    return f"{new} added." + (f" {known} stood here already." if known else "")


def rules_entry(patterns: Sequence[str]) -> str:
    """For the log: what was added."""
    more = f" and {len(patterns) - 5} more" if len(patterns) > 5 else ""
    return f"Rules added: {', '.join(patterns[:5])}{more}"


def rule_removed(kind: str, pattern: str) -> str:
    """For page and log."""
    return f"Rule removed: {kind} {pattern}"


def page_of(number: int, pages: int, count: int) -> str:
    """Where in the list."""
    return f"{count} rules, page {number} of {pages}"


STOP_TITLE = "Stop and resume"
STOP_DONE = "Nobody can draw here now. What is being drawn already comes to its end; what waits goes on waiting."
RESUME_DONE = "People can draw here again."
ALREADY_STOPPED = "Drawing was stopped here already."
ALREADY_RUNNING = "Drawing was not stopped here."
CANCEL_WAITING = "Cancel what waits"


def waiting(count: int) -> str:
    """How many jobs have not begun."""
    return f"{count} job{'' if count == 1 else 's'} waiting to start."


def cancelled(count: int) -> str:
    """After the button."""
    return f"{count} waiting job{'' if count == 1 else 's'} cancelled; nobody is charged for them."


def exported(count: int) -> str:
    """Above the file."""
    return f"{count} rule{'' if count == 1 else 's'}, one a line. “Import” takes this file again."


def rules_full(most: int) -> str:
    """No room for what was to be added."""
    return f"There may be {most} rules here: remove some first."
