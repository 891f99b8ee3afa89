"""Statements that are built and compiled once: to build one again, and to look it up, takes longer than to run it.

On SQLite they go to the driver itself, in one trip (decision 0021); on a server SQLAlchemy runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import BindParameter, Executable, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.one_trip import Answer, driver_of

LET = "let_"
"""So that a name is no column's: SQLAlchemy keeps those for itself."""
Row = dict[str, Any]


def let(name: str, kind: TypeEngine[Any] | None = None) -> BindParameter[Any]:
    """A value that each run gives. `kind` where no column beside it tells."""
    return bindparam(LET + name, None, kind)


@dataclass(frozen=True, slots=True)
class Answered:
    """`rows` by the names of their columns; `changed`: how many rows were."""

    rows: Sequence[Row]
    changed: int

    @property
    def first(self) -> Row | None:
        """The first row, or None."""
        return self.rows[0] if self.rows else None

    @property
    def scalar(self) -> Any:  # noqa: ANN401  (whatever the column holds)
        """The first value of the first row; None without a row."""
        return next(iter(self.rows[0].values())) if self.rows else None


class Prepared:
    """One statement. Values are plain: numbers, texts, None (a bool is kept as a number)."""

    def __init__(self, statement: Executable) -> None:
        """`statement`: with `let` where its values will stand; lists in it are as long as they are now."""
        self.statement = statement

    async def run(self, connection: AsyncConnection, **values: Any) -> Answered:  # noqa: ANN401  (as the columns are)
        """In the connection's transaction. Raises what the driver raises, or SQLAlchemy."""
        if connection.dialect.name == "sqlite":
            return answered(await driver_of(connection).trip(self.bound(values)))
        found = await connection.execute(self.statement, {LET + name: value for name, value in values.items()})
        rows = [dict(row) for row in found.mappings()] if found.returns_rows else []
        return Answered(rows, found.rowcount)

    def bound(self, values: Row) -> Callable[[Any], Any]:
        """What SQLite's thread runs."""
        text, given = self.filled(values)
        return lambda made: made.execute(text, given)

    def filled(self, values: Row) -> tuple[str, list[Any]]:
        """Its text for SQLite, and what stands in the place of its marks."""
        text, names, constants = self._compiled
        return text, [values[name] if name else constant for name, constant in zip(names, constants, strict=True)]

    @cached_property
    def _compiled(self) -> tuple[str, list[str], list[Any]]:
        """SQLite's text, and for each of its marks a value's name, or "" and a constant."""
        dialect, as_is = sqlite.dialect(paramstyle="qmark"), {"render_postcompile": True}
        compiled = cast("SQLCompiler", self.statement.compile(dialect=dialect, compile_kwargs=as_is))  # type: ignore[attr-defined]  # of ClauseElement
        marks = list(compiled.positiontup or ())
        names = [mark.removeprefix(LET) if mark.startswith(LET) else "" for mark in marks]
        known = compiled.params | {column.key: cast("Any", column.default).arg for column in compiled.insert_prefetch}
        return str(compiled), names, [known[mark] for mark in marks]


def answered(answer: Answer) -> Answered:
    """Rows by name."""
    names = [column[0] for column in cast("Sequence[Any]", answer.description or ())]
    return Answered([dict(zip(names, row, strict=True)) for row in answer.rows], answer.rowcount)
