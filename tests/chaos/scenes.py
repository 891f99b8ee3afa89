"""The scenes of the kill test: who does what while the vendor behaves how, and at which points they are stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.points import Stop

DELIVERED = frozenset({"delivered"})
NORMAL: dict[str, Any] = {"seconds": 0.2}
MISSING: dict[str, Any] = {"picture": "missing", "seconds": 0.1}
SLOW: dict[str, Any] = {"seconds": 10.0, "steps": 100, "webhook": "off"}


@dataclass(frozen=True, slots=True)
class Scene:
    """One user's job. `then`: what is pressed once the job is in the state `at`; `ends`: how it may end."""

    user: str
    stop: Stop
    provider: str = "fake-async"
    at: str = ""
    then: str = ""
    action: str = "imagine"
    ends: frozenset[str] = DELIVERED
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Scenes that are played together while the vendor follows `script`.

    `late`: the vendor is done, and reports it, only when the bot has given its lost calls up (or found them by our key).
    """

    name: str
    script: dict[str, Any]
    scenes: tuple[Scene, ...] = field(repr=False)
    late: bool = False


def acts(*, lookup: bool) -> list[Act]:
    """All of them, in the order in which they are played."""
    after_loss = () if lookup else (*both("late", "tell"), *both("end", nth=2))
    lost = {"cut": "after", "hold": True}
    hold = {"hold": True, "webhook": "off"}
    maybe, cancelled = DELIVERED | {"uncertain"}, frozenset({"cancelled", "delivered"})
    failed = frozenset({"failed", "delivered"})
    rest = {"lost": True, "ends": DELIVERED if lookup else maybe}
    return [
        act("plain", NORMAL, both("accept", "claim", "placed", "release", "admit", "intend", "call_accepted", "polled")),
        act("drawn", NORMAL, (*both("hooked", "call_done", "move", "store", "end"), *both("claim", "move", nth=2))),
        act("children", NORMAL, both("accept", "intend", "end"), action="upscale"),
        act("variations", NORMAL, both("call_accepted", "call_done"), action="variation"),
        act("blocking", NORMAL, both("intend", "call_done", "move"), provider="fake-blocking"),
        act("single", NORMAL, (*both("intend"), *both("call_accepted", "call_done", nth=3)), provider="fake-single"),
        act("busy", {"busy": 4, "seconds": 0.1}, both("call_refused", "retry")),
        act("early", {"webhook": "early", "seconds": 0.0, "answer_delay": 0.3}, both("hooked", "call_accepted")),
        act("lost", lost, (*both("call_unknown", "call_accepted", "store"), *after_loss), **rest),
        act("silent", {"cut": "after", "webhook": "off"}, both("call_unknown", "move"), **rest),
        act("failing", {"outcome": "failed"}, both("call_refused", "end", "tell"), ends=failed),
        act("progress", SLOW, both("progressed")),
        act("cancel", SLOW, both("cancel", "call_refused", "end", "tell"), at="running", then="cancel", ends=cancelled),
        act("kept", SLOW | {"cancel": "refused"}, both("keep_going"), at="running", then="cancel", ends=cancelled),
        act("queue", hold, both("cancel", "end"), at="queued", then="cancel", ends=cancelled),
        act("deleted", NORMAL, both("delete", "tell"), at="delivered", then="delete"),
        act("deleting", SLOW, both("end"), at="running", then="delete", ends=cancelled),
        act("ping", NORMAL, both("tell"), then="ping"),
        act(
            "dead", {"picture": "missing", "seconds": 0.1}, both("retry", "revive"), at="failed", then="revive", ends=failed
        ),
    ]


def act(name: str, script: dict[str, Any], stops: Sequence[Stop], **facts: Any) -> Act:
    """One user for each stop."""
    users = tuple(Scene(f"{name}{n}", stop, **facts) for n, stop in enumerate(stops))
    return Act(name, script, users, late=bool(script.get("cut") and script.get("hold")))


def both(*names: str, nth: int = 1) -> tuple[Stop, ...]:
    """Before and after each of these writes."""
    return tuple(Stop(f"{when}:{name}", nth) for name in names for when in ("before", "after"))


def scenes(*, lookup: bool) -> Iterator[Scene]:
    """Of all acts."""
    for one in acts(lookup=lookup):
        yield from one.scenes
