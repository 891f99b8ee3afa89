"""House styles."""

from __future__ import annotations

import pytest

from bot.jobs.styles import NAMES, RAW, STYLES, read_style, styled, suggest_styles


@pytest.mark.parametrize(
    ("typed", "name"), [("photo", "photo"), ("Pixel Art", "pixel-art"), ("LINE_ART", "line-art"), ("raw", RAW)]
)
def test_names_are_read_however_spelt(typed: str, name: str) -> None:
    assert read_style(typed) == name


@pytest.mark.parametrize("typed", ["", "cute", "photos", "-"])
def test_other_names_are_refused(typed: str) -> None:
    assert read_style(typed) is None


@pytest.mark.parametrize("name", STYLES)
def test_words_stand_behind_the_text(name: str) -> None:
    assert styled("a cat, ", name) == f"a cat, {STYLES[name].words}"
    assert styled("", name) == STYLES[name].words
    assert "--" not in STYLES[name].words


def test_no_style_changes_nothing() -> None:
    assert styled("a cat, ", "") == "a cat, "


def test_suggestions() -> None:
    assert {choice.value for choice in suggest_styles("")} == set(NAMES)
    assert [choice.value for choice in suggest_styles("pix")] == ["pixel-art"]
    assert [choice.value for choice in suggest_styles("render")] == ["3d"]
    assert suggest_styles("P")[0].value in {"photo", "pixel-art"}
    assert suggest_styles("zzz") == []
    assert len(suggest_styles("")) <= 25
