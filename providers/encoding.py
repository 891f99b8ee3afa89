"""Pictures to bytes without holding Python's lock.

Pillow (13.0) lets it go while it encodes into a real file, and keeps it while it encodes into memory: a JPEG of 2048 x 2048
made everybody else in the process wait for 5.7 ms again and again, and a second one could not be made beside it.
"""

from __future__ import annotations

import os
import tempfile
from typing import IO, Any

from PIL import Image


def as_bytes(image: Image.Image, kind: str, **options: Any) -> bytes:  # noqa: ANN401  (Pillow's, by format)
    """`Image.save` to bytes."""
    with _file() as out:
        image.save(out, kind, **options)
        out.seek(0)
        return out.read()


def _file() -> IO[bytes]:
    """In memory on Linux, else in the folder for temporary files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("picture"), "w+b")
    return tempfile.TemporaryFile()
