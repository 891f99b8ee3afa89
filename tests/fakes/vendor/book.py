"""What the vendor would put on the bill: every call that it took, in memory and in a file that survives it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path


class Book:
    """`keys` counts calls per key of ours: more than one is money spent twice."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.keys: Counter[str] = Counter()
        self.pictures = 0
        if path is not None and path.exists():
            for line in path.read_text().splitlines():
                entry = json.loads(line)
                self._count(entry["key"], entry["pictures"])

    def pay(self, draw_id: str, key: str, kind: str, pictures: int) -> None:
        """On file first: a vendor that is killed has still been paid."""
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(json.dumps({"id": draw_id, "key": key, "kind": kind, "pictures": pictures}) + "\n")
        self._count(key, pictures)

    def _count(self, key: str, pictures: int) -> None:
        self.keys[key] += 1
        self.pictures += pictures

    def counts(self) -> dict[str, object]:
        return {"total": self.keys.total(), "pictures": self.pictures, "keys": dict(self.keys)}
