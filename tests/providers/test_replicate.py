"""Replicate's adapter against its own description on loopback: what is sent, and what came of sending it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.replicate import Replicate
from providers.replicate_models import RATIOS, nearest_ratio
from tests.fakes.apis.replicate import (
    BY_NAME,
    BY_VERSION,
    FILES,
    SECRET,
    TOKEN,
    ReplicateApi,
    sign,
)
from tests.fakes.apis.strict import Fault

NOW = 1_780_000_000.0
HOOK = "https://bot.example/webhooks/replicate/c1/t"
SQUARE = Size(1024, 1024)
GRID = DrawRequest(Kind.IMAGINE, "a red fox", Size(1264, 832), 4, Params(ratio="3:2", seed=7))
SMALL = Source(b"\xff\xd8small", "image/jpeg")
LARGE = Source(b"\x89PNG" + bytes(300_000), "image/png")
PROBLEM = {"title": "x", "detail": "y", "status": 500}


@pytest.fixture
async def api() -> AsyncIterator[ReplicateApi]:
    async with ReplicateApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def replicate(api: ReplicateApi, client: httpx.AsyncClient) -> Replicate:
    return Replicate(TOKEN, api.base, client, webhook_secret=SECRET, clock=lambda: NOW, send_seconds=2.0)


def upscale(source: Source) -> DrawRequest:
    return DrawRequest(Kind.UPSCALE, "a red fox", SQUARE, 1, source=source)


async def refused(replicate: Replicate, request: DrawRequest = GRID) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await replicate.submit(request, "call-1", HOOK)
    return caught.value


async def test_a_grid_is_one_prediction_of_four(api: ReplicateApi, replicate: Replicate) -> None:
    taken = await replicate.submit(GRID, "call-1", HOOK)
    (seen,) = api.of(BY_NAME)
    assert seen.path == "/models/black-forest-labs/flux-schnell/predictions"
    assert seen.body["input"] == {
        "prompt": "a red fox", "aspect_ratio": "3:2", "num_outputs": 4, "output_format": "png", "seed": 7,
    }  # fmt: skip
    assert (seen.body["webhook"], seen.body["webhook_events_filter"]) == (HOOK, ["completed"])
    assert seen.headers["Cancel-After"] == "5m"
    assert (taken.pictures, api.paid) == ((), 1)
    assert (await replicate.status(taken.ref)).stage is Stage.RUNNING
    urls = api.succeed()
    done = await replicate.status(taken.ref)
    assert done.stage is Stage.DONE
    assert [picture.url for picture in done.pictures] == urls
    assert {picture.seed for picture in done.pictures} == {None}, "one seed drew all four"
    assert api.paid == 1


@pytest.mark.parametrize("address", [None, "http://bot.example/hook"])
async def test_no_webhook_where_none_is_wanted_or_it_is_not_https(
    api: ReplicateApi, replicate: Replicate, address: str | None
) -> None:
    await replicate.submit(GRID, "call-1", address)
    assert "webhook" not in api.of(BY_NAME)[0].body


async def test_without_a_secret_no_webhook_is_asked_for_or_believed(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    plain = Replicate(TOKEN, api.base, client)
    assert not plain.capabilities.webhook
    await plain.submit(GRID, "call-1", HOOK)
    assert "webhook" not in api.of(BY_NAME)[0].body
    with pytest.raises(BadWebhook, match="REPLICATE_WEBHOOK_SECRET"):
        plain.read_webhook(sign(b"{}", NOW), b"{}")


@pytest.mark.parametrize("source", [SMALL, LARGE])
async def test_an_upscale_takes_any_picture(api: ReplicateApi, replicate: Replicate, source: Source) -> None:
    can = replicate.capabilities
    assert (can.upscale, can.upscale_any, can.variation, can.image_input) == (True, True, False, False)
    taken = await replicate.submit(upscale(source), "call-1", None)
    (seen,) = api.of(BY_VERSION)
    assert (seen.body["version"], api.of(BY_NAME)) == ("nightmareai/real-esrgan:" + "e" * 64, [])
    assert (seen.body["input"]["scale"], seen.body["input"]["face_enhance"]) == (2, False)
    uploads = [one.body["content"]["bytes"] for one in api.of(FILES)]
    assert uploads == ([source.data] if source is LARGE else [])
    (url,) = api.succeed(1)
    api.says = {"status": "succeeded", "output": url}
    assert [picture.url for picture in (await replicate.status(taken.ref)).pictures] == [url]
    assert api.paid == 1


async def test_a_pinned_version_goes_by_the_general_route(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    name = "nightmareai/real-esrgan:" + "f" * 64
    pinned = Replicate(TOKEN, api.base, client, upscale_model=name)
    await pinned.submit(upscale(SMALL), "call-1", None)
    assert [seen.body["version"] for seen in api.of(BY_VERSION)] == [name]


async def test_a_model_of_one_picture_gets_no_number_and_its_seed_is_told(
    api: ReplicateApi, client: httpx.AsyncClient
) -> None:
    pro = Replicate(TOKEN, api.base, client, model="black-forest-labs/flux-1.1-pro")
    assert (pro.capabilities.per_call, pro.capabilities.price) == (1, 40_000)
    wide = DrawRequest(Kind.IMAGINE, "a red fox", SQUARE, 1, Params(ratio="21:9", seed=9))
    taken = await pro.submit(wide, "call-1", None)
    assert api.of(BY_NAME)[0].body["input"] == {"prompt": "a red fox", "aspect_ratio": "16:9", "seed": 9}
    api.succeed(1)
    assert [picture.seed for picture in (await pro.status(taken.ref)).pictures] == [9]


@pytest.mark.parametrize("name", ["flux", "a/b/c", "a/b:1", "../account", "a/..", "a/b?x", ""])
async def test_a_wrong_model_name_stops_the_start(client: httpx.AsyncClient, name: str) -> None:
    with pytest.raises(ValueError, match="owner/name"):
        Replicate(TOKEN, "http://127.0.0.1", client, model=name)


@pytest.mark.parametrize("kind", [Kind.VARIATION, Kind.IMAGINE, Kind.UPSCALE])
async def test_what_it_does_not_offer_is_never_sent(api: ReplicateApi, replicate: Replicate, kind: Kind) -> None:
    picture = SMALL if kind is Kind.IMAGINE else None
    error = await refused(replicate, DrawRequest(kind, "x", SQUARE, 1, image=picture))
    assert (error.family, error.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


@pytest.mark.parametrize(
    ("ratio", "size", "wanted"),
    [
        ("", SQUARE, "1:1"), ("", Size(1264, 832), "3:2"), ("16:9", SQUARE, "16:9"), ("4:1", SQUARE, "21:9"),
        ("1:4", SQUARE, "9:21"), ("2:1", SQUARE, "16:9"), ("32:18", SQUARE, "16:9"), ("6:5", SQUARE, "5:4"),
    ],
)  # fmt: skip
def test_the_nearest_ratio(ratio: str, size: Size, wanted: str) -> None:
    assert nearest_ratio(ratio, size) == wanted


@pytest.mark.parametrize("ratio", RATIOS)
def test_an_allowed_ratio_is_itself(ratio: str) -> None:
    assert nearest_ratio(ratio, SQUARE) == ratio


@pytest.mark.parametrize(
    ("fault", "family", "accepted"),
    [
        (Fault(401, PROBLEM), Family.BAD_KEY, Accepted.NO),
        (Fault(403, PROBLEM), Family.BAD_KEY, Accepted.NO),
        (Fault(402, {"title": "Insufficient credit", "status": 402}), Family.NO_MONEY, Accepted.NO),
        (Fault(429, PROBLEM, {"Retry-After": "17"}), Family.BUSY, Accepted.NO),
        (Fault(404, PROBLEM), Family.BAD_REQUEST, Accepted.NO),
        (Fault(422, PROBLEM), Family.BAD_REQUEST, Accepted.NO),
        (Fault(422, {"detail": "NSFW content detected"}), Family.MODERATED, Accepted.NO),
        (Fault(400, {"detail": "the input was flagged as sensitive"}), Family.MODERATED, Accepted.NO),
        (Fault(500, PROBLEM), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(502, b"<html>bad gateway</html>"), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(201, b"{"), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(201, {"id": "../account"}), Family.BROKEN, Accepted.UNKNOWN),
    ],
)
async def test_a_failed_submit_is_told_truly(
    api: ReplicateApi, replicate: Replicate, fault: Fault, family: Family, accepted: Accepted
) -> None:
    api.fail(BY_NAME, fault)
    error = await refused(replicate)
    assert (error.family, error.accepted) == (family, accepted)
    assert error.retry_after == (17.0 if fault.status == 429 else None)
    assert api.paid == (1 if fault.cut == "after" else 0)
    assert len(api.of(BY_NAME)) == (0 if fault.cut == "before" else 1), "never sent twice"


async def test_a_wrong_token_is_a_bad_key(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    assert (await refused(Replicate("r8_other", api.base, client))).family is Family.BAD_KEY


async def test_a_hanging_submit_may_have_been_taken(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    api.fail(BY_NAME, Fault(hang=True))
    error = await refused(Replicate(TOKEN, api.base, client, send_seconds=1.2))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.UNKNOWN)


async def test_what_never_opened_was_never_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    error = await refused(Replicate(TOKEN, f"http://127.0.0.1:{unused_tcp_port}", client))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.NO)


@pytest.mark.parametrize(
    "fault", [Fault(413, {"detail": "Files must be less than 100MB in size"}), Fault(201, b"no"), Fault(201, {"urls": 1})]
)
async def test_a_failed_upload_pays_nothing(api: ReplicateApi, replicate: Replicate, fault: Fault) -> None:
    api.fail(FILES, fault)
    assert (await refused(replicate, upscale(LARGE))).accepted is Accepted.NO
    assert (api.paid, api.of(BY_VERSION)) == (0, [])


async def test_an_upload_may_be_repeated(api: ReplicateApi, replicate: Replicate) -> None:
    api.fail(FILES, Fault(503))
    await replicate.submit(upscale(LARGE), "call-1", None)
    assert (len(api.of(FILES)), api.paid) == (2, 1)
