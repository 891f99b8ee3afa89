"""What a person is told once about how a job is done by its provider."""

from __future__ import annotations

from collections.abc import Collection

from bot.jobs.drawing import DRAFT, drafts, way
from bot.jobs.model import Action
from bot.jobs.parameters import PARAMETERS
from bot.texts import states
from providers.base import Kind, Params
from providers.capabilities import Capabilities

NAMES = {p.field: p.name for p in PARAMETERS if p.field != "speed"}


def notes(
    action: Action, params: Params, capabilities: Capabilities, *, native: bool, image: bool = False
) -> tuple[str, ...]:
    """How U or V is done where it is not native, and which parameters have no effect.

    `native`: it drew the parent; `image`: it starts from a person's own picture.
    """
    chosen = way(action, capabilities, native=native)
    told = [chosen.note] if chosen.note else []
    ignored = params.given() - capabilities.honours
    if params.speed == DRAFT and not drafts(capabilities):
        ignored |= {"speed"}
    lost = (params.given() & capabilities.lost_with_picture) - ignored if image else frozenset()
    if ignored and chosen.kind is not Kind.UPSCALE:
        told.append(states.ignored(_named(ignored, params), capabilities.label))
    if lost:
        told.append(states.lost_with_picture(_named(lost, params), capabilities.label))
    return tuple(told)


def _named(fields: Collection[str], params: Params) -> list[str]:
    """As they are typed, without the dashes."""
    names = NAMES | {"speed": params.speed}
    return sorted(names[field] for field in fields)
