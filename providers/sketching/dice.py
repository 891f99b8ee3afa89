"""Randomness by name: the same root, seed and name always give the same numbers, whatever else is drawn."""

from __future__ import annotations

import hashlib
import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
"""Single precision nearly everywhere: half the time of double."""

SPREAD: Final = 0.8
"""tanh(0.8 z) is the normal distribution's share below z, on -1..1, to within 0.02."""


class Dice:
    """Numbers for one picture. A variation mixes its own numbers into those of its parent, so that it lies near it."""

    def __init__(self, root: str, seed: int, detail: int | None = None, strength: float = 0.0) -> None:
        """`root`: what the prompt was; `detail`: the variation's seed; `strength`: 0.0 (the parent) to 1.0 (another)."""
        self._parent = f"{root}|{seed}"
        self._child = None if detail is None else f"{root}|{seed}|{detail}"
        self._angle = strength * math.pi / 2

    def normal(self, name: str, *shape: int, share: float = 1.0) -> Floats:
        """Normally distributed. `share`: how much of the variation's strength these numbers feel."""
        numbers = _normal(self._parent, name, shape)
        if self._child is None:
            return numbers
        angle = self._angle * share
        mixed: Floats = numbers * np.float32(math.cos(angle)) + _normal(self._child, name, shape) * np.float32(
            math.sin(angle)
        )
        return mixed

    def unit(self, name: str, *shape: int) -> Floats:
        """Evenly spread over 0-1."""
        even: Floats = np.tanh(self.normal(name, *shape) * np.float32(SPREAD)) * np.float32(0.5) + np.float32(0.5)
        return even

    def between(self, name: str, least: float, most: float) -> float:
        """One number of the layout: variations move it a little only."""
        even = 0.5 + 0.5 * math.tanh(SPREAD * float(self.normal(name, 1, share=0.3)[0]))
        return least + (most - least) * even


def _normal(key: str, name: str, shape: tuple[int, ...]) -> Floats:
    digest = hashlib.blake2b(f"{key}|{name}".encode(errors="surrogatepass"), digest_size=16).digest()
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
    return generator.standard_normal(shape, dtype=np.float32)
