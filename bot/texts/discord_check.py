"""What `imagine-bot check` says about Discord."""

from __future__ import annotations

from collections.abc import Sequence

NO_SERVER = (
    "the bot is in no server yet: open the link that `imagine-bot invite` prints (user installs and DMs work without)"
)


def known(name: str, application_id: str) -> str:
    """The token is good."""
    return f"the token is the one of {name}, application {application_id}"


def servers(count: int) -> str:
    """Nothing is missing anywhere."""
    return f"in {count} server{'s' if count > 1 else ''}, with every permission that is needed"


def lacks(server: str, missing: Sequence[str]) -> str:
    """A server where the bot's roles do not suffice."""
    return (
        f"in “{server}” the bot lacks {', '.join(missing)}: add them to its role, or open the link of `imagine-bot invite`"
    )


def not_member(guild_id: int) -> str:
    """DISCORD_GUILD_IDS names a server that the bot is not in."""
    return f"DISCORD_GUILD_IDS names {guild_id}, and the bot is not in it: invite it there, or take the number out"


def unread(path: str) -> str:
    """A good status over a body that is not Discord's."""
    return f"what answers {path} is not Discord: look whether a proxy or a network's login page stands in between"


def odd(path: str, status: int) -> str:
    """An answer that should not be."""
    return f"Discord answered {path} with HTTP {status}: look at https://discordstatus.com and try again"
