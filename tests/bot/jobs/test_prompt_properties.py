"""What holds for every prompt that anybody could type."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs.parameters import BY_NAME, NIJIS, QUALITIES, VERSIONS, PromptError, render
from bot.jobs.ports import UserSettings
from bot.jobs.prompt import Parsed, parse
from bot.jobs.styles import NAMES, STYLES
from providers.base import Params

NONE = UserSettings()
NAME = st.sampled_from(sorted(BY_NAME))
DASH = st.sampled_from(["--", "—", "–", "―", "——", "-", " "])
PIECES = st.one_of(
    st.builds(
        lambda dash, name, end: dash + name + end,
        DASH,
        NAME,
        st.sampled_from(["", " ", "=", ",", " 3:2", " 5", " raw", ' "', " '"]),
    ),
    st.sampled_from(
        [
            '"',
            "“",
            "”",
            "'",
            "’",
            "\n",
            "\u200d",
            "https://a.b/c.png",
            "<https://a.b|c>",
            "--",
            "—",
            "=",
            "3:2",
            "7",
            "neon",
            "a cat",
        ]
    ),
    st.text(st.characters(), max_size=8),
)
TYPED = st.lists(st.tuples(PIECES, st.sampled_from([" ", " ", "", "  "])), max_size=14).map(
    lambda pairs: "".join(a + b for a, b in pairs)
)
WORDS = st.lists(st.sampled_from(["a", "cat", "it's", "—", "5", "a—b", "red,"]), min_size=1, max_size=4).map(" ".join)


@st.composite
def given_params(draw: st.DrawFn) -> Params:
    """Params that a person could have given."""
    model = draw(st.sampled_from(["", "version", "niji"]))
    return Params(
        ratio=draw(st.sampled_from(["", "3:2", "16:9", "1:4"])),
        seed=draw(st.none() | st.integers(0, 4294967295)),
        negative=draw(st.sampled_from(["", "people, cars", "x --tile", "—fast", "it's", "'a' b", 'a "b" c', "“x” --ar"])),
        stylize=draw(st.none() | st.integers(0, 1000)),
        chaos=draw(st.none() | st.integers(0, 100)),
        weird=draw(st.none() | st.integers(0, 3000)),
        quality=draw(st.none() | st.sampled_from(QUALITIES).map(float)),
        version=draw(st.sampled_from(VERSIONS)) if model == "version" else "",
        niji=draw(st.sampled_from(NIJIS)) if model == "niji" else "",
        tile=draw(st.booleans()),
        raw=draw(st.booleans()),
        speed=draw(st.sampled_from(["", "fast", "relax", "turbo", "draft"])),
        style=draw(st.sampled_from(["", *STYLES])),
        provider=draw(st.sampled_from(["", "fal", "sketch"])),
    )


def attempt(text: str, defaults: UserSettings) -> Parsed | str:
    """What was parsed, or the sentence of the refusal."""
    try:
        return parse(text, {}, defaults)
    except PromptError as error:
        return error.sentence


@given(TYPED, TYPED)
def test_any_text_parses_or_is_refused_and_the_shown_prompt_means_the_same(text: str, suffix: str) -> None:
    parsed = attempt(text, UserSettings(suffix=suffix))
    if isinstance(parsed, str):
        assert 10 < len(parsed) < 600
        return
    assert parse(parsed.prompt, {}, UserSettings(suffix=suffix)) == parsed
    alone = parse(text, {}, NONE)
    again = parse(f"x {render(alone.params)}", {}, NONE)
    assert replace(again.params, images=alone.images) == alone.params


@settings(deadline=None)
@given(WORDS, given_params())
def test_params_to_text_and_back(prose: str, params: Params) -> None:
    parsed = parse(f"{prose} {render(params)}", {}, NONE)
    assert parsed.params == params
    assert parsed.text.startswith(prose.rstrip(","))


@settings(deadline=None)
@given(st.text(st.characters(), max_size=20), st.sampled_from(["ratio", "style", "provider", "seed"]))
def test_any_option_is_taken_or_refused(value: str, name: str) -> None:
    try:
        parsed = parse("a cat", {name: value}, NONE)
    except PromptError:
        return
    assert bool(value.strip()) >= (parsed.params != Params())


PIECE = {
    "ratio": st.sampled_from(["--ar 3:2", "—aspect 3:2", "--ar=3:2", "--ar “3:2”"]),
    "seed": st.integers(0, 9).map(lambda number: f"--seed {number}"),
    "negative": st.sampled_from(["--no “red cars”", '—no "x"']),
    "stylize": st.integers(0, 1000).map(lambda number: f"--s {number}"),
    "raw": st.sampled_from(["--raw", "--style raw"]),
    "tile": st.just("--tile"),
    "version": st.sampled_from(["--v 7", "—version 6.1"]),
    "speed": st.sampled_from(["--fast", "--draft"]),
    "provider": st.just("--provider Fal"),
}


@settings(deadline=None)
@given(st.data(), st.sets(st.sampled_from(sorted(PIECE)), min_size=1))
def test_no_parameter_is_dropped_wherever_it_stands(data: st.DataObject, fields: set[str]) -> None:
    pieces = [data.draw(PIECE[field]) for field in sorted(fields)] + ["a cat", "asleep — here"]
    parsed = parse(" ".join(data.draw(st.permutations(pieces))), {}, NONE)
    untouched = Params()
    assert {name for name in PIECE if getattr(parsed.params, name) != getattr(untouched, name)} == fields
    assert sorted(parsed.text.split()) == sorted(["a", "cat", "asleep", "—", "here"])


def test_every_style_name_is_reachable() -> None:
    assert all(parse(f"x --style {name}", {}, NONE).params != Params() for name in NAMES)
