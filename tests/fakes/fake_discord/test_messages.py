"""What a message may be and where it may stand."""

from __future__ import annotations

import pytest

from tests.fakes.discord import FakeDiscord, FakeInteraction
from tests.fakes.discord.model import MIB
from tests.fakes.fake_discord.raw import BUTTON, GALLERY, TEXT, V2, Json, Raw


async def test_deleted_and_ephemeral_messages_are_10008(raw: Raw, fake: FakeDiscord, it: FakeInteraction) -> None:
    await raw.answer(it, 4, {"content": "x", "flags": 64})
    assert it.message is not None
    path = f"/channels/{it.channel.id}/messages/{it.message.id}"
    assert (await raw(f"PATCH {path}", {"content": "y"}))[:2] == (404, 10008)
    assert (await raw(raw.hook(it), {"content": "y"}))[0] == 200
    fake.delete_message(it.message)
    assert (await raw(raw.hook(it), {"content": "z"}))[:2] == (404, 10008)
    assert (await raw(raw.hook(it, "GET")))[:2] == (404, 10008)


async def test_places_that_the_bot_cannot_see(raw: Raw, fake: FakeDiscord) -> None:
    channel, foreign = fake.channel(), fake.channel(fake.guild(installed=False))
    group, closed = fake.group_dm(fake.user(), fake.user()), fake.dm(fake.user(dms_open=False))
    asleep = fake.thread(fake.channel(), archived=True)
    fake.revoke(channel)
    places = {channel: (403, 50001), foreign: (403, 50001), group: (403, 50001), closed: (403, 50007), asleep: (400, 50083)}
    for place, expected in places.items():
        assert (await raw(f"POST /channels/{place.id}/messages", {"content": "x"}))[:2] == expected
    assert (await raw("POST /channels/1/messages", {"content": "x"}))[:2] == (404, 10003)
    mute = fake.channel(bot_permissions=1 << 10)
    assert (await raw(f"POST /channels/{mute.id}/messages", {"content": "x"}))[:2] == (403, 50013)


async def test_files_over_the_limit_are_413(raw: Raw, fake: FakeDiscord, it: FakeInteraction) -> None:
    body = {"attachments": [{"id": 0, "filename": "a.png"}]}
    await raw.answer(it, 5)
    assert (await raw(raw.hook(it), body, {0: b"x" * (10 * MIB + 1)}))[:2] == (413, 40005)
    rich = fake.slash(fake.user(limit=50 * MIB), it.channel, "imagine", prompt="x")
    await raw.answer(rich, 5)
    assert (await raw(raw.hook(rich), body, {0: b"x" * (10 * MIB + 1)}))[0] == 200
    assert (await raw(f"POST /channels/{it.channel.id}/messages", body, {0: b"x" * (10 * MIB + 1)}))[:2] == (413, 40005)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": 3}, "content"),
        ({"components": [{"type": 10}], "flags": V2}, "components.0"),
        (
            {
                "components": [{"type": 17, "components": [{"type": 1, "components": [BUTTON | {"label": "x" * 81}]}]}],
                "flags": V2,
            },
            "components.0.components.0.components.0.label",
        ),
        (
            {"components": [{"type": 1, "components": [BUTTON | {"custom_id": "x" * 101}]}]},
            "components.0.components.0.custom_id",
        ),
        ({"components": [{"type": 1, "components": [BUTTON | {"custom_id": ""}]}]}, "components.0.components.0.custom_id"),
        ({"components": [{"type": 17, "components": [{"type": 99}]}], "flags": V2}, "components.0.components.0.type"),
        ({"components": [TEXT]}, "components.0"),
        ({"components": [{"type": 1, "components": [BUTTON, BUTTON]}]}, "components.0.components.0.custom_id"),
        ({"components": [TEXT], "flags": V2, "content": "x"}, "content"),
        ({"components": [TEXT], "flags": V2, "embeds": [{"title": "x"}]}, "embeds"),
        ({"components": [TEXT | {"content": "x" * 2500}] * 2, "flags": V2}, "components"),
        ({"components": [{"type": 17, "components": [TEXT] * 39}, TEXT], "flags": V2}, "components"),
        ({"components": [GALLERY], "flags": V2}, "components.0.items.0.media.url"),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 5, "label": "x"}]}]},
            "components.0.components.0.url",
        ),
        ({"content": "x", "attachments": [{"id": 7}]}, "attachments.0.id"),
    ],
)
async def test_a_malformed_message_is_50035_and_a_violation(raw: Raw, fake: FakeDiscord, body: Json, where: str) -> None:
    channel = fake.channel()
    status, code, answer = await raw(f"POST /channels/{channel.id}/messages", body)
    assert (status, code) == (400, 50035)
    node = answer["errors"]
    for key in where.split("."):
        node = node[key]
    assert len(fake.violations) == 1
    assert where.rsplit(".", 1)[0] in fake.violations[0].message


async def test_exactly_forty_components_are_taken(raw: Raw, fake: FakeDiscord) -> None:
    body = {"components": [{"type": 17, "components": [TEXT] * 39}], "flags": V2}
    assert (await raw(f"POST /channels/{fake.channel().id}/messages", body))[0] == 200


async def test_files_and_their_references_must_meet(raw: Raw, fake: FakeDiscord) -> None:
    post = f"POST /channels/{fake.channel().id}/messages"
    listed = {"attachments": [{"id": 0, "filename": "a.png"}], "flags": V2}
    assert (await raw(post, listed | {"components": [TEXT]}, {0: b"x"}))[:2] == (400, 50035)
    assert (await raw(post, {"content": "x", "attachments": []}, {0: b"x"}))[:2] == (400, 50035)
    status, _, made = await raw(post, listed | {"components": [GALLERY]}, {0: b"x"})
    assert status == 200
    edit = f"PATCH /channels/{made['channel_id']}/messages/{made['id']}"
    assert (await raw(edit, {"attachments": []}))[:2] == (400, 50035)
    assert (await raw(edit, {"components": [GALLERY], "attachments": [{"id": made["attachments"][0]["id"]}]}))[0] == 200
    classic = {"components": [{"type": 1, "components": [BUTTON]}], "attachments": []}
    _, _, refused = await raw(edit, classic | {"flags": 0})
    assert list(refused["errors"]) == ["flags"]
    async with raw.session.get(made["components"][0]["items"][0]["media"]["url"]) as picture:
        assert await picture.read() == b"x"


async def test_an_enforced_nonce_gives_the_first_message_back(raw: Raw, fake: FakeDiscord) -> None:
    channel = fake.channel()
    body = {"content": "x", "nonce": "job", "enforce_nonce": True}
    first, second = [(await raw(f"POST /channels/{channel.id}/messages", body))[2]["id"] for _ in range(2)]
    assert first == second
    assert len(fake.messages_in(channel)) == 1


async def test_only_the_allowed_are_pinged_and_only_by_a_new_message(raw: Raw, fake: FakeDiscord) -> None:
    ada, bob, channel = fake.user(), fake.user("bob"), fake.channel()
    text = f"{ada.mention} {bob.mention} @everyone"
    post = f"POST /channels/{channel.id}/messages"
    for allowed, expected in ((None, text.split()), ({"parse": []}, []), ({"parse": [], "users": [ada.id]}, [ada.mention])):
        _, _, made = await raw(post, {"content": text} | ({"allowed_mentions": allowed} if allowed else {}))
        assert list(fake.messages[int(made["id"])].pinged) == expected
    assert (await raw(post, {"content": text, "allowed_mentions": {"parse": ["users"], "users": [ada.id]}}))[:2] == (
        400,
        50035,
    )
