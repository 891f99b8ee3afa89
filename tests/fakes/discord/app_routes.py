"""The bot about itself: who it is, its commands, where the gateway stands, opening DMs."""

from __future__ import annotations

from tests.fakes.discord import payloads, routes
from tests.fakes.discord.errors import ApiError, Json, missing_access, missing_permissions, unknown_webhook
from tests.fakes.discord.model import ADMINISTRATOR, VIEW_AUDIT_LOG, Guild, User
from tests.fakes.discord.registration import check_commands
from tests.fakes.discord.routes import Answer, Route
from tests.fakes.discord.world import Call, World

BOT_ADD = 28
"""Audit log action (Discord docs, "Audit Log Events")."""


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
    return Answer(200, payloads.guild(_guild(world, call), world.me))


def audit_log(world: World, call: Call) -> Answer:
    """Newest first; only BOT_ADD (28) is modelled."""
    one = _guild(world, call)
    if not world.me.permissions & (VIEW_AUDIT_LOG | ADMINISTRATOR):
        raise missing_permissions()
    limit, kind = int(call.query.get("limit", "50")), call.query.get("action_type", str(BOT_ADD))
    found = list(reversed(one.bots_added))[:limit] if kind == str(BOT_ADD) else []
    entries = [
        {"id": str(number), "user_id": str(by.id), "target_id": str(bot.id), "action_type": BOT_ADD}
        for number, by, bot in found
    ]
    rest = ("webhooks", "integrations", "threads", "application_commands", "guild_scheduled_events", "auto_moderation_rules")
    people = [payloads.user(person) for _, by, bot in found for person in (by, bot)]
    return Answer(200, {"audit_log_entries": entries, "users": people} | {name: [] for name in rest})


def _guild(world: World, call: Call) -> Guild:
    one = world.guilds.get(int(call.params["guild_id"]))
    if one is None or not one.installed:
        raise missing_access() if one else ApiError(404, 10004, "Unknown Guild")
    return one


def gateway(world: World, call: Call) -> Answer:
    """Where to connect."""
    return Answer(200, {"url": world.gateway_url})


def gateway_bot(world: World, call: Call) -> Answer:
    """Where to connect, with how many shards, and how often one may."""
    starts, used = world.gateway.starts, world.gateway.identifies
    left = {
        "total": starts,
        "remaining": max(0, starts - used),
        "reset_after": world.gateway.reset_after,
        "max_concurrency": 1,
    }
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
    check_commands(wanted)
    world.commands[scope] = [_registered(world, scope, one, before.get((one["type"], one["name"]))) for one in wanted]
    world.command_puts[scope] = world.command_puts.get(scope, 0) + 1
    return Answer(200, world.commands[scope])


def _registered(world: World, scope: int | None, wanted: Json, number: str | None) -> Json:
    """As Discord tells it again: permissions as text, false and empty left out of options, defaults spelled out."""
    body = {key: value for key, value in wanted.items() if value is not None} | {
        "id": number or str(world.snowflake()),
        "application_id": str(world.me.id),
        "version": str(world.snowflake()),
        "nsfw": bool(wanted.get("nsfw")),
        "dm_permission": True,
    }
    body |= {"description": wanted.get("description") or ""} | ({"guild_id": str(scope)} if scope else {})
    body |= {"contexts": wanted.get("contexts"), "integration_types": wanted.get("integration_types") or [0]}
    permissions = wanted.get("default_member_permissions")
    told = {"default_member_permissions": None if permissions is None else str(permissions)}
    return _options_told(body) | told


def _options_told(body: Json) -> Json:
    """Discord leaves out what is false or empty in options."""
    rest = {key: value for key, value in body.items() if key != "options" and not (key == "required" and not value)}
    options = [_options_told(option) for option in body.get("options") or ()]
    return rest | ({"options": options} if options else {})


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


ROUTES: dict[str, Route] = {
    routes.ME: me,
    routes.MY_GUILDS: my_guilds,
    routes.USER: user,
    routes.APPLICATION: application,
    routes.APPLICATION_NEW: application,
    routes.GUILD: guild,
    routes.AUDIT_LOG: audit_log,
    routes.GATEWAY: gateway,
    routes.GATEWAY_BOT: gateway_bot,
    routes.OPEN_DM: open_dm,
    routes.GET_COMMANDS: get_commands,
    routes.PUT_COMMANDS: put_commands,
    routes.GET_GUILD_COMMANDS: get_commands,
    routes.PUT_GUILD_COMMANDS: put_commands,
}
