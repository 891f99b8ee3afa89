"""What people type is shown as typed: it never pings, formats, links or breaks the message."""

from __future__ import annotations

import re

import pytest

from tests.fakes.discord import routes
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.server import alts, private

NASTY = [
    "@everyone @here look <@&123> <@456> <#789>",
    "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block```",
    "# heading\n> quote\n- list\n1. one\n-# small",
    "[click](https://evil.example) https://evil.example <t:0:R> <:smile:1>",
    "bell\x07 null\x00 escape\x1b[31m back\x08 \u202e turned \ufeff",
    "zalgo " + "e\u0301\u0302\u0303" * 30,
    "👩‍👩‍👧‍👦" * 40,
    "\\" * 60 + "*" * 60,
]


async def test_nothing_typed_pings_or_breaks(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    for prompt in NASTY:
        shown = await server.drawn(prompt)
        assert set(shown.pinged) <= {server.ann.mention}
        assert "@everyone" not in shown.text
        assert not any(ord(char) < 32 and char != "\n" for char in shown.text)
        assert re.search(r"(?<!\\)(?:[\[\]]|://)", shown.text) is None
        assert len(alts(shown)[0]) <= 1024
        details = await private(await server.press(shown, "Show details"))
        assert details.pinged == ()
        await server.press(shown, "Delete")
    for call in server.fake.calls:
        body = call.body if isinstance(call.body, dict) else {}
        mentions = (body.get("data") or body).get("allowed_mentions")
        if mentions is not None:
            assert mentions.get("parse") == []
            assert {str(user) for user in mentions.get("users", [])} <= {str(server.ann.id)}


async def test_a_prompt_of_6000_characters(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    prompt = "fox " * 1500
    shown = await server.drawn(prompt[:5999] + "!")
    assert "…" in shown.text
    assert next(iter(studio.easel.paid.values())).prompt.count("fox") == 1500
    pressed = await server.press(shown, "✎")
    assert (await pressed.modal())["components"][0]["component"]["value"].startswith("fox fox")
    details = await private(await server.press(shown, "Show details"))
    for words in ("Sent to the provider", "100, 101, 102, 103", "the fake", "USD"):
        assert words in details.text


async def test_6001_characters_never_leave_the_client(studio: Studio) -> None:
    server = studio.server
    with pytest.raises(ValueError, match="6001"):
        server.fake.slash(server.ann, server.art, "imagine", prompt="x" * 6001)
    data = server.fake.slash(server.ann, server.art, "imagine", prompt="a").data
    body = data | {"options": [data["options"][0] | {"value": "x" * 6001}]}
    before = len(studio.easel.paid)
    sent = server.fake._interact(2, server.bob, server.art, body)
    assert "6,001" in (await private(sent)).text.replace("\\", "")
    assert len(studio.easel.paid) <= before + 1
    assert await server.used(server.bob) == 0


async def test_prompts_without_anything_to_draw_are_refused_or_open_the_form(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    for prompt, words in (("--ar 3:2", "nothing to draw"), ("a fox --ar 0:1", "--ar"), ("a fox --sed 1", "--seed")):
        refused = await private(await server.imagine(prompt))
        assert words in refused.text.replace("\\", ""), refused.text
    asked = server.fake.slash(server.ann, server.art, "imagine", prompt="   ")
    dialog = await asked.modal()
    sent = server.fake.modal(server.ann, dialog["custom_id"], {"prompt": "a fox"}, asked)
    assert (await server.finished(await sent.response())).images
    assert server.fake.count(routes.POST_MESSAGE) == 0
    assert await server.used() == 4
