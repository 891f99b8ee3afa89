"""What is wrong with the configuration, one line for the operator each."""

from __future__ import annotations

import re

LOGIN = re.compile(r"//[^/@\s]*@")
LONGEST_VALUE = 80

SPACELESS = "a secret without spaces and without letters outside ASCII"
SIGNING_KEY = "whsec_ followed by base64, as the vendor shows it"
LONG_AND_SPACELESS = "at least 16 characters without spaces"
DISCORD_BOT = "the bot token alone, without “Bot ” in front, without spaces and letters outside ASCII"
SLACK_BOT = "a bot token that begins with xoxb-"
SLACK_APP = "an app-level token that begins with xapp-"
SLACK_CLIENT = "a client ID, two numbers with a point between them"
DISCORD_IDS = "numbers of Discord servers, separated by commas"
SHARD_IDS = "whole numbers from 0, separated by commas"
MODEL = "a model's name, for example owner/name"
ROUTE = "order or cost"
MODERATIONS = "openai, local or both, separated by a comma"
WEB_URL = "an address that begins with https:// or http://"
PUBLIC_URL = "an address that begins with https:// or http://, without a login, ?, # or .. in it"
GATEWAY_URL = "an address that begins with wss:// or ws://"
PICTURES_URL = "an address that begins with file:///, s3://, gs:// or az://"
DATABASE_URL = "sqlite:///PATH with the path of a file, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
COMMAND = "a slash and 1 to 31 small letters, digits, - or _"
HOST = "a host name or an IP address alone, without a port or a path"
HOSTS = "host names (each may have a :port; IPv6 addresses in [ ]), separated by commas"
NAMES = "names of providers, each once, separated by commas"
ROLES = "all, or some of discord, slack, web and worker, separated by commas"
ON_OFF = "on or off"
LEVEL = "debug, info, warning, error or critical"
FOLDER = "a folder"
FILE = "the path of a file"


ONE_OR_MANY = (
    "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set: the first is for one workspace, the second for many. Remove one; "
    "with SLACK_CLIENT_ID each workspace, also the first, is installed at PUBLIC_URL/slack/install."
)


def whole_number(least: int, most: int | None = None) -> str:
    """What a setting with an integer takes."""
    return f"a whole number from {least} to {most}" if most is not None else f"a whole number, {least} or more"


def number(*, zero: bool) -> str:
    """What a setting with seconds takes."""
    return "a number of seconds, 0 or more" if zero else "a number of seconds above 0"


def wrong(name: str, given: str, expected: str) -> str:
    """A value that cannot be used; a login inside it is not shown."""
    shown = LOGIN.sub("//***@", given)
    shown = shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"
    return f"{name} is “{shown}”, expected {expected}."


def wrong_secret(name: str, expected: str) -> str:
    """The same for a secret, whose value is never shown."""
    return f"{name} (value not shown): expected {expected}."


def unknown(name: str, nearest: str) -> str:
    """An IMAGINE_ name that nothing reads."""
    return f"{name} is no setting. The nearest one is {nearest}."


PHRASE_WITH_SERVER = (
    "DATABASE_URL names a Postgres server, and that needs IMAGINE_SECRET too: one phrase for all processes (after a move "
    "from SQLite: what stands in the file secret of the data folder)."
)


ROLES_NEED_SERVER = (
    "IMAGINE_ROLES shares the work among several processes, and those need one database that all of them reach: set "
    "DATABASE_URL to a Postgres server, or leave the roles out."
)
SLACK_OVER_HTTP_NEEDS_WEB = (
    "IMAGINE_ROLES has slack without web, but without SLACK_APP_TOKEN Slack's events come over HTTP: name both, or leave "
    "slack to the process that has web."
)


def needs(name: str, other: str) -> str:
    """A setting that does nothing alone."""
    return f"{name} is set, and it needs {other} too."


def shard_out_of_range(shard: int, count: int) -> str:
    """A shard that cannot exist."""
    return (
        f"DISCORD_SHARD_IDS names shard {shard}, and DISCORD_SHARD_COUNT is {count}: expected numbers from 0 to {count - 1}."
    )


def bad_line(file: str, line: int) -> str:
    """A line of the .env file that says nothing; it is not shown, since it may hold a secret."""
    return f"Line {line} of {file} can't be read: expected NAME=value, with quotes closed."


def unreadable(file: str, reason: str) -> str:
    """The .env file exists and cannot be read."""
    return f"{file} can't be read: {reason}."
