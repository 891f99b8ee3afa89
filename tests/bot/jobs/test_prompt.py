"""Prompts as people type them."""

from __future__ import annotations

import pytest

from bot.jobs.catalog import PROMPT_LONGEST
from bot.jobs.ports import UserSettings
from bot.jobs.prompt import Parsed, PromptError, parse
from bot.jobs.styles import STYLES
from bot.policy.records import HouseStyle
from providers.base import Params

NONE = UserSettings()


def read(text: str, defaults: UserSettings = NONE, **options: str) -> Parsed:
    return parse(text, options, defaults)


def refusal(text: str, defaults: UserSettings = NONE, **options: str) -> str:
    with pytest.raises(PromptError) as caught:
        read(text, defaults, **options)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("--ar 3:2 --seed 7", Params(ratio="3:2", seed=7)),
        ("--aspect 3:2 --s 0 --c 1 --w 2 --q .5", Params(ratio="3:2", stylize=0, chaos=1, weird=2, quality=0.5)),
        ("--stylize 1 --chaos 2 --weird 3 --quality 4", Params(stylize=1, chaos=2, weird=3, quality=4)),
        ("--v 6.1 --tile --raw --turbo", Params(version="6.1", tile=True, raw=True, speed="turbo")),
        ("--niji 6 --draft --provider FAL", Params(niji="6", speed="draft", provider="fal")),
        ("--style raw", Params(raw=True)),
        ("--no people, cars --ar 1:2", Params(negative="people, cars", ratio="1:2")),
        ("—ar 3:2 –seed 7 ―tile ——raw", Params(ratio="3:2", seed=7, tile=True, raw=True)),
        ("--no “people, cars” --ar ‘3:2’", Params(negative="people, cars", ratio="3:2")),
        ('--no "x --seed 5" --tile', Params(negative="x --seed 5", tile=True)),
        ("--AR 3:2 --Seed=7", Params(ratio="3:2", seed=7)),
        ("--no the dog's bone", Params(negative="the dog's bone")),
        ('--no "red", "blue"', Params(negative='"red", "blue"')),
    ],
)
def test_parameters_at_the_end(text: str, params: Params) -> None:
    assert read(f"a cat {text}") == Parsed(f"a cat {text}", "a cat", params)


@pytest.mark.parametrize(
    "text", ["--ar 3:2 a cat asleep", "a cat --ar 3:2 asleep", "a\ncat asleep\n—ar 3:2", 'a --no "dogs" cat --ar 3:2 asleep']
)
def test_parameters_anywhere(text: str) -> None:
    parsed = read(text)
    assert (parsed.text, parsed.params.ratio) == ("a cat asleep", "3:2")


@pytest.mark.parametrize(
    "text",
    [
        "a cat — asleep", "a cat—asleep", "a cat —asleep", "a well--known cat", "a cat -- asleep", "a cat - ar 3:2",
        "-ar 3:2", "cats---ar", "a city —fast and loud", "--- cat", "10--20 cats", "it's “a cat”  asleep",
    ],
)  # fmt: skip
def test_prose_stays_prose(text: str) -> None:
    assert read(text) == Parsed(text, text, Params())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("--aspekt 3:2", "There is no parameter --aspekt. The nearest one is --aspect."),
        ("--ar3:2", "There is no parameter --ar3:2. The nearest one is --ar."),
        ("--tile, red", "There is no parameter --tile,. The nearest one is --tile."),
        ("—stylise 100", "There is no parameter —stylise. The nearest one is --stylize."),
        ("--s 1001", "--s can't be “1001”: it takes a whole number from 0 to 1000."),
        ("--tile=yes", "--tile can't be “yes”: it takes no value."),
        ("--seed", "--seed needs a value: a whole number from 0 to 4294967295."),
        ("--seed --tile", "--seed needs a value: a whole number from 0 to 4294967295."),
        ('--no ""', "--no needs a value: words, up to the next parameter."),
        ("--ar 3:2 --aspect 3:2", "--aspect is given twice; give it once."),
        ("--fast --fast", "--fast is given twice; give it once."),
        ("--fast --relax", "--fast and --relax contradict each other; give one of them."),
        ("--v 6 --niji 6", "--v and --niji contradict each other; give one of them."),
    ],
)
def test_what_is_wrong_is_said(text: str, sentence: str) -> None:
    assert refusal(f"a cat {text}") == sentence


def test_styles_add_their_words() -> None:
    parsed = read("a cat --style neon")
    assert (parsed.prompt, parsed.text) == ("a cat --style neon", f"a cat, {STYLES['neon'].words}")
    assert parsed.params == Params(style="neon")


def test_an_unknown_style_names_those_that_exist() -> None:
    assert all(name in refusal("a cat --style cute") for name in STYLES)


@pytest.mark.parametrize(
    "front",
    ["https://a.b/c.png?x=1&y=2", "<https://a.b/c.png?x=1&y=2>", "<https://a.b/c.png?x=1&y=2|c.png>", "HTTPS://a.b/c.png,"],
)
def test_addresses_in_front_are_pictures(front: str) -> None:
    parsed = read(f"{front} <http://d.e/f.jpg>, a cat https://g.h/i.png --tile")
    assert parsed.text == "a cat https://g.h/i.png"
    assert parsed.images == parsed.params.images
    assert [image.lower().partition("?")[0] for image in parsed.images] == ["https://a.b/c.png", "http://d.e/f.jpg"]


def test_a_picture_alone_is_enough() -> None:
    assert read("https://a.b/c.png").text == ""
    assert parse("--ar 3:2", {}, NONE, has_image=True).params == Params(ratio="3:2")


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u202e", "--ar 3:2 --tile"])
def test_nothing_to_draw(text: str) -> None:
    assert refusal(text, UserSettings(suffix="red", style="neon")).startswith("There is nothing to draw")


def test_the_longest_prompt() -> None:
    assert len(read("x" * PROMPT_LONGEST).text) == PROMPT_LONGEST
    assert refusal("x" * (PROMPT_LONGEST + 1)) == "The prompt is 6,001 characters long; 6,000 is the most."


def test_typed_wins_over_options_over_suffix_over_defaults() -> None:
    defaults = UserSettings(ratio="1:2", style="neon", provider="Sketch", suffix="--ar 2:1 --style oil --seed 1 --chaos 5")
    assert read("a cat", defaults).params == Params(ratio="2:1", style="oil", provider="sketch", seed=1, chaos=5)
    assert read("a cat", defaults, ratio="3:2", seed="2", provider="FAL", style="").params == Params(
        ratio="3:2", style="oil", provider="fal", seed=2, chaos=5
    )
    assert read("a cat --ar 4:3 --style raw", defaults, ratio="3:2").params == Params(
        ratio="4:3", raw=True, provider="sketch", seed=1, chaos=5
    )


def test_a_lower_layer_never_contradicts_a_higher_one() -> None:
    params = read("a cat --v 6 --fast", UserSettings(suffix="--niji 6 --relax")).params
    assert (params.version, params.niji, params.speed) == ("6", "", "fast")


def test_the_suffix_is_drawn_but_not_shown() -> None:
    parsed = read("a cat --tile", UserSettings(suffix="in the rain --s 9", style="oil"))
    assert parsed.prompt == "a cat --tile"
    assert parsed.text == f"a cat in the rain, {STYLES['oil'].words}"
    assert parsed.params == Params(tile=True, stylize=9, style="oil")


def test_wrong_options_and_defaults_are_named() -> None:
    assert refusal("a cat", ratio="9:1").startswith("ratio can't be “9:1”")
    assert refusal("a cat", seeds="1") == "There is no parameter seeds. The nearest one is --seed."
    assert refusal("a cat", UserSettings(style="gone")).startswith(
        "Your own style in the settings doesn't work any more. style can't be “gone”"
    )
    assert "suffix" in refusal("a cat", UserSettings(suffix="--zoom 2"))


def test_a_style_that_nobody_has_is_named_with_those_there_are() -> None:
    assert "“cute”: it takes one of raw, photo" in refusal("a cat --style cute")


def test_a_community_style_brings_words_and_parameters() -> None:
    own = [HouseStyle("brand", prefix="poster of", suffix="flat", parameters="--ar 3:2 --no text")]
    parsed = parse("a cat --style brand --ar 1:1", {}, UserSettings(), own=own)
    assert parsed.text == "poster of a cat, flat"
    assert (parsed.params.ratio, parsed.params.negative, parsed.params.style) == ("1:1", "text", "brand")


def test_markup_and_mentions_are_kept_as_typed() -> None:
    text = "@everyone **bold** <@123> `x` [a](b) & <b>"
    assert read(text).prompt == read(text).text == text
