"""The 3 seconds, the 15 minutes, who may answer what, and what a person cannot do."""

from __future__ import annotations

import pytest

from tests.fakes.discord import FakeDiscord, FakeInteraction, ManualClock
from tests.fakes.fake_discord.raw import BUTTON, V2, Raw


async def test_a_late_and_an_unknown_answer_are_10062(raw: Raw, it: FakeInteraction, clock: ManualClock) -> None:
    clock.advance(3.1)
    assert (await raw.answer(it, 5))[:2] == (404, 10062)
    assert (await raw("POST /interactions/1/none/callback", {"type": 5}))[:2] == (404, 10062)
    assert it.ack is None


async def test_a_second_answer_is_40060(raw: Raw, it: FakeInteraction) -> None:
    assert (await raw.answer(it, 5))[0] == 200
    assert (await raw.answer(it, 5))[:2] == (400, 40060)


async def test_a_deferred_answer_carries_only_the_ephemeral_flag(raw: Raw, it: FakeInteraction) -> None:
    assert (await raw.answer(it, 5, {"content": "x"}))[:2] == (400, 50035)
    assert (await raw.answer(it, 5, {"flags": V2}))[:2] == (400, 50035)
    status, _, body = await raw.answer(it, 5, {"flags": 64})
    assert status == 200
    assert body["interaction"]["response_message_ephemeral"] is True
    assert "resource" not in body


@pytest.mark.parametrize("kind", [6, 7, 8])
async def test_these_types_do_not_answer_a_command(raw: Raw, it: FakeInteraction, kind: int) -> None:
    assert (await raw.answer(it, kind, {"choices": []} if kind == 8 else None))[:2] == (400, 50035)


async def test_a_dialog_does_not_answer_a_dialog(raw: Raw, it: FakeInteraction, fake: FakeDiscord) -> None:
    field = {"type": 18, "label": "L", "component": {"type": 4, "style": 1, "custom_id": "f"}}
    modal = {"custom_id": "m", "title": "T", "components": [field]}
    assert (await raw.answer(it, 9, modal))[0] == 200
    sent = fake.modal(it.user, "m", {"f": "x"}, it)
    assert (await raw.answer(sent, 9, modal))[:2] == (400, 50035)
    assert (await raw.answer(sent, 4, {"content": "ok"}))[0] == 200


async def test_the_token_dies_after_15_minutes_and_the_channel_route_lives_on(
    raw: Raw, it: FakeInteraction, clock: ManualClock
) -> None:
    assert (await raw(raw.hook(it), {"content": "x"}))[:2] == (404, 10015)
    _, _, body = await raw.answer(it, 4, {"content": "x"})
    clock.advance(15 * 60 + 1)
    assert (await raw(raw.hook(it), {"content": "y"}))[:2] == (401, 50027)
    message = body["resource"]["message"]
    assert (await raw(f"PATCH /channels/{message['channel_id']}/messages/{message['id']}", {"content": "z"}))[0] == 200
    assert it.message is not None
    assert it.message.content == "z"


async def test_the_sixth_follow_up_of_a_user_install_is_40094(raw: Raw, fake: FakeDiscord) -> None:
    it = fake.slash(fake.user(), fake.channel(fake.guild(installed=False)), "imagine", prompt="x")
    await raw.answer(it, 4, {"content": "x"})
    codes = [(await raw(raw.hook(it, "POST", ""), {"content": "x"}))[:2] for _ in range(6)]
    assert codes == [(200, 0)] * 5 + [(400, 40094)]


async def test_the_first_follow_up_fills_a_deferred_answer(raw: Raw, it: FakeInteraction) -> None:
    await raw.answer(it, 5)
    assert (await raw(raw.hook(it, "POST", ""), {"content": "x"}))[0] == 200
    assert it.followups == []
    assert (await it.response()).content == "x"


async def test_a_person_cannot_press_what_is_not_there(raw: Raw, fake: FakeDiscord, it: FakeInteraction) -> None:
    await raw.answer(it, 4, {"components": [{"type": 1, "components": [BUTTON | {"disabled": True}]}], "flags": 64})
    assert it.message is not None
    with pytest.raises(ValueError, match="cannot be pressed"):
        fake.press(it.user, it.message, "u1")
    with pytest.raises(ValueError, match="sees no component"):
        fake.press(fake.user(), it.message, "u1")
    with pytest.raises(LookupError, match="U1"):
        it.message.button("V1")


async def test_a_hidden_command_is_not_offered(fake: FakeDiscord) -> None:
    fake.commands[None][0]["default_member_permissions"] = str(1 << 5)
    with pytest.raises(PermissionError):
        fake.slash(fake.user(), fake.channel(), "imagine")
    assert fake.slash(fake.user(permissions=1 << 5), fake.channel(), "imagine").type == 2
