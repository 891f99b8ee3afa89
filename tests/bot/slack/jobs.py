"""Jobs and Cards for the Chat adapter."""

from __future__ import annotations

from bot.jobs.model import Action, Job, JobState, Picture, Request
from bot.jobs.place import Actor, MessageRef, Place, Platform, Reply
from bot.jobs.surface import Button, Card, Shown, Tone
from providers.base import Params, Size

REF = MessageRef("C1", "1700000000.000100", "https://painters.slack.com/archives/C1/p1700000000000100")
WAITING = Card(Tone.WAITING, title="fox", status="Waiting", rows=((Button("i1:cancel:j1:0", "Cancel"),),))
RUNNING = Card(Tone.RUNNING, title="fox", status="Drawing", percent=40)
GRID = Shown(Picture("grid-1", "image/jpeg", 8, 8, 4), "grid.jpg", "four foxes")
DONE = Card(Tone.DONE, title="fox", pictures=(GRID,), rows=((Button("i1:upscale:j1:1", "U1"),),))


def job(*, channel: str = "C1", thread: str = "", message: MessageRef | None = None, reply_until: float = 2e9) -> Job:
    """A job of ann's in channel C1 of workspace T1."""
    return Job(
        id="j1",
        action=Action.IMAGINE,
        state=JobState.RUNNING,
        actor=Actor(Platform.SLACK, "U1", "ann", "T1"),
        place=Place(Platform.SLACK, channel, "T1", thread),
        request=Request("fox", "fox", Params(), Size(8, 8)),
        units=4,
        provider="sketch",
        created_at=0.0,
        message=message,
        reply=Reply("", reply_until, {"response_url": "https://hooks.slack.com/r"}),
    )
