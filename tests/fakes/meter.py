"""A fake meter: a list of what it was told."""

from __future__ import annotations

from collections.abc import Callable

from bot.jobs.meter import Meter


class ListMeter:
    """Takes every method of `Meter` and no other; `told` is open to tests: name of the method, then its arguments."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name not in vars(Meter):
            raise AttributeError(name)
        return lambda *arguments: self.told.append((name, *arguments))

    def of(self, name: str) -> list[tuple[object, ...]]:
        """The arguments of every call of one method."""
        return [one[1:] for one in self.told if one[0] == name]
