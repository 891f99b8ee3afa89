"""Grids: where the tiles lie, of any kind of picture, always under the limit."""

from __future__ import annotations

import pytest
from PIL import Image

from bot.imaging.grid import EMPTY, grid, sheet
from bot.imaging.guard import check
from providers.errors import BadPicture
from tests.bot.imaging.pictures import decoded, encoded, flat, noise

RED, GREEN, BLUE, GOLD = (200, 30, 30), (30, 160, 40), (30, 40, 200), (220, 180, 20)
PLENTY = 10_000_000


def tiles(*colours: tuple[int, ...]) -> list[bytes]:
    return [encoded(flat(colour, (64, 48))) for colour in colours]


def near(image: Image.Image, place: tuple[int, int], colour: tuple[int, ...]) -> bool:
    seen = image.getpixel(place)
    assert isinstance(seen, tuple)
    return all(abs(a - b) < 12 for a, b in zip(seen, colour, strict=True))


def test_four_tiles_lie_in_reading_order() -> None:
    made = grid(tiles(RED, GREEN, BLUE, GOLD), PLENTY)
    image = decoded(made.data)
    assert (made.mime, made.width, made.height, image.size) == ("image/jpeg", 128, 96, (128, 96))
    assert near(image, (10, 10), RED)
    assert near(image, (118, 10), GREEN)
    assert near(image, (10, 86), BLUE)
    assert near(image, (118, 86), GOLD)


def test_one_tile_is_itself_and_two_lie_side_by_side() -> None:
    assert decoded(grid(tiles(RED), PLENTY).data).size == (64, 48)
    two = decoded(grid(tiles(RED, GREEN), PLENTY).data)
    assert two.size == (128, 48)
    assert near(two, (118, 24), GREEN)


def test_three_tiles_leave_a_dark_cell() -> None:
    three = decoded(grid(tiles(RED, GREEN, BLUE), PLENTY).data)
    assert three.size == (128, 96)
    assert near(three, (118, 86), EMPTY)


def test_a_tile_of_another_shape_is_fitted_into_the_first_ones_cell() -> None:
    made = decoded(grid([*tiles(RED), encoded(flat(GREEN, (300, 300)))], PLENTY).data)
    assert made.size == (128, 48)
    assert near(made, (96, 24), GREEN)
    assert near(made, (67, 24), EMPTY)


def test_exif_turn_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right: what is on the left lies on top
    lying = flat(BLUE, (64, 32))
    lying.paste(RED, (0, 0, 32, 32))
    made = decoded(grid([encoded(lying, "JPEG", exif=exif, quality=95)], PLENTY).data)
    assert made.size == (32, 64)
    assert near(made, (16, 6), RED)
    assert near(made, (16, 58), BLUE)


def test_16_bit_grey_is_scaled_not_clipped() -> None:
    deep = Image.new("I;16", (32, 32), 32_896)
    assert near(decoded(grid([encoded(deep)], PLENTY).data), (16, 16), (128, 128, 128))


def test_cmyk_palette_and_grey_become_colours() -> None:
    cmyk = encoded(flat(RED).convert("CMYK"), "JPEG", quality=95)
    palette = encoded(flat(GREEN).quantize(4))
    grey = encoded(Image.new("L", (64, 48), 90))
    made = decoded(grid([cmyk, palette, grey], PLENTY).data)
    assert near(made, (10, 10), RED)
    assert near(made, (118, 10), GREEN)
    assert near(made, (10, 86), (90, 90, 90))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_on_white(mode: str) -> None:
    clear = Image.new("RGBA", (64, 48), (0, 0, 0, 0)).convert(mode)
    if mode == "P":
        clear.info["transparency"] = clear.getpixel((0, 0))
    assert near(decoded(grid([encoded(clear)], PLENTY).data), (30, 20), (255, 255, 255))


@pytest.mark.parametrize("limit", [400_000, 90_000, 9_000])
def test_always_under_the_limit(limit: int) -> None:
    made = grid([encoded(noise(256, 256))] * 4, limit)
    assert len(made.data) <= limit
    assert decoded(made.data).size == (made.width, made.height)


def test_a_limit_that_nothing_meets_is_a_sentence() -> None:
    with pytest.raises(BadPicture, match="100 bytes"):
        grid(tiles(RED), 100)


def test_a_grid_of_huge_tiles_stays_within_the_guards_limits() -> None:
    made = grid([encoded(flat(RED, (6000, 1000)), "JPEG")] * 2, PLENTY)
    assert made.width <= 8192
    assert made.width * made.height <= 25_000_000


def test_baseline_jpeg_420() -> None:
    image = decoded(grid([encoded(noise())], PLENTY).data)
    assert not image.info.get("progressive")
    assert image.layer[0][1:3] == (2, 2)  # type: ignore[attr-defined]  # JpegImageFile: luma sampled twice as finely


@pytest.mark.parametrize("count", [0, 5])
def test_one_to_four(count: int) -> None:
    with pytest.raises(BadPicture):
        grid(tiles(*[RED] * count), PLENTY)


def test_a_broken_tile_is_refused() -> None:
    with pytest.raises(BadPicture):
        grid([*tiles(RED), b"junk"], PLENTY)


def test_a_sheet_is_what_the_guard_says_of_each_tile_and_their_grid() -> None:
    given = tiles(RED, GREEN, BLUE)
    seen, made = sheet(given, PLENTY)
    assert list(seen) == [check(tile) for tile in given]
    assert made == grid(given, PLENTY)


def test_a_sheet_with_a_bad_tile_is_none() -> None:
    with pytest.raises(BadPicture):
        sheet([*tiles(RED), b"junk"], PLENTY)
