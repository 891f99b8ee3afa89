"""What pictures cost: the shipped table `prices.toml`, and an operator's own of the same shape over it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from providers.base import DrawRequest, Kind
from providers.capabilities import Capabilities

Operation = Literal["draw", "draft", "low", "high", "upscale", "tokens"]
OTHERS = "*"
"""The model name that stands for all others."""
DEAREST = 1_000_000_000
"""Micro-USD: nothing costs 1,000 USD, so more than that was meant as something else."""
LOW_CREDIT = 1_000_000
"""Micro-USD: an account with less than this left (1 USD) is low on credit, and its operator is told."""
TOKENS = ("text", "image", "output")
AMOUNT = f"a whole number of micro-USD from 0 to {DEAREST}"


@dataclass(frozen=True, slots=True)
class Price:
    """One entry; amounts are micro-USD a picture, None where it does not say. `model`: a prefix, "" for all others.

    `tokens`: micro-USD a token of text in, image in and output; `seen`: ISO date; `estimate`: not the vendor's own figure.
    """

    provider: str
    model: str
    seen: str
    draw: int | None = None
    draft: int | None = None
    low: int | None = None
    high: int | None = None
    upscale: int | None = None
    tokens: tuple[float, float, float] | None = None
    source: str = ""
    estimate: bool = False


class Prices:
    """A price list, the entries that win first."""

    def __init__(self, entries: Iterable[Price]) -> None:
        """Of two entries for the same model the first one counts."""
        self.entries = tuple(entries)

    @property
    def providers(self) -> frozenset[str]:
        """Who stands in it."""
        return frozenset(entry.provider for entry in self.entries)

    def over(self, other: Prices) -> Prices:
        """A list in which these entries win over another's."""
        return Prices((*self.entries, *other.entries))

    def find(self, provider: str, model: str, operation: Operation) -> Price | None:
        """The entry with this operation and the longest beginning of `model`."""
        fitting = [
            entry
            for entry in self.entries
            if entry.provider == provider and model.startswith(entry.model) and getattr(entry, operation) is not None
        ]
        return max(fitting, key=lambda entry: len(entry.model), default=None)  # the first of equals

    def amount(
        self, provider: str, model: str, operation: Literal["draw", "draft", "low", "high", "upscale"] = "draw"
    ) -> int:
        """Micro-USD. Raises LookupError where the list has no such price."""
        found = self.find(provider, model, operation)
        if found is None:
            raise LookupError(f"no price: {provider} {model} {operation}")
        return int(getattr(found, operation))

    def tag(
        self, can: Capabilities, model: str, *, upscaler: str | None = None, drafter: str = "", redrawer: str = ""
    ) -> Capabilities:
        """The same with its prices. `upscaler`: the model that a U is done with, where it is another.

        `drafter`: the model that --draft is drawn with; only if it is the cheaper one there are drafts at all.
        `redrawer`: the model that makes a picture from another.
        """
        if drafter and self.amount(can.name, drafter) < self.amount(can.name, model):
            tagged = self.tag(can, model, upscaler=upscaler, redrawer=redrawer)
            return replace(tagged, honours=can.honours | {"speed"}, draft_price=self.amount(can.name, drafter))
        draw = self.find(can.name, model, "draw")
        upscale = self.find(can.name, model if upscaler is None else upscaler, "upscale") if can.upscale else None
        used = [entry for entry in (draw, upscale) if entry]
        return replace(
            can,
            price=self.amount(can.name, model),
            upscale_price=upscale.upscale or 0 if upscale else 0,
            redraw_price=self.amount(can.name, redrawer) if redrawer else 0,
            draft_price=self._beside(draw, can.name, model, "draft"),
            low_price=self._beside(draw, can.name, model, "low"),
            high_price=self._beside(draw, can.name, model, "high"),
            price_seen=min((entry.seen for entry in used), default=""),
            price_estimate=any(entry.estimate for entry in used),
        )

    def _beside(self, draw: Price | None, provider: str, model: str, operation: Literal["draft", "low", "high"]) -> int:
        """Micro-USD of a way to draw, 0 where the entry that `draw` is of does not tell it."""
        found = self.find(provider, model, operation)
        return int(getattr(found, operation)) if found and draw and found.model == draw.model else 0


def wants_draft(request: DrawRequest) -> bool:
    """A new picture from words alone with --draft: what the cheaper model is for."""
    return request.params.speed == "draft" and request.kind is Kind.IMAGINE and request.image is None


@cache
def shipped() -> Prices:
    """The list that comes with the bot."""
    return read(Path(__file__).with_name("prices.toml"))


def read(path: Path) -> Prices:
    """A list from a file. Raises ValueError with one sentence: the file, the key, and what was expected there."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise ValueError(f"{path} can't be read: expected UTF-8 text.") from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Prices:
    """A list from its text; `name`: of the file, for the sentence of the ValueError."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} is no TOML: {error}.") from error
    return Prices(_entry(name, *where, table) for where, table in _tables(name, tables))


def _tables(name: str, tables: Mapping[str, Any]) -> Iterable[tuple[tuple[str, str], dict[str, Any]]]:
    for provider, models in tables.items():
        for model, table in _table(name, provider, models).items():
            yield (provider, model), _table(name, f'{provider}."{model}"', table)


def _table(name: str, key: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, key, value, 'a table [PROVIDER."MODEL"]')
    return value


def _entry(name: str, provider: str, model: str, table: dict[str, Any]) -> Price:
    key = f'{provider}."{model}"'
    values: dict[str, Any] = {}
    for field, value in table.items():
        if field not in FIELDS:
            raise _wrong(name, f"{key}.{field}", value, f"no other keys than {', '.join(FIELDS)}")
        values[field] = FIELDS[field](name, f"{key}.{field}", value)
    if "seen" not in values:
        raise ValueError(f"{name}: {key}.seen is missing, expected the day on which the price was seen.")
    if not values.keys() & {"draw", "draft", "low", "high", "upscale", "tokens"}:
        raise ValueError(f"{name}: {key} has no price, expected draw, draft, low, high, upscale or tokens.")
    return Price(provider, "" if model == OTHERS else model, **values)


def _amount(name: str, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= DEAREST:
        raise _wrong(name, key, value, AMOUNT)
    return value


def _day(name: str, key: str, value: object) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong(name, key, value, "a day without quotes, for example 2026-11-21")
    return value.isoformat()


def _words(name: str, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, key, value, "text in quotes")
    return value


def _switch(name: str, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, key, value, "true or false")
    return value


def _tokens(name: str, key: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, dict) or value.keys() != set(TOKENS):
        raise _wrong(name, key, value, f"numbers for {', '.join(TOKENS)}")
    return tuple(_number(name, f"{key}.{part}", value[part]) for part in TOKENS)


def _number(name: str, key: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= DEAREST:
        raise _wrong(name, key, value, f"a number of micro-USD from 0 to {DEAREST}")
    return value


FIELDS = {
    "draw": _amount,
    "draft": _amount,
    "low": _amount,
    "high": _amount,
    "upscale": _amount,
    "tokens": _tokens,
    "seen": _day,
    "source": _words,
    "estimate": _switch,
}


def _wrong(name: str, key: str, value: object, expected: str) -> ValueError:
    return ValueError(f"{name}: {key} is {str(value)[:80]!r}, expected {expected}.")
