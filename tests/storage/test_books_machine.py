"""Both books under any interleaving: hypothesis drives the real store, and a model on paper must agree after each step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from bot.jobs.acceptance import Accepted, Caps, Refusal
from bot.jobs.model import CallState, Job, JobState, Picture, new_id
from bot.jobs.place import MessageRef
from bot.jobs.store import NewCall
from bot.policy.records import Entry, Override, What
from bot.policy.tiers import caps_for
from tests.storage.books_compared import GUILDS, ROLES, Compared
from tests.storage.books_model import Paper, day_of
from tests.support.rows import new_job

BASE = Caps(daily=14, user_running=2, user_waiting=4, running=4)
OWN = {"cid": Override(daily=7, monthly=12)}
people, guilds, money = st.sampled_from(sorted(ROLES)), st.sampled_from(sorted(GUILDS)), st.integers(0, 60_000)
which = st.integers(0, 30)
answers = st.tuples(st.sampled_from(["accepted", "done", "refused", "void", "unknown"]), st.none() | money)
asks = st.tuples(people, guilds, st.sampled_from([4, 4, 2, 1]), money)
LIVE = {CallState.INTENT, CallState.ACCEPTED, CallState.UNKNOWN}
"""An answer may still change these; one that was accepted is not accepted again, nor forgotten."""
Wanted = tuple[str, str, int, int]
"""User, community, units, estimate."""
ends = st.sampled_from(["uncertain", "delivered", "failed", "cancelled", "uncertain"])


class Books(Compared):
    """Accept, run, pay, end, grant, erase: in any order."""

    def pick(self, number: int, *states: JobState) -> tuple[str, Paper] | None:
        fit = [(job_id, job) for job_id, job in self.model.jobs.items() if job.state in states]
        return fit[number % len(fit)] if fit else None

    def held(self, job_id: str) -> Job:
        job = self.run(self.store.claim(job_id, "lease", self.now, self.now + 60))
        assert job is not None
        return job

    @rule(hours=st.sampled_from([1, 2, 13]))
    def time_goes_by(self, hours: int) -> None:
        self.now += hours * 3600

    @initialize(asks=st.lists(asks, min_size=6, max_size=12))
    def a_crowd(self, asks: list[Wanted]) -> None:
        self.accept(asks)
        self.placed_and_admitted([0, 0, 0])

    @rule(asks=st.lists(asks, min_size=1, max_size=6))
    def accept(self, asks: list[Wanted]) -> None:
        for wanted in asks:
            self._accept(*wanted)

    def _accept(self, user: str, guild: str, units: int, estimate: int) -> None:
        caps = caps_for(BASE, GUILDS[guild], OWN.get(user, Override()), ROLES[user])
        job = replace(new_job(user, at=self.now, units=units, community=guild), id=self._id(), estimate=estimate)
        key, who, here = new_id(), f"playground:{user}", f"playground:{guild}"
        due = self.model.refusal(who, here, caps, units, estimate, self.now)
        decided = self.run(self.store.accept(job, key, caps, self.now))
        if due is not None:
            assert isinstance(decided, Refusal), (due, decided)
            assert decided.kind is due
            return
        assert isinstance(decided, Accepted), decided
        self.model.jobs[job.id] = Paper(who, here, units, estimate, day_of(self.now), key, kept=units)
        assert self.run(self.policy.used_by(who, self.now, here)).day <= caps.daily

    def _id(self) -> str:
        """In order, not by chance: among equals the line goes by id, and a run must be the same each time."""
        return f"{len(self.model.jobs):020}"

    @precondition(lambda self: self.model.jobs)
    @rule(number=which)
    def the_same_ask_again(self, number: int) -> None:
        job_id, paper = list(self.model.jobs.items())[number % len(self.model.jobs)]
        if paper.key:
            again = self.run(self.store.accept(new_job("ann", at=self.now, units=4), paper.key, BASE, self.now))
            assert isinstance(again, Accepted)
            assert (again.replay, again.job.id) == (True, job_id)

    @rule(numbers=st.lists(which, min_size=1, max_size=6))
    def placed_and_admitted(self, numbers: list[int]) -> None:
        for found in filter(None, (self.pick(number, JobState.NEW) for number in numbers)):
            self.run(self.store.placed(found[0], MessageRef("hall", "m"), self.now))
            found[1].state = JobState.QUEUED
        for job_id in self.run(self.store.admit(BASE, self.now)):
            assert self.model.jobs[job_id].state is JobState.QUEUED
            self.model.jobs[job_id].state = JobState.SUBMITTING

    @rule(costs=st.lists(money, min_size=1, max_size=4), answers=st.lists(answers, max_size=6))
    def pays(self, costs: list[int], answers: list[tuple[str, int | None]]) -> None:
        for number, cost in enumerate(costs):
            found = self.pick(number, JobState.SUBMITTING)
            if found and len(found[1].calls) < 3:
                call = NewCall(new_id(), len(found[1].calls), 1, "fake", 4, cost)
                self.run(self.store.intend(self.held(found[0]), [call], self.now))
                found[1].calls[call.id] = cost
        for number, (what, paid) in enumerate(answers):
            self._answered(number, what, paid)

    def _answered(self, number: int, what: str, cost: int | None) -> None:
        found = self.pick(number, JobState.SUBMITTING, JobState.RUNNING, JobState.FINISHED)
        call = next((c for c in self.run(self.store.calls(found[0])) if c.state in LIVE), None) if found else None
        if found is None or call is None or (call.state is CallState.ACCEPTED and what in {"accepted", "unknown"}):
            return
        if what == "accepted":
            self.run(self.store.call_accepted(call, "ref", cost, self.now))
        elif what == "done":
            self.run(self.store.call_done(call, "ref", (), (), cost, self.now))
        elif what in {"refused", "void"}:
            self.run(self.store.call_refused(call, "no", paid=what == "refused", now=self.now))
        else:
            self.run(self.store.call_unknown(call, "?", self.now))
        if what == "void":
            found[1].calls[call.id] = 0
        elif what in {"accepted", "done"} and cost is not None:
            found[1].calls[call.id] = cost

    @rule(number=which)
    def goes_on(self, number: int) -> None:
        after = {
            JobState.SUBMITTING: JobState.RUNNING,
            JobState.RUNNING: JobState.FINISHED,
            JobState.FINISHED: JobState.STORED,
        }
        if found := self.pick(number, *after):
            job, state = self.held(found[0]), after[found[1].state]
            if state is JobState.STORED:
                self.run(self.store.store(job, [], Picture("k", "image/png", 1, 1, 1)))
            else:
                self.run(self.store.move(job, state, self.now))
            found[1].state = state

    @rule(
        number=which,
        state=ends,
        settle=st.integers(0, 4),
    )
    def ends(self, number: int, state: str, settle: int) -> None:
        found = self.pick(number, *(state for state in JobState if state.open))
        if found is None:
            return
        job_id, paper = found
        settle = min(settle, paper.units)
        self.run(self.store.end(self.held(job_id), JobState(state), self.now, settle=settle))
        paper.kept, paper.closed, paper.state = paper.kept if paper.closed else settle, True, JobState(state)

    @rule(number=which, settle=st.integers(0, 4))
    def the_pictures_come_late(self, number: int, settle: int) -> None:
        """And are delivered: the units were closed at the first end, and stay so."""
        if found := self.pick(number, JobState.UNCERTAIN):
            self.run(self.store.late(self.held(found[0]), self.now))
            self.run(self.store.end(self.held(found[0]), JobState.DELIVERED, self.now, settle=min(settle, found[1].units)))
            found[1].state = JobState.DELIVERED

    @rule(number=which)
    def cancel(self, number: int) -> None:
        if found := self.pick(number, *JobState):
            assert self.run(self.store.cancel(found[0], self.now)) == found[1].state.open

    @rule(user=people, guild=guilds | st.just(""), units=st.integers(1, 8))
    def grant(self, user: str, guild: str, units: int) -> None:
        """By moderators, or by the operator, whose grants are of no community."""
        who, here = f"playground:{user}", f"playground:{guild}" if guild else ""
        self.run(self.policy.grant(here, who, units, Entry(here, What.GRANTED), self.now))
        self.model.grants.append((who, here, day_of(self.now), units))

    @rule(user=people)
    def reset(self, user: str) -> None:
        who, here = f"playground:{user}", "playground:guild"
        used = max(0, self.model.used(who, here, self.now).day)
        assert self.run(self.policy.reset(here, who, Entry(here, What.RESET), self.now)) == used
        self.model.grants.append((who, here, day_of(self.now), used))

    @rule(user=people, asks=st.lists(asks, max_size=3))
    def erase(self, user: str, asks: list[Wanted]) -> None:
        """And somebody of that name comes back at once, whose quota must not be new."""
        who = f"playground:{user}"
        self.run(self.policy.erase(who, Entry("", What.ERASED), self.now))
        for paper in self.model.jobs.values():
            paper.key = "" if paper.user == who else paper.key
        for _, guild, units, estimate in asks:
            self._accept(user, guild, units, estimate)


class OnPostgres(Books):
    """The same on a server."""

    on = "postgres"


# Making a failure smaller takes minutes: add Phase.shrink to look into one.
SHORT = settings(max_examples=10, stateful_step_count=30, deadline=None, derandomize=True, phases=[Phase.generate],
                 suppress_health_check=list(HealthCheck))  # fmt: skip
TestBooks, TestBooksOnPostgres = Books.TestCase, pytest.mark.slow(OnPostgres.TestCase)
TestBooks.settings, TestBooksOnPostgres.settings = SHORT, settings(SHORT, max_examples=3)
