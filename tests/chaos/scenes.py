"""The scenes of the kill test: who does what while the vendor behaves how, and at which points they are stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.chaos.moderators import FLAGGED_PX, SENSITIVE
from tests.chaos.points import Stop

DELIVERED = frozenset({"delivered"})
NORMAL: dict[str, Any] = {"seconds": 0.2}
BROKEN_OFF: dict[str, Any] = {"picture": "truncated", "seconds": 0.1}
NUDE: dict[str, Any] = {"size": FLAGGED_PX, "seconds": 0.1}
WATCHED: dict[str, Any] = {"seconds": 1.0, "webhook": "off"}
SLOW: dict[str, Any] = {"seconds": 10.0, "steps": 100, "webhook": "off"}


@dataclass(frozen=True, slots=True)
class Scene:
    """One user's job. `then`: what is pressed once the job is in the state `at`; `ends`: how it may end."""

    user: str
    stop: Stop
    provider: str = "fake-async"
    prompt: str = "a fox in the snow"
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


def acts(*, lookup: bool, short: bool = False) -> list[Act]:
    """All of them, in the order in which they are played: what a vendor can do at the same time goes together.

    `short`: what is the same with look-ups and without is played in one of the two runs only.
    """
    together: dict[str, Act] = {}
    after, moderated = _after_the_answer(), _moderated(lookup=lookup)
    played = [
        *_drawing(lookup=lookup),
        *([] if short and lookup else after),
        *(moderated if lookup or not short else moderated[-1:]),
    ]
    for one in played:
        there = together.setdefault(one.name if one.late else str(one.script), one)
        if there is not one:
            together[str(one.script)] = replace(there, scenes=(*there.scenes, *one.scenes))
    return list(together.values())


def _moderated(*, lookup: bool) -> list[Act]:
    """Held, flagged and reported jobs, and users who are forgotten."""
    refused, cancelled = frozenset({"refused"}), frozenset({"cancelled"})
    posted = Stop("before:posted" if lookup else "after:posted")  # one loop carries all notices: it stops once a life
    return [
        act("held", NORMAL, both("ask"), prompt=SENSITIVE),
        act("approved", NORMAL, both("decide"), at="held", then="decide", prompt=SENSITIVE),
        act("rejected", NORMAL, both("decide"), at="held", then="decide", prompt=SENSITIVE, ends=refused),
        act("withdrawn", NORMAL, both("close"), at="held", then="cancel", prompt=SENSITIVE, ends=cancelled),
        act("flagged", NUDE, both("record", "ask")),
        act("screened", NUDE, both("decide"), at="review", then="decide"),
        act("shamed", NUDE, both("decide"), at="review", then="decide", ends=refused),
        act("reported", NORMAL, both("report"), at="delivered", then="report"),
        act("standing", NORMAL, both("decide"), at="delivered", then="judge"),
        act("removed", NORMAL, both("decide"), at="delivered", then="judge"),
        act("erased", NORMAL, both("erase"), at="delivered", then="erase"),
        act("erasing", SLOW, both("erase"), at="running", then="erase"),
        act("noticed", NORMAL, (posted,), prompt=SENSITIVE),
    ]


def _drawing(*, lookup: bool) -> list[Act]:
    """Everything up to the vendor's answer, and after a lost one."""
    after_loss = () if lookup else (*both("late", "tell"), *both("end", nth=2))
    lost = {"cut": "after", "hold": True}
    maybe = DELIVERED | {"uncertain"}
    rest = {"lost": True, "ends": DELIVERED if lookup else maybe}
    return [
        act("plain", NORMAL, both("accept", "claim", "placed", "release", "admit", "intend", "call_accepted")),
        act("watched", WATCHED, both("polled")),
        act("drawn", NORMAL, (*both("hooked", "call_done", "move", "store", "end"), *both("claim", "move", nth=2))),
        act("children", NORMAL, both("accept", "intend", "end"), action="upscale"),
        act("variations", NORMAL, both("call_accepted", "call_done"), action="variation"),
        act("blocking", NORMAL, both("intend", "call_done", "move"), provider="fake-blocking"),
        act("single", NORMAL, (*both("intend"), *both("call_accepted", "call_done", nth=3)), provider="fake-single"),
        act("busy", {"busy": 4, "seconds": 0.1}, both("call_refused", "retry")),
        act("early", {"webhook": "early", "seconds": 0.0, "answer_delay": 0.3}, both("hooked", "call_accepted")),
        act("lost", lost, (*both("call_unknown", "call_accepted", "store"), *after_loss), **rest),
        act("silent", {"cut": "after", "webhook": "off"}, both("call_unknown", "move"), **rest),
    ]


def _after_the_answer() -> list[Act]:
    """What happens to a job whose calls are known."""
    hold = {"hold": True, "webhook": "off"}
    failed, cancelled = frozenset({"failed", "delivered"}), frozenset({"cancelled", "delivered"})
    return [
        act("failing", {"outcome": "failed"}, both("call_refused", "end", "tell"), ends=failed),
        act("progress", SLOW, both("progressed")),
        act("cancel", SLOW, both("cancel", "call_refused", "end", "tell"), at="running", then="cancel", ends=cancelled),
        act("kept", SLOW | {"cancel": "refused"}, both("keep_going"), at="running", then="cancel", ends=cancelled),
        act("queue", hold, both("cancel", "end"), at="queued", then="cancel", ends=cancelled),
        act("deleted", NORMAL, both("delete", "tell"), at="delivered", then="delete"),
        act("deleting", SLOW, both("end"), at="running", then="delete", ends=cancelled),
        act("ping", NORMAL, both("tell"), then="ping"),
        act("dead", BROKEN_OFF, both("retry", "revive"), at="failed", then="revive", ends=failed),
    ]


def act(name: str, script: dict[str, Any], stops: Sequence[Stop], **facts: Any) -> Act:
    """One user for each stop."""
    users = tuple(Scene(f"{name}{n}", stop, **facts) for n, stop in enumerate(stops))
    return Act(name, script, users, late=bool(script.get("cut") and script.get("hold")))


def both(*names: str, nth: int = 1) -> tuple[Stop, ...]:
    """Before and after each of these writes."""
    return tuple(Stop(f"{when}:{name}", nth) for name in names for when in ("before", "after"))


def scenes(*, lookup: bool, short: bool = False) -> Iterator[Scene]:
    """Of all acts."""
    for one in acts(lookup=lookup, short=short):
        yield from one.scenes
