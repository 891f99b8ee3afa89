"""What must be true after a crash, whatever happened before it: each check returns a line for every fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.chaos.books import ENDS, Books, Row, ended, pictures_of
from tests.support.sums import astray

TAKEN = frozenset({"accepted", "done"})
PRICE = 10_000
"""Micro-USD a picture at the fake vendor."""


def lost(books: Books) -> Iterator[str]:
    """An accepted job without an end, or whose end nobody was told."""
    for job in books.jobs.values():
        if not ended(job):
            yield f"{job['id']} is {job['state']}, told={job['told']}, reason={job['reason']}"


def doubled(books: Books, paid: Mapping[str, int]) -> Iterator[str]:
    """A paid request that was sent twice: under its own key, or as another row for the same slot. Or sent without a row."""
    for key, times in paid.items():
        if times > 1:
            yield f"call {key} was paid {times} times"
        if key not in books.calls:
            yield f"call {key} was paid without a row"
    slots = Counter((call["job_id"], call["slot"]) for key, call in books.calls.items() if key in paid)
    for (job, slot), times in slots.items():
        if times > 1:
            yield f"slot {slot} of {job} was paid {times} times"


def miscounted(books: Books, paid: Mapping[str, int]) -> Iterator[str]:
    """Rows that say another thing than the vendor's bill."""
    for call in books.calls.values():
        known = call["id"] in paid
        if call["state"] in TAKEN and not known:
            yield f"call {call['id']} is {call['state']}, the vendor never took it"
        forgotten = books.jobs[call["job_id"]]["user_key"].startswith("anon:") and not call["reason"]
        cancelled = call["reason"].startswith("cancelled") or forgotten
        if call["state"] == "refused" and call["cost"] == 0 and known and not cancelled:
            yield f"call {call['id']} is void ({call['reason']}), the vendor took it"
        if call["state"] == "done" and call["cost"] != PRICE * call["count"]:
            yield f"call {call['id']} is booked with {call['cost']}"
        if call["state"] == "intent" and books.jobs[call["job_id"]]["state"] in ENDS:
            yield f"call {call['id']} is still an intent"
    could = sum(call["state"] in TAKEN | {"unknown"} or call["id"] in paid for call in books.calls.values())
    if sum(paid.values()) > could:
        yield f"{sum(paid.values())} paid, {could} rows can have been"


def wrongly_charged(books: Books) -> Iterator[str]:
    """The book of units: one reserve a job, closed once, and the sum is what came (nothing if it came late).

    A moderator's grant is of no job.
    """
    lines: dict[str, list[Row]] = {}
    for line in (line for line in books.ledger if line["kind"] != "grant"):
        lines.setdefault(line["job_id"], []).append(line)
    for job in books.jobs.values():
        mine = lines.pop(job["id"], [])
        kinds = Counter(line["kind"] for line in mine)
        if kinds["reserve"] != 1 or max(kinds.values()) > 1 or not kinds["settle"] + kinds["refund"]:
            yield f"{job['id']} ({job['state']}): lines {dict(kinds)}"
        free = job["state"] != "delivered" or kinds["late"] or not kinds["settle"]
        due = 0 if free else min(job["units"], len(pictures_of(job)))
        if sum(line["units"] for line in mine) != due:
            yield f"{job['id']} ({job['state']}): charged {sum(line['units'] for line in mine)}, due {due}"
    yield from (f"lines without a job: {job}" for job in lines)


def unsettled(books: Books, revived: frozenset[str]) -> Iterator[str]:
    """A delivered job that nobody paid for, though its pictures were never given up."""
    settled = {line["job_id"] for line in books.ledger if line["kind"] in {"settle", "late"}}
    for job in books.jobs.values():
        if job["state"] == "delivered" and job["id"] not in settled | revived:
            yield f"{job['id']} was delivered and refunded"


def sums_astray(books: Books) -> Iterator[str]:
    """The sums that the database keeps, against the lines of both books."""
    yield from astray(books.ledger, books.spend, books.user_days, books.community_days)


def spend_astray(books: Books) -> Iterator[str]:
    """The book of money: its lines, the calls' sums and the jobs' sums agree."""
    lines: Counter[str] = Counter()
    for line in books.spend:
        lines[line["call_id"]] += line["micro_usd"]
    for call in books.calls.values():
        if lines[call["id"]] != call["cost"]:
            yield f"call {call['id']}: lines {lines[call['id']]}, cost {call['cost']}"
    for job in books.jobs.values():
        if sum(call["cost"] for call in books.calls_of(job["id"])) != job["cost"]:
            yield f"job {job['id']}: cost {job['cost']}"


def unended_messages(books: Books, messages: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """A message that does not show its job's end: its tone, its pictures, the buttons of an end."""
    for job in books.jobs.values():
        message = messages.get(job["id"])
        if job["deleted"]:
            if message is not None:
                yield f"{job['id']} was deleted and still stands"
        elif message is None:
            yield f"{job['id']} has no message"
        elif not _shows_end(job, message["card"]):
            yield f"{job['id']} ({job['state']}) shows {message['card']['tone']}, {message['card']['status']}"


def _shows_end(job: Row, card: dict[str, Any]) -> bool:
    delivered = job["state"] == "delivered"
    controls = " ".join(item["control"] for row in card["rows"] for item in row if item["type"] == "button")
    wanted = ":delete:" if delivered else ":again:"
    return bool(
        card["tone"] == ("done" if delivered else "failed") and bool(card["pictures"]) == delivered and wanted in controls
    )
