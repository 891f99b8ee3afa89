"""Block Kit by the schema: one readable line for each thing that is wrong with a block."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from tests.fakes.slack.contracts import block_schema
from tests.fakes.slack.model import Json

URL_LENGTH = 3000
"""Most characters of `url` and `image_url` (docs.slack.dev, Block Kit reference); the schema lacks it."""
SELECTS = frozenset({"static_select", "multi_static_select"})
MODAL_ONLY = frozenset({"alert", "file_input"})
"""Types that a message must not hold (docs.slack.dev, Block Kit reference)."""


@cache
def validator(definition: str) -> Draft7Validator:
    """A validator for one definition of the Block Kit schema."""
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": block_schema()})


@cache
def _definitions() -> dict[str, str]:
    found = {}
    for entry in block_schema()["KnownBlock"]["anyOf"]:
        name = entry["$ref"].rsplit("/", 1)[1]
        body = block_schema()[name]
        found[body.get("anyOf", [body])[0]["properties"]["type"]["const"]] = name
    return found


def schema_errors(blocks: list[Any], root: str, *, modal: bool) -> list[str]:
    """What the schema, the ids and the empty texts get wrong, each with a JSON pointer under `root`."""
    wrong = []
    for index, block in enumerate(blocks):
        wrong += _block_errors(block, f"{root}/{index}", modal=modal)
    return wrong + _twice(blocks, "block_id", root) + _twice(blocks, "action_id", root)


def _block_errors(block: Any, pointer: str, *, modal: bool) -> list[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _definitions():
        return [f"unsupported type: {kind} [json-pointer:{pointer}/type]"]
    error = best_match(validator(_definitions()[kind]).iter_errors(block))
    if error:
        path = "".join(f"/{part}" for part in error.absolute_path)
        return [f"{error.message[:200]} [json-pointer:{pointer}{path}]"]
    return _beyond_schema(block, pointer, modal=modal)


def _beyond_schema(block: Json, pointer: str, *, modal: bool) -> list[str]:
    wrong = []
    for node, where in _walk(block, pointer):
        kind = node.get("type")
        if kind in {"plain_text", "mrkdwn"} and not node.get("text"):
            wrong.append(f"must be more than 0 characters [json-pointer:{where}/text]")
        if kind in {"actions", "context", "carousel"} and not node.get("elements"):
            wrong.append(f"no fewer than 1 items allowed [json-pointer:{where}/elements]")
        if kind == "section" and not (node.get("text") or node.get("fields")):
            wrong.append(f"missing required field: text or fields [json-pointer:{where}]")
        if kind in SELECTS and not (node.get("options") or node.get("option_groups")):
            wrong.append(f"no fewer than 1 items allowed [json-pointer:{where}/options]")
        wrong += _bad_start(node, where)
        if kind in MODAL_ONLY and not modal:
            wrong.append(f"{kind} is allowed in modals only [json-pointer:{where}]")
        wrong += [f"must be less than {URL_LENGTH + 1} characters [json-pointer:{where}/{key}]" for key in _long_urls(node)]
    return wrong


def _bad_start(node: Json, where: str) -> list[str]:
    """What is chosen at the start must be offered and fit (docs.slack.dev, "Multi-select menu element")."""
    groups = [group["options"] for group in node.get("option_groups", [])]
    offered = [*node.get("options", []), *(one for group in groups for one in group)]
    chosen = [*node.get("initial_options", []), *([node["initial_option"]] if "initial_option" in node else [])]
    wrong = [f"initial option is not offered [json-pointer:{where}/{one['value']}]" for one in chosen if one not in offered]
    initial = next((value for key, value in node.items() if key.startswith("initial_") and isinstance(value, list)), [])
    most = node.get("max_selected_items")
    if most is not None and (most < 1 or len(initial) > most):
        wrong.append(f"too many or too few: max_selected_items is {most} [json-pointer:{where}]")
    return wrong


def _long_urls(node: Json) -> list[str]:
    return [key for key in ("url", "image_url") if len(str(node.get(key, ""))) > URL_LENGTH]


def _walk(node: Any, pointer: str) -> list[tuple[Json, str]]:
    """Every object inside, with its pointer."""
    if isinstance(node, list):
        return [pair for index, one in enumerate(node) for pair in _walk(one, f"{pointer}/{index}")]
    if not isinstance(node, dict):
        return []
    return [(node, pointer), *(pair for key, one in node.items() for pair in _walk(one, f"{pointer}/{key}"))]


def walk(blocks: list[Any], root: str) -> list[tuple[Json, str]]:
    """Every object in the blocks, with its JSON pointer."""
    return _walk(blocks, root)


def _twice(blocks: list[Any], key: str, root: str) -> list[str]:
    seen: set[str] = set()
    wrong = []
    for node, where in _walk(blocks, root):
        value = node.get(key)
        if isinstance(value, str) and value in seen:
            wrong.append(f"`{key}` {value} already exists for another element [json-pointer:{where}/{key}]")
        elif isinstance(value, str):
            seen.add(value)
    return wrong


def text_length(blocks: list[Any]) -> int:
    """Characters of all texts in the blocks together."""
    return sum(len(node["text"]) for node, _ in _walk(blocks, "") if isinstance(node.get("text"), str))
