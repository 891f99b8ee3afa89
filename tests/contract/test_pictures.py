"""What every picture store promises; each implementation runs all of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.jobs.ports import Pictures
from storage.pictures import ObstorePictures
from tests.fakes.pictures import MemoryPictures

STORES: dict[str, Callable[[Path], Pictures]] = {
    "fake": lambda _: MemoryPictures(),
    "memory": lambda _: ObstorePictures("memory://"),
    "folder": lambda path: ObstorePictures(str(path / "new" / "pictures")),
    "file url": lambda path: ObstorePictures((path / "with space").as_uri()),
}


@pytest.fixture(params=[*STORES, "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Pictures:
    if request.param == "s3":
        return ObstorePictures(request.getfixturevalue("s3"))
    return STORES[request.param](tmp_path)


async def test_gives_back_what_it_was_given(store: Pictures) -> None:
    await store.put("job1/0.jpg", b"\x00\xffpicture", "image/jpeg")
    assert await store.get("job1/0.jpg") == b"\x00\xffpicture"


async def test_the_same_key_replaces(store: Pictures) -> None:
    await store.put("a", b"long first version", "image/png")
    await store.put("a", b"2nd", "image/png")
    assert await store.get("a") == b"2nd"


async def test_an_unknown_key_is_a_key_error(store: Pictures) -> None:
    with pytest.raises(KeyError):
        await store.get("nothing/here.png")


async def test_deletes_many_and_minds_no_missing_one(store: Pictures) -> None:
    for key in ("j/0.png", "j/1.png", "k/0.png"):
        await store.put(key, key.encode(), "image/png")
    await store.delete(["j/0.png", "j/never.png", "j/1.png", "j/0.png"])
    for key in ("j/0.png", "j/1.png"):
        with pytest.raises(KeyError):
            await store.get(key)
    assert await store.get("k/0.png") == b"k/0.png"


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".hidden", "a/..", "a\\b", "a\0b", "a b", "ä", "x" * 600]
)
async def test_refuses_keys_that_lead_elsewhere(store: Pictures, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await store.put(key, b"x", "image/png")
    with pytest.raises(ValueError, match="not a key"):
        await store.get(key)
    with pytest.raises(ValueError, match="not a key"):
        await store.delete([key])


async def test_many_at_once_do_not_mix(store: Pictures) -> None:
    data = {f"j{n}/p.bin": bytes([n]) * 50_000 for n in range(20)}
    await asyncio.gather(*(store.put(key, value, "image/png") for key, value in data.items()))
    assert await asyncio.gather(*(store.get(key) for key in data)) == list(data.values())


async def test_a_reader_sees_the_old_or_the_new_never_half(store: Pictures) -> None:
    old, new = b"o" * 300_000, b"n" * 400_000
    await store.put("p", old, "image/png")
    writing = asyncio.ensure_future(asyncio.gather(*(store.put("p", new if n % 2 else old, "image/png") for n in range(20))))
    seen = {await store.get("p") for _ in range(20)}
    await writing
    assert seen <= {old, new}


async def test_says_what_it_has(store: Pictures) -> None:
    assert not await store.has("j/0.png")
    await store.put("j/0.png", b"1", "image/png")
    assert await store.has("j/0.png")
    assert not await store.has("j")
    with pytest.raises(ValueError, match="not a key"):
        await store.has("../x")


async def test_lists_a_folder_by_the_time_of_writing(store: Pictures) -> None:
    async def listed(folder: str, **when: float) -> list[str]:
        return sorted([key async for keys in store.keys(folder, **when) for key in keys])

    assert await listed("j") == []
    for key in ("j/1", "j/sub/2", "jj/3", "k"):
        await store.put(key, b"1", "image/png")
    now = time.time()
    assert await listed("j") == await listed("j", after=now - 60, before=now + 60) == ["j/1", "j/sub/2"]
    assert await listed("j", before=now - 60) == await listed("j", after=now + 60) == []
    with pytest.raises(ValueError, match="not a key"):
        await listed("..")


async def test_what_is_listed_may_be_deleted_at_once(store: Pictures) -> None:
    keys = {f"j/{n % 7}/{n}" for n in range(520)}
    await asyncio.gather(*(store.put(key, b"1", "image/png") for key in keys))
    seen: set[str] = set()
    async for some in store.keys("j"):
        seen.update(some)
        await store.delete(some)
    assert seen == keys
    assert [key async for some in store.keys("j") for key in some] == []
