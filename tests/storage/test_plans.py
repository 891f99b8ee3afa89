"""No question to the stores looks through a table that grows, or through everything that a user ever did.

Every statement is noted while all that the stores can be asked is asked. Then each is tried on a short and on a long
history: its plan is read, and the work is counted that SQLite's machine does for it.
"""

from __future__ import annotations

import inspect
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.storage.every_question import ask_all
from tests.support.core import running_core
from tests.support.history import analyze, multiply

GROWING = "jobs|calls|ledger|spend|audit|messages|notices|reviews|reports|aliases"
SCAN = re.compile(rf"SCAN (?:{GROWING})\b(?! USING (?:COVERING )?INDEX)")
FEW, MANY = 300, 3000
TIMES, STEPS = 2.0, 40
"""Work may grow by that much where the history grows tenfold; a step is ten instructions of SQLite's machine."""

Statement = tuple[str, tuple[Any, ...]]


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, tuple[Any, ...]], Path]]: ...
