"""The JSON that Discord sends: users, places, messages, interactions (shapes: Discord docs)."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

from tests.fakes.discord import components as tree
from tests.fakes.discord.clock import DISCORD_EPOCH_MS
from tests.fakes.discord.errors import Json
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import DEFAULT_LIMIT, GROUP_DM, PUBLIC_THREAD, Attachment, Channel, Guild, User


def moment(snowflake: int) -> str:
    """The time inside an id, ISO 8601."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000, UTC).isoformat()


def user(one: User) -> Json:
    """A user object."""
    return {
        "id": str(one.id),
        "username": one.name,
        "global_name": one.name,
        "discriminator": "0",
        "avatar": None,
        "bot": one.bot,
    }


def member(one: User) -> Json:
    """A guild member with the permissions this user has."""
    roles = [str(role) for role in one.roles]
    base = {"user": user(one), "roles": roles, "flags": 0, "joined_at": moment(one.id), "deaf": False, "mute": False}
    return base | {"permissions": str(one.permissions), "nick": None, "avatar": None, "pending": False}


def channel(one: Channel) -> Json:
    """A channel of any kind."""
    body: Json = {"id": str(one.id), "type": one.type}
    if one.recipients:
        return body | {"recipients": [user(person) for person in one.recipients], "last_message_id": None}
    body |= {
        "name": one.name,
        "guild_id": str(one.guild.id) if one.guild else None,
        "nsfw": one.nsfw,
        "rate_limit_per_user": 0,
    }
    if one.type != PUBLIC_THREAD or one.parent is None:
        return body | {"position": 0, "permission_overwrites": [], "topic": None, "parent_id": None}
    times = {"auto_archive_duration": 1440, "archive_timestamp": moment(one.id)}
    metadata = {"archived": one.archived, "locked": one.locked} | times
    return body | {
        "parent_id": str(one.parent.id),
        "owner_id": "0",
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": metadata,
    }


def guild(one: Guild, me: User) -> Json:
    """GUILD_CREATE."""
    everyone = {
        "id": str(one.id),
        "name": "@everyone",
        "permissions": str(me.permissions),
        "position": 0,
        "color": 0,
        "flags": 0,
    }
    role = everyone | {"hoist": False, "managed": False, "mentionable": False}
    threads = [channel(place) for place in one.channels if place.parent]
    plain = [channel(place) for place in one.channels if not place.parent]
    body: Json = {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner.id) if one.owner else "1",
        "system_channel_id": str(one.system.id) if one.system else None,
        "roles": [role],
        "channels": plain,
        "threads": threads,
    }
    body |= {"members": [member(me)], "member_count": 2, "emojis": [], "stickers": [], "features": [], "unavailable": False}
    return body | {"preferred_locale": one.locale, "premium_tier": 0 if one.limit <= DEFAULT_LIMIT else 2, "large": False}


def joined(one: Guild, me: User) -> Json:
    """GUILD_CREATE when the bot is added: without `unavailable`, by which clients tell it from the rest."""
    return {key: value for key, value in guild(one, me).items() if key != "unavailable"}


def attachment(one: Attachment) -> Json:
    """An attachment object."""
    body: Json = {"id": str(one.id), "filename": one.filename, "size": one.size, "url": one.url, "proxy_url": one.url}
    if one.content_type:
        body["content_type"] = one.content_type
    if one.description:
        body["description"] = one.description
    if one.pixels:
        body["width"], body["height"] = one.pixels
    return body | ({"is_spoiler": True} if one.spoiler else {})


def message(one: Message) -> Json:
    """A message object; attachment:// references become the files' addresses."""
    body: Json = {
        "id": str(one.id),
        "type": 0,
        "channel_id": str(one.channel.id),
        "content": one.content,
        "flags": one.flags,
    }
    body |= {"author": user(one.author), "attachments": [attachment(file) for file in one.attachments], "embeds": one.embeds}
    body |= {
        "components": _resolved(one),
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
    }
    body |= {"timestamp": moment(one.id), "edited_timestamp": moment(one.id) if one.edits else None}
    if one.reference:
        body |= {"message_reference": one.reference, "type": 19}
    return body | ({"webhook_id": str(one.author.id), "application_id": str(one.author.id)} if one.token else {})


def _resolved(one: Message) -> list[Json]:
    parts = copy.deepcopy(one.components)
    files = {f"attachment://{file.filename}": file for file in one.attachments}
    used = {part["id"] for _, part in tree.walk(parts) if part.get("id")}
    numbers = (number for number in range(1, 1000) if number not in used)
    for _, part in tree.walk(parts):
        part["id"] = part.get("id") or next(numbers)
        for _, item in tree.media(part):
            _resolve(item, files.get(item["url"]))
    return parts


def _resolve(item: Json, file: Attachment | None) -> None:
    item["proxy_url"] = item["url"] = file.url if file else item["url"]
    if file:
        width, height = file.pixels or (None, None)
        details = {"id": str(file.id), "attachment_id": str(file.id), "content_type": file.content_type}
        item.update(details, width=width, height=height, flags=0, loading_state=2)


def interaction_place(where: Channel, who: User, *, user_install: bool) -> Json:
    """Everything in an interaction that says who did it and where."""
    body: Json = {"channel": channel(where), "channel_id": str(where.id), "app_permissions": str(where.bot_permissions)}
    owner = {"1": str(who.id)} if user_install else {"0": str(where.guild.id) if where.guild else "0"}
    body |= {"locale": who.locale, "entitlements": [], "authorizing_integration_owners": owner}
    if where.guild is None:
        return body | {"user": user(who), "context": 2 if where.type == GROUP_DM else 1}
    place = {"id": str(where.guild.id), "locale": where.guild.locale, "features": []}
    body |= {"guild": place, "guild_id": place["id"], "guild_locale": where.guild.locale, "context": 0}
    return body | {"member": member(who)}
