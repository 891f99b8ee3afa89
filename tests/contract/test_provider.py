"""What every provider promises, whatever its vendor; each adapter runs all that its capabilities claim."""

from __future__ import annotations

import pytest

from providers.base import DrawRequest, Kind, Params, Provider, Size, Source, Stage
from providers.errors import BadWebhook, ProviderError
from providers.streaming import Streaming
from tests.contract.providers import finished, imagine, needs
from tests.fakes.vendor.pictures import jpeg


def test_its_capabilities_fit_together(provider: Provider) -> None:
    can = provider.capabilities
    assert can.name
    assert can.label
    assert can.per_call >= 1
    assert can.imagine or can.upscale
    assert can.deadline > 0
    assert can.price >= 0
    assert can.honours <= Params("1:1", 1, "x", 1, 1, 1, 1.0, "6", "6", tile=True, raw=True, speed="fast").given()
    assert can.asynchronous or not (can.webhook or can.cancel), "nothing to follow after a blocking call"
    assert can.asynchronous or not can.progress or isinstance(provider, Streaming), "nothing to see in a blocking call"
    assert can is provider.capabilities or can == provider.capabilities


async def test_draws_what_was_asked_for(provider: Provider) -> None:
    needs(provider.capabilities.imagine, "to draw")
    sent = await provider.submit(imagine(provider), "call-1", None)
    assert bool(sent.pictures) != provider.capabilities.asynchronous
    status = await finished(provider, sent)
    assert status.stage is Stage.DONE
    assert len(status.pictures) == provider.capabilities.per_call
    assert all(bool(p.url) != bool(p.data) for p in status.pictures), "exactly one of url and data"


async def test_the_same_status_can_be_asked_for_ever(provider: Provider) -> None:
    needs(provider.capabilities.asynchronous, "to be asynchronous")
    sent = await provider.submit(imagine(provider), "call-1", None)
    assert sent.ref
    first = await finished(provider, sent)
    assert await provider.status(sent.ref) == first


async def test_an_unknown_draw_fails_in_our_own_family(provider: Provider) -> None:
    needs(provider.capabilities.asynchronous, "to be asynchronous")
    try:
        status = await provider.status("no-such-draw")
    except ProviderError:
        return
    assert status.stage is Stage.FAILED
    assert status.error is not None


async def test_finds_a_call_by_our_key(provider: Provider) -> None:
    needs(provider.capabilities.lookup, "look-up")
    assert await provider.lookup("never sent") is None
    sent = await provider.submit(imagine(provider), "call-1", None)
    found = await provider.lookup("call-1")
    assert found is not None
    assert found.ref == sent.ref


@pytest.mark.parametrize("kind", [Kind.UPSCALE, Kind.VARIATION])
async def test_draws_from_a_picked_tile(provider: Provider, kind: Kind) -> None:
    can = provider.capabilities
    needs(can.upscale if kind is Kind.UPSCALE else can.variation, kind)
    tile = Source(jpeg(1, 512, 512), "image/jpeg", index=min(1, can.per_call - 1))
    if can.imagine:
        sent = await provider.submit(imagine(provider), "call-1", None)
        drawn = (await finished(provider, sent)).pictures[tile.index]
        tile = Source(tile.data, tile.mime, sent.ref, tile.index, drawn.image_id, drawn.seed)
    count = 1 if kind is Kind.UPSCALE else can.per_call
    request = DrawRequest(kind, "a red fox", Size(512, 512), count, source=tile)
    status = await finished(provider, await provider.submit(request, "call-2", None))
    assert status.stage is Stage.DONE
    assert len(status.pictures) == count


async def test_takes_an_input_picture(provider: Provider) -> None:
    needs(provider.capabilities.image_input, "image input")
    request = DrawRequest(Kind.IMAGINE, "a fox", Size(512, 512), 1, image=Source(jpeg(0, 512, 512), "image/jpeg"))
    assert (await finished(provider, await provider.submit(request, "call-1", None))).stage is Stage.DONE


async def test_cancel_of_a_finished_draw_is_not_confirmed(provider: Provider) -> None:
    needs(provider.capabilities.cancel, "to cancel")
    sent = await provider.submit(imagine(provider), "call-1", None)
    await finished(provider, sent)
    assert await provider.cancel(sent.ref) is False


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"12", b'"x"'])
async def test_a_webhook_that_makes_no_sense_is_a_bad_webhook(provider: Provider, body: bytes) -> None:
    needs(provider.capabilities.webhook, "webhooks")
    with pytest.raises(BadWebhook):
        provider.read_webhook({}, body)


async def test_check_says_a_sentence(provider: Provider) -> None:
    health = await provider.check()
    assert health.ok
    assert health.sentence.endswith(".")
