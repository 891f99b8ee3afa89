"""`imagine-bot slack-manifest`: what is pasted into Slack's "Create an app from a manifest"."""

from __future__ import annotations

import json

import click

from bot.cli import environment
from bot.errors import StartError
from bot.settings import Settings
from bot.slack.config import REDIRECT
from bot.slack.manifest import Json, manifest
from bot.texts import cli as texts

EVENTS = "/slack/events"


@click.command("slack-manifest", help=texts.MANIFEST)
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    type=click.Choice(["json", "yaml"]),
    default="json",
    show_default=True,
    help=texts.FORMAT,
)
@click.option("--http/--socket", "http", default=None, help=texts.OVER_HTTP)
@click.option("--many/--one", "many", default=None, help=texts.MANY_WORKSPACES)
def command(form: str, *, http: bool | None, many: bool | None) -> None:
    """Needs no token: it comes before there is one."""
    settings = environment.settings()
    alone = settings.slack_signing_secret is not None and settings.slack_app_token is None
    several = settings.slack_client_id is not None if many is None else many
    found = configured(settings, http=alone if http is None else http, many=several)
    click.echo("\n".join(yaml_lines(found)) if form == "yaml" else json.dumps(found, indent=2))


def configured(settings: Settings, *, http: bool, many: bool) -> Json:
    """The manifest for these settings. Raises StartError."""
    public = settings.public_url
    if public is None:
        if http or many:
            raise StartError(texts.NO_PUBLIC_URL)
        return manifest(settings.slack_command)
    base = public.rstrip("/")
    return manifest(settings.slack_command, f"{base}{EVENTS}" if http else None, f"{base}{REDIRECT}" if many else None)


def yaml_lines(value: object, depth: int = 0) -> list[str]:
    """Block YAML for people to read; scalars are JSON, which YAML reads as it stands."""
    pad = "  " * depth
    if isinstance(value, dict) and value:
        return [line for name, part in value.items() for line in _entry(f"{pad}{name}:", part, depth)]
    if isinstance(value, list) and value:
        parts = (yaml_lines(part, depth + 1) for part in value)
        return [line for first, *rest in parts for line in (f"{pad}- {first.strip()}", *rest)]
    return [f"{pad}{json.dumps(value)}"]


def _entry(name: str, part: object, depth: int) -> list[str]:
    lines = yaml_lines(part, depth + 1)
    return [name, *lines] if isinstance(part, dict | list) and part else [f"{name} {lines[0].strip()}"]
