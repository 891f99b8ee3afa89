"""What can go wrong at a provider, and what must come of it: one row, one user, one provider, one job of four pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.texts import states
from providers.fake import Mode

QUIET = {"webhook": "off"}
PARTIAL = states.partial(3, 4)


@dataclass(frozen=True, slots=True)
class Row:
    """One fault.

    `script`: what the vendor does (tests.fakes.vendor.script). `state`, `says`, `units`, `paid`: the job's end, a
    sentence of its card, pictures charged, paid requests by the vendor's own count.
    `lookup`, `hooks`: the provider finds calls by our key, calls webhooks; `poll`: seconds before the first question;
    `deadline`: seconds until it is given up; `least`: seconds that it must take, for a wait that was asked for.
    `dead`: nobody listens at its address.
    """

    name: str
    script: dict[str, Any]
    state: str = "delivered"
    says: str = ""
    units: int = 4
    paid: int = 1
    mode: Mode = "async"
    lookup: bool = False
    hooks: bool = False
    poll: float = 0.05
    deadline: float = 60.0
    least: float = 0.0
    dead: bool = False


def fails(name: str, script: dict[str, Any], reason: str, *, state: str = "failed", paid: int = 1, **facts: Any) -> Row:
    """Nothing comes of it, nothing is charged."""
    return Row(name, script, state, states.reason(reason), 0, paid, **facts)


def unsure(name: str, script: dict[str, Any], *, paid: int = 1, **facts: Any) -> Row:
    """Nobody can know whether it was taken: no second request, no charge, and the user is told."""
    return fails(name, script, "unanswered", state="uncertain", paid=paid, **facts)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong together."""

    subject: str
    rows: list[Row] = field(default_factory=list)


GATEWAY = {"errors": 1, "error_envelope": False}
SUBMIT = [
    Row("slow", {"answer_delay": 0.4}),
    Row("slow-blocking", {"answer_delay": 0.4}, mode="blocking"),
    Row("busy", {"busy": 2, "retry_after": ""}),
    Row("busy-asks-half-a-second", {"busy": 1, "retry_after": "0.5"}, least=0.5),
    Row("busy-blocking", {"busy": 2, "retry_after": ""}, mode="blocking"),
    Row("busy-single", {"busy": 3, "retry_after": ""}, mode="single", paid=4),
    fails("busy-for-ever", {"busy": 99, "retry_after": ""}, "busy", paid=0),
    Row("own-5xx", {"errors": 2}),
    Row("own-5xx-blocking", {"errors": 2}, mode="blocking"),
    fails("own-5xx-for-ever", {"errors": 99}, "broken", paid=0),
    unsure("gateway-5xx", GATEWAY, paid=0),
    unsure("gateway-5xx-paid", GATEWAY | {"errors_paid": True}),
    unsure("gateway-5xx-paid-blocking", GATEWAY | {"errors_paid": True}, mode="blocking"),
    Row("gateway-5xx-paid-found", GATEWAY | {"errors_paid": True}, lookup=True),
    fails("gateway-5xx-never-arrived", GATEWAY, "broken", paid=0, lookup=True),
    unsure("hang", {"hang": True}),
    unsure("hang-blocking", {"hang": True}, mode="blocking"),
    unsure("hang-single", {"hang": True}, mode="single", paid=4),
    Row("hang-found", {"hang": True}, lookup=True),
    Row("hang-hooked", {"hang": True, "seconds": 0.0, "webhook": "on"}, hooks=True, poll=30.0),
    fails("nobody-listens", {}, "broken", paid=0, dead=True),
    unsure("cut-unread", {"cut": "before"}, paid=0),
    fails("cut-unread-never-arrived", {"cut": "before"}, "broken", paid=0, lookup=True),
    unsure("cut-read", {"cut": "after"}),
    unsure("cut-read-blocking", {"cut": "after"}, mode="blocking"),
    Row("cut-read-found", {"cut": "after"}, lookup=True),
    Row("cut-read-hooked", {"cut": "after", "seconds": 0.0, "webhook": "on"}, hooks=True, poll=30.0),
    Row("cut-read-one-of-four", {"cut": "after", "times": 1}, says=PARTIAL, units=3, paid=4, mode="single"),
    unsure("reply-a-page", {"reply": "html"}),
    unsure("reply-truncated", {"reply": "truncated"}),
    unsure("reply-truncated-blocking", {"reply": "truncated"}, mode="blocking"),
    Row("reply-truncated-found", {"reply": "truncated"}, lookup=True),
    unsure("reply-without-an-id", {"reply": "nameless"}),
]
STATUS = [
    Row("status-busy", {"status_fault": "busy", "status_times": 2}),
    Row("status-5xx", {"status_errors": 2}),
    Row("status-hangs", {"status_fault": "hang", "status_times": 1}),
    Row("status-cut", {"status_fault": "cut", "status_times": 2}),
    Row("status-a-page", {"status_fault": "html", "status_times": 2}),
    Row("status-truncated", {"status_fault": "truncated", "status_times": 2}),
    Row("status-truncated-single", {"status_fault": "truncated", "status_times": 2}, mode="single", paid=4),
    Row("status-unheard-of-word", {"word": "pondering", "seconds": 0.3}),
    fails("status-truncated-for-ever", {"status_fault": "truncated"}, "deadline", deadline=1.0),
    fails("status-hangs-for-ever", {"status_fault": "hang"}, "deadline", deadline=1.0),
    fails("runs-for-ever", {"hold": True}, "deadline", deadline=1.0),
    fails("done-without-pictures", {"pictures": 0}, "broken"),
    fails("done-without-pictures-blocking", {"pictures": 0}, "broken", mode="blocking"),
    fails("done-without-pictures-single", {"pictures": 0}, "broken", mode="single", paid=4),
    Row("too-few-pictures", {"pictures": 3}, says=PARTIAL, units=3),
    Row("too-many-pictures", {"pictures": 6}),
]
DOWNLOAD = [
    Row("download-busy", {"picture": "busy", "picture_times": 4, "retry_after": ""}),
    Row("download-asks-half-a-second", {"picture": "busy", "picture_times": 4, "retry_after": "0.5"}, least=0.5),
    fails("download-missing", {"picture": "missing"}, "no_pictures"),
    fails("download-expired-410", {"picture": "gone"}, "no_pictures"),
    fails("download-expired-403", {"picture": "forbidden"}, "no_pictures"),
    Row("download-not-there-yet-403", {"picture": "forbidden", "picture_times": 8}),
    Row("download-one-of-four-missing", {"picture": "missing", "picture_times": 1}, says=PARTIAL, units=3),
    Row("download-stalls", {"picture": "stall", "picture_times": 4}),
    fails("download-stalls-for-ever", {"picture": "stall"}, "no_pictures"),
    Row("download-breaks-off", {"picture": "truncated", "picture_times": 4}),
    fails("download-breaks-off-for-ever", {"picture": "truncated"}, "no_pictures"),
    fails("download-huge", {"picture": "huge"}, "no_pictures"),
    fails("download-a-page", {"picture": "html"}, "no_pictures"),
    fails("download-half-a-picture", {"picture": "half"}, "no_pictures"),
    fails("download-a-bomb", {"picture": "bomb"}, "no_pictures"),
    fails("inline-a-page", {"picture": "html"}, "no_pictures", mode="blocking"),
    fails("inline-half-a-picture", {"picture": "half"}, "no_pictures", mode="blocking"),
    fails("inline-a-bomb", {"picture": "bomb"}, "no_pictures", mode="blocking"),
    Row("inline-one-of-four-half", {"picture": "half", "picture_times": 1}, says=PARTIAL, units=3, mode="blocking"),
    Row("download-one-a-bomb-single", {"picture": "bomb", "times": 1}, says=PARTIAL, units=3, paid=4, mode="single"),
]
WEBHOOK = [
    Row("webhook", {"seconds": 0.2, "webhook": "on"}, hooks=True, poll=30.0),
    Row("webhook-single", {"seconds": 0.2, "webhook": "on"}, hooks=True, poll=30.0, mode="single", paid=4),
    Row("webhook-lost", {"seconds": 0.2, "webhook": "off"}, hooks=True, poll=0.4),
    Row("webhook-doubled", {"seconds": 0.2, "webhook": "double"}, hooks=True, poll=30.0),
    Row("webhook-early", {"seconds": 0.0, "webhook": "early", "answer_delay": 0.4}, hooks=True, poll=30.0),
    Row("webhook-late", {"seconds": 0.5, "webhook": "late", "late": 0.6}, hooks=True, poll=30.0, least=0.6),
    Row("webhook-out-of-order", {"seconds": 0.4, "webhook": "disorder"}, hooks=True, poll=30.0),
    Row("webhook-before-the-cut", {"seconds": 0.0, "webhook": "early", "cut": "after"}, lookup=True, hooks=True),
    unsure("webhook-never-after-the-cut", {"cut": "after", "webhook": "off"}, hooks=True, poll=30.0),
]
PARTS = [
    Part("submit", SUBMIT),
    Part("status", STATUS),
    Part("download", DOWNLOAD),
    Part("webhook", WEBHOOK),
]
