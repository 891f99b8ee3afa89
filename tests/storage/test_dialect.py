"""What both dialects say in their own words means the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Integer, bindparam, cast, func, literal, select

from bot.jobs.model import JobState, Picture
from storage.db import Database
from storage.dialect import day_of, holds, length_of, text_at, with_values
from storage.kinds import Json, clean_json
from storage.rows import PICTURES, dump
from storage.usage import BY, usage
from tests.support.databases import opened
from tests.support.policy import NOW, desk_on

VALUE = {"prompt": "ü 🦊 %s", "count": 4, "params": {"negative": "rain"}, "keys": [{"key": "a"}, {"key": "b"}], "no": None}
PICTURE = Picture("a", "image/png", 1, 1, 1)
DOCUMENT = literal(json.dumps(VALUE), Json())


async def said(folder: Path, *what: ColumnElement[Any]) -> list[Any]:
    db: Database = await opened(folder)
    try:
        async with db.read() as connection:
            return list((await connection.execute(select(*what))).one())
    finally:
        await db.close()


async def test_what_stands_at_a_path(tmp_path: Path, backend: str) -> None:
    paths = ("$.prompt", "$.params.negative", "$.keys[1].key", "$.keys[7].key", "$.nothing.more", "$.no")
    assert await said(tmp_path, *(text_at(DOCUMENT, path) for path in paths)) == ["ü 🦊 %s", "rain", "b", None, None, None]
    number = cast(text_at(DOCUMENT, "$.count"), Integer)
    assert await said(tmp_path, number, length_of(text_at(DOCUMENT, "$.keys"))) == [4, 2]


async def test_other_values_at_some_paths(tmp_path: Path, backend: str) -> None:
    values: dict[str, Any] = {
        "$.prompt": 'a "fox"',
        "$.params.negative": "",
        "$.new": [1, {"a": None}],
        "$.no": None,
    }
    values["$.count"] = length_of(text_at(DOCUMENT, "$.keys"))
    (text,) = await said(tmp_path, with_values(DOCUMENT, values))
    wanted = VALUE | {"prompt": 'a "fox"', "params": {"negative": ""}, "new": [1, {"a": None}], "count": 2}
    assert json.loads(text) == wanted


@pytest.mark.parametrize(
    ("at", "day"), [(0.0, "1970-01-01"), (1_769_903_999.9, "2026-01-31"), (1_769_904_000.0, "2026-02-01")]
)
async def test_days_are_utc_days(tmp_path: Path, backend: str, at: float, day: str) -> None:
    assert await said(tmp_path, day_of(bindparam("at", at))) == [day]


async def test_letter_for_letter(tmp_path: Path, backend: str) -> None:
    text = literal("A Fox_100%")
    assert await said(tmp_path, *(holds(text, literal(one)) for one in ("Fox_", "fox", "F%", "100%"))) == [
        True,
        False,
        False,
        True,
    ]
    assert await said(tmp_path, func.max(literal("b")) > literal("B")) == [True]


async def test_usage_by_everything(tmp_path: Path, backend: str) -> None:
    async with desk_on(tmp_path) as desk:
        for user in ("ann", "ann", "bob"):
            await desk.job(user, JobState.DELIVERED, cost=2_000_000_000, pictures=dump(PICTURES, (PICTURE,) * 3))
        await desk.job("bob", JobState.DELIVERED, cost=1)
        found = {by: [(line.group, line.asked, line.pictures, line.cost) for line in await usage(desk.db, by, NOW - 1)]
                 for by in BY}  # fmt: skip
    assert found["user"] == [("playground:ann", 2, 6, 4_000_000_000), ("playground:bob", 2, 7, 2_000_000_001)]
    assert [line[1:] for by in ("provider", "community", "day") for line in found[by]] == [(4, 13, 6_000_000_001)] * 3
    assert found["day"][0][0] == "1970-01-12"


WORDS = st.text(st.characters(exclude_categories=["Cs"]))
DOCUMENTS = st.recursive(
    st.none() | WORDS | st.integers(), lambda one: st.lists(one) | st.dictionaries(WORDS, one), max_leaves=8
)


@given(DOCUMENTS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_json_without_nul_is_the_same_value(value: Any) -> None:
    text = json.dumps(value)
    cleaned = clean_json(text)
    assert "\\u0000" not in cleaned.replace("\\\\", "")
    if "\0" not in str(value) and "\\x00" not in repr(value):
        assert json.loads(cleaned) == value
