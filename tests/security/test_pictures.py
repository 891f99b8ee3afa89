"""Pictures that are something else besides, or much more than they look."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest

from bot.imaging.guard import PIXELS_MOST, check
from bot.jobs.model import Picture
from bot.jobs.surface import Card, Shown, Tone
from providers.errors import BadPicture
from tests.bot.imaging.pictures import encoded, noise
from tests.bot.playground.house import build

PAGE = b"<!doctype html><script>alert(document.domain)</script>"


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("index.html", PAGE)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """Behind the header (IHDR ends at byte 33)."""
    return png[:33] + chunk(kind, data) + png[33:]


BOMB = zlib.compress(b"A" * 300_000_000, 9)
PNG = encoded(noise())


@pytest.mark.parametrize("tail", [PAGE, zipped(), b"%PDF-1.7", b"\x7fELF"])
async def test_a_polyglot_is_served_as_the_picture_it_is(tail: bytes) -> None:
    """No browser may take it for a page: fixed type, no sniffing, and a policy that runs nothing."""
    data = PNG + tail
    assert check(data).mime == "image/png"
    house = await build()
    await house.pictures.put("p/1.png", data, "image/png")
    picture = Picture("p/1.png", "image/png", 64, 48, len(data))
    await house.front._board.post("m", Card(Tone.DONE, pictures=(Shown(picture, "x.html", "x"),)), author="")
    async with house.client() as client:
        reply = await client.get("/pictures/p/1.png", params={"message": "m", "user": "Robin"})
    assert (reply.headers["content-type"], reply.headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert "script-src 'self'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize(
    "start", [PAGE, b"GIF89a" + PAGE, b"%PDF-1.7\n", b"BM", zipped(), b'<svg xmlns="http://www.w3.org/2000/svg">']
)
def test_what_only_ends_as_a_picture_is_refused(start: bytes) -> None:
    with pytest.raises(BadPicture):
        check(start + PNG)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP", b"iTXt"])
def test_a_bomb_beside_the_pixels_is_never_unpacked(kind: bytes) -> None:
    """300 MB of text or colour profile in 300 KB."""
    head = {b"zTXt": b"Comment\0\0", b"iCCP": b"icc\0\0", b"iTXt": b"Comment\0\1\0\0\0"}[kind]
    began = time.process_time()
    try:
        found = check(with_chunk(PNG, kind, head + BOMB))
    except BadPicture:
        found = None
    assert found is None or found.width == 64
    assert time.process_time() - began < 1.0


def test_a_picture_that_unpacks_to_gigabytes_is_refused_by_its_header() -> None:
    side = 60_000
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    began = time.process_time()
    with pytest.raises(BadPicture, match="pixels"):
        check(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", BOMB) + chunk(b"IEND", b""))
    assert side * side > PIXELS_MOST
    assert time.process_time() - began < 0.5
