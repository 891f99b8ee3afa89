"""Small parts of the job API: pace, cursors, tokens, and what its Chat adapter does while the store is away."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from bot.api import tokens
from bot.api.chat import CALLBACK, ApiChat
from bot.api.events import MOST, Events
from bot.api.listing import read, written
from bot.api.news import News
from bot.api.pace import Pace
from bot.api.ports import Callback, Cursor, Key
from bot.api.problems import Problem
from bot.errors import StoreUnavailable
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.model import JobState
from bot.jobs.place import Place, Platform, Reply
from bot.jobs.surface import Card, Tone
from tests.fakes.links import FakeLinks
from tests.support.rows import new_job

CARD = Card(Tone.DONE)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_requests_a_minute_and_then_one_by_one() -> None:
    clock = Clock()
    pace = Pace(clock)
    taken = [pace.take("a", 60) for _ in range(61)]
    assert [one.wait for one in taken[:60]] == [0.0] * 60
    assert [one.remaining for one in taken[:60]] == list(range(59, -1, -1))
    assert taken[60].wait == pytest.approx(1.0)
    assert pace.take("b", 60).wait == 0.0
    clock.now += 1.001
    assert pace.take("a", 60).wait == 0.0
    assert pace.take("a", 60).wait > 0
    clock.now += 60
    assert pace.take("a", 60).remaining == 59


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=80), st.integers(1, 50))
def test_no_burst_is_ever_above_the_rate(steps: list[tuple[float, bool]], per_minute: int) -> None:
    """In any minute at most twice the rate (a full burst, then what comes back), however the clock walks."""
    clock = Clock()
    pace, taken = Pace(clock), list[float]()
    for step, burst in steps:
        clock.now += step
        for _ in range(per_minute + 2 if burst else 1):
            if pace.take("a", per_minute).wait == 0.0:
                taken.append(clock.now)
    assert all(sum(at <= one < at + 60 for one in taken) <= 2 * per_minute for at in taken)


def test_a_clock_that_is_set_back_stops_nobody_for_long() -> None:
    clock = Clock()
    pace = Pace(clock)
    for _ in range(5):
        pace.take("a", 5)
    clock.now -= 10_000
    assert pace.take("a", 5).wait <= 60
    clock.now += 61
    assert pace.take("a", 5).wait == 0.0


def test_a_cursor_comes_back_as_it_went() -> None:
    job = new_job(at=1_234_567.891)
    cursor = read(written(job))
    assert (cursor.created_at, cursor.job_id) == (job.created_at, job.id)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,200}", written(job))


@given(st.text(max_size=40) | st.text("AQWabz019_-=", max_size=40))
def test_any_text_is_a_cursor_or_a_problem(text: str) -> None:
    with suppress(Problem):
        assert isinstance(read(text), Cursor)


def test_tokens() -> None:
    (one, token), (other, _) = tokens.new_token(), tokens.new_token()
    assert one != other
    assert tokens.id_of(token) == one
    assert tokens.fits(token, tokens.digest_of(token))
    assert not tokens.fits(token[:-1] + "x", tokens.digest_of(token))
    assert [tokens.id_of(wrong) for wrong in ("", "imk_", token + "0", token.upper(), f" {token}")] == [None] * 5
    assert tokens.callback_secret("s", one) != tokens.callback_secret("s", other)


async def test_streams_are_counted_when_they_are_granted_and_given_back_when_they_end() -> None:
    """Also where the reader has left before anything was sent, and where not even the head went out."""
    news = News()
    events = Events(Away(), FakeLinks(), news, Clock())  # type: ignore[arg-type]
    key, job, left = Key("k", "Robot", "", 0.0), new_job(), [0]

    async def gone() -> Message:
        left[0] += 1
        return {"type": "http.disconnect"}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start" and left[0] > MOST // 2:
            raise OSError("closed")

    granted = [events.stream(key, job) for _ in range(MOST)]
    with pytest.raises(Problem, match="streams"):
        events.stream(key, job)
    assert events.stream(Key("other", "Robot", "", 0.0), job)
    for stream in granted:
        with suppress(OSError):
            await stream({"type": "http"}, gone, sent)
    assert [events.stream(key, job) for _ in range(MOST)]
    assert left[0] > MOST // 2


class Away:
    async def key(self, key_id: str) -> Key | None:
        raise StoreUnavailable(key_id)

    async def put_callback(self, callback: Callback) -> None:
        raise StoreUnavailable("disk full")


async def test_a_store_that_is_away_is_told_again_later() -> None:
    """The end stays untold, so that the engine comes back with it: no callback is lost."""
    chat = ApiChat(Away(), News(), Clock())  # type: ignore[arg-type]
    job = replace(new_job(), reply=Reply("", 0.0, {CALLBACK: "https://example.org"}))
    assert await chat.place(job, CARD) is not None
    with pytest.raises(ChatError) as caught:
        await chat.edit(replace(job, state=JobState.FAILED), CARD)
    assert caught.value.fault is ChatFault.BROKEN


async def test_no_channel_stands_here() -> None:
    chat = ApiChat(Away(), News(), Clock())  # type: ignore[arg-type]
    place = Place(Platform.API, "k", "api:keys")
    job = await chat.place(new_job(), CARD)
    assert job is not None
    for ask in (chat.post(place, CARD, "key"), chat.revise(place, job, CARD)):
        with pytest.raises(ChatError) as caught:
            await ask
        assert caught.value.fault is ChatFault.GONE
