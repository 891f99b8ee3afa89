"""Everything that the stores are asked, once each, on a database in which one job was drawn."""

from __future__ import annotations

import time
from typing import Any

from bot.jobs.acceptance import Accepted, Caps
from bot.jobs.model import Action, CallState, Job, JobState, Progress
from bot.jobs.place import MessageRef
from bot.jobs.store import NewCall
from bot.jobs.sweep import Range
from bot.policy.community import Budget, Community
from bot.policy.records import Block, Cause, Entry, HouseStyle, Override, Report, Rule, RuleKind, What
from storage.books import Books
from storage.jobs import SqlJobStore
from storage.policy.store import SqlPolicy
from storage.sweeping import Sweeping
from storage.usage import BY, usage
from tests.support.core import Core
from tests.support.rows import key, new_job

HERE, ANN, BOB = "playground:guild", "playground:ann", "playground:bob"
CAPS = Caps(100_000, 3, 10, 50, monthly=1_000_000, waiting=1000, budget=Budget(1_000_000, 1_000_000, 10**12, 10**12))
WHERE = MessageRef("hall", "m-1")


class Asked:
    """A store that notes which of its methods were called."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.names = inner, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self.inner, name)


def entry(what: What = What.SETTING, **more: Any) -> Entry:
    return Entry(HERE, what, actor=BOB, name="Bob", subject=ANN, **more)


async def ask_all(core: Core) -> dict[type, set[str]]:
    """Returns the names of what was asked of each store."""
    store, policy, old, books = Asked(core.store), Asked(core.house.policy), Asked(Sweeping(core.db)), Asked(Books(core.db))
    drawn = (await core.store.jobs([JobState.DELIVERED], 1))[0]
    await _job_reads(store, drawn)
    await _job_life(store)
    await _other_ends(store)
    await _desk(policy, drawn)
    await _reviews(policy, drawn)
    await _operators(old, books, drawn, core)
    await policy.erase("playground:gone", entry(What.ERASED), time.time())
    return {SqlJobStore: store.names, SqlPolicy: policy.names, Sweeping: old.names, Books: books.names}


async def _job_reads(store: Any, drawn: Job) -> None:
    now = time.time()
    for job_id in (drawn.id, "nobody"):
        await store.job(job_id)
        await store.calls(job_id)
        await store.ahead(job_id)
        await store.open_children(job_id)
    await store.by_key("playground:none")
    await store.call((await store.calls(drawn.id))[0].id)
    await store.due(now, 200)
    await store.standing(ANN, now)
    for states, user in (((), ""), ((JobState.FAILED, JobState.UNCERTAIN), ""), ((), ANN), ((JobState.DELIVERED,), ANN)):
        await store.jobs(states, 20, user)
    await store.waiting_in(HERE, 20)
    await store.troubled(now)
    for action in (Action.UPSCALE, Action.VARIATION):
        await store.child(drawn.id, action.value, 1)
    await store.open_count()


async def _accepted(store: Any, **more: Any) -> Job:
    found = await store.accept(new_job("ann", at=time.time(), **more), key(), CAPS, time.time())
    assert isinstance(found, Accepted)
    return found.job


async def _claimed(store: Any, job: Job) -> Job:
    claimed = await store.claim(job.id, "lease", time.time(), time.time() + 60)
    assert claimed is not None
    return claimed  # type: ignore[no-any-return]


async def _job_life(store: Any) -> None:
    now = time.time()
    job = await _accepted(store)
    await store.placed(job.id, WHERE, now)
    assert job.id in await store.admit(CAPS, now)
    job = await store.retry(await _claimed(store, job), now, "busy", provider="fake")
    (call,) = await store.intend(job, [NewCall("c" * 20, 0, 0, "fake", 4, 40_000)], now)
    call = await store.call_accepted(call, "ref", 30_000, now)
    await store.hooked(call.id, "ref", now)
    await store.polled(call, now)
    job = await store.progressed(await store.move(job, JobState.RUNNING, now), Progress(0.5))
    job = await store.keep_going(job)
    await store.call_done(call, "ref", (), (), 20_000, now)
    job = await store.move(job, JobState.FINISHED, now)
    some = (await store.jobs([JobState.DELIVERED], 1))[0]
    job = await store.store(job, some.pictures, some.shown)
    job = await store.end(job, JobState.DELIVERED, now, settle=3, message=WHERE)
    await store.release(await store.tell(job, WHERE), None)
    await store.delete(job.id, now)


async def _other_ends(store: Any) -> None:
    """Of a child, of one that is cancelled, of one that came late after all."""
    now = time.time()
    parent = (await store.jobs([JobState.DELIVERED], 1))[0]
    job = await _claimed(store, await _accepted(store, action=Action.VARIATION, parent=parent.id, index=1))
    new = [NewCall(f"{number}" * 20, number, 0, "fake", 1, 10_000) for number in (1, 2)]
    lost, refused = await store.intend(job, new, now)
    await store.call_unknown(lost, "no answer", now)
    await store.call_refused(refused, "busy: later", paid=False, now=now)
    assert (await store.call(refused.id)).state is CallState.REFUSED
    await store.cancel(job.id, now)
    job = await store.late(await store.end(job, JobState.UNCERTAIN, now, settle=0), now)
    await store.end(job, JobState.FAILED, now, settle=0)
    await store.revive(job.id, JobState.STORED, now)
    await store.clear_leases()
    await store.renew("another", now + 30.0)
    await store.give_back("another", now)
    await store.left(now, now, 10)


async def _desk(policy: Any, drawn: Job) -> None:
    now = time.time()
    assert await policy.save_community(HERE, Community(), entry(), await policy.community(HERE))
    await policy.all_communities()
    await policy.add_rules(HERE, [Rule(0, RuleKind.WORD, "cat")], entry(What.RULE))
    await policy.remove_rule(HERE, (await policy.rules(HERE))[0].id, entry(What.RULE))
    await policy.put_block(HERE, Block(BOB, None, "", ANN), entry(What.BLOCKED))
    await policy.block_of(HERE, ANN, now)
    await policy.blocks(HERE, now)
    await policy.lift_block(HERE, BOB, entry(What.UNBLOCKED))
    await policy.put_override(HERE, BOB, Override(5), entry(What.LIMITED))
    await policy.override_of(HERE, ANN)
    await policy.grant(HERE, ANN, 4, entry(What.GRANTED), now)
    await policy.reset(HERE, ANN, entry(What.RESET), now)
    await policy.put_style(HERE, HouseStyle("ink"), entry(What.STYLE))
    await policy.styles(HERE)
    await policy.remove_style(HERE, "ink", entry(What.STYLE))
    await _history(policy, drawn, now)


async def _history(policy: Any, drawn: Job, now: float) -> None:
    await policy.last_accepted(HERE, ANN)
    await policy.repeats(HERE, ANN, "a fox", now - 600)
    await policy.delivered(HERE, ANN, 3)
    for by in ("day", "user", "provider"):
        await policy.usage(HERE, by, now - 30 * 86400)
    await policy.used_by(ANN, now)
    await policy.used_in(HERE, now)
    await policy.user_of(await policy.alias(ANN))
    await policy.kept(ANN)
    last = await policy.record(entry(job_id=drawn.id, once="once"))
    await policy.entry(last)
    for key_, before, subject in ((HERE, 0, ""), (HERE, last, ""), (HERE, 0, ANN), ("", 0, ""), ("", last, ANN)):
        await policy.entries(key_, before=before, subject=subject)


async def _reviews(policy: Any, drawn: Job) -> None:
    now = time.time()
    await policy.save_community(HERE, Community(log_channel="log"), entry())
    review = await policy.ask(HERE, drawn.id, Cause.PROMPT, "why", entry(What.HELD, job_id=drawn.id))
    await policy.open_review(drawn.id)
    await policy.open_reviews(HERE)
    await policy.review(review.id)
    await policy.decide(review.id, "approved", BOB, "", entry(What.APPROVED))
    await policy.report(Report(drawn.id, BOB, "no"), HERE, 1, entry(What.REPORTED, job_id=drawn.id))
    await policy.decide((await policy.open_review(drawn.id)).id, "rejected", BOB, "", entry(What.REJECTED))
    await policy.ask(HERE, drawn.id, Cause.PROMPT, "why", entry(What.HELD, job_id=drawn.id))
    await policy.close(drawn.id, "withdrawn", entry(What.EXPIRED))
    first, second, *_ = await policy.due_notices(now + 60)
    await policy.posted(first, WHERE, now)
    await policy.put_off(second, now + 5)


async def _operators(old: Any, books: Any, drawn: Job, core: Core) -> None:
    now = time.time()
    await books.ledger(drawn.id)
    await books.spend(drawn.id)
    for by in BY:
        await usage(core.db, by, now - 30 * 86400)
    for which in (Range(now - 365 * 86400, only=HERE), Range(now - 365 * 86400, but=("playground:1",))):
        await old.forget_prompts(which)
        await old.forget_audit(which)
        await old.forget_pictures((await old.old_pictures(which)).ids)
    await old.forget_previews((await old.previews(now)).ids)
    await old.beginning()
    await old.needed([f"jobs/{drawn.id}/1", f"calls/{drawn.pictures[0].call_id}/0", f"inputs/{drawn.id}"])
    await old.drawn((now, drawn.id), 100)
