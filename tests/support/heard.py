"""What SQLite is asked, whichever way it goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from storage.one_trip import OneTripCursor
from storage.prepared import Prepared

Note = Callable[[str, Sequence[Any]], None]


@contextmanager
def heard(note: Note) -> Iterator[None]:
    """`note` gets the text and the values of each statement."""
    execute, filled = OneTripCursor.execute, Prepared.filled

    async def executed(self: OneTripCursor, sql: str, parameters: Sequence[Any] = ()) -> None:
        note(sql, parameters)
        await execute(self, sql, parameters)

    def noted(self: Prepared, values: dict[str, Any]) -> tuple[str, list[Any]]:
        text, given = filled(self, values)
        note(text, given)
        return text, given

    with patch.object(OneTripCursor, "execute", executed), patch.object(Prepared, "filled", noted):
        yield
