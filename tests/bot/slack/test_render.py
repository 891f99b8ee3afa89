"""Cards as blocks: always what Slack accepts, never more than it shows."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs.mentions import channel_mention, role_mention
from bot.jobs.model import Picture
from bot.jobs.place import Actor, Platform
from bot.jobs.surface import Button, Card, Choice, Link, Menu, Shown, Style, Tone
from bot.slack.render import LESS, MOST, chosen_value, option, render
from tests.bot.slack.schema import check_blocks

ANN = Actor(Platform.SLACK, "U1", "ann", "T1")
WORDS = st.text(max_size=200)
LONG = st.one_of(WORDS, st.just("long " * 3000))
BUTTONS = st.builds(
    Button, st.integers(0, 99).map(lambda n: f"i1:upscale:abc:{n}"), LONG, st.sampled_from(Style), st.booleans(), WORDS
)
CHOICES = st.lists(st.builds(Choice, st.text("abc:_-", max_size=60), WORDS), max_size=110).map(tuple)
MENUS = st.builds(Menu, st.just("i1:setting:provider:0"), LONG, CHOICES, WORDS)
SHOWN = st.builds(
    Shown, st.text("abc", min_size=1, max_size=3).map(lambda key: Picture(key, "image/png", 1, 1, 1)), WORDS, LONG
)
CARDS = st.builds(
    Card,
    tone=st.sampled_from(Tone),
    title=LONG,
    by=st.sampled_from([None, ANN]),
    status=LONG,
    percent=st.one_of(st.none(), st.integers(-5, 120)),
    lines=st.lists(LONG, max_size=8).map(tuple),
    facts=st.lists(st.tuples(WORDS, LONG), max_size=8).map(tuple),
    pictures=st.lists(SHOWN, max_size=12).map(tuple),
    rows=st.lists(st.lists(st.one_of(BUTTONS, MENUS), max_size=28).map(tuple), max_size=4).map(tuple),
    links=st.lists(
        st.builds(Link, WORDS, st.sampled_from(["https://x.test/", "javascript:alert(1)", "/#m"])), max_size=5
    ).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(CARDS)
def test_every_card_is_one_that_slack_accepts(card: Card) -> None:
    shown = render(card, {item.picture.key: "F0000000A" for item in card.pictures})
    check_blocks(list(shown.blocks))
    assert len(shown.blocks) <= 50
    assert 0 < len(shown.text) <= 4000
    texts = [element for element in _elements(shown.blocks) if element.get("type") == "text"]
    assert all(0 < len(element["text"]) <= 3000 for element in texts)
    assert sum(len(element["text"]) for element in texts) <= MOST + 100


def _elements(blocks: object) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    if isinstance(blocks, dict):
        found.append(blocks)
        blocks = list(blocks.values())
    for item in blocks if isinstance(blocks, (list, tuple)) else []:
        found += _elements(item)
    return found


def test_user_text_stands_only_where_nothing_is_parsed() -> None:
    evil = "<!channel> @here <@U2> *bold* `code` :smile:\n> quote"
    card = Card(
        Tone.DONE, title=evil, by=ANN, status=evil, lines=(evil,), facts=((evil, evil),), links=(Link(evil, "https://x"),)
    )
    shown = render(card, {})
    assert {element["type"] for element in _elements(shown.blocks) if "type" in element} == {
        "rich_text", "rich_text_section", "text", "link", "user"
    }  # fmt: skip
    assert [e["user_id"] for e in _elements(shown.blocks) if e.get("type") == "user"] == ["U1"]
    assert "<" not in shown.text
    assert "mrkdwn" not in json.dumps(shown.blocks)


def test_a_result_has_its_picture_above_its_rows() -> None:
    picture = Shown(Picture("p", "image/jpeg", 2, 2, 9), "grid.jpg", "four foxes")
    rows = (tuple(Button(f"i1:upscale:j:{n}", f"U{n}", enabled=n != 2) for n in range(1, 5)),)
    blocks = render(Card(Tone.DONE, title="fox", by=ANN, pictures=(picture,), rows=rows), {"p": "F0000000A"}).blocks
    assert [block["type"] for block in blocks] == ["rich_text", "image", "actions"]
    assert blocks[1] == {"type": "image", "slack_file": {"id": "F0000000A"}, "alt_text": "four foxes"}
    assert [e["action_id"] for e in blocks[2]["elements"]] == ["i1:upscale:j:1", "i1:upscale:j:3", "i1:upscale:j:4"]


def test_progress_is_a_bar_and_a_figure() -> None:
    shown = render(Card(Tone.RUNNING, status="Drawing", percent=45), {})
    assert "▰▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱▱▱▱ 45 %" in json.dumps(shown.blocks, ensure_ascii=False)


def test_a_second_try_is_shorter() -> None:
    card = Card(Tone.DONE, lines=("word " * 2000,))
    assert len(json.dumps(render(card, {}, LESS).blocks)) < LESS + 300 < len(json.dumps(render(card, {}).blocks))


def test_a_menu_shows_what_is_set_and_takes_an_empty_value() -> None:
    menu = Menu("i1:setting:style:0", "Style", (Choice("", "None"), Choice("ink", "Ink")), chosen="ink")
    element = render(Card(Tone.DONE, rows=((menu,),)), {}).blocks[0]["elements"][0]
    assert element["initial_option"] == option(Choice("ink", "Ink"))
    assert [chosen_value(entry) for entry in element["options"]] == ["", "ink"]


def test_a_message_has_at_most_fifty_blocks() -> None:
    rows = tuple((Button(f"i1:upscale:j:{n % 100}", f"U{n}"),) for n in range(80))
    assert len(render(Card(Tone.DONE, title="fox", rows=rows), {}).blocks) == 50


def test_channels_are_links_and_roles_ping_nobody() -> None:
    value = f"{channel_mention('C0123')}, {role_mention('S0123')}, {channel_mention('hall')}"
    row = (Button("i1:help::0", channel_mention("C11")),)
    card = Card(Tone.DONE, title=channel_mention("C99"), status=value, lines=(value,), facts=(("In", value),), rows=(row,))
    shown = render(card, {})
    check_blocks(list(shown.blocks))
    found = [
        element for section in shown.blocks[0]["elements"] for element in section["elements"] if element["type"] == "channel"
    ]
    assert [element["channel_id"] for element in found] == ["C99", "C0123", "C0123", "C0123"]
    whole = json.dumps(list(shown.blocks))
    assert "@S0123" in whole
    assert "#hall" in whole
    assert "usergroup" not in whole
    assert "subteam" not in whole
    assert shown.blocks[1]["elements"][0]["text"]["text"] == "#C11"
    assert shown.text.startswith("#C99 · #C0123, @")
    assert "\\ufdd" not in whole + json.dumps(shown.text)


def test_a_mention_counts_and_is_cut_to_words() -> None:
    card = Card(Tone.DONE, lines=("x" * (LESS - 3), channel_mention("C0123")))
    (block,) = render(card, {}, LESS).blocks
    assert [element["type"] for section in block["elements"] for element in section["elements"]] == ["text", "text"]
    assert block["elements"][1]["elements"][0]["text"] == "#C…"


def test_typed_mentions_are_words() -> None:
    card = Card(Tone.DONE, lines=("<#C0123> <!subteam^S1> #C0123 @S0123 \ufdd0c:\ufdd1",))
    (block,) = render(card, {}).blocks
    ((element,),) = [section["elements"] for section in block["elements"]]
    assert element == {"type": "text", "text": "<#C0123> <!subteam^S1> #C0123 @S0123 c:"}
