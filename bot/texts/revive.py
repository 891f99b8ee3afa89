"""Why a job cannot be taken up again; for the operator."""

from __future__ import annotations

UNKNOWN_JOB = "There is no such job."
OPEN = "This job has not ended: the running bot works on it."
DELETED = "This job was deleted by a person: nothing of it is shown again."
JUDGED = "This job was flagged, rejected or never approved by a moderator: ask the user to press Try again."
DELIVERED = "This job was delivered: nothing is missing."
FRESH = (
    "Nothing of this job is at the provider, so it would be drawn anew, and that takes a new reservation: "
    "ask the user to press Try again."
)
MAY_BE_PAID = (
    "Nobody knows whether the provider took this job's request, so sending it again may pay twice. "
    "If that is worth it, add --pay-again."
)
SENT_AGAIN = "broken: sent again by the operator, nobody knows what became of it"
"""Kept as the reason of a given-up call; its first word makes the next attempt possible."""
