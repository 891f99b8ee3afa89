"""Slack's payloads as one shape: who asked, where, and how to answer. Field names as recorded by Slack's own SDKs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.jobs.place import Place, Platform, Reply
from bot.slack.meta import Meta

Json = dict[str, Any]
RESPONSE_SECONDS = 29 * 60.0
"""A response_url lives 30 minutes; the last one is kept as a margin."""


@dataclass(frozen=True, slots=True)
class Source:
    """What Slack says of the installation. Of an `org_wide` one the team may be unknown."""

    team: str = ""
    enterprise: str = ""
    org_wide: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """One request. `identity`: the enterprise or team that the person counts under.

    `team`: the workspace, or the organisation where Slack names no workspace. `source`: whose installation it came through.

    `trigger` opens a modal for three seconds. `replaceable`: `response_url` came from a private message,
    which it may replace. `editable`: from a control of our own message `message_id`, which all can see.
    `submitted`: a Form came back, nobody waits for a modal.
    """

    user_id: str
    name: str
    identity: str
    team: str
    channel: str
    thread: str
    key: str
    source: Source = Source()
    response_url: str = ""
    expires_at: float = 0.0
    trigger: str = ""
    message_id: str = ""
    replaceable: bool = False
    editable: bool = False
    submitted: bool = False

    @property
    def place(self) -> Place:
        """The conversation. A direct one is the workspace's, too: no way around its blocks, rules and budgets."""
        return Place(Platform.SLACK, self.channel, self.team, self.thread)

    @property
    def reply(self) -> Reply | None:
        """The handle for private answers; events have none."""
        if not self.response_url:
            return None
        return Reply("", self.expires_at, {"response_url": self.response_url})


def is_dm(channel: str) -> bool:
    """Whether a conversation is a direct one with a single person (or none is known)."""
    return not channel or channel.startswith("D")


def from_command(body: Json, now: float) -> Origin:
    """A slash command: flat fields, never in a thread."""
    source = source_of(body)
    return Origin(
        user_id=body["user_id"],
        name=body.get("user_name") or body["user_id"],
        identity=source.enterprise or source.team,
        team=source.team or source.enterprise,
        source=source,
        channel=body.get("channel_id") or "",
        thread="",
        key=body.get("trigger_id") or "",
        response_url=body.get("response_url") or "",
        expires_at=now + RESPONSE_SECONDS,
        trigger=body.get("trigger_id") or "",
    )


def from_event(body: Json) -> Origin:
    """An app_mention: no trigger and no response_url; in a thread the answer goes there."""
    event, source = body["event"], source_of(body)
    return Origin(
        user_id=event["user"],
        name=event["user"],
        identity=source.enterprise or source.team,
        team=source.team or source.enterprise,
        source=source,
        channel=event["channel"],
        thread=event.get("thread_ts") or "",
        key=body.get("event_id") or f"{event['channel']}:{event['ts']}",
    )


def from_interaction(body: Json, now: float) -> Origin:
    """A pressed button, a chosen entry, a shortcut."""
    container, message = body.get("container") or {}, body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    ts = container.get("message_ts") or body.get("message_ts") or message.get("ts") or ""
    thread = container.get("thread_ts") or message.get("thread_ts") or ""
    pressed, private = body.get("type") == "block_actions", bool(container.get("is_ephemeral"))
    return Origin(
        **_person(body),
        channel=channel,
        thread="" if thread == ts else thread,
        key=body.get("trigger_id") or "",
        response_url=body.get("response_url") or "",
        expires_at=now + RESPONSE_SECONDS,
        trigger=body.get("trigger_id") or "",
        message_id=ts,
        replaceable=pressed and (private or is_dm(channel)),
        editable=not private and not is_dm(channel) and container.get("type") == "message",
    )


def from_view(body: Json, meta: Meta) -> Origin:
    """A modal came back: the place is what the modal carried."""
    return Origin(
        **_person(body, meta.team),
        channel=meta.channel,
        thread=meta.thread,
        key=f"view:{body['view']['id']}",
        response_url=meta.response_url,
        expires_at=meta.expires_at,
        trigger=body.get("trigger_id") or "",
        message_id=meta.message_id,
        replaceable=meta.replaceable,
        editable=meta.editable,
        submitted=True,
    )


def source_of(body: Json) -> Source:
    """Whose installation a payload came through. The team is where the app is installed, not where a guest comes from.

    A payload of an organisation-wide installation may name no team at all: Slack then gives the person's own.
    """
    named: Json = next(iter(body.get("authorizations") or []), {})
    team, enterprise = body.get("team") or {}, body.get("enterprise") or {}
    org_wide = named.get("is_enterprise_install", body.get("is_enterprise_install"))
    teams = (named.get("team_id"), team.get("id"), body.get("team_id"), (body.get("user") or {}).get("team_id"))
    orgs = (enterprise.get("id"), team.get("enterprise_id"), named.get("enterprise_id"), body.get("enterprise_id"))
    return Source(_first(teams), _first(orgs), str(org_wide).lower() == "true")


def _first(words: tuple[object, ...]) -> str:
    return str(next(filter(None, words), ""))


def _person(body: Json, team: str = "") -> Json:
    """`team`: the workspace where a modal was opened, as its payload need not say it."""
    user, source = body["user"], source_of(body)
    return {
        "user_id": user["id"],
        "name": user.get("name") or user.get("username") or user["id"],
        "identity": source.enterprise or source.team,
        "team": team or source.team or source.enterprise,
        "source": source,
    }
