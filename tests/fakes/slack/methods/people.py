"""Who and where: auth.*, users.*, usergroups.*, conversations.*, apps.connections.open."""

from __future__ import annotations

import secrets

from tests.fakes.slack.access import direct, seen_channel
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import APP, Channel, Json
from tests.fakes.slack.world import World


def api_test(world: World, args: Json) -> Json:
    """Is the server there."""
    return {"ok": True, "args": args}


def auth_test(world: World, args: Json) -> Json:
    """Whose token it is."""
    who = {"team_id": world.team, "user_id": world.bot_user, "bot_id": world.bot_id, "is_enterprise_install": world.org_wide}
    org = world.organisation
    if org is not None:
        who |= {"enterprise_id": org.id, **({"team_id": org.id} if world.org_wide else {})}
    name = org.name if org and world.org_wide else world.team_name
    site = f"https://{name.lower()}.{'enterprise.' if world.org_wide else ''}slack.com/"
    return {"ok": True, "url": site, "team": name, "user": "bot", "app_id": APP, **who}


def connections_open(world: World, args: Json) -> Json:
    """A socket address that can be used once."""
    ticket = secrets.token_hex(8)
    world.tickets.add(ticket)
    return {"ok": True, "url": f"{world.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}


def users_info(world: World, args: Json) -> Json:
    """A person and their rights."""
    user = world.users.get(str(args["user"]))
    if user is None:
        raise RefusedError("user_not_found")
    rights = {"is_admin": user.admin, "is_owner": user.owner, "is_primary_owner": False, "is_restricted": user.restricted}
    kinds = {"is_ultra_restricted": False, "is_bot": False, "is_stranger": user.stranger, "deleted": user.deleted}
    names = {
        "id": user.id,
        "team_id": world.team,
        "name": user.name,
        "real_name": user.name,
        "profile": {"display_name": user.name},
    }
    spoken = {"locale": user.locale} if args.get("include_locale") else {}
    return {"ok": True, "user": {**names, **rights, **kinds, **spoken}}


def usergroup_users(world: World, args: Json) -> Json:
    """The people of a user group."""
    if args["usergroup"] not in world.groups:
        raise RefusedError("no_such_subteam")
    return {"ok": True, "users": world.groups[args["usergroup"]].people}


def usergroups(world: World, args: Json) -> Json:
    """All user groups; their people only where asked for, those that are switched off only where asked for."""
    if world.org_wide and not args.get("team_id"):
        raise RefusedError("missing_argument")
    found = []
    for group in world.groups.values():
        people = {"users": group.people} if _true(args.get("include_users")) else {}
        if not group.disabled or _true(args.get("include_disabled")):
            names = {"id": group.id, "team_id": world.team, "is_usergroup": True, "name": group.name, "handle": group.name}
            found.append({**names, "date_delete": int(group.disabled), **people})
    return {"ok": True, "usergroups": found}


def _true(value: object) -> bool:
    return str(value).lower() in {"1", "true"}


def _channel_object(channel: Channel) -> Json:
    kinds = {"is_channel": channel.kind == "channel", "is_group": channel.kind == "group", "is_im": channel.kind == "im"}
    return {"id": channel.id, "name": channel.name, "is_archived": channel.archived, "is_member": channel.member, **kinds}


def conversations_info(world: World, args: Json) -> Json:
    """A channel that the bot can see."""
    return {"ok": True, "channel": _channel_object(seen_channel(world, str(args["channel"])))}


def conversations_join(world: World, args: Json) -> Json:
    """The bot goes into a public channel."""
    channel = seen_channel(world, str(args["channel"]))
    if channel.kind != "channel":
        raise RefusedError("method_not_supported_for_channel_type")
    if channel.archived:
        raise RefusedError("is_archived")
    channel.member = True
    return {"ok": True, "channel": _channel_object(channel)}


def conversations_open(world: World, args: Json) -> Json:
    """The bot's conversation with one user. Group conversations are not in the fake."""
    if args.get("channel"):
        return {"ok": True, "channel": _channel_object(seen_channel(world, str(args["channel"])))}
    if not args.get("users"):
        raise RefusedError("users_list_not_supplied")
    return {"ok": True, "channel": _channel_object(direct(world, str(args["users"])))}
