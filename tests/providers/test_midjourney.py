"""midjourney-api.com: flags inside the prompt, an envelope whose status is not the task's, ids asked for in batches."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.midjourney import Midjourney, flagged
from tests.fakes.apis.midjourney import STATUS, SUBMIT, MidjourneyServer
from tests.fakes.apis.strict import Fault

REQUEST = DrawRequest(Kind.IMAGINE, "a red fox", Size(1024, 1024), 4)


@pytest.fixture
async def api() -> AsyncIterator[MidjourneyServer]:
    async with MidjourneyServer() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def midjourney(api: MidjourneyServer, client: httpx.AsyncClient) -> Midjourney:
    return Midjourney("good", api.base, client)


async def failure(provider: Midjourney, request: DrawRequest = REQUEST) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.submit(request, "call", None)
    return caught.value


def told(status: Any, message: str = "no", data: Any = None) -> dict[str, Any]:
    return {"status": status, "message": message} | ({} if data is None else {"data": data})


async def test_a_grid_of_four(api: MidjourneyServer, midjourney: Midjourney) -> None:
    taken = await midjourney.submit(REQUEST, "call", "https://bot.example/w")
    assert (taken.ref, taken.pictures, api.paid) == ("task-1", (), 1)
    assert api.seen[0].body == {"prompt": "a red fox", "mode": "fast", "hookUrl": "https://bot.example/w"}
    assert (await midjourney.status(taken.ref)).stage is Stage.RUNNING
    assert api.of(STATUS)[0].body == {"taskIds": ["task-1"]}
    urls = api.finish(taken.ref)
    done = await midjourney.status(taken.ref)
    assert (done.stage, [picture.url for picture in done.pictures]) == (Stage.DONE, urls)
    assert api.violations == []


@pytest.mark.parametrize(
    ("params", "flags"),
    [
        (Params(ratio="16:9"), "--ar 16:9"),
        (Params(seed=0, stylize=0, chaos=5, weird=9), "--seed 0 --stylize 0 --chaos 5 --weird 9"),
        (Params(quality=0.5, version="8.1", raw=True, tile=True), "--quality 0.5 --v 8.1 --style raw --tile"),
        (Params(niji="7", negative="cars, --repeat 9 {a,b}"), "--niji 7 --no cars, -repeat 9 (a,b)"),
        (Params(speed="turbo"), ""),
    ],
)
def test_parameters_become_flags(params: Params, flags: str) -> None:
    assert flagged(replace(REQUEST, params=params)) == f"a red fox {flags}".strip()


def test_size_and_model_become_flags_where_the_person_said_nothing() -> None:
    assert flagged(replace(REQUEST, size=Size(1536, 1024)), "7") == "a red fox --ar 3:2 --v 7"
    assert flagged(REQUEST, "niji 6") == "a red fox --niji 6"
    assert flagged(replace(REQUEST, params=Params(version="6")), "niji 6") == "a red fox --v 6"


def test_the_words_of_a_prompt_cannot_order_more_tasks() -> None:
    words = flagged(replace(REQUEST, prompt="fox --repeat 40 —r 9 -—turbo {red, blue}"))
    assert words == "fox -repeat 40 -r 9 -turbo (red, blue)"


@pytest.mark.parametrize(("speed", "mode"), [("", "fast"), ("fast", "fast"), ("turbo", "fast"), ("relax", "relaxed")])
async def test_modes(api: MidjourneyServer, client: httpx.AsyncClient, speed: str, mode: str) -> None:
    midjourney = Midjourney("good", api.base, client, relax_word="relaxed")
    await midjourney.submit(replace(REQUEST, params=Params(speed=speed)), "call", None)
    assert api.seen[0].body["mode"] == mode
    assert api.violations == []


@pytest.mark.parametrize("kind", [Kind.UPSCALE, Kind.VARIATION])
async def test_no_upscale_and_no_variation(api: MidjourneyServer, midjourney: Midjourney, kind: Kind) -> None:
    capabilities = midjourney.capabilities
    assert {capabilities.upscale, capabilities.variation, capabilities.image_input, capabilities.official} == {False}
    assert "unofficial" in capabilities.label
    error = await failure(midjourney, replace(REQUEST, kind=kind, source=Source(b"", "image/png", ref="task-1")))
    assert (error.family, error.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


@pytest.mark.parametrize(
    ("status", "body", "family", "accepted"),
    [
        (200, told(1001, "quota"), Family.NO_MONEY, Accepted.NO),
        (200, told(1002, "concurrency"), Family.BUSY, Accepted.NO),
        (200, told(1003, "banned prompt"), Family.MODERATED, Accepted.NO),
        (200, told(1003, "what"), Family.BROKEN, Accepted.UNKNOWN),
        (200, told(False, "", {"taskId": "t"}), Family.BROKEN, Accepted.UNKNOWN),
        (200, told(0, "", {}), Family.BROKEN, Accepted.UNKNOWN),
        (200, b"<html>", Family.BROKEN, Accepted.UNKNOWN),
        (400, told(400, "moderation"), Family.MODERATED, Accepted.NO),
        (400, b"", Family.BAD_REQUEST, Accepted.NO),
        (401, told(401), Family.BAD_KEY, Accepted.NO),
        (402, b"", Family.NO_MONEY, Accepted.NO),
        (403, told(1001), Family.NO_MONEY, Accepted.NO),
        (403, b"<html>Forbidden</html>", Family.BAD_KEY, Accepted.NO),
        (403, told(403, "no access"), Family.BAD_KEY, Accepted.NO),
        (403, told(403, "Banned prompt detected"), Family.MODERATED, Accepted.NO),
        (429, b"", Family.BUSY, Accepted.NO),
        (429, told(1002), Family.BUSY, Accepted.NO),
        (500, told(500, "oops"), Family.BROKEN, Accepted.UNKNOWN),
        (500, told(1002), Family.BUSY, Accepted.NO),
        (503, b"<html>", Family.BROKEN, Accepted.UNKNOWN),
    ],
)
async def test_each_refusal_of_a_submit(
    api: MidjourneyServer, midjourney: Midjourney, status: int, body: Any, family: Family, accepted: Accepted
) -> None:
    api.fail(SUBMIT, Fault(status, body, {"Retry-After": "9"}))
    error = await failure(midjourney)
    assert (error.family, error.accepted) == (family, accepted)
    assert family is not Family.BUSY or error.retry_after == 9
    assert (len(api.seen), api.paid) == (1, 0)


@pytest.mark.parametrize(("cut", "paid"), [("before", 0), ("after", 1)])
async def test_a_line_that_breaks_proves_nothing(api: MidjourneyServer, midjourney: Midjourney, cut: str, paid: int) -> None:
    api.fail(SUBMIT, Fault(cut=cut))
    error = await failure(midjourney)
    assert (error.family, error.accepted, api.paid) == (Family.BROKEN, Accepted.UNKNOWN, paid)


async def test_a_hang_and_a_closed_port(api: MidjourneyServer, client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    api.fail(SUBMIT, Fault(hang=True))
    error = await failure(Midjourney("good", api.base, client, send_seconds=1.2))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.UNKNOWN)
    error = await failure(Midjourney("good", f"http://127.0.0.1:{unused_tcp_port}", client))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.NO)


async def test_failed_and_moderated_tasks(api: MidjourneyServer, midjourney: Midjourney) -> None:
    ref = (await midjourney.submit(REQUEST, "call", None)).ref
    for reason, family in (("timeout", Family.BROKEN), ("Banned prompt detected", Family.MODERATED)):
        api.jobs[ref] |= {"status": 2, "failReason": reason}
        status = await midjourney.status(ref)
        assert status.stage is Stage.FAILED
        assert status.error is not None
        assert (status.error.family, status.error.text) == (family, reason)


@pytest.mark.parametrize("word", [0, 3, None, True, "1", {}])
async def test_an_unknown_status_is_still_running(api: MidjourneyServer, midjourney: Midjourney, word: Any) -> None:
    api.fail(STATUS, Fault(200, told(0, "", [{"taskId": "other", "status": 2}, {"taskId": "t", "status": word}])))
    assert (await midjourney.status("t")).stage is Stage.RUNNING


@pytest.mark.parametrize(
    ("job", "urls"),
    [
        ({}, []),
        ({"images": [], "image": ""}, []),
        ({"images": None, "image": "https://a.example/grid.png"}, ["https://a.example/grid.png"]),
        ({"images": ["https://a.example/1.png", 3], "image": "https://a.example/grid.png"}, ["https://a.example/1.png"]),
    ],
)
async def test_pictures_of_a_finished_task(
    api: MidjourneyServer, midjourney: Midjourney, job: dict[str, Any], urls: list[str]
) -> None:
    api.fail(STATUS, Fault(200, told(0, "", [{"taskId": "t", "status": 1} | job])))
    status = await midjourney.status("t")
    assert (status.stage, [picture.url for picture in status.pictures]) == (Stage.DONE, urls)


async def test_an_unknown_task_is_a_failure_to_ask(api: MidjourneyServer, midjourney: Midjourney) -> None:
    with pytest.raises(ProviderError, match="does not know"):
        await midjourney.status("nobody")
    api.fail(STATUS, Fault(200, told(1002)))
    with pytest.raises(ProviderError, match="1002"):
        await midjourney.status("nobody")
    assert api.violations == []


def test_the_callback_names_a_task_and_nothing_else(midjourney: Midjourney) -> None:
    assert midjourney.read_webhook({}, b'{"data": {"taskId": "t", "status": 1}}') == "t"
    assert midjourney.read_webhook({}, b'{"taskId": "t", "images": ["https://evil.example"]}') == "t"
    assert midjourney.read_webhook({}, b'{"taskId": "a\\ud800"}') == ""
    with pytest.raises(BadWebhook):
        midjourney.read_webhook({}, b"null")


async def test_no_cancel_and_no_lookup(api: MidjourneyServer, midjourney: Midjourney) -> None:
    assert await midjourney.cancel("t") is False
    assert await midjourney.lookup("call") is None
    assert api.seen == []


async def test_check(api: MidjourneyServer, midjourney: Midjourney, client: httpx.AsyncClient) -> None:
    assert (await midjourney.check()).ok
    health = await Midjourney("bad", api.base, client).check()
    assert not health.ok
    assert "MIDJOURNEY_API_KEY" in health.sentence
    for body in (told(1001), told(7), b""):
        api.fail(STATUS, Fault(200, body))
        assert not (await midjourney.check()).ok
    assert (api.paid, api.violations) == (0, [])


NAMES = st.sampled_from(["status", "message", "data", "taskId", "images", "image", "failReason"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
    max_leaves=12,
)
ACCEPTED = JSON.map(lambda data: {"status": 0, "data": data})
JOB = st.dictionaries(NAMES, JSON).map(lambda job: {"status": 0, "data": [{"status": 1} | job | {"taskId": "t"}]})
BODIES = (JSON | ACCEPTED | JOB).map(lambda said: json.dumps(said).encode()) | st.binary(max_size=50)


@given(status=st.sampled_from([200, 200, 200, 201, 302, 400, 403, 404, 422]), body=BODIES)
async def test_odd_bodies_raise_nothing_but_provider_errors(status: int, body: bytes) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, content=body))
    async with httpx.AsyncClient(transport=transport) as client:
        midjourney = Midjourney("good", "http://midjourney.test", client, batch_seconds=0.0)
        for ask in (midjourney.submit(REQUEST, "call", None), midjourney.status("t"), midjourney.check()):
            try:
                await ask
            except ProviderError as error:
                error.text.encode()
        with suppress(BadWebhook):
            midjourney.read_webhook({}, body).encode()
