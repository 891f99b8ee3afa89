"""What must be true of the moderators' desk after a crash: each decision has taken effect once, and its card says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.chaos.books import Books, Row

STANDS = {"approved": {"delivered", "cancelled", "uncertain"}, "rejected": {"refused", "cancelled"}}
"""Ends after a decision about a job that waited. One that its user took back meanwhile is cancelled; one that was killed
while it was paid may get no answer, which is judged with the ends."""


def undecided(books: Books) -> Iterator[str]:
    """A question that is still open, or whose answer has not come to the job."""
    for review in books.reviews:
        job = books.jobs[review["job_id"]]
        if not review["decided"]:
            yield f"review {review['id']} of {job['id']} ({job['state']}) is open"
        elif not _took_effect(review, job):
            yield f"review {review['id']} is {review['decided']}, {job['id']} is {job['state']}, deleted={job['deleted']}"


def _took_effect(review: Row, job: Row) -> bool:
    if job["user_key"].startswith("anon:"):
        return True
    if job["hidden"] or review["decided"] not in STANDS:
        return bool(job["deleted"]) or not job["hidden"]
    if review["cause"] == "reports":
        return bool(job["deleted"]) is (str(review["decided"]) == "rejected")
    return job["state"] in STANDS[str(review["decided"])]


def told_twice(books: Books) -> Iterator[str]:
    """A decision, a report or a finding that stands in the log more than once, or not at all."""
    entries = Counter((entry["job_id"], entry["what"]) for entry in books.audit if entry["job_id"])
    decisions = Counter((review["job_id"], review["decided"]) for review in books.reviews if review["decided"] in STANDS)
    for (job_id, decided), times in decisions.items():
        if entries[job_id, decided] != times:
            yield f"{job_id} is {decided} {times} times, {entries[job_id, decided]} times in the log"
    for (job_id, what), times in entries.items():
        if what in {"accepted", "flagged", "reported", "hidden"} and times > 1:
            yield f"{what} stands {times} times in the log of {job_id}"


def uncarried(books: Books) -> Iterator[str]:
    """A card in the moderators' channel that does not show how its question stands."""
    for notice in books.notices:
        if notice["kind"] == "review" and notice["shown_version"] != notice["version"]:
            yield f"the card of review {notice['subject']} is of version {notice['shown_version']}, not {notice['version']}"
