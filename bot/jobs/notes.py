"""What a person is told once about how a job is done by its provider."""

from __future__ import annotations

from bot.jobs.drawing import DRAFT, drafts, way
from bot.jobs.model import Action
from bot.jobs.parameters import PARAMETERS
from bot.texts import states
from providers.base import Capabilities, Kind, Params


def notes(action: Action, params: Params, capabilities: Capabilities, *, native: bool) -> tuple[str, ...]:
    """How U or V is done where it is not native, and which parameters have no effect. `native`: it drew the parent."""
    chosen = way(action, capabilities, native=native)
    told = [chosen.note] if chosen.note else []
    ignored = params.given() - capabilities.honours
    if params.speed == DRAFT and not drafts(capabilities):
        ignored |= {"speed"}
    if ignored and chosen.kind is not Kind.UPSCALE:
        names = {p.field: p.name for p in PARAMETERS if p.field != "speed"} | {"speed": params.speed}
        told.append(states.ignored(sorted(names[field] for field in ignored), capabilities.label))
    return tuple(told)
