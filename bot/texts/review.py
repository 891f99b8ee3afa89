"""What moderators and waiting people read about held jobs, flagged pictures and reports."""

from __future__ import annotations

from collections.abc import Sequence

EXPIRED = "No moderator decided within 72 hours; refunded."
UNSCREENED = "not screened"
INPUT_FLAGGED = "The automatic moderation does not allow this picture here."
INPUT_UNSCREENED = (
    "The automatic moderation does not answer, so your picture can't be checked now: try again in a few minutes."
)
CAUSES = {
    "everything": "everything is reviewed here",
    "new_user": "a new user",
    "prompt": "the prompt was flagged",
    "down": "the moderation service does not answer",
    "picture": "a picture was flagged",
    "reports": "people have reported it",
}


def asked(cause: str, text: str) -> str:
    """Why a job waits for a moderator."""
    why = CAUSES[cause]
    return f"Waits for a moderator: {why}{f' ({text})' if text else ''}."


def flagged(flags: Sequence[str]) -> str:
    """What the moderation found in a picture."""
    return f"A picture was flagged: {', '.join(flags)}."


def input_flagged(flags: Sequence[str]) -> str:
    """The picture that somebody wanted to start from."""
    return f"An input picture was flagged: {', '.join(flags)}. Nothing of it was kept."


def down(why: str) -> str:
    """The moderation service did not answer."""
    return f"The moderation service does not answer ({why[:200]})."


APPROVE = "Approve"
REJECT = "Reject"
BLOCK = "Reject and block"
STANDS = "Let it stand"
REMOVE = "Delete it"
REMOVE_BLOCK = "Delete and block"
LOOK = "Look"
PERSON = "Person"
USER = "User"
WHY = "Why it waits"
SAID = "Reports say"
BEFORE = "Their last jobs here:"
NO_HISTORY = "Their first job here."
ERASED_PROMPT = "(deleted)"
GONE = "The job is gone."
NOTHING_OPEN = "Nothing waits for a moderator."
PAGE_TITLE = "What waits for a moderator"
REJECT_FORM = "Reject"
REASON = "Reason"
REASON_HINT = "The user reads this, for example: no real people here"
REPORT_FORM = "Report this result"
REPORT_REASON = "What is wrong with it?"
REPORT_HINT = "The moderators read this; nobody else does."
REPORT_OWN = "It is your own: the Delete button removes it at once."
REPORT = "Report"
REPORTED = "Thank you: the moderators have been told."
REPORTED_HIDDEN = "Thank you: the moderators have been told, and the result is hidden until they have looked at it."
NOT_A_RESULT = "Only finished results can be reported."
DECIDED = {"approved": "Approved", "rejected": "Rejected", "expired": "Expired", "withdrawn": "No longer needed"}
SOMEBODY = "another moderator"


def no_pictures(command: str) -> str:
    """A chat did not take them. `command`: where they are shown, too."""
    return f"The pictures could not be shown here: open the message or look with {command}."


def cause(name: str, text: str) -> str:
    """Why, and what was found."""
    return f"{CAUSES[name]}{f' ({text})' if text else ''}"


def decided(what: str, by: str, why: str) -> str:
    """What a decided card says."""
    if what == "expired":
        return EXPIRED
    return f"{DECIDED.get(what, what)}{f' by {by}' if by else ''}{f': {why}' if why else ''}"


def faster(by: str, what: str) -> str:
    """For the moderator who came second."""
    return f"{by or 'Another moderator'} was faster: this is decided already ({DECIDED.get(what, what).lower()})."


def once_open(what: str) -> str:
    """It ended without a moderator."""
    return f"This needs no decision any more ({DECIDED.get(what, what or 'over').lower()})."


def history(state: str, prompt: str) -> str:
    """One job of theirs."""
    return f"• {state}: {prompt}"


def listed(number: int, prompt: str, by: str, why: str) -> str:
    """One line of the page."""
    return f"{number}. {prompt} · {by} · {why}"


def numbered(label: str, number: int) -> str:
    """A button or link that belongs to a line."""
    return f"{number} {label}"


def more(count: int) -> str:
    """Open reviews that the page does not show."""
    return f"{count} more wait: they are shown here when these are decided."


def rejected_because(reason: str) -> str:
    """A reason that a block gives to what it also rejects."""
    return f"blocked: {reason}" if reason else "blocked"
