"""References to messages: the link a person can follow, and the files that a message shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.jobs.place import MessageRef

FILE = "file:"


def permalink(base: str, channel: str, ts: str, thread: str = "") -> str:
    """The form that Slack's own links have. `base`: the workspace's address by auth.test, with a slash."""
    link = f"{base}archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread else link


def files_of(ref: MessageRef | None) -> dict[str, str]:
    """Slack file ids by picture key."""
    extra = ref.extra if ref else {}
    return {key.removeprefix(FILE): file_id for key, file_id in extra.items() if key.startswith(FILE)}


def with_files(ref: MessageRef, files: Mapping[str, str]) -> MessageRef:
    """The same reference with these files added."""
    return replace(ref, extra={**ref.extra, **{f"{FILE}{key}": file_id for key, file_id in files.items()}})
