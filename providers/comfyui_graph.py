"""ComfyUI workflows: JSON in API format, whose inputs hold placeholders by name, such as "{{prompt}}"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")
NAMES: Final = ("prompt", "negative", "seed", "width", "height", "count", "model", "image", "upscaler")
SHIPPED: Final = Path(__file__).parent
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workflow:
    """`nodes` by id, as the file has them; `names`: the placeholders among their inputs; `origin`: what to call it."""

    nodes: Mapping[str, Node]
    names: frozenset[str]
    origin: str

    def filled(self, values: Mapping[str, str | int]) -> dict[str, Node]:
        """The graph to send. A text that is one placeholder becomes the value itself, so that numbers stay numbers."""
        return {number: {**node, "inputs": _filled(node["inputs"], values)} for number, node in self.nodes.items()}


def shipped(name: str) -> Workflow:
    """One that comes with the bot."""
    return _read(SHIPPED / name, f"the shipped {name}")


def own(setting: str, path: Path, *needs: str) -> Workflow:
    """The operator's own. Raises ValueError with one sentence that names the setting."""
    found = _read(path, setting)
    for name in needs:
        if name not in found.names:
            raise ValueError(f"{setting} ({path}) has no {{{{{name}}}}} in any node's inputs.")
    return found


def _read(path: Path, origin: str) -> Workflow:
    try:
        said = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"{origin} ({path}) can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{origin} ({path}) is no JSON: {error}.") from error
    if not isinstance(said, dict) or not said or not all(map(_is_node, said.values())):
        raise ValueError(f"{origin} ({path}) is no workflow in API format: save it in ComfyUI by Workflow > Export (API).")
    names = frozenset(name for node in said.values() for name in _names(node["inputs"]))
    strange = sorted(names - set(NAMES))
    if strange:
        known = ", ".join(NAMES)
        raise ValueError(f"{origin} ({path}) has a placeholder {{{{{strange[0]}}}}} that nothing fills; known: {known}.")
    return Workflow(said, names, origin)


def _is_node(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("class_type"), str) and isinstance(value.get("inputs"), dict)


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from PLACEHOLDER.findall(value)
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _names(one)


def _filled(value: Any, values: Mapping[str, str | int]) -> Any:  # noqa: ANN401 - any JSON
    """One pass: what a prompt itself holds in double braces stays as it is."""
    if isinstance(value, dict):
        return {name: _filled(one, values) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    if not isinstance(value, str):
        return value
    whole = PLACEHOLDER.fullmatch(value)
    return values[whole[1]] if whole else PLACEHOLDER.sub(lambda found: str(values[found[1]]), value)
