"""What a Discord client does with a slash command before it sends it: only registered ones, only fitting options."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import payloads
from tests.fakes.discord.errors import Json
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import ADMINISTRATOR, GROUP_DM, Attachment, Channel, User
from tests.fakes.discord.world import World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
LONGEST_STRING = 6_000
PLAIN: dict[int, type | tuple[type, ...]] = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}


def registered(world: World, user: User, channel: Channel, name: str, kind: int = 1) -> Json:
    """The command that this user is offered here; LookupError if none, PermissionError if it is hidden from them."""
    own = world.commands.get(channel.guild.id, []) if channel.guild else []
    for command in [*own, *world.commands.get(None, [])]:
        if command["name"] == name and command["type"] == kind:
            _offered(command, user, channel)
            return command
    raise LookupError(
        f"no command {name!r} is registered here; there are {[one['name'] for one in [*own, *world.commands.get(None, [])]]}"
    )


def _offered(command: Json, user: User, channel: Channel) -> None:
    context = 0 if channel.guild else 2 if channel.type == GROUP_DM else 1
    outside = context == 2 or (channel.guild is not None and not channel.guild.installed)
    if outside and 1 not in (command.get("integration_types") or [0]):
        raise PermissionError(f"/{command['name']} is not user-installable")
    contexts = command.get("contexts")
    if (contexts is not None and context not in contexts) or (context == 1 and command.get("dm_permission") is False):
        raise PermissionError(f"/{command['name']} is not offered in context {context}")
    needed = command.get("default_member_permissions")
    if needed is None or channel.guild is None or user.permissions & ADMINISTRATOR:
        return
    if int(needed) == 0 or user.permissions & int(needed) != int(needed):
        raise PermissionError(f"/{command['name']} needs permissions {needed}")


def slash_data(
    world: World, user: User, channel: Channel, words: str, values: dict[str, Any], focused: str | None = None
) -> Json:
    """The `data` of a slash command or autocomplete interaction; ValueError where a client would not let it go."""
    name, *path = words.split()
    command = registered(world, user, channel, name)
    level, chain = command, list[Json]()
    for word in path:
        level = next(one for one in level.get("options") or () if one["name"] == word and one["type"] in (SUBCOMMAND, GROUP))
        chain.append(level)
    resolved: Json = {}
    options = _options(level, values, resolved, focused)
    for part in reversed(chain):
        options = [{"name": part["name"], "type": part["type"], "options": options}]
    data: Json = {"id": command["id"], "name": name, "type": 1, "options": options}
    return (
        data
        | ({"resolved": resolved} if resolved else {})
        | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
    )


def menu_data(world: World, user: User, channel: Channel, name: str, target: Message | User) -> Json:
    """The `data` of a message or user command."""
    command = registered(world, user, channel, name, 3 if isinstance(target, Message) else 2)
    key, body = ("messages", payloads.message(target)) if isinstance(target, Message) else ("users", payloads.user(target))
    resolved = {key: {str(target.id): body}}
    return {"id": command["id"], "name": name, "type": command["type"], "target_id": str(target.id), "resolved": resolved}


def _options(level: Json, values: dict[str, Any], resolved: Json, focused: str | None) -> list[Json]:
    known = {option["name"]: option for option in level.get("options") or ()}
    if unknown := values.keys() - known.keys():
        raise ValueError(f"no options {sorted(unknown)} in {sorted(known)}")
    missing = [name for name, option in known.items() if option.get("required") and name not in values]
    if missing and focused is None:
        raise ValueError(f"required options are missing: {missing}")
    result = []
    for name, value in values.items():
        option = {
            "name": name,
            "type": known[name]["type"],
            "value": _value(known[name], value, resolved, typing=name == focused),
        }
        result.append(option | ({"focused": True} if name == focused else {}))
    return result


def _value(option: Json, value: Any, resolved: Json, *, typing: bool) -> Any:
    if option["type"] not in PLAIN:
        return resolve(value, resolved)
    if typing:
        return str(value)
    if not isinstance(value, PLAIN[option["type"]]) or (isinstance(value, bool) and option["type"] != BOOLEAN):
        raise ValueError(f"{value!r} does not fit option {option['name']!r} of type {option['type']}")
    _bounds(option, value)
    return value


def _bounds(option: Json, value: Any) -> None:
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise ValueError(f"{value!r} is none of the choices {choices}")
    if isinstance(value, str) and not option.get("min_length", 0) <= len(value) <= option.get("max_length", LONGEST_STRING):
        raise ValueError(f"option {option['name']!r}: {len(value)} characters are too few or too many")
    low, high = option.get("min_value"), option.get("max_value")
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError(f"option {option['name']!r}: {value} is outside {low} to {high}")


def resolve(value: Attachment | User | Channel | int, resolved: Json) -> str:
    """The id of a thing that a user picked; its details go into `resolved`. A plain number is a role."""
    if isinstance(value, Attachment):
        resolved.setdefault("attachments", {})[str(value.id)] = payloads.attachment(value) | {"ephemeral": True}
    elif isinstance(value, User):
        resolved.setdefault("users", {})[str(value.id)] = payloads.user(value)
        rest = {key: item for key, item in payloads.member(value).items() if key != "user"}
        resolved.setdefault("members", {})[str(value.id)] = rest
    elif isinstance(value, Channel):
        resolved.setdefault("channels", {})[str(value.id)] = payloads.channel(value) | {"permissions": "0"}
    else:
        resolved.setdefault("roles", {})[str(value)] = _role(value)
    return str(value if isinstance(value, int) else value.id)


def _role(number: int) -> Json:
    body = {"id": str(number), "name": f"role {number}", "permissions": "0", "position": 1, "color": 0, "hoist": False}
    return body | {"managed": False, "mentionable": False, "flags": 0}
