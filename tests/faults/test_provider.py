"""A provider that is slow, busy, broken, silent, lying or late: every job ends, is paid once and charged rightly."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.web.app import WEBHOOK_LIMIT
from tests.chaos import books
from tests.chaos.providers import small_pictures
from tests.faults.endings import WITHIN, books_wrong, wrong
from tests.faults.market import Market, market
from tests.faults.provider_rows import PARTS, Part, Row, fails, unsure
from tests.support.wait import eventually


@pytest.fixture(autouse=True)
def _small_pictures() -> Iterator[None]:
    with small_pictures():
        yield


@pytest.mark.parametrize(
    "part",
    [pytest.param(part, id=part.subject, marks=[pytest.mark.slow] if part.subject == "download" else []) for part in PARTS],
)
async def test_every_fault_ends_well(part: Part, tmp_path: Path) -> None:
    """All rows of a part at once, in one bot."""
    async with market(tmp_path, part.rows) as made:
        await asyncio.gather(*(made.begin(row) for row in part.rows))
        seen = await made.ends(part.rows, WITHIN)
        for row in part.rows:
            one = seen[row.name]
            sys.stdout.write(f"{row.name:32} {one.job['state']:10} {one.units} units {one.paid} paid {one.seconds:5.1f} s\n")
        odd = [line for row in part.rows for line in wrong(row, seen[row.name])]
        assert odd + books_wrong(made, await made.people.messages()) == []


def _hooked(name: str) -> Row:
    """Drawn when the test says so; the bot asks by itself once, and then only after half a minute."""
    return Row(name, {"hold": True, "webhook": "on"}, hooks=True, poll=30.0, deadline=600.0)


async def _at_rest(made: Market, *names: str) -> list[str]:
    """Wait until these rows' calls run and nobody looks at them soon; the draws that webhooks have named for them."""

    async def there() -> list[str]:
        found = books.read(made.folder)
        jobs = [found.jobs[made.jobs[name]] for name in names]
        resting = [not job["lease"] and (job["due_at"] or 0) > made.bot.house.clock() + 5 for job in jobs]
        calls = [call for job in jobs for call in found.calls_of(job["id"]) if call["state"] == "accepted"]
        return [str(call["candidate"]) for call in calls] if all(resting) and len(calls) == len(names) else []

    return await eventually(there, WITHIN, 0.05)


def _address(made: Market, name: str) -> str:
    [draw] = made.vendors[name].draws.values()
    return str(draw.body["webhook_url"])


async def test_webhooks_that_are_not_the_vendors(tmp_path: Path) -> None:
    """A wrong token, another call's or provider's token, no JSON, too much: refused, and nothing of it is kept."""
    mine, other = _hooked("mine"), _hooked("other")
    async with market(tmp_path, [mine, other]) as made:
        await asyncio.gather(made.begin(mine), made.begin(other))
        await _at_rest(made, "mine", "other")
        url, elsewhere = _address(made, "mine"), _address(made, "other")
        good, stem, token = json.dumps({"id": "draw-1"}).encode(), *url.rsplit("/", 1)
        huge = b" " * (WEBHOOK_LIMIT.size + 1)

        async def pieces() -> AsyncIterator[bytes]:
            yield huge[:-1]
            yield huge[-1:]

        forged: list[tuple[str, bytes | AsyncIterator[bytes]]] = [
            (f"{url}x", good),
            (f"{stem}/{elsewhere.rsplit('/', 1)[1]}", good),
            (f"{elsewhere.rsplit('/', 1)[0]}/{token}", good),
            (url.replace("/mine/", "/other/"), good),
            (url, b"no json"),
            (url, b"[]"),
            (url, huge),
            (url, pieces()),
        ]
        answers = [(await made.client.post(address, content=body)).status_code for address, body in forged]
        assert answers == [404, 404, 404, 404, 401, 401, 413, 413]
        assert await _at_rest(made, "mine", "other") == ["", ""]
        for vendor in made.vendors.values():
            next(iter(vendor.draws.values())).release()
        seen = await made.ends([mine, other], WITHIN)
        assert [line for row in (mine, other) for line in wrong(row, seen[row.name])] == []
        again = [(await made.client.post(url, content=good)).status_code for _ in range(3)]
        assert (again, books_wrong(made, await made.people.messages())) == ([200] * 3, [])


async def test_an_hour_later(tmp_path: Path) -> None:
    """The clock jumps: a result nobody heard of is found, one that is still not there is given up, a late one is free."""
    ahead = [0.0]
    lost, drawing = replace(_hooked("lost"), script={"hold": True}), replace(_hooked("drawing"), script={"hold": True})
    unanswered = unsure("unanswered", {"cut": "after"}, hooks=True, poll=30.0)
    rows = [lost, drawing, unanswered]
    async with market(tmp_path, rows, clock=lambda: time.time() + ahead[0]) as made:
        await asyncio.gather(*(made.begin(row) for row in rows))
        await _at_rest(made, "lost", "drawing")
        seen = await made.ends([unanswered], WITHIN)
        assert list(wrong(unanswered, seen["unanswered"])) == []
        next(iter(made.vendors["lost"].draws.values())).release()
        ahead[0] = 3600.0
        due = [lost, fails("drawing", {}, "deadline")]
        seen = await made.ends(due, WITHIN)
        assert [line for row in due for line in wrong(row, seen[row.name])] == []
        for vendor in made.vendors.values():
            [draw] = vendor.draws.values()
            draw.release()
            await vendor.reporter.send(draw, vendor.base)
            assert vendor.reporter.sent[-1]["status"] == 200
        free = Row("unanswered", {}, units=0)
        took = await made.until(lambda job: job["state"] == "delivered" and job["told"], ["unanswered"], WITHIN)
        seen = await made.ends([*due, free], WITHIN)
        assert took
        assert [line for row in [*due, free] for line in wrong(row, seen[row.name])] == []
        assert books_wrong(made, await made.people.messages()) == []
