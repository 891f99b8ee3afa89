"""What a modal carries for its way back: private_metadata, at most 3,000 characters, kept by Slack, unseen by people."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

MOST = 3000


@dataclass(frozen=True, slots=True)
class Meta:
    """The place of the request, its response_url, and the file (id and name) that a message shortcut brought."""

    channel: str = ""
    thread: str = ""
    message_id: str = ""
    response_url: str = ""
    expires_at: float = 0.0
    replaceable: bool = False
    editable: bool = False
    file_id: str = ""
    file_name: str = ""
    file_size: int = 0
    file_field: str = ""
    team: str = ""


def write_meta(meta: Meta) -> str:
    """Compact JSON without empty values; a response_url that makes it too long is left out."""
    text = _dump(asdict(meta))
    return text if len(text) <= MOST else _dump({**asdict(meta), "response_url": "", "file_name": ""})


def read_meta(text: str) -> Meta:
    """Anything that we did not write is an empty Meta."""
    try:
        data = json.loads(text or "{}")
        return Meta(**data)
    except (TypeError, ValueError, RecursionError):
        return Meta()


def _dump(values: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in values.items() if value}, separators=(",", ":"))
