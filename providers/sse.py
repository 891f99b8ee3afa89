"""Server-sent events out of bytes as they come (WHATWG HTML standard, section 9.2.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

LINE_END: Final = re.compile(rb"\r\n|\n|\r")
BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Event:
    """`name`: its `event` field, "" if it has none; `data`: the data lines, joined by line feeds, still bytes."""

    name: str
    data: bytes = field(repr=False)


class Events:
    """Feed it chunks, cut anywhere; it gives every event that is whole. Comments, `id` and `retry` mean nothing here."""

    def __init__(self) -> None:
        """At the start of a stream."""
        self._rest = bytearray()
        self._searched = 0
        self._started = False
        self._after_return = False
        self._name = ""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """The events that this chunk completes."""
        for line in self._lines(chunk):
            if line:
                self._field(line)
                continue
            if self._data:
                yield Event(self._name, b"\n".join(self._data))
            self._name, self._data = "", []

    def end(self) -> Iterator[Event]:
        """A last event whose empty line is missing: the standard drops it, but it may have been paid for."""
        yield from self.feed(b"\n\n")

    def _lines(self, chunk: bytes) -> list[bytes]:
        if not chunk:
            return []
        if self._after_return:
            chunk, self._after_return = chunk.removeprefix(b"\n"), False
        self._rest += chunk
        if not self._started and not (len(self._rest) < len(BOM) and BOM.startswith(self._rest)):
            self._started = True
            self._rest[:] = self._rest.removeprefix(BOM)
        lines, start = [], 0
        for found in LINE_END.finditer(self._rest, self._searched):
            lines.append(bytes(self._rest[start : found.start()]))
            start = found.end()
        self._after_return = start == len(self._rest) > 0 and self._rest.endswith(b"\r")
        del self._rest[:start]
        self._searched = len(self._rest)
        return lines

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        elif name == b"event":
            self._name = value.removeprefix(b" ").decode("utf-8", "replace")
