"""What the job API says: in problem details, on its documentation page, and to the operator about keys."""

from __future__ import annotations

TITLE = "imagine-bot job API"
ABOUT = (
    "Draw pictures from your own programs: the same queue, quota, rules and providers as in the chats. "
    "A key is made by the operator with `imagine-bot keys create NAME` and sent as `Authorization: Bearer imk_...`. "
    "What goes wrong comes as problem details (RFC 9457) with a stable `code`. Send an `Idempotency-Key` with every POST "
    "that you may repeat."
)
PAGE = "Job API"
STARTING = "The bot is still starting. Try again in a moment."
STOPPING = "The bot is stopping and takes nothing new. Try again when it is back."
FAILED = "Something went wrong in the bot. Nothing was charged; the operator can see why in the log."
AWAY = "The bot's database or picture store does not answer just now. Nothing was charged; try again in a minute."
KEY_MISSING = "This needs a key: send the header Authorization: Bearer imk_... The bot's operator makes keys."
KEY_INVALID = "This key is not known here, or it was revoked or has expired. Ask the bot's operator for a new one."
NO_JOB = "There is no such job for this key."
NO_ROUTE = "There is nothing at this address. The description is at {path}/openapi.json."
NO_METHOD = "This address does not take that method."
INVALID = "The request is not as the description says: {first}"
EMPTY_PROMPT = "The prompt is empty: say what to draw."
BAD_CURSOR = "This cursor is none of ours. Use next_cursor as it came."
CONFLICT = (
    "This Idempotency-Key came with another request within the last 24 hours. Use a new key for a new request, and the same "
    "body for a repeat."
)
DRAWN = "This picture has been enlarged, or is being enlarged, by the job that `job_id` names."
CONTENT_TYPE = "The body is read as JSON where the header says so: send Content-Type: application/json."
NO_OBJECT = "The body is no JSON object."
STREAMS = "This key has {most} event streams open already. Close one first."


def scope(needed: str) -> str:
    """The key may not do this."""
    return f"This key may not do that: it has not the scope “{needed}”."


def rate(per_minute: int, wait: float) -> str:
    """Too many requests."""
    return f"This key may send {per_minute} requests a minute. Go on in {wait:.0f} s."


def callback(sentence: str) -> str:
    """An address that is not called. `sentence`: why."""
    return f"callback_url: {sentence}"


ENDS = {
    "hidden": "Hidden after reports, until a moderator has looked at it.",
    "deleted": "This job was deleted. Its pictures are gone.",
}

KEYS = "Keys of the job API."
KEYS_CREATE = "Make a key and print it, once. NAME says whose it is."
KEYS_LIST = "List all keys, oldest first; no secrets."
KEYS_REVOKE = "Make a key invalid at once, in every process."
SCOPE = "What the key may do; may be given several times. Default: both."
DAILY = "Pictures a UTC day; default: as for everybody."
PER_MINUTE = "Requests a minute."
DAYS = "Valid for so many days; default: until it is revoked."
COMMUNITY = "Draw under the rules, budget and moderators of this one, for example discord:81384788765712384."
ROLE = "A role or user group of that community, for its tiers and permissions; may be given several times."
NO_KEYS = "There are no keys."
BAD_NAME = "A key needs a name, so that lists and the audit log say whose it is."


def made(token: str, secret: str) -> str:
    """The only time that both are shown."""
    return (
        f"{token}\n\nThis is shown once: only its hash is kept. Callbacks of this key are signed with\n\n{secret}\n\n"
        "(Standard Webhooks). The key holds from now on; docs/api.md says how to use it."
    )


def community(typed: str) -> str:
    """Not what a community's key looks like."""
    return f"{typed} is no community: give platform:id (`imagine-bot audit --json` shows them)."


def unknown(key_id: str) -> str:
    """Nothing to revoke."""
    return f"There is no valid key {key_id}: `imagine-bot keys list` shows them."


def revoked(key_id: str) -> str:
    """It holds no more."""
    return f"Key {key_id} is revoked. Its jobs go on, their callbacks are not sent any more."


def audited(name: str, key_id: str, what: str) -> str:
    """The audit entry's text. `what`: made or revoked."""
    return f"job API key {name} ({key_id}) {what}, from the command line"


CODES = {
    "key_missing": "no `Authorization: Bearer` header",
    "key_invalid": "a key that is unknown, revoked or expired",
    "budget": "the community's budget of pictures or money is used up",
    "scope": "the key has not this scope",
    "stopped": "moderators have stopped all drawing in the key's community",
    "blocked": "moderators have blocked the key there",
    "feature": "this is switched off there",
    "channel": "the key has no community, and `IMAGINE_DIRECT` is `off`",
    "role": "drawing there is for roles that the key has not",
    "age": "drawing there is for age-restricted channels only",
    "not_found": "no such job for this key, or no such address",
    "method": "the address does not take this method",
    "too_slow": "the body took longer than 20 s",
    "idempotency": "the `Idempotency-Key` came with another request before",
    "twin": "the same variation was asked for within 5 s: `job_id`",
    "drawn": "this picture has been enlarged, or is being enlarged: `job_id`",
    "not_ready": "the job has no pictures (yet)",
    "picture_gone": "the picture or the prompt is kept no longer",
    "hidden": "hidden after reports",
    "too_late": "the job has ended, or its provider cannot stop",
    "too_large": "a body above 64 kB",
    "invalid": "not as the description says: `errors` names the fields",
    "prompt": "the prompt, a parameter in it, `style` or `ratio` cannot be read",
    "length": "the prompt is longer than the provider or the community takes",
    "rules": "against a rule of the key's community",
    "moderation": "flagged by the automatic moderation",
    "image": "`image_url` cannot be fetched or used",
    "provider": "no such provider, or none that can do this",
    "no_picture": "the job has no picture of that number",
    "callback": "`callback_url` is no address that is called",
    "rate": "more requests a minute than the key may send",
    "quota": "the key's pictures of the day are used up; `Retry-After` leads to 00:00 UTC",
    "month": "the key's pictures of the month are used up",
    "cooldown": "the community wants a pause between two jobs",
    "queue_full": "the key has as many jobs waiting as it may",
    "line_full": "too many jobs are waiting in all",
    "streams": "20 event streams are open already",
    "trouble": "a fault in the bot",
    "starting": "the bot is starting",
    "stopping": "the bot is stopping",
    "store": "the database or the picture store does not answer",
}
"""Problem codes, for the documentation."""
ERRORS = {
    "moderated": "the provider's rules refused",
    "bad_request": "the provider could not use the request",
    "bad_key": "the provider did not accept the bot's key",
    "no_money": "the bot's account at the provider is empty",
    "busy": "the provider stayed too busy",
    "broken": "the provider, or the bot, failed",
    "no_pictures": "no usable picture came",
    "deadline": "the provider took too long",
    "undeliverable": "the pictures could not be handed over",
    "no_provider": "the provider is not set up any more",
    "parent_gone": "the picture that it started from is gone",
    "no_place": "an hour without a free place",
    "unanswered": "the provider gave no answer; the pictures may still come, free of charge",
    "cancelled": "cancelled",
    "rejected": "a moderator did not agree",
    "flagged": "a picture was flagged by the bot's moderation",
    "no_moderator": "no moderator decided within 72 hours",
    "not_started": "the job could not begin",
    "hidden": "hidden after reports",
    "deleted": "deleted by moderators or at an erasing",
}
"""Codes of `error` in a job, for the documentation."""
