"""The JSON that Slack sends: objects inside answers, and the payloads of what people do."""

from __future__ import annotations

import re

from tests.fakes.slack.model import APP, Channel, File, Json, Message, User, View
from tests.fakes.slack.world import World

TOKEN = "v"
"""The legacy verification token; nobody checks it."""


def message_object(world: World, message: Message) -> Json:
    """A message as answers, clicks and shortcuts carry it."""
    found: Json = {"type": "message", "ts": message.ts, "user": message.user, "text": message.text, "team": world.team}
    if message.user == world.bot_user:
        found |= {"bot_id": world.bot_id, "app_id": APP, "blocks": message.blocks}
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    if message.files:
        found["files"] = [file_object(world, file) for file in message.files]
    return found


def file_object(world: World, file: File, *, typed: bool = True) -> Json:
    """A file; without `typed`, as it looks before the scan."""
    kind = file.mimetype if typed else ""
    names = {"id": file.id, "name": file.name, "title": file.title or file.name, "user": file.owner, "size": file.length}
    kinds = {
        "mimetype": kind,
        "filetype": kind.rsplit("/", 1)[-1].replace("jpeg", "jpg"),
        "mode": "hosted",
        "file_access": "visible",
    }
    url = world.file_url(file)
    return {**names, **kinds, "alt_txt": file.alt, "url_private": url, "url_private_download": url}


def view_object(world: World, view: View) -> Json:
    """A view as answers and submissions carry it."""
    ids = {
        "id": view.id,
        "team_id": world.team,
        "root_view_id": view.root or view.id,
        "app_id": APP,
        "bot_id": world.bot_id,
        "hash": view.hash,
    }
    return {"private_metadata": "", "callback_id": "", "state": {"values": {}}, **view.body, **ids}


def _frame(world: World, kind: str, user: User) -> Json:
    who = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.home or world.team}
    team = None if world.org_wide and kind in {"view_submission", "view_closed", "shortcut"} else _team(world)
    where = {"team": team, "enterprise": _enterprise(world), "is_enterprise_install": world.org_wide}
    return {"type": kind, "token": TOKEN, "api_app_id": APP, "user": who, **where}


def _team(world: World) -> Json:
    org = {"enterprise_id": world.organisation.id, "enterprise_name": world.organisation.name} if world.organisation else {}
    return {"id": world.team, "domain": world.team_name.lower(), **org}


def _enterprise(world: World) -> Json | None:
    return {"id": world.organisation.id, "name": world.organisation.name} if world.organisation else None


def escaped_text(world: World, text: str) -> str:
    """What a command's text becomes with `should_escape`: people and channels by id, `&`, `<` and `>` as entities."""
    people = {user.name: f"<@{user.id}|{user.name}>" for user in world.users.values()}
    rooms = {channel.name: f"<#{channel.id}|{channel.name}>" for channel in world.channels.values()}
    known = {"@": people, "#": rooms}
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([@#])([\w-]+)", lambda found: known[found[1]].get(found[2], found[0]), safe)


def command_payload(world: World, user: User, channel: Channel, command: str, text: str) -> Json:
    """A slash command; all values are strings, as in the form that HTTP carries."""
    who = {"team_id": world.team, "team_domain": "t", "user_id": user.id, "user_name": user.name, "api_app_id": APP}
    if world.organisation:
        who |= {"enterprise_id": world.organisation.id, "enterprise_name": world.organisation.name}
    name = "privategroup" if channel.kind == "group" else channel.name
    what = {
        "command": command,
        "text": escaped_text(world, text),
        "channel_id": channel.id,
        "channel_name": name,
        "is_enterprise_install": str(world.org_wide).lower(),
    }
    passes = {"response_url": world.new_reply_url(channel.id, user.id), "trigger_id": world.new_trigger(user.id)}
    return {"token": TOKEN, **who, **what, **passes}


def message_action(world: World, user: User, message: Message, action: Json) -> Json:
    """A click on a button or a choice in a menu of a message."""
    channel = world.channels[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.to),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    shown = {} if message.to else {"message": message_object(world, message)}
    passes = {"response_url": world.new_reply_url(channel.id, user.id, message), "trigger_id": world.new_trigger(user.id)}
    place = {"container": container, "channel": {"id": channel.id, "name": channel.name}, "state": {"values": {}}}
    return {
        **_frame(world, "block_actions", user),
        **place,
        **shown,
        **passes,
        "actions": [{**action, "action_ts": world.new_ts()}],
    }


def view_action(world: World, user: User, view: View, action: Json) -> Json:
    """A click inside a modal or the Home tab."""
    place = {"container": {"type": "view", "view_id": view.id}, "view": view_object(world, view)}
    passes = {"trigger_id": world.new_trigger(user.id)}
    return {**_frame(world, "block_actions", user), **place, **passes, "actions": [{**action, "action_ts": world.new_ts()}]}


def shortcut_payload(world: World, user: User, callback_id: str, message: Message | None) -> Json:
    """A global shortcut, or one on a message."""
    found = {"callback_id": callback_id, "trigger_id": world.new_trigger(user.id), "action_ts": world.new_ts()}
    if message is None:
        return {**_frame(world, "shortcut", user), **found}
    channel = world.channels[message.channel]
    place = {
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message.ts,
        "message": message_object(world, message),
    }
    url = world.new_reply_url(channel.id, user.id)
    return {**_frame(world, "message_action", user), **found, **place, "response_url": url}


def submission_payload(world: World, user: User, view: View, values: Json, reply_urls: list[Json]) -> Json:
    """The submit button of a modal."""
    sent = {**view_object(world, view), "state": {"values": values}}
    return {
        **_frame(world, "view_submission", user),
        "trigger_id": world.new_trigger(user.id),
        "view": sent,
        "response_urls": reply_urls,
    }


def closed_payload(world: World, user: User, view: View) -> Json:
    """The cancel button of a modal that asked to be told."""
    return {**_frame(world, "view_closed", user), "view": view_object(world, view), "is_cleared": False}


def event_payload(world: World, event: Json) -> Json:
    """An Events API callback around an event."""
    org = world.organisation.id if world.organisation else None
    team = None if world.org_wide else world.team
    who = {"enterprise_id": org, "team_id": team, "user_id": world.bot_user, "is_bot": True}
    who["is_enterprise_install"] = world.org_wide
    head = {"token": TOKEN, "api_app_id": APP, "type": "event_callback", "is_ext_shared_channel": False}
    head |= ({"enterprise_id": org} if org else {}) | ({} if world.nameless else {"team_id": world.team})
    return {
        **head,
        "event": event,
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [who],
    }
