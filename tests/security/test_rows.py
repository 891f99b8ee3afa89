"""docs/security.md and docs/reliability.md name tests: each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
DOCUMENTS = ("docs/security.md", "docs/reliability.md")


def functions(path: Path) -> set[str]:
    """Names of the tests in a file."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def missing(text: str) -> list[str]:
    """Tests that are named and do not exist."""
    lost = []
    for file, name in NAMED.findall(text):
        path = ROOT / file
        if not path.exists() or (name and name not in functions(path)):
            lost.append(f"{file}::{name}")
    return lost


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if (ROOT / name).exists()])
def test_every_named_test_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    assert len(NAMED.findall(text)) >= 10
    assert missing(text) == []


def test_every_threat_names_its_test() -> None:
    rows = [line for line in (ROOT / "docs/security.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith(("| ---", "| threat"))]
    assert len(rows) > 30
    assert [row for row in rows if not NAMED.search(row.split("|")[3])] == []


def test_a_name_that_is_made_up_is_found() -> None:
    assert missing("`tests/security/test_rows.py::test_nothing` `tests/none.py`") == [
        "tests/security/test_rows.py::test_nothing", "tests/none.py::"
    ]  # fmt: skip
