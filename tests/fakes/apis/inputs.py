"""What is wrong with a picture that somebody sends, by the figures of a vendor's own pages: the fakes say them once more."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError


@dataclass(frozen=True, slots=True)
class Pages:
    """`weight` in bytes; `pixels`, `longest`, `shortest` in px; `ratio`: longer side by shorter one. All still taken."""

    weight: int
    pixels: int = 2**62
    longest: int = 2**31
    shortest: int = 1
    ratio: float = 2.0**31

    def refuse(self, file: Mapping[str, Any]) -> str:
        """A sentence, "" for a picture that is taken."""
        try:
            with Image.open(io.BytesIO(file["bytes"])) as image:
                kind, (short, long) = Image.MIME.get(image.format or ""), sorted(image.size)
        except UnidentifiedImageError:
            return "no picture"
        wrong = {
            f"{len(file['bytes'])} bytes": len(file["bytes"]) > self.weight,
            f"{short * long} pixels": short * long > self.pixels,
            f"a side of {long} px": long > self.longest,
            f"a side of only {short} px": short < self.shortest,
            f"{long}:{short}": long > short * self.ratio,
            f"{file['type']} that is {kind}": kind != file["type"],
        }
        return ", ".join(sentence for sentence, is_so in wrong.items() if is_so)
