"""House styles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.jobs.styles import NAMES, RAW, STYLES, in_house, read_style, styled, suggest_styles
from bot.policy.records import HouseStyle


@pytest.mark.parametrize(
    ("typed", "name"), [("photo", "photo"), ("Pixel Art", "pixel-art"), ("LINE_ART", "line-art"), ("raw", RAW)]
)
def test_names_are_read_however_spelt(typed: str, name: str) -> None:
    assert read_style(typed) == name


@pytest.mark.parametrize("typed", ["", "-", "ü", "a" * 40, "x!"])
def test_what_can_be_no_name_is_refused(typed: str) -> None:
    assert read_style(typed) is None


@pytest.mark.parametrize("name", STYLES)
def test_words_stand_behind_the_text(name: str) -> None:
    assert styled("a cat, ", name) == f"a cat, {STYLES[name].words}"
    assert styled("", name) == STYLES[name].words
    assert "--" not in STYLES[name].words


def test_a_community_style_stands_around_the_text() -> None:
    style = HouseStyle("brand", prefix="poster of ", suffix=", flat colours")
    assert in_house("a cat,", style) == "poster of a cat, flat colours"
    assert in_house("", replace(style, suffix="")) == "poster of"
    assert suggest_styles("bra", [style])[0].value == "brand"
    assert [choice.value for choice in suggest_styles("", [HouseStyle("photo")])].count("photo") == 1


def test_no_style_changes_nothing() -> None:
    assert styled("a cat, ", "") == "a cat, "


def test_suggestions() -> None:
    assert {choice.value for choice in suggest_styles("")} == set(NAMES)
    assert [choice.value for choice in suggest_styles("pix")] == ["pixel-art"]
    assert [choice.value for choice in suggest_styles("render")] == ["3d"]
    assert suggest_styles("P")[0].value in {"photo", "pixel-art"}
    assert suggest_styles("zzz") == []
    assert len(suggest_styles("")) <= 25
