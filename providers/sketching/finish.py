"""The last touch: bloom, contrast, a darker rim, grain; then JPEG."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from providers.encoding import as_bytes
from providers.sketching.canvas import Canvas
from providers.sketching.dice import Dice, Floats

QUALITY: Final = 92
BLOOM: Final = 0.8
"""Brightness from which light spills over."""


def finish(canvas: Canvas, dice: Dice, stylize: float) -> Image.Image:
    """The sheet as 8-bit RGB. `stylize`: 0.0 (plain) to 1.0 (strong colours and glow)."""
    rgb = np.clip(canvas.rgb, 0, 1.6)
    rgb += _bloom(canvas) * np.float32(0.8 + 0.9 * stylize)
    bright = rgb > 0.8
    rgb[bright] = 0.8 + 0.2 * np.tanh((rgb[bright] - 0.8) * np.float32(5 / 1.6))
    grey = ((rgb[..., 0] + rgb[..., 1] + rgb[..., 2]) * np.float32(1 / 3))[..., None]
    rgb -= grey
    rgb *= np.float32(1.04 + 0.5 * stylize)
    rgb += grey
    u, v = canvas.x / np.float32(canvas.wide) - 0.5, canvas.y / np.float32(canvas.high) - 0.5
    rgb *= (1.03 - 0.52 * (u * u + v * v))[..., None]
    rgb += (dice.normal("grain", canvas.height, canvas.width) * np.float32(0.009))[..., None]
    np.clip(rgb, 0, 1, out=rgb)
    rgb *= 255
    rgb += 0.5
    return Image.fromarray(rgb.astype(np.uint8))


def encoded(image: Image.Image) -> bytes:
    """JPEG with full colour resolution: the pictures have thin coloured lines."""
    return as_bytes(image, "JPEG", quality=QUALITY, subsampling="4:4:4")


def _bloom(canvas: Canvas) -> Floats:
    """What is brighter than `BLOOM`, blurred over a fortieth of the sheet."""
    small = (max(1, canvas.width // 4), max(1, canvas.height // 4))
    sheet = Image.fromarray((np.clip(canvas.rgb - np.float32(BLOOM), 0, 1) * 255).astype(np.uint8))
    blurred = sheet.resize(small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.022 / canvas.pixel / 4))
    return np.asarray(blurred.resize(sheet.size, Image.Resampling.BILINEAR), np.float32) * np.float32(1 / 255)
