"""Secrets are compared in constant time: no `==` on a token, key, signature or digest anywhere in the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TELLING = re.compile(
    r"token|secret|signature|signed|digest|hmac|password|cookie|ticket|api_?key|(^|_)mac(_|$)", re.IGNORECASE
)
"""Names of what an attacker would guess letter by letter."""
HARMLESS = {
    ("bot/jobs/split.py", "token"): "a word of a prompt",
    ("bot/desk/zipped.py", "digest"): "of pictures, to pack none twice",
    ("storage/api/keys.py", "api_keys"): "the table: a key is found by its id, its digest is compared in constant time",
    ("storage/moving.py", "hexdigest"): "of a table that was moved: no key is in it",
    ("storage/archive.py", "digest"): "of a backup that the operator restores: no key is in it",
    ("storage/moving.py", "digest"): "of rows that the operator moves, read back to compare: nobody sends it",
}
"""(file, name): what is meant there; no attacker sends or times it. Names in capitals are constants of the source."""
EQUAL = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def names(node: ast.AST) -> set[str]:
    """Everything that is named inside."""
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return found | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


def constant(node: ast.AST) -> bool:
    """A literal, or a collection of them: nothing secret stands in the source."""
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.Tuple | ast.List | ast.Set) and all(constant(one) for one in node.elts)
    )


def blameless(node: ast.AST) -> bool:
    """A literal, a length, a type: nothing that is secret itself."""
    return constant(node) or (isinstance(node, ast.Call) and bool(names(node.func) & {"len", "type"}))


def comparisons(source: str) -> Iterator[tuple[int, str]]:
    """Line and telling name of each comparison that ends at the first wrong letter."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare) or not any(isinstance(one, EQUAL) for one in node.ops):
            continue
        sides = [node.left, *node.comparators]
        if not any(map(blameless, sides)):
            yield from (
                (node.lineno, name) for side in sides for name in names(side) if TELLING.search(name) and not name.isupper()
            )


def test_no_secret_is_compared_letter_by_letter() -> None:
    files = [file for folder in ("bot", "providers", "storage") for file in (ROOT / folder).rglob("*.py")]
    found = [
        (str(file.relative_to(ROOT)), line, name) for file in files for line, name in comparisons(file.read_text("utf-8"))
    ]
    assert len(files) > 200
    assert [one for one in found if (one[0], one[2]) not in HARMLESS] == []


def test_the_search_finds_one() -> None:
    assert list(comparisons("if given != self._webhook_secret: pass")) == [(1, "_webhook_secret")]
    assert list(comparisons("ok = sent in tokens")) == [(1, "tokens")]
    assert list(comparisons("ok = hmac.compare_digest(token, wanted)\nhas = token == ''")) == []


def test_signatures_are_checked_with_compare_digest() -> None:
    """Wherever something is signed with a key that both sides have. fal.ai's Ed25519 compares nothing secret."""
    for path in (
        "providers/webhook.py",
        "providers/standard_webhooks.py",
        "providers/bfl_webhook.py",
        "bot/playground/guard.py",
        "bot/api/tokens.py",
        "bot/slack/install_state.py",
        "bot/web/links.py",
        "bot/web/metrics.py",
    ):
        assert "hmac.compare_digest(" in (ROOT / path).read_text("utf-8"), path
