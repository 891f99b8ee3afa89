"""No question to the stores looks through a table that grows, or through everything that was ever asked for.

Every statement is noted while all that the stores can be asked is asked. Then each is tried on a short and on a long
history, also where an operator had SQLite take statistics: its plan is read, and the work that SQLite does is counted.
"""

from __future__ import annotations

import inspect
import re
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from storage.db import Database, sqlite_url
from storage.migrate import upgrade
from tests.storage.every_question import ask_all
from tests.storage.known_plans import BY_NATURE, OWED
from tests.support.core import running_core
from tests.support.heard import heard
from tests.support.history import analyze, multiply

GROWING = "jobs|calls|ledger|spend|audit|messages"
SCAN = re.compile(rf"SCAN (?:{GROWING})\b")
TRIED = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
FEW, MANY, SPAN = 300, 3000, 60 * 86400.0
"""Old jobs, over two months: half of them count in this month's sums."""
TIMES, STEPS = 2.0, 40
"""How much more work the long history may make, in times and in steps; a step is ten instructions of SQLite's machine."""


@dataclass
class Found:
    """`statements`: text -> parameters. `short`, `long`: databases that never had statistics, and that had."""

    statements: dict[str, Any] = field(default_factory=dict)
    asked: dict[type, set[str]] = field(default_factory=dict)
    short: list[sqlite3.Connection] = field(default_factory=list)
    long: list[sqlite3.Connection] = field(default_factory=list)

    def scanning(self) -> Iterator[str]:
        """Statements that walk through a table from one end, or through an index of it."""
        for text, values in self.statements.items():
            plans = [_plan(connection, text, values) for connection in self.long]
            if any(SCAN.search(line) for plan in plans for line in plan):
                yield text

    def growing(self) -> Iterator[str]:
        """Statements that take more work because there are more old jobs."""
        for text, values in self.statements.items():
            pairs = zip(self.short, self.long, strict=True)
            if any(_work(many, text, values) > TIMES * _work(few, text, values) + STEPS for few, many in pairs):
                yield text


def _plan(connection: sqlite3.Connection, text: str, values: Any) -> list[str]:
    return [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]


def _work(connection: sqlite3.Connection, text: str, values: Any) -> int:
    """Steps; what it writes is taken back."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(step, 10)
    connection.execute("BEGIN")
    try:
        connection.execute(text, values).fetchall()
    except sqlite3.IntegrityError:
        pass  # a row that stands already: it was found by its key
    finally:
        connection.set_progress_handler(None, 0)
        connection.execute("ROLLBACK")
    return steps


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def found(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Found]:
    """Everything asked once, and four databases to try it on."""
    folder, found = tmp_path_factory.mktemp("plans"), Found()

    def note(text: str, values: Any) -> None:
        if TRIED.match(text):
            found.statements.setdefault(text, values)

    with heard(note):
        async with running_core(folder) as core:
            await core.drawn()
            await core.engine.stop(1.0)
            found.asked = await ask_all(core)
    with ExitStack() as open_ones:
        for count, databases in ((FEW, found.short), (MANY, found.long)):
            for path in await _filled(folder, count):
                databases.append(open_ones.enter_context(closing(sqlite3.connect(path, isolation_level=None))))
        yield found


async def _filled(folder: Path, count: int) -> list[Path]:
    """As they are; and with statistics, at which the bot has started."""
    bare, known = folder / f"{count}.db", folder / f"{count}-known.db"
    shutil.copyfile(folder / "bot.db", bare)
    multiply(bare, count, time.time(), SPAN)
    shutil.copyfile(bare, known)
    analyze(known)
    db = Database(sqlite_url(f"sqlite:///{known}"))
    await upgrade(db)
    await db.close()
    return [bare, known]


def _unexplained(texts: Iterator[str]) -> list[str]:
    known = (*BY_NATURE, *OWED)
    return [" ".join(text.split()) for text in texts if not any(one.search(" ".join(text.split())) for one in known)]


@pytest.mark.asyncio(loop_scope="module")
async def test_every_method_of_the_stores_was_asked(found: Found) -> None:
    for store, names in found.asked.items():
        every = {name for name, one in inspect.getmembers(store, inspect.iscoroutinefunction) if not name.startswith("_")}
        assert every <= names, f"add to every_question.py: {every - names} of {store.__name__}"


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_scans_a_table_that_grows(found: Found) -> None:
    assert not (left := _unexplained(found.scanning())), "\n".join(left)


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_takes_more_work_for_a_longer_history(found: Found) -> None:
    assert not (left := _unexplained(found.growing())), "\n".join(left)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_said_to_be_slow_is_slow(found: Found) -> None:
    """An exception that is needed no more goes."""
    slow = {" ".join(text.split()) for text in (*found.scanning(), *found.growing())}
    needless = [one.pattern for one in (*BY_NATURE, *OWED) if not any(one.search(text) for text in slow)]
    assert not needless, "take out of known_plans.py:\n" + "\n".join(needless)
