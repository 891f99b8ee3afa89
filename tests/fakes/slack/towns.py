"""Several workspaces at one Slack: which of them a token, an upload address or a response_url belongs to."""

from __future__ import annotations

from tests.fakes.slack.model import Json
from tests.fakes.slack.world import World

NAMING = ("channel", "channel_id", "user", "users", "trigger_id", "view_id")


class Towns:
    """`all`: the workspaces, the first one first."""

    def __init__(self, first: World) -> None:
        self.all: list[World] = [first]

    def opened(self, token: str, args: Json) -> World | None:
        """The workspace of a token; of an organisation's, the one that the arguments are about. None: nobody's token."""
        found = [world for world in self.all if token and world.token == token]
        if len(found) < 2:
            return found[0] if found else None
        return next((world for world in found if _about(world, args)), found[0])

    def holding(self, token: str) -> World:
        """The workspace with that place for an upload, else the first."""
        held = (world for world in self.all if any(file.token == token for file in world.files.values()))
        return next(held, self.all[0])

    def answered(self, key: str) -> World:
        """The workspace with that response_url, else the first."""
        return next((world for world in self.all if key in world.reply_urls), self.all[0])


def _about(world: World, args: Json) -> bool:
    """A trigger, a channel, a person: whatever is named lives in one workspace alone."""
    named = {str(args[key]) for key in NAMING if args.get(key)}
    known = {*world.channels, *world.users, *world.triggers, *world.views}
    return args.get("team_id") == world.team or bool(named & known)
