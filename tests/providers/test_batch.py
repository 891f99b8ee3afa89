"""Questions that are asked together: one request, every asker its own answer, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from providers.batch import Batch


class Desk:
    """Knows every ref but those that begin with "no"; `held` questions wait for `open`."""

    def __init__(self) -> None:
        self.questions: list[list[str]] = []
        self.ended = 0
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, refs: Sequence[str]) -> Mapping[str, str]:
        self.questions.append(list(refs))
        self.asked.set()
        try:
            await self.open.wait()
        finally:
            self.ended += 1
        if self.error:
            raise self.error
        return {ref: f"record of {ref}" for ref in refs if not ref.startswith("no")}


def others() -> set[asyncio.Task[object]]:
    """Tasks beside the test's own."""
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def test_those_who_ask_together_are_one_question() -> None:
    desk = Desk()
    batch = Batch(desk, most=50, window=0.01)
    answers = await asyncio.gather(*(batch.ask(f"t{n}") for n in range(20)))
    assert answers == [f"record of t{n}" for n in range(20)]
    assert desk.questions == [[f"t{n}" for n in range(20)]]
    assert others() == set()


async def test_the_same_ref_goes_once_and_an_unknown_one_harms_nobody() -> None:
    desk = Desk()
    batch = Batch(desk, most=50, window=0.0)
    assert await asyncio.gather(*map(batch.ask, ["a", "no", "a"])) == ["record of a", None, "record of a"]
    assert desk.questions == [["a", "no"]]


async def test_who_comes_during_a_question_is_in_the_next() -> None:
    desk = Desk()
    desk.open.clear()
    batch = Batch(desk, most=50, window=0.0)
    first = asyncio.create_task(batch.ask("a"))
    await asyncio.wait_for(desk.asked.wait(), 5)
    later = [asyncio.create_task(batch.ask(ref)) for ref in "bcd"]
    await asyncio.sleep(0)
    desk.open.set()
    assert await asyncio.gather(first, *later) == [f"record of {ref}" for ref in "abcd"]
    assert desk.questions == [["a"], ["b", "c", "d"]]


async def test_an_error_reaches_all_of_that_question_and_none_of_the_next() -> None:
    desk = Desk()
    desk.error = OSError("down")
    batch = Batch(desk, most=2, window=0.0)
    got = await asyncio.gather(*map(batch.ask, "abc"), return_exceptions=True)
    assert [type(one) for one in got] == [OSError] * 3
    desk.error = None
    assert await batch.ask("a") == "record of a"
    assert others() == set()


async def test_one_who_leaves_harms_no_other() -> None:
    desk = Desk()
    desk.open.clear()
    batch = Batch(desk, most=50, window=0.0)
    tasks = [asyncio.create_task(batch.ask(ref)) for ref in ("a", "b", "b")]
    await asyncio.wait_for(desk.asked.wait(), 5)
    for task in tasks[:2]:
        task.cancel()
    await asyncio.wait(tasks[:2])
    desk.open.set()
    assert await asyncio.wait_for(tasks[2], 5) == "record of b"
    assert others() == set()


async def test_one_who_leaves_before_the_question_is_not_asked_for() -> None:
    desk = Desk()
    batch = Batch(desk, most=50, window=0.02)
    gone, stays = asyncio.create_task(batch.ask("a")), asyncio.create_task(batch.ask("b"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await asyncio.wait_for(stays, 5) == "record of b"
    assert desk.questions == [["b"]]


async def test_nothing_outlives_its_askers_and_the_next_one_starts_anew() -> None:
    desk = Desk()
    desk.open.clear()
    batch = Batch(desk, most=50, window=0.0)
    for rounds in (1, 2):
        desk.asked.clear()
        tasks = [asyncio.create_task(batch.ask(ref)) for ref in "ab"]
        await asyncio.wait_for(desk.asked.wait(), 5)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=5)
        assert (desk.ended, others()) == (rounds, set())
    desk.open.set()
    assert await asyncio.wait_for(batch.ask("a"), 5) == "record of a"


@settings(max_examples=50, deadline=None)
@given(
    refs=st.lists(st.sampled_from(["a", "b", "c", "d", "no1", "no2"]), min_size=1, max_size=12),
    most=st.integers(1, 4),
    cancelled=st.sets(st.integers(0, 11)),
)
def test_every_asker_that_stays_gets_its_own_answer(refs: list[str], most: int, cancelled: set[int]) -> None:
    async def play() -> None:
        desk = Desk()
        batch = Batch(desk, most=most, window=0.0)
        tasks = [asyncio.create_task(batch.ask(ref)) for ref in refs]
        await asyncio.sleep(0)
        for number in cancelled & set(range(len(tasks))):
            tasks[number].cancel()
        await asyncio.wait(tasks, timeout=5)
        for number, (ref, task) in enumerate(zip(refs, tasks, strict=True)):
            assert task.cancelled() is (number in cancelled)
            if number not in cancelled:
                assert task.result() == (None if ref.startswith("no") else f"record of {ref}")
        assert all(len(question) <= most for question in desk.questions)
        assert others() == set()

    asyncio.run(play())
