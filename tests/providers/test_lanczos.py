"""lanczos: twice the sides, nothing else."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from providers.base import DrawRequest, Kind, Provider, Size, Source, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.lanczos import CAPABILITIES as LANCZOS
from providers.lanczos import Lanczos
from tests.providers.pool import closed, run


def asked(data: bytes, kind: Kind = Kind.UPSCALE) -> DrawRequest:
    return DrawRequest(kind, "a fox", Size(64, 48), 1, source=Source(data, "image/png", seed=7))


def picture(mode: str = "RGB", form: str = "PNG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 128 if mode == "L" else (20, 200, 90, 128)[: len(mode)]).save(out, form, **options)
    return out.getvalue()


async def doubled(data: bytes) -> Image.Image:
    done = await Lanczos(run).submit(asked(data), "call", None)
    assert done.cost == 0
    assert done.pictures[0].seed == 7
    return Image.open(BytesIO(done.pictures[0].data))


def test_says_what_it_is() -> None:
    provider: Provider = Lanczos(run)
    capabilities = provider.capabilities
    assert "no new detail" in capabilities.label
    assert (capabilities.imagine, capabilities.upscale, capabilities.asynchronous, capabilities.price) == (
        False,
        True,
        False,
        0,
    )


@pytest.mark.parametrize(("mode", "form"), [("RGB", "PNG"), ("RGB", "WEBP"), ("CMYK", "JPEG"), ("L", "PNG")])
async def test_doubles_the_sides_at_once(mode: str, form: str) -> None:
    image = await doubled(picture(mode, form))
    assert (image.size, image.format) == ((128, 96), "JPEG")


async def test_transparency_stays() -> None:
    image = await doubled(picture("RGBA"))
    assert (image.format, image.mode) == ("PNG", "RGBA")


async def test_exif_turn_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (await doubled(picture(form="JPEG", exif=exif))).size == (96, 128)


@pytest.mark.parametrize(
    ("size", "wanted"), [((4200, 64), (8192, 124)), ((3000, 3000), (5000, 5000)), ((7400, 40), (8192, 44))]
)
async def test_as_near_to_twice_as_can_be_shown(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    assert LANCZOS.enlarges.shaped(*size)
    assert (await doubled(picture(size=size))).size == wanted


@pytest.mark.parametrize("data", [b"", b"junk", picture()[:60], picture(size=(7_900, 64))])
async def test_what_cannot_be_doubled_is_refused(data: bytes) -> None:
    with pytest.raises(ProviderError) as refused:
        await Lanczos(run).submit(asked(data), "call", None)
    assert (refused.value.family, refused.value.accepted) == (Family.BAD_REQUEST, Accepted.NO)


async def test_only_upscales() -> None:
    with pytest.raises(ProviderError):
        await Lanczos(run).submit(asked(picture(), Kind.IMAGINE), "call", None)


async def test_a_closed_pool_is_a_provider_error() -> None:
    with pytest.raises(ProviderError) as broken:
        await Lanczos(closed).submit(asked(picture()), "call", None)
    assert broken.value.family is Family.BROKEN


async def test_the_rest_of_the_port() -> None:
    lanczos = Lanczos(run)
    assert (await lanczos.status("call")).stage is Stage.FAILED
    assert not await lanczos.cancel("call")
    assert await lanczos.lookup("call") is None
    assert (await lanczos.check()).ok
    with pytest.raises(BadWebhook):
        lanczos.read_webhook({}, b"")
