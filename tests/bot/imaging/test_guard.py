"""The guard: good pictures pass as they are, everything else is refused with one plain sentence."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from bot.imaging.guard import check
from bot.texts import pictures as texts
from providers.errors import BadPicture
from tests.bot.imaging.pictures import encoded, flat, frames, huge_png, noise

GOOD = {
    "png": (encoded(noise()), "image/png"),
    "jpeg": (encoded(noise(), "JPEG"), "image/jpeg"),
    "progressive jpeg": (encoded(noise(), "JPEG", progressive=True), "image/jpeg"),
    "cmyk jpeg": (encoded(noise(mode="CMYK"), "JPEG"), "image/jpeg"),
    "webp": (encoded(noise(), "WEBP"), "image/webp"),
    "palette png": (encoded(noise().quantize(16)), "image/png"),
    "16-bit png": (encoded(noise(mode="L").convert("I;16")), "image/png"),
    "rgba png": (encoded(noise(mode="RGBA")), "image/png"),
    "camera's JPEG with a preview": (encoded(noise(), "MPO", save_all=True, append_images=[noise(16, 12)]), "image/jpeg"),
}
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", texts.EMPTY),
    "truncated JPEG": (lambda: encoded(noise(), "JPEG")[:-400], texts.DAMAGED),
    "truncated PNG": (lambda: encoded(noise())[:-600], texts.DAMAGED),
    "truncated WebP": (lambda: encoded(noise(), "WEBP")[:-200], texts.DAMAGED),
    "one byte flipped": (lambda: _flipped(encoded(noise())), texts.DAMAGED),
    "JPEG with nothing behind its mark": (lambda: b"\xff\xd8\xff\xe0", texts.DAMAGED),
    "GIF of 1,000 frames": (lambda: frames("GIF", 1000), texts.GIF),
    "animated WebP": (lambda: frames("WEBP", 4), texts.ANIMATED),
    "animated PNG": (lambda: frames("PNG", 4), texts.ANIMATED),
    "SVG": (lambda: b'<?xml version="1.0"?>\n<svg width="30000" height="30000"></svg>', texts.SVG),
    "HTML named .png": (lambda: b"\n<!DOCTYPE html><html><body>404</body></html>", texts.HTML),
    "BMP": (lambda: encoded(noise(), "BMP"), texts.UNKNOWN),
    "TIFF": (lambda: encoded(noise(), "TIFF"), texts.UNKNOWN),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_pictures_pass_as_they_are(name: str) -> None:
    data, mime = GOOD[name]
    checked = check(data)
    assert (checked.data, checked.mime, checked.width, checked.height) == (data, mime, 64, 48)


@pytest.mark.parametrize("name", BAD)
def test_bad_pictures_are_refused_with_a_sentence(name: str) -> None:
    make, sentence = BAD[name]
    with pytest.raises(BadPicture) as refused:
        check(make())
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (12_000, 12_000), (5001, 5000), (8193, 16)])
def test_too_many_pixels_are_refused_by_the_header(width: int, height: int) -> None:
    with pytest.raises(BadPicture, match=f"{width:,} x {height:,} pixels"):
        check(huge_png(width, height))


def test_a_huge_webp_header_is_refused() -> None:
    width = height = 16_383  # WebP's largest; the lossless header packs both into 28 bits
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", bits) + b"\x00" * 5
    with pytest.raises(BadPicture):
        check(b"RIFF" + struct.pack("<I", len(body)) + body)


def test_exactly_the_limit_passes() -> None:
    assert check(huge_png(5000, 5000)).width == 5000


def test_size_is_the_one_that_a_viewer_shows() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    checked = check(encoded(flat((9, 9, 9), (64, 48)), "JPEG", exif=exif))
    assert (checked.width, checked.height) == (48, 64)


@given(st.binary(max_size=300))
@example(b"GIF89a")
@example(b"\x89PNG\r\n\x1a\n")
@example(b"RIFF\x00\x00\x00\x00WEBP")
def test_random_bytes_only_ever_raise_bad_picture(data: bytes) -> None:
    with pytest.raises(BadPicture):
        check(data)


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 4000), st.binary(min_size=1, max_size=12))
def test_a_mangled_picture_passes_or_is_refused(name: str, place: int, junk: bytes) -> None:
    data = GOOD[name][0]
    place %= len(data)
    with contextlib.suppress(BadPicture):
        assert check(data[:place] + junk + data[place + len(junk) :]).width > 0


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
