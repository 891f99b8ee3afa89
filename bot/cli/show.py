"""A job as lines and as JSON. Interaction tokens are never part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.jobs.clean import clean
from bot.jobs.model import Call, Job
from storage.books import Line

PROMPT = 48
"""Characters of the prompt in a list."""


def moment(at: float | None) -> str:
    """Unix seconds as UTC."""
    return "-" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def usd(micro: int) -> str:
    """Micro-USD as people write it."""
    return f"{micro / 1_000_000:.4f} USD"


def row(job: Job, *, why: bool = False) -> str:
    """One line of a list; with `why`, the reason of its end instead of the prompt."""
    said = ": ".join(filter(None, (job.reason, job.detail))) if why else job.request.prompt
    said = clean(said)
    said = said if why or len(said) <= PROMPT else f"{said[: PROMPT - 1]}…"
    return (
        f"{job.id}  {moment(job.created_at)}  {job.state:<10}  {job.action:<9}  {job.provider:<10}  {job.actor.key}  {said}"
    )


def as_json(job: Job) -> dict[str, Any]:
    """Everything but the interaction's token and the lease."""
    plain = asdict(job)
    del plain["reply"], plain["lease"]
    return plain | {"user_key": job.actor.key}


def describe(job: Job, calls: Sequence[Call], ledger: Sequence[Line], spend: Sequence[Line]) -> list[str]:
    """The job, its calls and both books."""
    facts = {
        "job": job.id,
        "state": f"{job.state}{', deleted' if job.deleted else ''}{'' if job.told or job.state.open else ', not told yet'}",
        "why": ": ".join(filter(None, (job.reason, clean(job.detail)))),
        "action": f"{job.action} {job.parent_index} of {job.parent_id}" if job.parent_id else job.action,
        "user": f"{job.actor.key} ({clean(job.actor.name)})",
        "place": ":".join(
            filter(None, (job.place.platform, job.place.community_id, job.place.channel_id, job.place.thread_id))
        ),
        "prompt": clean(job.request.prompt),
        "provider": job.provider,
        "message": job.message.url or job.message.message_id if job.message else "",
        "pictures": ", ".join(picture.key for picture in job.pictures),
        "asked": moment(job.created_at),
        "started": moment(job.started_at),
        "ended": moment(job.ended_at),
        "next look": moment(job.due_at),
        "attempts": str(job.attempts),
        "estimate": usd(job.estimate),
        "cost": usd(job.cost),
    }
    lines = [f"{name:<10} {value}" for name, value in facts.items() if value]
    lines += [_call(call) for call in calls]
    lines += [f"ledger     {moment(line.at)}  {line.kind:<8} {line.amount:+d} units  {line.subject}" for line in ledger]
    return lines + [
        f"spend      {moment(line.at)}  {line.kind:<8} {usd(line.amount)}  call {line.subject}" for line in spend
    ]


def _call(call: Call) -> str:
    what = f"slot {call.slot} attempt {call.attempt}  {call.count} picture{'s' if call.count > 1 else ''}  {usd(call.cost)}"
    return f"call       {call.id}  {call.state:<8}  {call.provider}  {what}  {clean(call.reason)}".rstrip()
