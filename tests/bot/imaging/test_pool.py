"""The pool and the port in front of it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from bot.imaging.imaging import PillowImaging
from bot.imaging.pool import PixelPool
from bot.jobs.ports import Imaging
from providers.errors import BadPicture
from tests.bot.imaging.pictures import encoded, noise


async def test_runs_off_the_loop_and_passes_results_and_errors() -> None:
    pool = PixelPool(1)
    assert await pool.run(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await pool.run(divmod, 1, 0)
    pool.close()


async def test_never_more_at_once_than_workers_nor_more_queued_than_allowed() -> None:
    pool = PixelPool(2, queued=3)
    gate, lock, running, most = threading.Event(), threading.Lock(), 0, 0

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait(10)
        with lock:
            running -= 1

    tasks = [asyncio.create_task(pool.run(work)) for _ in range(8)]
    await asyncio.sleep(0)
    assert pool._threads._work_queue.qsize() <= 3
    gate.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 10)
    assert most <= 2
    pool.close()


async def test_a_cancelled_caller_gives_its_place_back() -> None:
    pool = PixelPool(1, queued=1)
    gate = threading.Event()
    task = asyncio.create_task(pool.run(gate.wait, 10))
    await asyncio.sleep(0)
    task.cancel()
    gate.set()
    assert await asyncio.wait_for(pool.run(int, "7"), 10) == 7
    pool.close()


async def test_closed_is_an_error_not_a_hang() -> None:
    pool = PixelPool(1, queued=1)
    pool.close()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(pool.run(int), 5)


async def test_the_port() -> None:
    pool = PixelPool(2)
    imaging: Imaging = PillowImaging(pool)
    data = encoded(noise())
    assert (await imaging.check(data)).mime == "image/png"
    assert (await imaging.grid([data] * 4, 1_000_000)).width == 128
    assert (await imaging.fit(data, 1_000_000, frozenset({"image/jpeg"}))).mime == "image/jpeg"
    with pytest.raises(BadPicture):
        await imaging.check(b"junk")
    pool.close()


def test_pillow_is_imported_by_the_first_call_only() -> None:
    code = "import sys, bot.imaging.imaging, providers.sketch, providers.lanczos; print({'PIL', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"
