"""What the fake vendor is told to do with the calls that come next."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

CHOICES = {
    "webhook": {"on", "off", "early", "late", "double", "disorder"},
    "outcome": {"done", "failed", "moderated", "rejected"},
    "cut": {"", "before", "after"},
    "picture": {"ok", "missing", "gone", "forbidden", "busy", "stall", "html", "huge", "truncated", "half", "bomb"},
    "reply": {"", "html", "truncated", "nameless"},
    "status_fault": {"", "busy", "hang", "cut", "html", "truncated"},
    "cancel": {"confirmed", "refused"},
}


@dataclass(slots=True)
class Script:
    """Times in seconds. `times`: how many submits it is for, 0: all from now on.

    busy, errors, status_errors: so many next answers are 429, 5xx, and 5xx of the status route.
    `errors_paid`: the 5xx comes after the call was taken. `hold`: not done before POST /release. `word`: the status word
    while it runs. `webhook`: early = once, before the submit's answer (done by then if
    `seconds` is 0), late = `late` seconds after the end, disorder = "done" at once, and at the end that it runs.
    `retry_after` "": a 429 says nothing of when. `reply`: what comes in place of the answer to a submit that was taken.
    `status_fault`, `status_times`: what the next so many status answers are (0: all). `picture_times`: for how many
    downloads `picture` stands (0: all); afterwards they are as they should be.
    `pictures`: how many come instead of the count asked for. `outcome` rejected: refused by the rules at the submit.
    `cut`: drop the connection before the body is read (not paid) or after (paid). `size`: longest side of a picture in px.
    `grain`: shapes and noise, so that a picture weighs what a real one does (about 300 kB at 1024x1024).
    """

    times: int = 0
    answer_delay: float = 0.0
    seconds: float = 0.05
    steps: int = 0
    hold: bool = False
    word: str = "running"
    webhook: str = "on"
    late: float = 0.2
    outcome: str = "done"
    pictures: int | None = None
    busy: int = 0
    retry_after: str = "0.05"
    errors: int = 0
    error_status: int = 503
    error_envelope: bool = True
    errors_paid: bool = False
    status_errors: int = 0
    no_money: bool = False
    hang: bool = False
    cut: str = ""
    reply: str = ""
    status_fault: str = ""
    status_times: int = 0
    picture: str = "ok"
    picture_times: int = 0
    cancel: str = "confirmed"
    size: int = 64
    grain: bool = False


def due(script: Script, name: str) -> str:
    """The fault of `name` ("status_fault" or "picture") that comes now; counted down where it is for so many answers."""
    times = "status_times" if name == "status_fault" else f"{name}_times"
    word, left = str(getattr(script, name)), int(getattr(script, times))
    if left == 1:
        setattr(script, name, "ok" if name == "picture" else "")
    setattr(script, times, max(0, left - 1))
    return word


def read_script(data: dict[str, Any]) -> Script:
    """Raises ValueError for a field or a word that it does not know: a typing mistake must not make a test pass."""
    unknown = data.keys() - {f.name for f in fields(Script)}
    if unknown:
        raise ValueError(f"unknown script fields: {sorted(unknown)}")
    for name, words in CHOICES.items():
        if data.get(name, next(iter(words))) not in words:
            raise ValueError(f"{name} is one of {sorted(words)}")
    return Script(**data)
