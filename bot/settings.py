"""Every setting, typed: the field's name in capitals is the name in the environment and in `.env`."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from bot import setting_kinds as kinds
from bot.settings_providers import ProviderSettings


class Settings(ProviderSettings):
    """What one deployment is configured with. Built from its arguments alone: `load_settings` reads the environment."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    discord_token: kinds.DiscordToken = Field(default=None, description="Bot token; turns Discord on")
    discord_guild_ids: kinds.DiscordIds = Field(
        default=(), description="Servers where commands are registered at once; unset: everywhere"
    )
    discord_api_url: kinds.WebUrl = Field(default="https://discord.com/api/v10", description="Address of Discord's API")
    discord_gateway_url: kinds.GatewayUrl = Field(
        default=None, description="Address of Discord's gateway; unset: asked from the API"
    )
    discord_shard_count: kinds.MaybeCount = Field(
        default=None, description="Shards in all; unset: as many as Discord recommends"
    )
    discord_shard_ids: kinds.ShardIds = Field(default=(), description="Shards of this process; unset: all")

    slack_bot_token: kinds.BotToken = Field(default=None, description="Bot token (xoxb-...): Slack in one workspace")
    slack_app_token: kinds.AppToken = Field(default=None, description="App-level token (xapp-...): Socket Mode")
    slack_signing_secret: kinds.Secret = Field(default=None, description="Signing secret: events over HTTP at /slack/events")
    slack_client_id: kinds.ClientId = Field(default=None, description="Client ID: Slack in many workspaces")
    slack_client_secret: kinds.Secret = Field(default=None, description="The client secret beside it")
    slack_command: kinds.Command = Field(default="/imagine", description="The slash command in Slack")
    slack_api_url: kinds.SlashedUrl = Field(default="https://slack.com/api/", description="Address of Slack's API")

    imagine_data_dir: kinds.Folder = Field(default=Path("data"), description="Folder of database, pictures and secret")
    database_url: kinds.DatabaseUrl = Field(
        default=None,
        description="sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/DATABASE; unset: a SQLite file in the data folder",
    )
    pictures_url: kinds.PicturesUrl = Field(
        default=None, description="file:///, s3://, gs:// or az://; unset: a folder in the data folder"
    )
    pictures_public_url: kinds.PublicUrl = Field(
        default=None, description="A CDN's address in front of the picture store; unset: links that expire"
    )

    http_host: kinds.Host = Field(default="127.0.0.1", description="Address that the web part listens on")
    http_port: kinds.Port = Field(default=8080, description="Port that the web part listens on; 0: any free one")
    public_url: kinds.PublicUrl = Field(
        default=None, description="Where the web part is reached from outside; unset: no webhooks, polling only"
    )
    imagine_playground: kinds.Switch = Field(default=None, description="on or off; unset: on where no chat token is set")

    imagine_api: kinds.Switch = Field(
        default=True, description="`off`: no job API at /api/image; without keys nobody can use it anyway"
    )

    imagine_secret: kinds.SecretPhrase = Field(
        default=None, description="Signs webhook addresses; unset: made once, kept in the data folder"
    )
    imagine_providers: kinds.Names = Field(
        default=(), description="Providers in order; unset: those with a key, else sketch"
    )
    imagine_route: kinds.Route = Field(default="order", description="order: the first provider that can; cost: the cheapest")
    imagine_prices: kinds.MaybeFile = Field(
        default=None, description="TOML file of prices that win over the shipped ones (providers/prices.toml)"
    )
    imagine_moderation: kinds.Moderations = Field(
        default=(), description="Who screens prompts and pictures: openai, local (pictures only); unset: nobody"
    )
    imagine_daily_images: kinds.Count = Field(default=100, description="Pictures a user may have in a UTC day")
    imagine_user_running: kinds.Count = Field(default=3, description="Jobs of one user that run at a time")
    imagine_user_waiting: kinds.Count = Field(default=10, description="Jobs of one user that may wait")
    imagine_running: kinds.Count = Field(default=50, description="Jobs that run at a time in all")
    imagine_waiting: kinds.Count = Field(default=2000, description="Jobs that may wait in all; more are refused politely")
    imagine_poll_seconds: kinds.Seconds = Field(
        default=2.0, description="Seconds until a provider is first asked how a job stands"
    )
    imagine_stop_seconds: kinds.SecondsFromZero = Field(
        default=200.0, description="Seconds that a stop waits for running submits"
    )
    imagine_direct: kinds.Switch = Field(
        default=True,
        description="`off`: nobody draws where no server's settings hold: direct messages, API keys without one",
    )
    imagine_retain_days: kinds.CountFromZero = Field(
        default=0, description="Days after which prompts and pictures are deleted; 0: never. A community may set its own"
    )
    imagine_allow_hosts: kinds.Hosts = Field(default=(), description="Private hosts that providers' pictures may come from")
    imagine_callback_hosts: kinds.Hosts = Field(
        default=(), description="Private hosts that callbacks of the job API may go to"
    )
    imagine_roles: kinds.Roles = Field(
        default=kinds.ROLES, description="What this process does; several processes need Postgres (docs/scaling.md)"
    )
    imagine_metrics_token: kinds.SecretPhrase = Field(
        default=None, description="Turns /metrics on, for whoever sends it as a bearer token; unset: no such page"
    )
    imagine_log_level: kinds.Level = Field(default="info", description="debug, info, warning, error or critical")
    imagine_sketch_seconds: kinds.SecondsFromZero = Field(
        default=3.0, description="Seconds over which sketch spreads its progress"
    )

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments only, so that a test's Settings never depend on the machine."""
        return (init_settings,)

    @property
    def on_server(self) -> bool:
        """Whether the database is a server, so that other processes may run beside this one."""
        return self.database_url is not None and self.database_url.startswith("postgresql")

    def has(self, role: str) -> bool:
        """Whether this process has a role."""
        return role in self.imagine_roles

    def secrets(self) -> list[str]:
        """Every secret value that is set, for the logs to hide: also the passwords inside addresses."""
        values = [getattr(self, name) for name in type(self).model_fields]
        known = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return known + [secret for value in values if isinstance(value, str) for secret in logins(value)]


def logins(address: str) -> list[str]:
    """The password of an address, and the header that it becomes; none for other texts."""
    parts = urlsplit(address) if "://" in address else None
    if parts is None or not parts.password:
        return []
    login = f"{unquote(parts.username or '')}:{unquote(parts.password)}"
    return [parts.password, unquote(parts.password), b64encode(login.encode()).decode()]


class Described(NamedTuple):
    """One row of the table of settings. `default` as one would write it, "" = unset."""

    name: str
    default: str
    meaning: str
    secret: bool


def describe() -> list[Described]:
    """The table of settings, the providers' last; docs and `.env.example` are compared with it."""
    ours_first = sorted(Settings.model_fields.items(), key=lambda item: item[0] in ProviderSettings.model_fields)
    return [
        Described(name.upper(), _written(field.default), field.description or "", "SecretStr" in str(field.annotation))
        for name, field in ours_first
    ]


def _written(default: object) -> str:
    if default is None:
        return ""
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return f"{default:g}" if isinstance(default, float) else str(default)
