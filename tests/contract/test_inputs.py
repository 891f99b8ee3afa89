"""Pictures that a drawing starts from, at every vendor: within its limits, and in whose ratio."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.imaging.bound import bound
from providers.base import DrawRequest, Kind, Params, Provider, Size, Source, Stage
from providers.limits import ANY, Limits
from tests.contract.providers import finished, needs, vendor
from tests.fakes.apis.strict import Seen
from tests.fakes.vendor.pictures import jpeg
from tests.scenarios.providers.vendors import VENDORS


def photo(width: int, height: int, form: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.effect_noise((width // 4, height // 4), 60).resize((width, height)).convert("RGB").save(out, form)
    return out.getvalue()


def within(data: bytes, limits: Limits) -> Source:
    made = bound(data, limits)
    return Source(made.data, made.mime)


@pytest.mark.parametrize("size", [(4032, 3024), (200, 150), (3000, 400), (48, 48)])
async def test_takes_what_was_made_to_its_limits(provider: Provider, size: tuple[int, int]) -> None:
    can = provider.capabilities
    needs(can.image_input and can.takes != ANY, "limits")
    request = DrawRequest(Kind.IMAGINE, "a fox", Size(512, 512), 1, image=within(photo(*size), can.takes))
    assert (await finished(provider, await provider.submit(request, "call-1", None))).stage is Stage.DONE


async def test_enlarges_and_varies_what_was_made_to_its_limits(provider: Provider) -> None:
    can = provider.capabilities
    needs(can.upscale_any and can.variation and can.takes != ANY, "limits")
    heavy = BytesIO()
    Image.effect_noise((1400, 1400), 90).convert("RGB").save(heavy, "PNG")
    for kind, limits in ((Kind.UPSCALE, can.enlarges), (Kind.VARIATION, can.takes)):
        request = DrawRequest(kind, "a fox", Size(512, 512), 1, source=within(heavy.getvalue(), limits))
        assert (await finished(provider, await provider.submit(request, f"call-{kind}", None))).stage is Stage.DONE


@pytest.mark.parametrize("name", VENDORS)
async def test_says_whether_an_input_picture_rules_the_ratio(name: str) -> None:
    wide, tall = await sent(name, "16:9", Size(1344, 768)), await sent(name, "9:16", Size(768, 1344))
    async with vendor(name) as provider:
        can = provider.capabilities
        needs(can.image_input and "ratio" in can.honours, "ratios and input pictures")
        assert (wide == tall) == ("ratio" in can.lost_with_picture)


async def sent(name: str, ratio: str, size: Size) -> list[Any]:
    """The bodies of what goes out for an input picture."""
    seen: list[Seen] = []
    async with vendor(name, seen) as provider:
        needs(provider.capabilities.image_input, "input pictures")
        picture = Source(jpeg(0, 512, 512), "image/jpeg")
        request = DrawRequest(Kind.IMAGINE, "a fox", size, 1, Params(ratio=ratio, seed=7), image=picture)
        await provider.submit(request, "call-1", None)
    return [one.body for one in seen if one.method == "POST"]
