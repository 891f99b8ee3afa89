"""Message commands (right-click on a message, *Apps*), and what they mean: a press on the job that the message shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.jobs.controls import Control, read_control
from bot.texts import discord as texts

MESSAGE_COMMAND = 3
"""Discord's number for commands on a message."""
_MANAGE_MESSAGES = 1 << 13
_OF_JOBS = frozenset(
    {"upscale", "variation", "reroll", "remix", "cancel", "delete", "details", "again", "report", "moderate", "review"}
)
"""Actions whose controls name a job."""


@dataclass(frozen=True, slots=True)
class MessageMenu:
    """`action`: of the control that is pressed. `needs`: permission bits of those who are offered it by default."""

    name: str
    action: str
    needs: int | None = None


MENUS = (
    MessageMenu(texts.REPORT_PICTURE, "report"),
    MessageMenu(texts.MODERATE_PICTURE, "moderate", _MANAGE_MESSAGES),
)


def menu_payload(menu: MessageMenu) -> dict[str, Any]:
    """Its registration."""
    asked = {} if menu.needs is None else {"default_member_permissions": menu.needs}
    return {"type": MESSAGE_COMMAND, "name": menu.name} | asked


def menu_named(name: str) -> MessageMenu | None:
    """None for a name of an older registration."""
    return next((menu for menu in MENUS if menu.name == name), None)


def job_shown(data: Mapping[str, Any], bot_id: int) -> str:
    """The job of the message that was pointed at; empty if it is none of ours or names no job.

    The author is looked at, too: anybody's bot may write a button with our string on it.
    """
    message = data.get("resolved", {}).get("messages", {}).get(str(data.get("target_id", "")), {})
    if str(message.get("author", {}).get("id", "")) != str(bot_id):
        return ""
    found = (read_control(custom_id) for custom_id in _custom_ids(message.get("components") or ()))
    return next((one.job for one in found if one and one.job and one.action in _OF_JOBS), "")


def menu_control(menu: MessageMenu, job: str) -> str:
    """What is pressed."""
    return str(Control(menu.action, job))


def _custom_ids(components: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for part in components:
        if part.get("custom_id"):
            yield str(part["custom_id"])
        yield from _custom_ids(part.get("components") or ())
        yield from _custom_ids([part[key] for key in ("accessory", "component") if isinstance(part.get(key), Mapping)])
