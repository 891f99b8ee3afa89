"""Everything that a picture depends on, as one small text: the provider's `ref`. No numpy, no Pillow here."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

SIDES: Final = range(64, 2049)
"""Side lengths in px before scaling."""
SCALES: Final = (1, 2, 4)
SEEDS: Final = 2**32
PALETTE: Final = 6
"""Colours taken from an input picture."""
PROMPT_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Plan:
    """One call. `root`: names the randomness (a hash of the first prompt); `seeds`: one a picture.

    `details`: the variations' own seeds, empty for first pictures; `strength`: 0.0-1.0, how far they go;
    `palette`: hexadecimal colours of an input picture, from dark to light; `started`: unix seconds;
    `chaos`, `stylize`: as in the prompt, 0-100 and 0-1000.
    """

    prompt: str
    root: str
    seeds: tuple[int, ...]
    width: int
    height: int
    started: float
    negative: str = ""
    details: tuple[int, ...] = ()
    strength: float = 0.0
    scale: int = 1
    palette: tuple[str, ...] = ()
    chaos: int = 0
    stylize: int = 100

    def text(self) -> str:
        """Compact JSON without what is as usual."""
        usual = {f.name: f.default for f in fields(self)}
        return json.dumps({k: v for k, v in asdict(self).items() if v != usual[k]}, separators=(",", ":"))

    def detail(self, index: int) -> int | None:
        """The variation's own seed of picture `index`."""
        return self.details[index] if self.details else None


def parsed(text: str) -> Plan:
    """The plan that `Plan.text` wrote. Raises ValueError for anything else."""
    try:
        loaded = json.loads(text)
        lists = ("seeds", "details", "palette")
        given: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in loaded.items()}
        plan = Plan(**given)
    except (TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a sketch") from error
    if not all((_texts(plan), _seeds(plan), _sizes(plan), _colours(plan.palette))):
        raise ValueError("not a sketch")
    return plan


def _texts(plan: Plan) -> bool:
    return all(isinstance(text, str) and len(text) <= PROMPT_LONGEST for text in (plan.prompt, plan.negative, plan.root))


def _seeds(plan: Plan) -> bool:
    numbers = all(_whole(seed, 0, SEEDS - 1) for seed in (*plan.seeds, *plan.details))
    return numbers and 1 <= len(plan.seeds) <= 4 and len(plan.details) in {0, len(plan.seeds)}


def _sizes(plan: Plan) -> bool:
    sides = _whole(plan.width, SIDES[0], SIDES[-1]) and _whole(plan.height, SIDES[0], SIDES[-1])
    return (
        sides
        and _whole(plan.scale, 1, 4)
        and plan.scale in SCALES
        and _whole(plan.chaos, 0, 100)
        and _whole(plan.stylize, 0, 1000)
        and _number(plan.strength, 0, 1)
        and _number(plan.started, 0, 1e12)
    )


def _colours(palette: tuple[Any, ...]) -> bool:
    if not palette:
        return True
    return len(palette) == PALETTE and all(
        isinstance(c, str) and len(c) == 6 and set(c) <= set("0123456789abcdef") for c in palette
    )


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
