"""Bound: untouched where the vendor takes it, otherwise within every one of its figures, and no smaller than needed."""

from __future__ import annotations

import pytest
from PIL import Image

from bot.imaging.bound import bound
from providers.errors import BadPicture
from providers.limits import ANY, Limits, Measure
from tests.bot.imaging.pictures import decoded, encoded, flat, noise

STABILITY = Limits(weight=10_000_000, pixels=9_437_184, shortest=64, ratio=2.5)
RECRAFT = Limits(weight=10_000_000, pixels=16_000_000, longest=4096, shortest=256)


@pytest.mark.parametrize(("form", "limits"), [("PNG", ANY), ("WEBP", STABILITY), ("JPEG", Limits(shortest=64))])
def test_what_is_taken_is_unchanged(form: str, limits: Limits) -> None:
    data = encoded(noise(128, 64), form)
    assert bound(data, limits).data is data


@pytest.mark.parametrize("limits", [STABILITY, RECRAFT])
@pytest.mark.parametrize(
    "size", [(4032, 3024), (200, 150), (3000, 400), (400, 3000), (5000, 3000), (8000, 40), (63, 64), (1, 1), (8191, 2999)]
)
def test_every_shape_comes_within_the_limits(limits: Limits, size: tuple[int, int]) -> None:
    made = bound(encoded(flat((90, 20, 30), size)), limits)
    assert limits.take(Measure(made.width, made.height, len(made.data)))
    assert decoded(made.data).size == (made.width, made.height)


@pytest.mark.parametrize(
    ("size", "limits", "wanted"),
    [
        ((4000, 3000), Limits(pixels=3_000_000), (2000, 1500)),
        ((5000, 3000), Limits(longest=4096), (4095, 2457)),
        ((200, 150), Limits(shortest=256), (341, 256)),
        ((150, 200), Limits(shortest=256), (256, 341)),
        ((3000, 400), Limits(ratio=2.5), (1000, 400)),
    ],
)
def test_no_more_than_needed_is_done(size: tuple[int, int], limits: Limits, wanted: tuple[int, int]) -> None:
    made = bound(encoded(flat((9, 9, 9), size)), limits)
    assert (made.width, made.height, made.mime) == (*wanted, "image/jpeg")


def test_the_middle_is_kept() -> None:
    image = flat((255, 0, 0), (600, 100))
    image.paste((0, 0, 255), (200, 0, 400, 100))
    made = decoded(bound(encoded(image), Limits(ratio=2.0)).data)
    assert made.size == (200, 100)
    for corner in [(3, 50), (196, 50)]:
        red, _, blue = made.getpixel(corner)  # type: ignore[misc]
        assert red < 60
        assert blue > 200


def test_one_that_is_only_too_heavy_keeps_its_pixels() -> None:
    data = encoded(Image.effect_noise((700, 500), 90).convert("RGB"), "PNG")
    made = bound(data, Limits(weight=700 * 500))
    assert len(data) > 350_000 >= len(made.data)
    assert (made.width, made.height) == (700, 500)


def test_a_turned_picture_is_measured_as_it_is_seen() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = bound(encoded(flat((1, 2, 3), (400, 200)), "JPEG", exif=exif), Limits(longest=200))
    assert (made.width, made.height) == (100, 200)


def test_damage_is_told() -> None:
    with pytest.raises(BadPicture):
        bound(encoded(noise())[:200], RECRAFT)
