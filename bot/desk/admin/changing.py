"""From a section's Form to new settings: read every field, check them against each other, say what is different."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.desk.admin.fields import Section, Setting
from bot.jobs.surface import Field
from bot.policy.community import Community, ReviewMode
from bot.texts import admin as texts

MARK = 12
"""Hex digits."""


def mark(shown: object) -> str:
    """What a Form was filled with, in short: it travels in the Form's control, and tells whether that still stands."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:MARK]


def mark_of(section: Section, community: Community) -> str:
    """Of a section's settings alone: changes of other sections are no concern of its Form."""
    return mark([setting.of(community) for setting in section.settings])


def inputs(section: Section, community: Community, known: Sequence[str]) -> tuple[Field, ...]:
    """The Form's fields. `known`: configured providers."""
    return tuple(_input(setting, community, known) for setting in section.settings)


def _input(setting: Setting, community: Community, known: Sequence[str]) -> Field:
    field = setting.kind.field(setting.key, setting.label, setting.of(community), known)
    return replace(field, hint=setting.hint or field.hint)


def read(section: Section, community: Community, typed: Mapping[str, str], known: Sequence[str]) -> Community:
    """The new settings. A field that did not come back stays as it is. Raises ValueError with one sentence."""
    after = community
    for setting in section.settings:
        if setting.key in typed:
            after = setting.put(after, setting.kind.read(setting.label, typed[setting.key], known))
    check(after)
    return after


def check(community: Community) -> None:
    """What one setting asks of another. Raises ValueError with one sentence."""
    if community.review is not ReviewMode.OFF and not community.review_channel:
        raise ValueError(texts.NEEDS_REVIEW_CHANNEL)
    budget = community.budget
    pairs = (
        (community.daily, community.monthly),
        (budget.images_day, budget.images_month),
        (budget.spend_day, budget.spend_month),
    )
    if any(month and day > month for day, month in pairs):
        raise ValueError(texts.DAY_OVER_MONTH)


def differences(section: Section, before: Community, after: Community) -> tuple[str, ...]:
    """One line a changed setting."""
    return tuple(
        texts.changed(setting.label, setting.show(before), setting.show(after))
        for setting in section.settings
        if setting.of(before) != setting.of(after)
    )
