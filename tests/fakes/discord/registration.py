"""Rules for commands that the OpenAPI file does not hold (Discord docs, "Application Commands")."""

from __future__ import annotations

import re

from tests.fakes.discord.errors import ApiError, Json, wrong

MOST_OF_TYPE = {1: 100, 2: 15, 3: 15}
LONGEST_COMMAND = 8_000
"""Characters of names, descriptions and choice values of one command together."""
SLASH_NAME = re.compile(r"[-_'\w]{1,32}")
SUBCOMMAND, GROUP = 1, 2
COMPLETED = frozenset({3, 4, 10})
"""Option types that can have autocomplete: string, integer, number."""

Path = tuple[str | int, ...]


def check_commands(commands: list[Json]) -> None:
    """Raise ApiError for the first rule that is broken."""
    names = [(one["type"], one["name"]) for one in commands]
    for index, command in enumerate(commands):
        kind = command["type"]
        if names.count((kind, command["name"])) > 1:
            raise wrong((index, "name"), "Command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME")
        if sum(other == kind for other, _ in names) > MOST_OF_TYPE[kind]:
            raise ApiError(400, 30032, "Maximum number of application commands reached", mistake=True)
        if kind == 1:
            _slash(index, command)
        elif command.get("options") or command.get("description"):
            raise wrong((index,), "only slash commands have options and a description", "APPLICATION_COMMAND_INVALID")


def _slash(index: int, command: Json) -> None:
    if _length(command) > LONGEST_COMMAND:
        raise wrong((index,), "more than 8000 characters in all", "APPLICATION_COMMAND_TOO_LARGE")
    _level((index,), command)
    for sub in command.get("options") or ():
        for inner in sub.get("options") or ():
            if sub["type"] == SUBCOMMAND and inner["type"] in (SUBCOMMAND, GROUP):
                raise wrong((index, "options"), "no subcommands in a subcommand", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID")


def _level(path: Path, part: Json) -> None:
    """One command, group, subcommand or option, and what is in it."""
    if part["name"] != part["name"].lower() or not SLASH_NAME.fullmatch(part["name"]):
        raise wrong((*path, "name"), "lower case, no spaces", "APPLICATION_COMMAND_INVALID_NAME")
    if not part.get("description"):
        raise wrong((*path, "description"), "This field is required", "BASE_TYPE_REQUIRED")
    options = part.get("options") or []
    nested = {option["type"] in (SUBCOMMAND, GROUP) for option in options}
    if len(nested) > 1:
        raise wrong((*path, "options"), "subcommands and options do not mix", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        raise wrong((*path, "options"), "required options stand first", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")
    if len({option["name"] for option in options}) < len(options):
        raise wrong((*path, "options"), "option names must be unique", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID")
    for number, option in enumerate(options):
        if option.get("autocomplete") and (option["type"] not in COMPLETED or option.get("choices")):
            raise wrong((*path, "options", number), "no autocomplete here", "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID")
        _level((*path, "options", number), option)


def _length(part: Json) -> int:
    own = (
        len(part["name"])
        + len(part.get("description") or "")
        + sum(len(str(one["value"])) for one in part.get("choices") or ())
    )
    return own + sum(_length(option) for option in part.get("options") or ())
