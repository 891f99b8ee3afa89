"""The stub core with moderators' answers, and what the bot posts for them."""

from __future__ import annotations

from bot.jobs.asks import Answer, OpenForm, Press, Private, Submission, Update
from bot.jobs.controls import read_control
from bot.jobs.model import Picture
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.surface import Button, Card, Choice, Download, Field, FieldKind, Form, Shown, Style, Tone
from tests.bot.playground.house import House
from tests.bot.playground.stub import StubCore, draw

PUBLIC = Place(Platform.PLAYGROUND, "playground", "playground")
MODERATORS = Place(Platform.PLAYGROUND, "moderators", "playground")
REASON = "i1:review:r1:1"
LEVELS = (Choice("strict", "Strict"), Choice("standard", "Standard"), Choice("relaxed", "Relaxed"))
FORM = Form(
    "i1:admin:places:0",
    "Who and where",
    (
        Field("levels", "Levels", FieldKind.CHOICE, "standard", "Two at most", required=True, choices=LEVELS, most=2),
        Field("channels", "Channels", FieldKind.CHANNEL, "playground", most=5),
        Field("log", "Log channel", FieldKind.CHANNEL),
        Field("roles", "Roles", FieldKind.ROLE, "artists", "Who may draw", most=2),
        Field("people", "People", FieldKind.USER, most=3),
    ),
    "Save",
)


class DeskCore(StubCore):
    """Answers reports and reviews with a Card, the settings page with a Form."""

    async def press(self, asked: Press) -> Answer:
        control = read_control(asked.control)
        action = control.action if control else ""
        if action not in ("report", "moderate", "review", "admin"):
            return await super().press(asked)
        self.asked.append(asked)
        if action == "admin":
            return OpenForm(FORM)
        if action == "review":
            return Update(Card(Tone.DONE, "a dragon", status=f"Approved by {asked.ask.actor.name}"))
        return Private(Card(Tone.DONE, status=f"{action} taken", private=True))

    async def submit(self, asked: Submission) -> Answer:
        if asked.control not in (FORM.control, REASON):
            return await super().submit(asked)
        self.asked.append(asked)
        if asked.control == REASON:
            return Update(Card(Tone.DONE, "a dragon", status="Rejected"))
        return Private(Card(Tone.DONE, status="Saved", private=True))


async def review_card(house: House, key: str = "review:1", *, spoiler: bool = True) -> MessageRef:
    """A picture that waits, with its buttons and a file, in #moderators."""
    data, width, height = draw(key, tiles=2)
    await house.pictures.put("held/1.png", data, "image/png")
    await house.pictures.put("held/log.csv", b"when,who\n", "text/csv")
    picture = Picture("held/1.png", "image/png", width, height, len(data))
    card = Card(
        Tone.WAITING,
        "a dragon over the old town",
        status="Waits for a moderator",
        facts=(("Person", "Kim"), ("Pictures so far", "3"), ("Why", "first pictures of a new user")),
        pictures=(Shown(picture, "held.png", "Four drafts that wait", spoiler=spoiler),),
        rows=(
            (Button("i1:review:r1:0", "Approve", Style.PRIMARY), Button("i1:review:r1:1", "Reject", Style.DANGER)),
            (Button("i1:admin:places:0", "Settings"),),
        ),
        files=(Download("held/log.csv", "log.csv", "text/csv"),),
    )
    return await house.front.chat.post(MODERATORS, card, key)
