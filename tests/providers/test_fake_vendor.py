"""The fake vendor itself: what it refuses, counts and remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from providers.base import DrawRequest, Kind, Size
from providers.errors import ProviderError
from providers.fake import FakeVendor
from tests.fakes.vendor.control import Control, process
from tests.fakes.vendor.server import Vendor, serve

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(512, 256), 4)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with serve() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def fake(vendor: Vendor, client: httpx.AsyncClient) -> FakeVendor:
    return FakeVendor(vendor.base, client, lookup=True, send_seconds=5.0)


@pytest.fixture
def control(vendor: Vendor, client: httpx.AsyncClient) -> Control:
    return Control(vendor.base, client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 5},
        {"frames": 1},
        {"prompt": ""},
        {"kind": "upscale"},
        {"width": "wide"},
        {"key": ""},
    ],
)
async def test_the_vendor_refuses_what_a_real_one_would(
    vendor: Vendor, client: httpx.AsyncClient, control: Control, wrong: dict[str, Any]
) -> None:
    order = {"kind": "imagine", "prompt": "x", "width": 64, "height": 64, "count": 1, "key": "k"}
    headers = {"X-Fake-Key": "fake-key"}
    assert (await client.post(f"{vendor.base}/v1/async/draws", json=order, headers=headers)).status_code == 202
    refused = await client.post(f"{vendor.base}/v1/async/draws", json=order | wrong, headers=headers)
    assert refused.status_code in (404, 422)
    assert (await control.counts())["total"] == 1


async def test_a_script_with_a_typing_mistake_is_refused(vendor: Vendor, client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{vendor.base}/script", json={"secnds": 1})).status_code == 422
    assert (await client.post(f"{vendor.base}/script", json={"webhook": "maybe"})).status_code == 422


async def test_a_script_for_one_call_leaves_the_next_alone(fake: FakeVendor, control: Control) -> None:
    await control.script(times=1, no_money=True)
    with pytest.raises(ProviderError):
        await fake.submit(FOUR, "call-1", None)
    await fake.submit(FOUR, "call-2", None)
    assert await control.counts() == {"total": 1, "pictures": 4, "keys": {"call-2": 1}}


async def test_a_key_that_was_paid_twice_shows(fake: FakeVendor, control: Control) -> None:
    for _ in range(2):
        await fake.submit(FOUR, "call-1", None)
    assert (await control.counts())["keys"] == {"call-1": 2}


async def test_runs_as_a_process_and_its_count_survives_a_kill(client: httpx.AsyncClient, tmp_path: Path) -> None:
    for total in (1, 2):
        with process(tmp_path / "paid.jsonl") as base:
            await FakeVendor(base, client).submit(FOUR, "call-1", None)
            assert (await Control(base, client).counts())["keys"] == {"call-1": total}
