"""`imagine-bot slack-manifest`: what is pasted into Slack's "Create an app from a manifest"."""

from __future__ import annotations

import json

import click

from bot.cli import environment
from bot.errors import StartError
from bot.settings import Settings
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
def command(form: str, *, http: bool | None) -> None:
    """Needs no token: it comes before there is one."""
    settings = environment.settings()
    alone = settings.slack_signing_secret is not None and settings.slack_app_token is None
    found = configured(settings, http=alone if http is None else http)
    click.echo("\n".join(yaml_lines(found)) if form == "yaml" else json.dumps(found, indent=2))


def configured(settings: Settings, *, http: bool) -> Json:
    """The manifest for these settings. Raises StartError."""
    if not http:
        return manifest(settings.slack_command)
    if settings.public_url is None:
        raise StartError(texts.NO_PUBLIC_URL)
    return manifest(settings.slack_command, f"{settings.public_url.rstrip('/')}{EVENTS}")


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
