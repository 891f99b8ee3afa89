"""Pictures that a drawing starts from, at every vendor: within its limits."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.imaging.bound import bound
from providers.base import DrawRequest, Kind, Provider, Size, Source, Stage
from providers.limits import ANY, Limits
from tests.contract.providers import finished, needs


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
