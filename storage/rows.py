"""Rows to nouns and back. JSON columns go through pydantic, so that a stored value is checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from bot.jobs.model import Action, Call, CallState, Found, Job, JobState, Picture, Progress, Request
from bot.jobs.place import Actor, MessageRef, Place, Reply

T = TypeVar("T")

ACTOR = TypeAdapter(Actor)
PLACE = TypeAdapter(Place)
REQUEST = TypeAdapter(Request)
REPLY = TypeAdapter(Reply)
MESSAGE = TypeAdapter(MessageRef)
PICTURE = TypeAdapter(Picture)
PICTURES = TypeAdapter(tuple[Picture, ...])
PROGRESS = TypeAdapter(Progress)
FOUND = TypeAdapter(tuple[Found, ...])
NOTES = TypeAdapter(tuple[str, ...])


def dump(adapter: TypeAdapter[T], value: T) -> str:
    """JSON text of a value."""
    return adapter.dump_json(value).decode()


def _maybe(adapter: TypeAdapter[T], text: str | None) -> T | None:
    return None if text is None else adapter.validate_json(text)


def job_values(job: Job) -> dict[str, Any]:
    """All columns of a new job row but `key`."""
    return {
        "id": job.id,
        "action": job.action.value,
        "state": job.state.value,
        "platform": job.actor.platform.value,
        "user_key": job.actor.key,
        "community": job.place.community_id,
        "community_key": job.place.community,
        "actor": dump(ACTOR, job.actor),
        "place": dump(PLACE, job.place),
        "request": dump(REQUEST, job.request),
        "units": job.units,
        "estimate": job.estimate,
        "provider": job.provider,
        "parent_id": job.parent_id,
        "parent_index": job.parent_index,
        "notes": dump(NOTES, job.notes),
        "reply": None if job.reply is None else dump(REPLY, job.reply),
        "ping": job.ping,
        "running_cap": job.running_cap,
        "hold": job.hold,
        "verdict": job.verdict,
        "flags": dump(NOTES, job.flags),
        "spoiler": job.spoiler,
        "hidden": job.hidden,
        "alias": job.alias,
        "created_at": job.created_at,
        "due_at": job.due_at,
    }


def read_job(row: RowMapping | Mapping[str, Any]) -> Job:
    """A job row as a Job."""
    plain = (
        "id",
        "units",
        "provider",
        "created_at",
        "parent_id",
        "parent_index",
        "reason",
        "detail",
        "attempts",
        "cost",
        "estimate",
        "running_cap",
        "hold",
        "verdict",
        "alias",
    )
    switches = ("cancel_requested", "ping", "told", "deleted", "spoiler", "hidden")
    return Job(
        action=Action(row["action"]),
        state=JobState(row["state"]),
        actor=ACTOR.validate_json(row["actor"]),
        place=PLACE.validate_json(row["place"]),
        request=REQUEST.validate_json(row["request"]),
        notes=NOTES.validate_json(row["notes"]),
        flags=NOTES.validate_json(row["flags"]),
        reply=_maybe(REPLY, row["reply"]),
        message=_maybe(MESSAGE, row["message"]),
        pictures=PICTURES.validate_json(row["pictures"]),
        shown=_maybe(PICTURE, row["shown"]),
        progress=PROGRESS.validate_json(row["progress"]),
        started_at=row["started_at"],
        queued_at=row["queued_at"],
        not_before=row["not_before"],
        ended_at=row["ended_at"],
        due_at=row["due_at"],
        lease=row["lease"],
        **{name: row[name] for name in plain},
        **{name: cast("Any", bool(row[name])) for name in switches},
    )


def read_call(row: RowMapping | Mapping[str, Any]) -> Call:
    """A call row as a Call."""
    plain = (
        "id",
        "job_id",
        "slot",
        "attempt",
        "provider",
        "count",
        "created_at",
        "ref",
        "cost",
        "candidate",
        "polls",
        "reason",
    )
    return Call(
        state=CallState(row["state"]),
        hooked=bool(row["hooked"]),
        pictures=PICTURES.validate_json(row["pictures"]),
        urls=FOUND.validate_json(row["urls"]),
        sent_at=row["sent_at"],
        **{name: row[name] for name in plain},
    )
