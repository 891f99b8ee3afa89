"""Column types that mean the same on SQLite and on Postgres."""

from __future__ import annotations

import sqlalchemy
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import TypeCompiler

TEXT_C = 'TEXT COLLATE "C"'
"""On Postgres: compared byte by byte as SQLite does, whatever the locale; no index depends on the system's sorting."""


class String(sqlalchemy.String):
    """Short text. The length is for the reader: SQLite does not hold it, so Postgres must not fail on it either."""

    inherit_cache = True


class Text(sqlalchemy.Text):
    """Long text."""

    inherit_cache = True


def _text_c(_kind: object, _compiler: TypeCompiler, **_: object) -> str:
    return TEXT_C


compiles(String, "postgresql")(_text_c)
compiles(Text, "postgresql")(_text_c)

Money = sqlalchemy.Integer().with_variant(sqlalchemy.BigInteger(), "postgresql")
"""Micro-USD: four bytes end at 2,147 USD. SQLite's integers always have eight."""
