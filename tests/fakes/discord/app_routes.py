"""The bot about itself: who it is, its commands, where the gateway stands, opening DMs."""

from __future__ import annotations

from tests.fakes.discord import payloads, routes
from tests.fakes.discord.errors import ApiError, Json, missing_access, unknown_webhook, wrong
from tests.fakes.discord.model import User
from tests.fakes.discord.routes import Answer, Route
from tests.fakes.discord.world import Call, World

MOST_OF_TYPE = {1: 100, 2: 15, 3: 15}
LONGEST_COMMAND = 8_000
"""Characters of names, descriptions and choice values of one command together."""


def me(world: World, call: Call) -> Answer:
    """GET /users/@me."""
    return Answer(200, payloads.user(world.me) | {"verified": True, "flags": 0})


def user(world: World, call: Call) -> Answer:
    """Another user."""
    return Answer(200, payloads.user(_user(world, call.params["user_id"])))


def application(world: World, call: Call) -> Answer:
    """The application; its id is the bot's."""
    owner = {"id": "4", "username": "owner", "discriminator": "0", "avatar": None}
    body: Json = {"id": str(world.me.id), "name": world.me.name, "description": "", "icon": None, "bot_public": True}
    body |= {"bot_require_code_grant": False, "verify_key": "", "owner": owner, "flags": 0, "bot": payloads.user(world.me)}
    return Answer(200, body | {"interactions_endpoint_url": None, "integration_types_config": {"0": {}, "1": {}}})


def my_guilds(world: World, call: Call) -> Answer:
    """The guilds where the bot is a member."""
    found = [one for one in world.guilds.values() if one.installed]
    permissions = str(world.me.permissions)
    return Answer(
        200,
        [{"id": str(one.id), "name": one.name, "owner": False, "permissions": permissions, "features": []} for one in found],
    )


def guild(world: World, call: Call) -> Answer:
    """One guild where the bot is a member."""
    one = world.guilds.get(int(call.params["guild_id"]))
    if one is None or not one.installed:
        raise missing_access() if one else ApiError(404, 10004, "Unknown Guild")
    return Answer(200, payloads.guild(one, world.me))


def gateway(world: World, call: Call) -> Answer:
    """Where to connect."""
    return Answer(200, {"url": world.gateway_url})


def gateway_bot(world: World, call: Call) -> Answer:
    """Where to connect, with how many shards, and how often one may."""
    left = {"total": 1000, "remaining": max(0, 1000 - world.gateway.identifies), "reset_after": 0, "max_concurrency": 1}
    return Answer(200, {"url": world.gateway_url, "shards": world.gateway.shards, "session_start_limit": left})


def open_dm(world: World, call: Call) -> Answer:
    """The direct channel with a user."""
    channel = world.dm(_user(world, (call.body or {}).get("recipient_id") or 0))
    return Answer(200, payloads.channel(channel))


def get_commands(world: World, call: Call) -> Answer:
    """The registered commands of this scope."""
    return Answer(200, world.commands.get(_scope(world, call), []))


def put_commands(world: World, call: Call) -> Answer:
    """Overwrite them all; a name that was there keeps its id."""
    scope, before = (
        _scope(world, call),
        {(one["type"], one["name"]): one["id"] for one in world.commands.get(_scope(world, call), [])},
    )
    wanted: list[Json] = [dict(one, type=one.get("type") or 1) for one in call.body or []]
    _check_commands(wanted)
    world.commands[scope] = [_registered(world, scope, one, before.get((one["type"], one["name"]))) for one in wanted]
    world.command_puts[scope] = world.command_puts.get(scope, 0) + 1
    return Answer(200, world.commands[scope])


def _registered(world: World, scope: int | None, wanted: Json, number: str | None) -> Json:
    body = wanted | {
        "id": number or str(world.snowflake()),
        "application_id": str(world.me.id),
        "version": str(world.snowflake()),
    }
    body |= {"description": wanted.get("description") or ""} | ({"guild_id": str(scope)} if scope else {})
    permissions = wanted.get("default_member_permissions")
    return body | {"default_member_permissions": None if permissions is None else str(permissions)}


def _user(world: World, number: object) -> User:
    found = world.users.get(int(str(number)))
    if found is None:
        raise ApiError(404, 10013, "Unknown User")
    return found


def _scope(world: World, call: Call) -> int | None:
    if int(call.params["application_id"]) != world.me.id:
        raise unknown_webhook() if call.body is None else ApiError(403, 20012, "You are not authorized on this application")
    scope = int(call.params["guild_id"]) if "guild_id" in call.params else None
    if scope is not None and not (scope in world.guilds and world.guilds[scope].installed):
        raise missing_access()
    return scope


def _check_commands(commands: list[Json]) -> None:
    names = [(one["type"], one["name"]) for one in commands]
    for index, command in enumerate(commands):
        if names.count((command["type"], command["name"])) > 1:
            raise wrong((index, "name"), "Command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME")
        if names and sum(kind == command["type"] for kind, _ in names) > MOST_OF_TYPE[command["type"]]:
            raise ApiError(400, 30032, "Maximum number of application commands reached", mistake=True)
        if command["type"] == 1:
            _check_slash(index, command)


def _check_slash(index: int, command: Json) -> None:
    if command["name"] != command["name"].lower() or " " in command["name"]:
        raise wrong((index, "name"), "lower case, no spaces", "APPLICATION_COMMAND_INVALID_NAME")
    if not command.get("description"):
        raise wrong((index, "description"), "This field is required", "BASE_TYPE_REQUIRED")
    if _length(command) > LONGEST_COMMAND:
        raise wrong((index,), "more than 8000 characters in all", "APPLICATION_COMMAND_TOO_LARGE")
    options = command.get("options") or []
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        raise wrong((index, "options"), "required options stand first", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")
    if len({option["name"] for option in options}) < len(options):
        raise wrong((index, "options"), "option names must be unique", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID")


def _length(part: Json) -> int:
    own = (
        len(part["name"])
        + len(part.get("description") or "")
        + sum(len(str(one["value"])) for one in part.get("choices") or ())
    )
    return own + sum(_length(option) for option in part.get("options") or ())


ROUTES: dict[str, Route] = {
    routes.ME: me,
    routes.MY_GUILDS: my_guilds,
    routes.USER: user,
    routes.APPLICATION: application,
    routes.APPLICATION_NEW: application,
    routes.GUILD: guild,
    routes.GATEWAY: gateway,
    routes.GATEWAY_BOT: gateway_bot,
    routes.OPEN_DM: open_dm,
    routes.GET_COMMANDS: get_commands,
    routes.PUT_COMMANDS: put_commands,
    routes.GET_GUILD_COMMANDS: get_commands,
    routes.PUT_GUILD_COMMANDS: put_commands,
}
