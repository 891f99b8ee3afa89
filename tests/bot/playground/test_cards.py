"""Cards survive the trip through JSON text."""

from __future__ import annotations

import json

import pytest

from bot.jobs.mentions import channel_mention, role_mention
from bot.jobs.model import Picture
from bot.jobs.place import Actor, Platform
from bot.jobs.surface import Button, Card, Choice, Download, Field, FieldKind, Form, Link, Menu, Shown, Style, Tone
from bot.playground.cards import card_from_json, card_to_json, form_to_json

FULL = Card(
    tone=Tone.RUNNING,
    title="<b>a fox</b> @everyone",
    by=Actor(Platform.PLAYGROUND, "robin", "Robin", "", moderator=True, admin=True, roles=("artists", "vip")),
    status="Drawing",
    percent=31,
    lines=("one", "two"),
    facts=(("Seed", "7"),),
    pictures=(Shown(Picture("k/1.png", "image/png", 3, 2, 100, 7, "x"), "fox.png", "A fox", spoiler=True),),
    rows=(
        (Button("i1:upscale:j:1", "U1", Style.PRIMARY, enabled=False, hint="Enlarge"),),
        (Menu("i1:setting:ratio:0", "Ratio", (Choice("1:1", "Square"),), "1:1"),),
    ),
    links=(Link("Parent", "/#m-1"),),
    private=True,
    files=(Download("k/2.csv", "log.csv", "text/csv"),),
)


@pytest.mark.parametrize("card", [FULL, Card(Tone.DONE)])
def test_round_trip(card: Card) -> None:
    assert card_from_json(json.loads(json.dumps(card_to_json(card)))) == card


def test_items_say_what_they_are() -> None:
    rows = card_to_json(FULL)["rows"]
    assert [row[0]["type"] for row in rows] == ["button", "menu"]


def test_form() -> None:
    form = Form("i1:remix:j:0", "Remix", (Field("prompt", "Prompt", FieldKind.LONG_TEXT, "a fox", required=True),), "Draw")
    data = json.loads(json.dumps(form_to_json(form)))
    assert (data["control"], data["submit"], data["fields"][0]["kind"]) == ("i1:remix:j:0", "Draw", "long_text")


def test_channels_and_roles_stand_by_their_names() -> None:
    value = f"in {channel_mention('moderators')} for {role_mention('vip')}"
    row = (Button("i1:help::0", value), Menu("i1:admin:x:0", value, (Choice("1", value),)))
    card = Card(Tone.DONE, value, status=value, lines=(value,), facts=((value, value),), rows=(row,))
    text = json.dumps(card_to_json(card))
    assert text.count("in #moderators for @vip") == 8
    assert "\\ufdd" not in text
    form = form_to_json(Form("i1:admin:x:0", value, (Field("x", value),)))
    assert (form["title"], form["fields"][0]["label"]) == ("in #moderators for @vip",) * 2


def test_typed_mentions_are_words() -> None:
    assert card_to_json(Card(Tone.DONE, "#moderators <#1> \ufdd0c:\ufdd1"))["title"] == "#moderators <#1> c:"
