"""The agenda against a model: no wish is lost, no job is taken twice at a time, in any order of events."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.engine.agenda import LONGEST_BACKOFF, Agenda

JOBS = st.sampled_from("abc")
DELAYS = st.sampled_from([0.0, 1.0, 5.0, 30.0])


class AgendaMachine(RuleBasedStateMachine):
    """`wishes` is what was asked for and not yet answered by a look that began at or after its time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.agenda = Agenda()
        self.wishes: dict[str, float] = {}
        self.looking: set[str] = set()

    @rule(job=JOBS, delay=DELAYS)
    def wish(self, job: str, delay: float) -> None:
        self.agenda.wish(job, self.now + delay)
        self.expect(job, self.now + delay)

    @rule(job=JOBS)
    def found(self, job: str) -> None:
        self.agenda.found(job, self.now)

    @rule(seconds=DELAYS)
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def take(self) -> None:
        job = self.agenda.take(self.now)
        waiting = {j: when for j, when in self.wishes.items() if j not in self.looking and when <= self.now}
        if job is None:
            assert not waiting, "a wish whose time has come was passed over"
            return
        assert job not in self.looking, "taken twice at a time"
        self.looking.add(job)
        self.wishes.pop(job, None)

    @rule(job=JOBS, delay=st.none() | DELAYS, failed=st.booleans())
    def end(self, job: str, delay: float | None, *, failed: bool) -> None:
        if job not in self.looking:
            return
        self.looking.discard(job)
        if failed:
            self.agenda.failed(job, self.now)
        else:
            self.agenda.ended(job, self.now, delay)
        if failed:
            self.expect(job, self.now + LONGEST_BACKOFF)
        elif delay is not None:
            self.expect(job, self.now + delay)

    def expect(self, job: str, when: float) -> None:
        self.wishes[job] = min(when, self.wishes.get(job, when))

    @invariant()
    def knows_the_next_time(self) -> None:
        waiting = [when for job, when in self.wishes.items() if job not in self.looking]
        assert not waiting or self.agenda.next_time() <= min(waiting)


TestAgenda = AgendaMachine.TestCase
TestAgenda.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_stale_entry_does_not_take_a_job_that_is_being_looked_at() -> None:
    agenda = Agenda()
    agenda.wish("a", 10.0)
    agenda.wish("a", 5.0)
    assert agenda.take(5.0) == "a"
    agenda.wish("a", 10.0)
    assert agenda.take(20.0) is None
    agenda.ended("a", 20.0, None)
    assert agenda.take(20.0) == "a"


def test_failures_wait_longer_each_time_and_success_forgets_them() -> None:
    agenda, waits = Agenda(), []
    for _ in range(9):
        agenda.wish("a", 0.0)
        assert agenda.take(0.0) == "a"
        agenda.failed("a", 0.0)
        waits.append(agenda.next_time())
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    assert agenda.take(60.0) == "a"
    agenda.ended("a", 60.0, None)
    assert agenda.next_time() == float("inf")
    assert agenda.troubled == 0


def test_the_store_cannot_shorten_a_backoff_but_a_wake_can() -> None:
    agenda = Agenda()
    agenda.wish("a", 0.0)
    agenda.take(0.0)
    agenda.failed("a", 0.0)
    agenda.found("a", 0.5)
    assert agenda.take(0.5) is None
    agenda.wish("a", 0.5)
    assert agenda.take(0.5) == "a"


def test_who_waited_longest_goes_first() -> None:
    agenda = Agenda()
    for job, when in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
        agenda.wish(job, when)
    assert [agenda.take(9.0) for _ in range(4)] == ["a", "b", "c", None]
