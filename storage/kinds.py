"""Column types that mean the same on SQLite and on Postgres."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

NUL, NUL_IN_JSON = "\0", "\\u0000"
"""Postgres keeps no such character, neither in a text nor in a JSON value that it looks into: it is dropped, everywhere."""


class Text(TypeDecorator[str]):
    """Text. On Postgres compared byte by byte as SQLite does, so that no order and no index depends on a locale."""

    impl: type[sqlalchemy.String] = sqlalchemy.Text
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Without a length on Postgres: SQLite does not hold it, so Postgres must not fail on it either."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TEXT(collation="C"))
        return super().load_dialect_impl(dialect)

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As it is kept."""
        return value.replace(NUL, "") if value and NUL in value else value


class String(Text):
    """Short text; the length is for the reader."""

    impl = sqlalchemy.String
    cache_ok = True


class Json(Text):
    """JSON that SQL looks into, as text."""

    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As it is kept."""
        return clean_json(value) if value and NUL_IN_JSON in value else value


def clean_json(text: str) -> str:
    """The same value without NUL characters in its texts."""
    return json.dumps(_clean(json.loads(text)), ensure_ascii=False, separators=(",", ":"))


def _clean(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value.replace(NUL, "")
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {key.replace(NUL, ""): _clean(one) for key, one in value.items()}
    return value


Money = sqlalchemy.Integer().with_variant(sqlalchemy.BigInteger(), "postgresql")
"""Micro-USD: four bytes end at 2,147 USD. SQLite's integers always have eight."""
