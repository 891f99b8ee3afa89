"""From any picture that passed the guard to upright 8-bit RGB, and from that to JPEG bytes."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageOps

from bot.imaging.guard import orientation
from bot.jobs.ports import Composed
from bot.texts import pictures as texts
from providers.encoding import as_bytes
from providers.errors import BadPicture

WHITE: Final = (255, 255, 255)
QUALITIES: Final = (90, 85, 80, 75, 70)
"""JPEG qualities to try in turn; below 70 blocks show, so then the size goes down."""
SHRINK: Final = 0.8
SIDE_LEAST: Final = 32


def upright(image: Image.Image) -> Image.Image:
    """RGB as a viewer shows it: turned by EXIF, 16 bits scaled to 8, CMYK converted, transparency on white."""
    image = rgb(image)
    if orientation(image) != 1:
        image = ImageOps.exif_transpose(image)
    return image


def rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB; the very same object if it is that already."""
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):  # 16-bit grey: convert() alone would clip at 255
        return image.point(lambda value: value / 257).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        return _flat(image.convert("RGBA"))
    return image.convert("RGB")


def within(image: Image.Image, limit: int) -> Composed:
    """JPEG 4:2:0 of at most `limit` bytes: quality goes down first, then the size. Raises BadPicture if nothing helps."""
    while True:
        for quality in QUALITIES:
            data = jpeg(image, quality)
            if len(data) <= limit:
                return Composed(data, "image/jpeg", image.width, image.height)
        if min(image.size) * SHRINK < SIDE_LEAST:
            raise BadPicture(texts.too_heavy(limit))
        image = image.resize(
            (int(image.width * SHRINK), int(image.height * SHRINK)), Image.Resampling.LANCZOS, reducing_gap=2.0
        )


def jpeg(image: Image.Image, quality: int) -> bytes:
    """Baseline, not progressive: a third of the CPU time for 8 % more bytes."""
    return as_bytes(image, "JPEG", quality=quality, subsampling="4:2:0", icc_profile=_profile(image))


def _profile(image: Image.Image) -> bytes | None:
    """The ICC profile, if it is one for RGB (bytes 16-19 of its header, ICC.1:2022 7.2.6): others would turn colours."""
    profile = image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and profile[16:20] == b"RGB " else None


def _flat(image: Image.Image) -> Image.Image:
    """Transparency laid on white."""
    ground = Image.new("RGB", image.size, WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    ground.info = {key: image.info[key] for key in ("icc_profile", "exif") if key in image.info}
    return ground
