"""The command group. A subcommand's module is imported when it is named, so that each costs only what it needs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version

import click
from typing_extensions import override

from bot.errors import StartError, StoreUnavailable
from bot.logs import SECRETS, configure_logs
from bot.texts import cli as texts

COMMANDS = (
    "run",
    "check",
    "invite",
    "slack-manifest",
    "migrate",
    "jobs",
    "usage",
    "audit",
    "quota",
    "keys",
    "backup",
    "restore",
)
"""Each stands in the module of its name (dashes as underscores), as `command`."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Imports and a start make much that stays and little that goes: looking for garbage meanwhile costs a sixth of them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Stopped(click.ClickException):
    """What the operator must mend before the command can work: its lines on standard error, exit code 2."""

    exit_code = 2

    @override
    def show(self, file: object = None) -> None:
        """Without click's `Error:` in front: each line is a sentence of its own. A server that refused us may be quoted."""
        click.echo(SECRETS.hide(self.message), err=True)


class Commands(click.Group):
    """Finds subcommands by name and turns errors of ours into lines."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        with uncollected():
            found = import_module(f"bot.cli.{cmd_name.replace('-', '_')}").command
        return found if isinstance(found, click.Command) else None

    @override
    def invoke(self, ctx: click.Context) -> object:
        """No traceback for what an operator can mend."""
        try:
            return super().invoke(ctx)
        except StartError as error:
            raise Stopped(str(error)) from error
        except StoreUnavailable as error:
            raise Stopped(texts.store_away(str(error))) from error


@click.group(cls=Commands, invoke_without_command=True, help=texts.ABOUT)
@click.version_option(version("imagine-bot"), prog_name="imagine-bot")
@click.pass_context
def cli(context: click.Context) -> None:
    """Without a subcommand: run. What a command finds stands alone on standard output: `run` says more, on the other one."""
    configure_logs("warning")
    if context.invoked_subcommand is None:
        run = context.command.get_command(context, "run") if isinstance(context.command, Commands) else None
        if run is not None:
            context.invoke(run)
