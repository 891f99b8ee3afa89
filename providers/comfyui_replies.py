"""ComfyUI's replies: where a draw stands in the queue, what its history says, why a workflow was refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx

from providers.base import Drawn, Stage, Status
from providers.errors import Accepted, Family, ProviderError
from providers.inline import json_object

RUNNING = 0
"""The place of a draw that is being drawn."""
LONGEST_TEXT = 500
HIGHEST_SEED = 2**64 - 1


def place(queue: dict[str, Any], ref: str) -> int | None:
    """RUNNING, or 1 for the next, 2 for the one behind it; None: not in the queue."""
    running, pending = queue.get("queue_running"), queue.get("queue_pending")
    if not isinstance(running, list) or not isinstance(pending, list):
        raise ProviderError(Family.BROKEN, "the answer is no queue of ComfyUI")
    if any(_id(item) == ref for item in running):
        return RUNNING
    waiting = sorted(filter(_id, pending), key=_number)  # a heap: only its first item is in place
    return next((n for n, item in enumerate(waiting, 1) if _id(item) == ref), None)


def _id(item: object) -> str:
    """An item is [number, prompt_id, graph, ...]."""
    return item[1] if isinstance(item, list) and len(item) > 1 and isinstance(item[1], str) else ""


def _number(item: list[Any]) -> float:
    return float(item[0]) if isinstance(item[0], (int, float)) and abs(item[0]) < HIGHEST_SEED else 0.0


def entry_of(history: dict[str, Any], ref: str) -> dict[str, Any] | None:
    """What the history has of one draw."""
    entry = history.get(ref)
    return entry if isinstance(entry, dict) else None


def told(entry: dict[str, Any], root: str) -> Status:
    """An entry of the history as a status. Older servers write no status beside the outputs."""
    status = entry.get("status")
    said = status if isinstance(status, dict) else {}
    word = said.get("status_str", "success" if entry.get("outputs") else "")
    if word == "success":
        return Status(Stage.DONE, pictures=_pictures(entry, root))
    if word != "error":
        return Status(Stage.RUNNING)
    messages = dict(_messages(said.get("messages")))
    if "execution_interrupted" in messages:
        return Status(Stage.CANCELLED)
    return Status(Stage.FAILED, error=ProviderError(Family.BROKEN, _fault(messages.get("execution_error", {}))))


def unknown() -> Status:
    """Neither in the queue nor in the history, which live in ComfyUI's memory alone."""
    text = "ComfyUI does not know this draw any more: it was restarted, or the draw was deleted there"
    return Status(Stage.FAILED, error=ProviderError(Family.BROKEN, text))


def _messages(found: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """[name, data] each."""
    for one in found if isinstance(found, list) else []:
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], str):
            yield one[0], one[1] if isinstance(one[1], dict) else {}


def _fault(data: dict[str, Any]) -> str:
    words = (data.get(name) for name in ("node_type", "exception_type", "exception_message"))
    return ": ".join(word.strip() for word in words if isinstance(word, str))[:LONGEST_TEXT] or "the workflow failed"


def _pictures(entry: dict[str, Any], root: str) -> tuple[Drawn, ...]:
    """What was saved; previews only where nothing was."""
    found = list(_files(entry.get("outputs")))
    saved = [file for file in found if file["type"] == "output"] or found
    seed = _seed(entry.get("prompt"))
    return tuple(Drawn(url=f"{root}/view?{urlencode(file, errors='replace')}", seed=seed) for file in saved)


def _files(outputs: object) -> Iterator[dict[str, str]]:
    for node in outputs.values() if isinstance(outputs, dict) else []:
        images = node.get("images") if isinstance(node, dict) else None
        for image in images if isinstance(images, list) else []:
            if isinstance(image, dict) and isinstance(image.get("filename"), str) and image["filename"]:
                kind, folder = image.get("type"), image.get("subfolder")
                yield {
                    "filename": image["filename"],
                    "subfolder": folder if isinstance(folder, str) else "",
                    "type": kind if isinstance(kind, str) else "output",
                }


def _seed(item: object) -> int | None:
    """As `submit` left it in the extra data. The four of a batch share one: only all together come of it again."""
    extra = item[3] if isinstance(item, list) and len(item) > 3 else None
    seed = extra.get("seed") if isinstance(extra, dict) else None
    return seed if isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed <= HIGHEST_SEED else None


def uploaded(reply: httpx.Response) -> str:
    """The name under which a node loads the picture. Nothing is queued yet, whatever it says."""
    try:
        said = json_object(reply)
    except ProviderError as error:
        raise ProviderError(error.family, error.text, accepted=Accepted.NO) from error
    name, folder = said.get("name"), said.get("subfolder", "")
    if not isinstance(name, str) or not name or not isinstance(folder, str):
        raise ProviderError(Family.BROKEN, "the answer to the upload names no file", accepted=Accepted.NO)
    return f"{folder}/{name}" if folder else name


def refusal(reply: httpx.Response) -> str:
    """Why the workflow was refused: the error, and the first of each node; "" if the body is not ComfyUI's."""
    try:
        said = json_object(reply)
    except ProviderError:
        return ""
    error, nodes = said.get("error"), said.get("node_errors")
    lines = [_line(error)] if isinstance(error, dict) else []
    for node in nodes.values() if isinstance(nodes, dict) else []:
        errors = node.get("errors") if isinstance(node, dict) else None
        if isinstance(errors, list) and errors and isinstance(errors[0], dict):
            lines.append(f"{node.get('class_type')}: {_line(errors[0])}")
    return "; ".join(filter(None, lines))[:LONGEST_TEXT]


def _line(error: dict[str, Any]) -> str:
    return ": ".join(word.strip() for word in (error.get("message"), error.get("details")) if isinstance(word, str) and word)
