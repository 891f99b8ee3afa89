"""Bytes as Pillow makes them in memory, by way of a real file."""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from providers.encoding import as_bytes

HOW: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90, "subsampling": "4:2:0"}, "PNG": {"compress_level": 1}}


@pytest.mark.parametrize("memory", [True, False])
@pytest.mark.parametrize("kind", HOW)
def test_the_bytes_are_the_same(kind: str, memory: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    image, plain = Image.linear_gradient("L").convert("RGB"), BytesIO()
    image.save(plain, kind, **HOW[kind])
    assert as_bytes(image, kind, **HOW[kind]) == plain.getvalue()


def test_pillow_gets_a_real_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Into anything else it encodes under Python's lock."""
    files, save = list[int](), Image.Image.save

    def seen(self: Image.Image, file: Any, *given: Any, **options: Any) -> None:
        files.append(file.fileno())
        save(self, file, *given, **options)

    monkeypatch.setattr(Image.Image, "save", seen)
    as_bytes(Image.new("RGB", (8, 8)), "JPEG")
    assert len(files) == 1
    assert files[0] > 0


def test_a_picture_that_cannot_be_encoded_says_so() -> None:
    with pytest.raises(OSError, match="RGBA"):
        as_bytes(Image.new("RGBA", (8, 8)), "JPEG")
