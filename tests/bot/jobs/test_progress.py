"""Progress where other processes edit the same messages: nothing is under way or to come when a look has ended."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.jobs.chat_port import ChatError, ChatFault, ChatLimits
from bot.jobs.model import Job
from bot.jobs.place import MessageRef
from bot.jobs.progress import ProgressEditor
from bot.jobs.surface import Card, Tone
from tests.fakes.chat import FakeChat
from tests.support.rows import new_job

SLOW = ChatLimits(1, frozenset(), progress_seconds=60.0)
QUICK = ChatLimits(1, frozenset(), progress_seconds=0.0)


def job_with_message() -> Job:
    return replace(new_job(), message=MessageRef("hall", "m1"))


def card(n: int) -> Card:
    return Card(Tone.RUNNING, status=f"{n} %")


class SlowChat(FakeChat):
    """The first edit waits for the test, others do not."""

    def __init__(self, limits: ChatLimits) -> None:
        super().__init__(limits=limits)
        self.messages["m1"] = []
        self.begun, self.go = asyncio.Event(), asyncio.Event()
        self.go.set()

    async def edit(self, job: Job, card: Card) -> MessageRef:
        self.tries += 1
        if not self.begun.is_set():
            self.begun.set()
            await self.go.wait()
        return await super().edit(job, card)

    tries = 0

    @property
    def shown(self) -> list[str]:
        return [one.status for one in self.messages["m1"]]


async def test_what_may_be_shown_is_shown_before_the_look_ends() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(shared=True), job_with_message()
    editor.show(chat, job, card(10))
    await editor.rest(job.id)
    assert chat.shown == ["10 %"]


async def test_a_job_that_ends_within_the_interval_is_not_edited_before() -> None:
    """The fewest calls: its placeholder has only just been shown."""
    for shared in (False, True):
        chat, editor, job = SlowChat(SLOW), ProgressEditor(shared=shared), job_with_message()
        editor.show(chat, job, card(10))
        await editor.rest(job.id)
        await asyncio.sleep(0.01)
        await editor.settle(job.id)
        assert chat.shown == []


async def test_the_end_waits_for_an_edit_that_is_under_way_and_no_other_follows() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(shared=True), job_with_message()
    chat.go.clear()
    editor.show(chat, job, card(10))
    await asyncio.wait_for(chat.begun.wait(), 5.0)
    editor.show(chat, job, card(20))
    resting = asyncio.create_task(editor.rest(job.id))
    await asyncio.sleep(0.01)
    assert not resting.done(), "the lease would be given back under an edit"
    chat.go.set()
    await asyncio.wait_for(resting, 5.0)
    chat.messages["m1"].append(Card(Tone.DONE, status="done elsewhere"))
    await asyncio.sleep(0.05)
    assert chat.shown[-1] == "done elsewhere"


async def test_between_two_looks_the_interval_holds() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(shared=True), job_with_message()
    for n in (10, 20, 30):
        editor.show(chat, job, card(n))
        await editor.rest(job.id)
        chat.limits = SLOW
    assert chat.shown == ["10 %", "20 %"], "the others come within the minute that this chat wants between edits"
    await asyncio.sleep(0.01)
    assert chat.shown == ["10 %", "20 %"]


async def test_a_refused_edit_is_no_fault_of_the_look() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(shared=True), job_with_message()
    chat.fail("edit", ChatFault.BUSY)
    editor.show(chat, job, card(10))
    await editor.rest(job.id)
    assert chat.shown == []


@pytest.mark.parametrize("fault", [ChatFault.GONE, ChatFault.FORBIDDEN])
async def test_where_nothing_can_be_edited_it_is_tried_once_for_each_message(fault: ChatFault) -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(shared=True), job_with_message()
    chat.fail("edit", fault)
    for n in (10, 20, 30):
        editor.show(chat, job, card(n))
        await editor.rest(job.id)
    assert chat.tries == 1
    chat.messages["m2"] = []
    editor.show(chat, replace(job, message=MessageRef("hall", "m2")), card(40))
    await editor.rest(job.id)
    assert [one.status for one in chat.messages["m2"]] == ["40 %"]


async def test_alone_it_is_tried_once_too() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(), job_with_message()
    chat.fail("edit", ChatFault.GONE)
    for n in (10, 20, 30):
        editor.show(chat, job, card(n))
        await asyncio.sleep(0.01)
    await editor.close()
    assert chat.tries == 1


async def test_a_rate_limit_is_waited_out() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(shared=True), job_with_message()
    chat.faults["edit"] = [ChatError(ChatFault.BUSY, "as told", retry_after=60.0)]
    for n in (10, 20):
        editor.show(chat, job, card(n))
        await editor.rest(job.id)
    assert chat.tries == 1


async def test_a_job_that_was_taken_gets_not_a_word_more() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(shared=True), job_with_message()
    editor.show(chat, job, card(10))
    editor.drop(job.id)
    await asyncio.sleep(0.01)
    assert chat.shown == []


async def test_alone_edits_go_on_beside_the_looks() -> None:
    chat, editor, job = SlowChat(QUICK), ProgressEditor(), job_with_message()
    chat.go.clear()
    editor.show(chat, job, card(10))
    await asyncio.wait_for(editor.rest(job.id), 5.0)
    chat.go.set()
    await chat.until(lambda: chat.shown == ["10 %"])
    await editor.close()
