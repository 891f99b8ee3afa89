"""The kinds of settings: how each is shown, asked for in a Form, and read from what came back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from bot.jobs.clean import clean
from bot.jobs.mentions import channel_mention, role_mention
from bot.jobs.surface import Choice, Field, FieldKind
from bot.texts import admin as texts

MICRO = 1_000_000
Value: TypeAlias = Any
"""A setting's value: bool, int, str, an enumeration's member, or a tuple of those; each kind knows its own."""
IDS_MOST = 25
"""Channels or roles of one setting: a picker takes no more (Discord)."""
_WHOLE = re.compile(r"[0-9]{1,9}")
_MONEY = re.compile(r"\$? ?([0-9]{1,7}(?:\.[0-9]{1,6})?) ?(?:USD|\$)?", re.IGNORECASE)
_ID = re.compile(r"[^\s,]{1,64}")


class Kind(Protocol):
    """One way to show, ask and read. `known`: names of the configured providers, in order."""

    def show(self, value: Value) -> str:
        """For people; "" where nothing is set."""
        ...

    def field(self, name: str, label: str, value: Value, known: Sequence[str]) -> Field:
        """The input, filled with the value."""
        ...

    def read(self, label: str, typed: str, known: Sequence[str]) -> Value:
        """What came back. Raises ValueError with one sentence."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`; nothing typed means 0. `unit` in the plural."""

    most: int
    unit: str
    least: int = 0

    def show(self, value: int) -> str:
        """With its unit; 0 is nothing set."""
        unit = self.unit.removesuffix("s") if value == 1 else self.unit
        return f"{value} {unit}" if value else ""

    def field(self, name: str, label: str, value: int, known: Sequence[str]) -> Field:
        """A line of text."""
        del known
        return Field(name, label, value=str(value) if value else "", longest=12)

    def read(self, label: str, typed: str, known: Sequence[str]) -> int:
        """Digits alone."""
        del known
        typed = typed.strip() or "0"
        if not _WHOLE.fullmatch(typed) or not self.least <= int(typed) <= self.most:
            raise ValueError(texts.whole(label, self.least, self.most, self.unit))
        return int(typed)


@dataclass(frozen=True, slots=True)
class Money:
    """USD for people, micro-USD inside. `most` in USD."""

    most: int = 1_000_000

    def show(self, value: int) -> str:
        """To the cent, finer where it is finer."""
        return f"{usd(value)} USD" if value else ""

    def field(self, name: str, label: str, value: int, known: Sequence[str]) -> Field:
        """A line of text."""
        del known
        return Field(name, label, value=usd(value) if value else "", longest=20)

    def read(self, label: str, typed: str, known: Sequence[str]) -> int:
        """An amount with a point; `$` or `USD` may stand beside it."""
        del known
        match = _MONEY.fullmatch(typed.strip() or "0")
        if match is None or Decimal(match[1]) > self.most:
            raise ValueError(texts.money(label, self.most))
        return int(Decimal(match[1]) * MICRO)


def usd(micro: int) -> str:
    """12.50; as many places as the amount has."""
    whole, cents = divmod(micro, MICRO)
    return f"{whole}.{f'{cents:06}'.rstrip('0'):0<2}"


@dataclass(frozen=True, slots=True)
class Ids:
    """Channels or roles, by the platform's own picker (where it has one: else typed). `most` 1: a single id or ""."""

    kind: FieldKind
    most: int = IDS_MOST

    def show(self, value: str | tuple[str, ...]) -> str:
        """As mentions: only the platform knows names."""
        mention = channel_mention if self.kind is FieldKind.CHANNEL else role_mention
        return ", ".join(mention(one) for one in self._tuple(value))

    def field(self, name: str, label: str, value: str | tuple[str, ...], known: Sequence[str]) -> Field:
        """The picker."""
        del known
        return Field(name, label, self.kind, ",".join(self._tuple(value)), most=self.most)

    def read(self, label: str, typed: str, known: Sequence[str]) -> str | tuple[str, ...]:
        """Each once, in order."""
        del known
        given = tuple(dict.fromkeys(one.strip().lstrip("#@") for one in typed.split(",") if one.strip()))
        if not all(_ID.fullmatch(one) and one.isprintable() for one in given):
            raise ValueError(texts.bad_id(label, self.kind.value))
        if len(given) > self.most:
            raise ValueError(texts.too_many(label, self.most))
        return given if self.most > 1 else "".join(given)

    def _tuple(self, value: str | tuple[str, ...]) -> tuple[str, ...]:
        return value if isinstance(value, tuple) else (value,) if value else ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of an enumeration; `labels` in the order of its members."""

    options: type[StrEnum]
    labels: tuple[str, ...]

    def show(self, value: StrEnum) -> str:
        """Its label."""
        return self.labels[list(self.options).index(value)]

    def field(self, name: str, label: str, value: StrEnum, known: Sequence[str]) -> Field:
        """A menu."""
        del known
        choices = tuple(Choice(one.value, words) for one, words in zip(self.options, self.labels, strict=True))
        return Field(name, label, FieldKind.CHOICE, value.value, required=True, choices=choices)

    def read(self, label: str, typed: str, known: Sequence[str]) -> StrEnum:
        """By its value."""
        del known
        found = {one.value: one for one in self.options}.get(typed.strip().lower())
        if found is None:
            raise ValueError(texts.one_of(label, [one.value for one in self.options]))
        return found


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Any number of an enumeration's members."""

    options: type[StrEnum]
    labels: tuple[str, ...]

    def show(self, value: tuple[StrEnum, ...]) -> str:
        """Their labels."""
        return ", ".join(self.labels[list(self.options).index(one)] for one in value)

    def field(self, name: str, label: str, value: tuple[StrEnum, ...], known: Sequence[str]) -> Field:
        """A menu of several."""
        del known
        choices = tuple(Choice(one.value, words) for one, words in zip(self.options, self.labels, strict=True))
        chosen = ",".join(one.value for one in value)
        return Field(name, label, FieldKind.CHOICE, chosen, choices=choices, most=len(choices))

    def read(self, label: str, typed: str, known: Sequence[str]) -> tuple[StrEnum, ...]:
        """In the enumeration's order."""
        del known
        given = {one.strip().lower() for one in typed.split(",") if one.strip()}
        if given - {one.value for one in self.options}:
            raise ValueError(texts.several_of(label, [one.value for one in self.options]))
        return tuple(one for one in self.options if one.value in given)


@dataclass(frozen=True, slots=True)
class YesNo:
    """A switch, asked for as a menu of two: no platform has a check box in every dialog."""

    def show(self, value: bool) -> str:
        """In a word."""
        return texts.YES if value else texts.NO

    def field(self, name: str, label: str, value: bool, known: Sequence[str]) -> Field:
        """A menu of two."""
        del known
        choices = (Choice(texts.YES, texts.YES), Choice(texts.NO, texts.NO))
        return Field(name, label, FieldKind.CHOICE, self.show(value), required=True, choices=choices)

    def read(self, label: str, typed: str, known: Sequence[str]) -> bool:
        """Yes or no."""
        del known
        if (word := typed.strip().lower()) not in {texts.YES, texts.NO}:
            raise ValueError(texts.one_of(label, (texts.YES, texts.NO)))
        return word == texts.YES


@dataclass(frozen=True, slots=True)
class Names:
    """Configured providers in an order of one's own: typed, since menus of several keep no order."""

    def show(self, value: tuple[str, ...]) -> str:
        """In order."""
        return ", ".join(value)

    def field(self, name: str, label: str, value: tuple[str, ...], known: Sequence[str]) -> Field:
        """A line of text; the hint names the choices."""
        return Field(name, label, value=", ".join(value), hint=", ".join(known), longest=500)

    def read(self, label: str, typed: str, known: Sequence[str]) -> tuple[str, ...]:
        """Each once, in the order given."""
        given = tuple(dict.fromkeys(one.strip().lower() for one in typed.split(",") if one.strip()))
        for name in given:
            if name not in known:
                raise ValueError(texts.unknown_provider(label, clean(name)[:40], known))
        return given
