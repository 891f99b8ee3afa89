"""What SQLite and Postgres say in different words: JSON inside text columns, days, and inserts that may meet a row.

Paths are written as SQLite does (`$.params.negative`, `$[0].key`); they are ours, never a user's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, Boolean, ColumnElement, Integer, String, Table, Text, literal, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

PART = re.compile(r"[^.\[\]$]+")


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """An insert that knows `on_conflict_...`, in this connection's dialect (both have the same methods)."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> sqlite.Insert:
    """The same by the dialect's name."""
    kinds: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    made: sqlite.Insert = kinds[dialect](table)
    return made


def _path(path: str) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """As SQLite and as Postgres read it. Part of the statement's text, so that each path is a statement of its own."""
    parts = ",".join(PART.findall(path))
    return literal_column(f"'{path}'"), literal_column(f"'{{{parts}}}'")


class text_at(FunctionElement[str]):  # noqa: N801  (functions of SQL are written small)
    """What stands at a path of a JSON text, as text; NULL where nothing, or null, stands there."""

    type = String()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], path: str) -> None:
        """On SQLite a number comes as a number: cast it."""
        super().__init__(column, *_path(path))


@compiles(text_at, "sqlite")
def _text_at_sqlite(element: text_at, compiler: SQLCompiler, **options: object) -> str:
    column, path, _ = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({column}, {path})"


@compiles(text_at, "postgresql")
def _text_at_postgres(element: text_at, compiler: SQLCompiler, **options: object) -> str:
    column, _, path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({column} AS json) #>> {path})"


class with_values(FunctionElement[str]):  # noqa: N801
    """A JSON text with other values at some paths. A path's parent must be there: only SQLite would make it."""

    type = Text()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], values: Mapping[str, Any]) -> None:
        """Values are plain Python, or an SQL expression of a number."""
        parts = (part for path, value in values.items() for part in (*_path(path), _value(value)))
        super().__init__(column, *parts)


def _value(value: object) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(json.dumps(value), Text())


@compiles(with_values, "sqlite")
def _with_values_sqlite(element: with_values, compiler: SQLCompiler, **options: object) -> str:
    column, *parts = element.clauses
    text = compiler.process(column, **options)
    for path, value in zip(parts[::3], parts[2::3], strict=True):
        new = compiler.process(value, **options)
        new = f"json({new})" if isinstance(value, BindParameter) else new
        text = f"json_set({text}, {compiler.process(path, **options)}, {new})"
    return text


@compiles(with_values, "postgresql")
def _with_values_postgres(element: with_values, compiler: SQLCompiler, **options: object) -> str:
    column, *parts = element.clauses
    text = f"CAST({compiler.process(column, **options)} AS jsonb)"
    for path, value in zip(parts[1::3], parts[2::3], strict=True):
        new = compiler.process(value, **options)
        new = f"CAST({new} AS jsonb)" if isinstance(value, BindParameter) else f"to_jsonb({new})"
        text = f"jsonb_set({text}, {compiler.process(path, **options)}, {new})"
    return f"CAST({text} AS text)"


class length_of(FunctionElement[int]):  # noqa: N801
    """How many elements a JSON list has."""

    type = Integer()
    inherit_cache = True


@compiles(length_of, "sqlite")
def _length_sqlite(element: length_of, compiler: SQLCompiler, **options: object) -> str:
    return f"json_array_length({compiler.process(element.clauses, **options)})"


@compiles(length_of, "postgresql")
def _length_postgres(element: length_of, compiler: SQLCompiler, **options: object) -> str:
    return f"json_array_length(CAST({compiler.process(element.clauses, **options)} AS json))"


class day_of(FunctionElement[str]):  # noqa: N801
    """The UTC day of unix seconds: YYYY-MM-DD."""

    type = String()
    inherit_cache = True


@compiles(day_of, "sqlite")
def _day_sqlite(element: day_of, compiler: SQLCompiler, **options: object) -> str:
    return f"date({compiler.process(element.clauses, **options)}, 'unixepoch')"


@compiles(day_of, "postgresql")
def _day_postgres(element: day_of, compiler: SQLCompiler, **options: object) -> str:
    return f"to_char(to_timestamp({compiler.process(element.clauses, **options)}) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


class holds(FunctionElement[bool]):  # noqa: N801
    """Whether the first text contains the second, letter for letter."""

    type = Boolean()
    inherit_cache = True


@compiles(holds, "sqlite")
def _holds_sqlite(element: holds, compiler: SQLCompiler, **options: object) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


@compiles(holds, "postgresql")
def _holds_postgres(element: holds, compiler: SQLCompiler, **options: object) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"
