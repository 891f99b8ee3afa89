"""What lives in the loopback workspace: people, channels, messages, files, views, and what was seen of the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
"""A decoded JSON object; its shape is checked by the schemas in `tests/specs`, not by types."""
Clock = Callable[[], float]
"""Unix seconds. Every lifetime in the fake is measured with it, so a test moves time instead of sleeping."""
TEAM, APP = "T00000001", "A00000001"
BOT_USER, BOT_ID = "U0BOT0001", "B0BOT0001"
CLIENT_ID, CLIENT_SECRET = "1111111111.2222222222", "fake-client-secret-of-the-app"


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.now += seconds


@dataclass(slots=True)
class User:
    """A person of the workspace (or, with `stranger`, of another one). `home`: their own workspace of the organisation."""

    id: str
    name: str
    admin: bool = False
    owner: bool = False
    restricted: bool = False
    deleted: bool = False
    stranger: bool = False
    home: str = ""
    locale: str = "en-US"


@dataclass(slots=True)
class Group:
    """A user group; `people` are user ids."""

    id: str
    name: str
    people: list[str]
    disabled: bool = False


@dataclass(slots=True)
class Channel:
    """A conversation. `member`: the bot is in it. `people`: ids of those in it, None for everybody."""

    id: str
    name: str
    kind: Literal["channel", "group", "im"] = "channel"
    member: bool = True
    archived: bool = False
    people: set[str] | None = None


@dataclass(slots=True)
class File:
    """An upload. `mimetype` is what the bytes are; clients see it only once `ready`."""

    id: str
    name: str
    owner: str
    length: int
    title: str = ""
    alt: str = ""
    content: bytes = b""
    mimetype: str = ""
    stage: Literal["reserved", "uploaded", "complete", "deleted"] = "reserved"
    completed_at: float = 0.0
    polls: int = 0
    visible: bool = True
    token: str = ""


@dataclass(slots=True)
class Message:
    """A message as it stands now. `to`: the only user who sees it (ephemeral), else empty. `via`: the call that made it."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    to: str = ""
    via: str = ""
    shown: list[File] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    edits: int = 0
    deleted: bool = False
    locked: bool = False

    @property
    def pictures(self) -> list[bytes]:
        """The bytes behind the slack_files that its blocks show, in order."""
        return [file.content for file in self.shown if file.stage == "complete"]

    @property
    def action_ids(self) -> list[str]:
        """Every action_id of its buttons and menus, in order."""
        return [element["action_id"] for element in elements(self.blocks) if "action_id" in element]


@dataclass(slots=True)
class View:
    """A modal or a Home tab as it stands now."""

    id: str
    user: str
    body: Json
    hash: str
    root: str = ""
    depth: int = 1
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Organisation:
    """An enterprise organisation. `token`: of the app where it is installed for all of it; its workspaces share files."""

    id: str
    name: str
    token: str = ""
    files: dict[str, File] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One Web API call of the bot and its answer. `at` is the fake's clock; `team`: the workspace that it reached."""

    method: str
    args: Json
    at: float
    status: int = 0
    answer: Json = field(default_factory=dict)
    team: str = ""
    token: str = ""

    @property
    def error(self) -> str:
        """Slack's error string; empty when it was accepted."""
        return str(self.answer.get("error", ""))


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that a correct bot never sends."""

    where: str
    error: str
    details: tuple[str, ...]


@dataclass(slots=True)
class Response:
    """One post to a response_url; `status` is what it got."""

    url: str
    body: Json
    status: int
    user: str


def elements(blocks: list[Json]) -> list[Json]:
    """Every interactive element in the blocks: action rows, accessories, inputs, card buttons."""
    found: list[Json] = []
    for block in blocks:
        inside = [*block.get("elements", []), *block.get("actions", []), block.get("accessory"), block.get("element")]
        for one in inside:
            if isinstance(one, dict):
                found += elements([one]) if one.get("type") == "card" else [{**one, "block_id": block.get("block_id", "")}]
    return found
