"""Forms with pickers of channels, roles, people and several choices: opened, prefilled, and read back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.discord.render import NO_VALUE
from bot.jobs.asks import OpenForm, Placeholder, Private, Submission
from bot.jobs.surface import Card, Choice, Field, FieldKind, Form, Tone
from tests.bot.discord.conftest import Live
from tests.bot.discord.stub import with_buttons
from tests.fakes.discord import FakeInteraction, User

CONTROL = "i1:admin:channels:0"
MODES = (Choice("", "Off"), Choice("flagged", "Flagged only"), Choice("all", "Everything"))
ADMIN = 1 << 5


async def opened(live: Live, admin: User, *fields: Field) -> FakeInteraction:
    """A Form that a command opened."""
    live.core.answer = OpenForm(Form(CONTROL, "Channels", fields))
    asked = live.fake.slash(admin, live.fake.channel(), "imagine-admin settings")
    await asked.modal()
    return asked


async def read(live: Live, admin: User, asked: FakeInteraction, **values: object) -> Mapping[str, str]:
    """What the core gets."""
    live.core.answer = Private(Card(Tone.DONE, lines=("saved",), private=True))
    sent = live.fake.modal(admin, CONTROL, values, asked)  # type: ignore[arg-type]  # the fake refuses what does not fit
    assert (await sent.response()).ephemeral
    submission = live.core.asked[-1]
    assert isinstance(submission, Submission)
    return submission.values


async def test_several_channels_roles_and_people(live: Live) -> None:
    admin, bob, eve = (live.fake.user(name, permissions=ADMIN) for name in ("admin", "bob", "eve"))
    art, log = live.fake.channel(), live.fake.channel()
    asked = await opened(
        live,
        admin,
        Field("channels", "Channels", FieldKind.CHANNEL, most=25),
        Field("roles", "Roles", FieldKind.ROLE, most=3),
        Field("people", "People", FieldKind.USER, most=2),
        Field("log", "Log channel", FieldKind.CHANNEL),
    )
    values = await read(live, admin, asked, channels=[art, log], roles=[11, 12, 13], people=[eve, bob], log=log)
    assert dict(values) == {
        "channels": f"{art.id},{log.id}",
        "roles": "11,12,13",
        "people": f"{eve.id},{bob.id}",
        "log": str(log.id),
    }


async def test_what_is_set_stays_set_and_can_be_cleared(live: Live) -> None:
    admin = live.fake.user(permissions=ADMIN)
    art, log = live.fake.channel(), live.fake.channel()
    fields = (
        Field("channels", "Channels", FieldKind.CHANNEL, f"{art.id},{log.id}", most=25),
        Field("roles", "Roles", FieldKind.ROLE, "11,12", most=25),
        Field("people", "Who", FieldKind.USER, str(admin.id)),
        Field("modes", "Review", FieldKind.CHOICE, "flagged,all", choices=MODES, most=3),
    )
    values = await read(live, admin, await opened(live, admin, *fields))
    assert dict(values) == {
        "channels": f"{art.id},{log.id}",
        "roles": "11,12",
        "people": str(admin.id),
        "modes": "flagged,all",
    }
    cleared = await read(live, admin, await opened(live, admin, *fields), channels=[], roles=[], people=[], modes=[])
    assert set(cleared.values()) == {""}


async def test_one_choice_among_empty_and_others(live: Live) -> None:
    admin = live.fake.user(permissions=ADMIN)
    for value in ("", "all"):
        field = Field("mode", "Review", FieldKind.CHOICE, value, choices=MODES, required=True)
        assert dict(await read(live, admin, await opened(live, admin, field))) == {"mode": value}


async def test_what_is_required_cannot_be_left_empty(live: Live) -> None:
    admin = live.fake.user(permissions=ADMIN)
    asked = await opened(live, admin, Field("people", "Who", FieldKind.USER, required=True, most=5))
    with pytest.raises(ValueError, match="too few"):
        live.fake.modal(admin, CONTROL, {"people": []}, asked)


async def test_more_values_than_fit_are_cut(live: Live) -> None:
    admin = live.fake.user(permissions=ADMIN)
    roles = ",".join(map(str, range(11, 41)))
    fields = (
        Field("one", "Role", FieldKind.ROLE, roles),
        Field("many", "Roles", FieldKind.ROLE, f"{roles},11,nobody", most=99),
        Field("modes", "Review", FieldKind.CHOICE, "flagged,all", choices=MODES, most=1),
        Field("two", "Review", FieldKind.CHOICE, "flagged,all,", choices=MODES, most=2),
    )
    values = await read(live, admin, await opened(live, admin, *fields), modes="all", two=[NO_VALUE, "all"])
    assert values["one"] == "11"
    assert len(values["many"].split(",")) == 25
    assert (values["modes"], values["two"]) == ("all", ",all")


async def test_a_form_from_a_button_answers_in_its_message(live: Live) -> None:
    """Settings page -> button -> Form with a picker -> the page shows the change."""
    admin = live.fake.user(permissions=ADMIN)
    live.core.answer = Placeholder("job1", with_buttons(CONTROL))
    page = await live.fake.slash(admin, live.fake.channel(), "imagine", prompt="x").response()
    live.core.answer = OpenForm(Form(CONTROL, "Roles", (Field("roles", "Roles", FieldKind.ROLE, most=5),)))
    pressed = live.fake.press(admin, page, CONTROL)
    await pressed.modal()
    live.core.answer = Private(Card(Tone.DONE, lines=("saved",), private=True))
    sent = live.fake.modal(admin, CONTROL, {"roles": [7, 8]}, pressed)
    await sent.response()
    submission = live.core.asked[-1]
    assert isinstance(submission, Submission)
    assert dict(submission.values) == {"roles": "7,8"}
