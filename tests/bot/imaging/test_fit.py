"""Fit: untouched where it can be, otherwise a JPEG under the limit."""

from __future__ import annotations

import pytest
from PIL import Image

from bot.imaging.fit import fit
from providers.errors import BadPicture
from tests.bot.imaging.pictures import decoded, encoded, flat, noise

ALL = frozenset({"image/png", "image/jpeg", "image/webp"})
JPEG = frozenset({"image/jpeg"})


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_fits_is_unchanged(form: str) -> None:
    data = encoded(noise(), form)
    assert fit(data, len(data), ALL).data == data


def test_another_format_becomes_jpeg() -> None:
    made = fit(encoded(noise(), "WEBP"), 1_000_000, JPEG)
    assert made.mime == "image/jpeg"
    assert decoded(made.data).format == "JPEG"


@pytest.mark.parametrize("limit", [60_000, 20_000, 3_000])
def test_quality_then_size_go_down(limit: int) -> None:
    made = fit(encoded(noise(256, 192)), limit, ALL)
    assert len(made.data) <= limit
    assert decoded(made.data).size == (made.width, made.height)
    assert made.width / made.height == pytest.approx(256 / 192, rel=0.05)


def test_quality_goes_before_size() -> None:
    whole = len(fit(encoded(noise(256, 192)), 10_000_000, JPEG).data)
    assert fit(encoded(noise(256, 192)), int(whole * 0.8), JPEG).width == 256


def test_transparency_lies_on_white() -> None:
    made = decoded(fit(encoded(flat((0, 0, 0, 0), mode="RGBA")), 100_000, JPEG).data)
    assert made.getpixel((5, 5)) == (255, 255, 255)


def test_turned_when_made_anew() -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    data = encoded(noise(256, 128), "JPEG", exif=exif, quality=95)
    made = fit(data, len(data) // 2, JPEG)
    assert made.height == 2 * made.width
    assert decoded(made.data).getexif().get(0x0112, 1) == 1


def test_junk_is_refused() -> None:
    with pytest.raises(BadPicture):
        fit(b"junk", 1000, ALL)
