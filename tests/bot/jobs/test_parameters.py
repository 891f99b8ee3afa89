"""The table of parameters, its readers and the way back to text."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot.jobs.parameters import BY_FIELD, BY_NAME, PARAMETERS, Kind, PromptError, expected, nearest, read_value, render
from providers.base import Params

KNOWN = """ar aspect seed no stylize s chaos c weird w quality q v version niji
tile raw fast relax turbo draft provider style"""


def test_the_names_are_those_that_the_documents_promise() -> None:
    assert set(BY_NAME) == set(KNOWN.split())
    assert sum(1 + len(parameter.aliases) for parameter in PARAMETERS) == len(KNOWN.split())


def test_every_field_of_params_has_a_parameter_of_its_type() -> None:
    types = {field.name: str(field.type) for field in fields(Params)} | {"images": ""}
    assert {parameter.field for parameter in PARAMETERS} == {name for name in types if name != "images"}
    wanted = {Kind.INTEGER: "int | None", Kind.NUMBER: "float | None"}
    for parameter in PARAMETERS:
        flag = "str" if parameter.field == "speed" else "bool"
        assert types[parameter.field] == (flag if parameter.kind == Kind.FLAG else wanted.get(parameter.kind, "str"))


def test_every_parameter_can_be_explained() -> None:
    for parameter in PARAMETERS:
        assert 10 <= len(parameter.help) <= 100
        assert expected(parameter)
        assert parameter.usage.startswith(parameter.flag)
        assert bool(parameter.sign) == (parameter.kind != Kind.FLAG)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("seed", "0", 0), ("seed", "4294967295", 4294967295), ("stylize", "1000", 1000), ("chaos", "0100", 100),
        ("weird", "3000", 3000), ("quality", ".25", 0.25), ("quality", "0.5", 0.5), ("quality", "2", 2.0),
        ("version", "8.1", "8.1"),
        ("niji", "7", "7"), ("ratio", "16:9", "16:9"), ("provider", "FAL", "fal"),
        ("provider", "fal-ai.v2", "fal-ai.v2"), ("style", "Anime", "anime"),
    ],
)  # fmt: skip
def test_values_that_are_taken(field: str, typed: str, value: object) -> None:
    assert read_value(BY_FIELD[field], typed, field) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("seed", "-1"), ("seed", "4294967296"), ("seed", "1e3"), ("seed", "9" * 5000), ("seed", "random"), ("seed", "1_0"),
        ("stylize", "1001"), ("chaos", "101"), ("weird", "3001"), ("quality", "3"), ("quality", "nan"), ("quality", "-1"),
        ("version", "9"), ("version", "5.0"), ("niji", "3"), ("ratio", "5:1"),
        ("provider", "a b"), ("provider", "--x"), ("style", "c!te"),
    ],
)  # fmt: skip
def test_wrong_values_are_named_with_the_range(field: str, typed: str) -> None:
    parameter = BY_FIELD[field]
    with pytest.raises(PromptError) as caught:
        read_value(parameter, typed, "--shown")
    assert "--shown" in caught.value.sentence
    assert typed[:50] in caught.value.sentence
    assert expected(parameter) in caught.value.sentence
    assert len(caught.value.sentence) < 250


def test_a_missing_value_is_named() -> None:
    with pytest.raises(PromptError, match=r"--seed needs a value: a whole number from 0 to 4294967295\."):
        read_value(BY_FIELD["seed"], "", "--seed")


@pytest.mark.parametrize(
    ("typed", "known"), [("aspekt", "--aspect"), ("STYLISE", "--stylize"), ("seeed", "--seed"), ("ar3:2", "--ar")]
)
def test_nearest(typed: str, known: str) -> None:
    assert nearest(typed) == known


def test_render_shows_what_was_given_and_nothing_else() -> None:
    assert render(Params()) == ""
    params = Params(
        ratio="3:2", seed=0, negative="people, cars", quality=0.5, raw=True, speed="relax", images=("https://a.b/c.png",)
    )
    assert render(params) == "--ar 3:2 --seed 0 --quality 0.5 --raw --relax --no people, cars"
