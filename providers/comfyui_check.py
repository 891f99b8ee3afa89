"""Whether a ComfyUI server has the nodes and the models that the workflows name, by what it says of its nodes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from providers.comfyui_graph import Workflow

Read = Callable[[str], Awaitable[dict[str, Any]]]
"""A path in, the JSON object that the server answers out; raises ProviderError."""


async def lacking(read: Read, workflows: Iterable[Workflow], values: Mapping[str, str]) -> str:
    """The first thing that is missing, as a sentence; "" if there is nothing. `values`: what `model`, `upscaler` are."""
    known: dict[str, Any] = {}
    neutral: dict[str, str | int] = dict.fromkeys(("prompt", "negative"), "")
    neutral |= dict.fromkeys(("seed", "width", "height", "count", "image"), 0)  # no text: nothing to look for
    for workflow in workflows:
        for node in workflow.filled({**neutral, **values}).values():
            kind = node["class_type"]
            if kind not in known:
                known[kind] = (await read(f"object_info/{quote(kind, safe='', errors='replace')}")).get(kind)
            if not isinstance(known[kind], dict):
                return f"ComfyUI has no node {kind}, which {workflow.origin} uses."
            for name, value in _absent(known[kind], node["inputs"]):
                return f"ComfyUI has no {name} {value}: correct {_where(value, values, workflow)}."
    return ""


def _where(value: str, values: Mapping[str, str], workflow: Workflow) -> str:
    settings = {name: f"IMAGINE_COMFYUI_{name.upper()}" for name in values}
    return next((settings[name] for name, given in values.items() if given == value), workflow.origin)


def _absent(info: dict[str, Any], inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in inputs.items():
        choices = _choices(info, name) if isinstance(value, str) else None
        if choices is not None and value not in choices:
            yield name, value


def _choices(info: dict[str, Any], name: str) -> list[Any] | None:
    """The texts that an input may be: [[text, ...], ...], or ["COMBO", {"options": [text, ...]}] of newer nodes."""
    groups = info.get("input")
    for group in groups.values() if isinstance(groups, dict) else []:
        spec = group.get(name) if isinstance(group, dict) else None
        if not isinstance(spec, list) or not spec:
            continue
        options = spec[1].get("options") if len(spec) > 1 and isinstance(spec[1], dict) else None
        found = spec[0] if isinstance(spec[0], list) else options if spec[0] == "COMBO" else None
        return found if isinstance(found, list) else None
    return None
