"""Statements that are built and compiled once: to build one again, and to look it up, takes longer than to run it.

They go to the driver itself (decision 0021); transactions and connections are SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BindParameter, Dialect, Executable, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.one_trip import Answer, driver_of

SQLITE = sqlite.dialect(paramstyle="qmark")
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
        self._compiled: dict[str, _Compiled] = {}

    async def run(self, connection: AsyncConnection, **values: Any) -> Answered:  # noqa: ANN401  (as the columns are)
        """In the connection's transaction. Raises what the driver raises."""
        driver: Any = driver_of(connection)
        if connection.dialect.name == "sqlite":
            return answered(await driver.trip(self.bound(values)))
        compiled = self._of(connection.dialect)
        cursor = await driver.execute(compiled.text, dict(zip(compiled.marks, compiled.given(values), strict=True)))
        if cursor.rownumber is None:  # no rows: psycopg numbers them where there are any
            return Answered([], cursor.rowcount)
        compiled.columns = compiled.columns or [column.name for column in cursor.description]
        rows = [dict(zip(compiled.columns, row, strict=True)) for row in await cursor.fetchall()]
        return Answered(rows, cursor.rowcount)

    def bound(self, values: Row) -> Callable[[Any], Any]:
        """What SQLite's thread runs."""
        text, given = self.filled(values)
        return lambda made: made.execute(text, given)

    def filled(self, values: Row) -> tuple[str, list[Any]]:
        """Its text for SQLite, and what stands in the place of its marks."""
        compiled = self._of(SQLITE)
        return compiled.text, compiled.given(values)

    def _of(self, dialect: Dialect) -> _Compiled:
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = _compile(self.statement, dialect)
        return self._compiled[dialect.name]


@dataclass(slots=True)
class _Compiled:
    """A dialect's text and its marks: each stands for one of `names`, or (where that is "") for a constant.

    `columns`: of its rows, once it has run (psycopg takes long to tell).
    """

    text: str
    marks: Sequence[str]
    names: Sequence[str]
    constants: Sequence[Any]
    kinds: Sequence[Callable[[Any], Any] | None]
    columns: Sequence[str] = ()

    def given(self, values: Row) -> list[Any]:
        each = zip(self.names, self.constants, self.kinds, strict=True)
        return [(kind(values[name]) if kind else values[name]) if name else constant for name, constant, kind in each]


def _compile(statement: Executable, dialect: Dialect) -> _Compiled:
    as_is = {"render_postcompile": True}
    made = cast("SQLCompiler", statement.compile(dialect=dialect, compile_kwargs=as_is))  # type: ignore[attr-defined]  # of ClauseElement
    known = made.params | {column.key: cast("Any", column.default).arg for column in made.insert_prefetch}
    marks = list(made.positiontup or known)
    names = [mark.removeprefix(LET) if mark.startswith(LET) else "" for mark in marks]
    kinds = [_kind(made, mark, dialect) if mark in made.binds else None for mark in marks]
    constants = [kind(known[mark]) if kind else known[mark] for mark, kind in zip(marks, kinds, strict=True)]
    return _Compiled(str(made), marks, names, constants, kinds)


def _kind(made: SQLCompiler, mark: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What the column's type does to a value on its way in."""
    return made.binds[mark].type.dialect_impl(dialect).bind_processor(dialect)


def answered(answer: Answer) -> Answered:
    """Rows by name."""
    names = [column[0] for column in cast("Sequence[Any]", answer.description or ())]
    return Answered([dict(zip(names, row, strict=True)) for row in answer.rows], answer.rowcount)
