"""Any Card becomes a message that Discord's own schema and limits accept."""

from __future__ import annotations

from typing import Any, cast

import discord
import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.escape import length
from bot.discord.files import draw, file_name
from bot.discord.forms import modal, read_modal, uploads
from bot.discord.render import NO_VALUE, layout
from bot.jobs.chat_port import ChatError
from bot.jobs.controls import Control
from bot.jobs.place import Actor, Platform
from bot.jobs.surface import Button, Card, Choice, Field, FieldKind, Form, Link, Menu, Style, Tone
from tests.bot.discord.stub import PNG, StubPictures, picture, with_buttons
from tests.fakes.discord.schema import problems

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ANN = Actor(Platform.DISCORD, "42", "ann")
words = st.text(max_size=400) | st.just("@everyone [x](https://e.example) " * 40) | st.just("🗼" * 3_000)
controls = st.builds(lambda number: str(Control("upscale", f"job{number}", number % 5)), st.integers(0, 60))
buttons = st.builds(Button, controls, words, st.sampled_from(Style), st.booleans())
choices = st.lists(st.builds(Choice, st.text(max_size=30), words), max_size=30).map(tuple)
menus = st.builds(Menu, controls, words, choices)
rows = st.lists(st.lists(buttons | menus, max_size=8).map(tuple), max_size=9).map(tuple)
links = st.lists(st.builds(Link, words, st.just("https://discord.com/channels/1/2/3")), max_size=7).map(tuple)
cards = st.builds(
    Card,
    st.sampled_from(Tone),
    title=words,
    by=st.none() | st.just(ANN),
    status=words,
    percent=st.none() | st.integers(-5, 120),
    lines=st.lists(words, max_size=12).map(tuple),
    facts=st.lists(st.tuples(words, words), max_size=12).map(tuple),
    rows=rows,
    links=links,
)


def sent(view: ui.LayoutView) -> list[dict[str, Any]]:
    """What goes over the line."""
    made: list[dict[str, Any]] = cast("Any", view).to_components()
    return made


def parts(card: Card) -> list[dict[str, Any]]:
    return sent(layout(card))


def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for entry in components for found in (entry, *walk(entry.get("components", [])))]


@given(cards)
@settings(max_examples=60, deadline=None)
def test_any_card_is_within_the_limits(card: Card) -> None:
    components = parts(card)
    every = walk(components)
    ids = [entry["custom_id"] for entry in every if "custom_id" in entry]
    assert len(every) <= 40
    assert sum(length(entry["content"]) for entry in every if entry["type"] == 10) <= 4_000
    assert len(ids) == len(set(ids))
    body = {"type": 4, "data": {"flags": 1 << 15, "components": components}}
    assert problems("POST", CALLBACK, body) == []


def test_a_long_prompt_still_shows_with_its_status_and_requester() -> None:
    card = Card(Tone.RUNNING, title="x" * 6_000, by=ANN, status="drawing", percent=31)
    text = parts(card)[0]["components"][0]["content"]
    assert text.startswith("**xxx")
    assert "…** - <@42>\n▰▰▰▱▱▱▱▱▱▱ 31 % drawing" in text
    assert length(text) > 3_500


def test_no_percent_no_bar() -> None:
    assert "▱" not in parts(Card(Tone.RUNNING, status="drawing"))[0]["components"][0]["content"]


def test_somebody_from_elsewhere_is_named_not_mentioned() -> None:
    by = Actor(Platform.SLACK, "U1", "<@7> bob")
    text = parts(Card(Tone.DONE, title="x", by=by))[0]["components"][0]["content"]
    assert text == r"**x** - \<@7\> bob"


def test_an_empty_choice_travels_under_another_name() -> None:
    menu = Menu(str(Control("setting", "provider")), "Provider", (Choice("", "Default"), Choice("fal", "fal.ai")))
    select = walk(parts(Card(Tone.DONE, rows=((menu,),))))[-1]
    assert [(option["value"], option.get("default")) for option in select["options"]] == [(NO_VALUE, True), ("fal", False)]


async def test_pictures_are_named_described_and_hidden() -> None:
    shown = picture()
    drawing = await draw(Card(Tone.DONE, pictures=(shown,)), StubPictures(grid=PNG))
    gallery = sent(drawing.view)[0]["components"][1]["items"]
    assert gallery == [{"media": {"url": "attachment://grid.png"}, "description": "four lighthouses", "spoiler": False}]
    assert [file.filename for file in drawing.files] == ["grid.png"]


async def test_a_picture_that_is_not_stored_is_a_chat_error() -> None:
    with pytest.raises(ChatError):
        await draw(Card(Tone.DONE, pictures=(picture(),)), StubPictures())


def test_file_names_are_safe_and_different() -> None:
    assert file_name("../a b?.png", 0) == "a_b_.png"
    assert file_name("a.png", 1) == "2-a.png"
    assert file_name("///", 0) == "picture"


async def test_neither_view_nor_modal_is_kept_in_memory() -> None:
    assert modal(Form("i1:remix:x:0", "Remix", (user_field(),))).is_finished()
    assert layout(with_buttons(str(Control("upscale", "job1", 1)))).is_finished()


async def test_every_kind_of_field_passes_the_schema() -> None:
    kinds = [FieldKind.LONG_TEXT, FieldKind.CHOICE, FieldKind.CHANNEL, FieldKind.ROLE, FieldKind.FILE]
    fields = tuple(Field(kind.value, "Label" * 20, kind, hint="h" * 200, choices=(Choice("", "none"),)) for kind in kinds)
    for form in (Form("i1:setting:x:0", "T" * 60, fields), Form("i1:setting:x:0", "User", (user_field(),))):
        assert problems("POST", CALLBACK, {"type": 9, "data": modal(form).to_dict()}) == []


def user_field() -> Field:
    return Field("who", "Who", FieldKind.USER, value="42")


async def test_a_text_that_is_longer_than_a_field_is_cut() -> None:
    form = Form("i1:remix:x:0", "Remix", (Field("prompt", "Prompt", FieldKind.LONG_TEXT, "x" * 6_000, longest=6_000),))
    inner = modal(form).to_dict()["components"][0]["component"]
    assert inner["max_length"] == len(inner["value"]) == 4_000


def test_a_submitted_modal_is_read_back() -> None:
    components: list[dict[str, Any]] = [
        {"type": 18, "component": {"type": 4, "custom_id": "prompt", "value": "a cat"}},
        {"type": 18, "component": {"type": 3, "custom_id": "style", "values": [NO_VALUE]}},
        {"type": 18, "component": {"type": 19, "custom_id": "image", "values": ["77"]}},
        {"type": 1, "components": [{"type": 4, "custom_id": "old", "value": "row"}]},
    ]
    values = read_modal(components)
    assert values == {"prompt": ["a cat"], "style": [""], "image": ["77"], "old": ["row"]}
    assert uploads(values, {"attachments": {"77": {"filename": "a.png"}}}) == {"image": {"filename": "a.png"}}


def test_accent_follows_the_tone() -> None:
    accents = {parts(Card(tone))[0]["accent_color"] for tone in Tone}
    assert len(accents) == len(Tone)
    assert discord.Colour.brand_green().value in accents
