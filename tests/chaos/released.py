"""A dump of a release's database, taken from a process that was killed, and the vendor as it stood then."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.fakes.vendor.draws import Draw
from tests.fakes.vendor.pictures import jpeg
from tests.fakes.vendor.script import Script
from tests.fakes.vendor.server import Vendor

DUMPS = Path(__file__).parent / "dumps"
TAKEN = re.compile(r"^-- taken at ([\d.]+)$", re.MULTILINE)
TIMES = {
    "jobs": ("created_at", "started_at", "ended_at", "due_at", "lease_until"),
    "calls": ("created_at", "sent_at"),
    "ledger": ("at",),
    "spend": ("at",),
    "reviews": ("at",),
    "reports": ("at",),
    "audit": ("at",),
    "blocks": ("at", "until"),
    "notices": ("created", "due_at"),
}
"""Columns of unix seconds, in the tables of any release."""


def releases() -> list[str]:
    """Every schema that a dump is there of."""
    return sorted(path.stem for path in DUMPS.glob("*.sql"))


def lay_out(release: str, folder: Path, vendor: Vendor) -> None:
    """Make the data folder of that release, as if its process had been killed a minute ago, and the vendor's draws."""
    text = (DUMPS / f"{release}.sql").read_text()
    taken = TAKEN.search(text)
    assert taken is not None, "the dump does not say when it was taken"
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        database.executescript(text.replace("{VENDOR}", vendor.base))
        _bring_forward(database, time.time() - 60.0 - float(taken[1]))
        _put_pictures(database, folder / "pictures")
    _restore_draws(release, vendor)


def _bring_forward(database: sqlite3.Connection, seconds: float) -> None:
    """So that nothing has expired only because the dump is old."""
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in TIMES.keys() & there:
        for column in TIMES[table]:
            database.execute(f"UPDATE {table} SET {column} = {column} + ? WHERE {column} > 0", (seconds,))  # noqa: S608 - our own names
    database.commit()


def _put_pictures(database: sqlite3.Connection, folder: Path) -> None:
    """Every picture that a row names is in the store."""
    texts = [text for row in database.execute("SELECT pictures, shown FROM jobs") for text in row if text]
    texts += [text for (text,) in database.execute("SELECT pictures FROM calls")]
    for picture in (picture for text in texts for picture in _listed(json.loads(text))):
        path = folder / picture["key"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg(0, max(picture["width"], 1), max(picture["height"], 1)))


def _listed(found: Any) -> list[dict[str, Any]]:
    return found if isinstance(found, list) else [found]


def _restore_draws(release: str, vendor: Vendor) -> None:
    """What the vendor had taken is done by now."""
    for line in (DUMPS / f"{release}.bill.jsonl").read_text().splitlines():
        paid = json.loads(line)
        body = {"prompt": "restored", "width": 1024, "height": 1024, "count": paid["pictures"]}
        vendor.draws[paid["id"]] = Draw(body | {"kind": paid["kind"], "key": paid["key"]}, Script(), id=paid["id"])
