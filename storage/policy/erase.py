"""Forgetting a user, table by table, inside one transaction. Books, blocks and limits keep an anonymous key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import OPEN, JobState
from bot.jobs.place import Actor, Platform
from bot.policy.records import Cause, NoticeKind, What
from providers.base import Params
from storage import erased
from storage.dialect import holds, with_values
from storage.policy import outbox
from storage.policy import reviews as review_rows
from storage.policy_tables import aliases, audit, blocks, overrides, reports, reviews, styles
from storage.rows import ACTOR, dump
from storage.tables import calls, jobs, ledger, messages, user_settings

OPEN_STATES = sorted(state.value for state in OPEN)
OWN_WORDS = sorted(
    what.value
    for what in (What.ACCEPTED, What.REFUSED, What.DELIVERED, What.HELD, What.FLAGGED, What.EXPIRED, What.REPORTED)
)
"""Entries whose text is what the actor said, or tells of it."""
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is forgotten: their key, what stands for it from now on, and when."""

    key: str
    anon: str
    now: float


async def desk(connection: AsyncConnection, who: Person) -> None:
    """Reviews, audit entries, blocks, limits; cards and log entries that show the user are to be edited."""
    theirs = reviews.c.job_id.in_(select(jobs.c.id).where(jobs.c.user_key == who.key))
    still_open = select(reviews.c.id).where(theirs, reviews.c.decided == "")
    for review_id in (await connection.execute(still_open)).scalars().all():
        await review_rows.settle(connection, review_id, WITHDRAWN, who.now)
    await outbox.changed(connection, NoticeKind.REVIEW, select(reviews.c.id).where(theirs), who.now)
    await connection.execute(update(reviews).where(theirs).values(text="", why=""))
    await connection.execute(update(reviews).where(reviews.c.by == who.key).values(by=who.anon))
    await _reported(connection, who)
    await _audit(connection, who)
    await _decided(connection, who)


async def _reported(connection: AsyncConnection, who: Person) -> None:
    """What they said of others' results stands in the questions about these, and on the moderators' cards."""
    of_theirs = reviews.c.job_id.in_(select(reports.c.job_id).where(reports.c.user_key == who.key))
    asked = (of_theirs, reviews.c.cause == Cause.REPORTS.value)
    await outbox.changed(connection, NoticeKind.REVIEW, select(reviews.c.id).where(*asked), who.now)
    await connection.execute(update(reviews).where(*asked).values(text=""))


async def _audit(connection: AsyncConnection, who: Person) -> None:
    """Who did what to whom stays, without names; texts that tell of the user go."""
    concerned = or_(audit.c.actor == who.key, audit.c.subject == who.key)
    await outbox.changed(connection, NoticeKind.LOG, select(audit.c.id).where(concerned), who.now)
    told = or_(audit.c.subject == who.key, audit.c.what.in_(OWN_WORDS))
    values = {
        "text": case((told, ""), else_=audit.c.text),
        "name": case((audit.c.actor == who.key, ""), else_=audit.c.name),
        "actor": case((audit.c.actor == who.key, who.anon), else_=audit.c.actor),
        "subject": case((audit.c.subject == who.key, who.anon), else_=audit.c.subject),
    }
    await connection.execute(update(audit).where(concerned).values(**values))


async def _decided(connection: AsyncConnection, who: Person) -> None:
    """Blocks and limits of their own stay; one from before an earlier erasing has been replaced by what came since."""
    for table in (blocks, overrides):
        newer = select(table.c.community).where(table.c.user_key == who.key)
        await connection.execute(delete(table).where(table.c.user_key == who.anon, table.c.community.in_(newer)))
        await connection.execute(update(table).where(table.c.user_key == who.key).values(user_key=who.anon))
    await connection.execute(update(blocks).where(blocks.c.by == who.key).values(by=who.anon))


async def own(connection: AsyncConnection, who: Person) -> None:
    """Settings, reports and the pseudonym go; styles stay without their author."""
    for table in (user_settings, reports, aliases):
        await connection.execute(delete(table).where(table.c.user_key == who.key))
    await connection.execute(update(styles).where(styles.c.by == who.key).values(by=""))


async def drawn(connection: AsyncConnection, who: Person) -> None:
    """Jobs and their units. The engine cancels what is open and takes the messages away; then the rest is forgotten."""
    mine = jobs.c.user_key == who.key
    over = select(jobs.c.id).where(mine, jobs.c.state.not_in([*OPEN_STATES, JobState.UNCERTAIN.value]))
    at_rest = calls.c.job_id.in_(over)
    await connection.execute(update(calls).where(at_rest).values(ref="", candidate="", urls="[]", reason=""))
    await connection.execute(update(jobs).where(mine).values(**_blank(who)))
    await erased.finish(connection, jobs.c.user_key == who.anon)
    await connection.execute(update(ledger).where(ledger.c.user_key == who.key).values(user_key=who.anon))


def _blank(who: Person) -> dict[str, Any]:
    """What becomes of a job's columns. Pictures stay named: the engine deletes them, and usage counts them."""
    gone = and_(jobs.c.deleted.is_(True), jobs.c.told.is_(True), jobs.c.state.not_in(OPEN_STATES))
    params = TypeAdapter(Params).dump_python(Params(), mode="json")
    blank = with_values(jobs.c.request, {"$.prompt": "", "$.text": "", "$.params": params})
    return {
        "user_key": who.anon,
        "key": "erased:" + jobs.c.id,
        "actor": dump(ACTOR, Actor(Platform(who.key.partition(":")[0]), who.anon, "")),
        "request": blank,
        "notes": "[]",
        "flags": "[]",
        "detail": "",
        "alias": "",
        "verdict": "",
        "cancel_requested": or_(jobs.c.cancel_requested, jobs.c.state.in_(OPEN_STATES)),
        "ping": False,
        "deleted": True,
        "told": case((gone, True), else_=False),
        "due_at": case((gone, jobs.c.due_at), else_=who.now),
    }


async def said(connection: AsyncConnection, who: Person) -> None:
    """The playground's messages of the user, those that only they could see, and others' private ones that tell of them.

    Open pages learn that they are gone. Goes before everything else: by pseudonym and jobs it knows what tells of them.
    """
    platform, _, user_id = who.key.partition(":")
    if platform != Platform.PLAYGROUND.value:
        return
    theirs = or_(messages.c.author == user_id, messages.c.visible_to == user_id, _tells(who))
    ids = (await connection.execute(select(messages.c.id).where(theirs).order_by(messages.c.updated))).scalars().all()
    last = int((await connection.execute(select(func.coalesce(func.max(messages.c.updated), 0)))).scalar_one())
    for place, message_id in enumerate(ids, last + 1):
        blank = {"card": "", "author": "", "visible_to": "", "deleted": True, "updated": place}
        await connection.execute(update(messages).where(messages.c.id == message_id).values(**blank))


def _tells(who: Person) -> ColumnElement[bool]:
    """What a moderator has asked about somebody: pages that name their pseudonym or a job of theirs, seen by one alone."""
    private = and_(messages.c.visible_to != "", messages.c.visible_to.not_like("@%"))
    alias = exists().where(aliases.c.user_key == who.key, holds(messages.c.card, aliases.c.alias))
    job = exists().where(jobs.c.user_key == who.key, holds(messages.c.card, jobs.c.id))
    return and_(private, or_(alias, job))
