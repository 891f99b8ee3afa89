"""The configured providers in their order, and who does what: the rules for U and V where a provider has neither."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from providers.base import Kind, Provider
from providers.capabilities import Capabilities
from providers.limits import Measure


class Registry:
    """Providers in order of preference; those with `imagine=False` only enlarge and come last of all."""

    def __init__(self, providers: Sequence[Provider], *, cheapest: bool = False) -> None:
        """Names must be unique. `cheapest`: by price instead of by order."""
        self._cheapest = cheapest
        self._providers = {provider.capabilities.name: provider for provider in providers}

    def get(self, name: str) -> Provider | None:
        """By name; also those that only enlarge."""
        return self._providers.get(name)

    def all(self, order: Sequence[str] = ()) -> Sequence[Provider]:
        """Those that draw from a prompt, preferred first. `order`: only these, in this order; empty: all."""
        return [provider for provider in self._ordered(order) if provider.capabilities.imagine]

    def _ordered(self, order: Sequence[str]) -> list[Provider]:
        """Those that only enlarge belong to every order. An order of which nothing is configured any more is none."""
        known = [name for name in order if name in self._providers]
        plain = [name for name, provider in self._providers.items() if not provider.capabilities.imagine]
        return [self._providers[name] for name in (dict.fromkeys([*known, *plain]) if known else self._providers)]

    def choose(
        self,
        kind: Kind,
        wanted: str,
        *,
        image: bool,
        but: Collection[str] = (),
        order: Sequence[str] = (),
        tile: Measure | None = None,
    ) -> Provider | None:
        """None of `but`, one of `order` (empty: any); `wanted` if it can do this, else the first that can.

        For an upscale `wanted` drew the picture: any other must say that it takes pictures that it did not draw.
        `tile`: that picture, which none may need smaller than it is: what is enlarged after that has gained nothing.
        """
        able = [p for p in self._ordered(order) if _can(p.capabilities, kind, wanted, image=image)]
        able = [p for p in able if p.capabilities.name not in but]
        able = [p for p in able if tile is None or p.capabilities.enlarges.keep(tile)]
        preferred = [p for p in able if p.capabilities.name == wanted]
        plain_last = sorted(able, key=lambda p: (not p.capabilities.imagine, _price(p, kind) if self._cheapest else 0))
        return next(iter(preferred + plain_last), None)


def _price(provider: Provider, kind: Kind) -> int:
    return provider.capabilities.upscale_price if kind is Kind.UPSCALE else provider.capabilities.price


def _can(capabilities: Capabilities, kind: Kind, wanted: str, *, image: bool) -> bool:
    if kind is Kind.UPSCALE:
        return capabilities.upscale and (capabilities.upscale_any or capabilities.name == wanted)
    return capabilities.imagine and (capabilities.image_input or not image)
