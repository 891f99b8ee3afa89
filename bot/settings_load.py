"""Reads the environment and the `.env` file into Settings; everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream
from pydantic import ValidationError

from bot.errors import StartError
from bot.setting_kinds import ROLES
from bot.settings import Settings, describe
from bot.texts import settings as texts

OURS = "IMAGINE_"
PAIRS = (
    ("SLACK_APP_TOKEN", ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID")),
    ("SLACK_SIGNING_SECRET", ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID")),
    ("SLACK_BOT_TOKEN", ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")),
    ("SLACK_CLIENT_ID", ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")),
    ("SLACK_CLIENT_ID", ("SLACK_CLIENT_SECRET",)),
    ("SLACK_CLIENT_SECRET", ("SLACK_CLIENT_ID",)),
    ("SLACK_CLIENT_ID", ("PUBLIC_URL",)),
    ("DISCORD_SHARD_IDS", ("DISCORD_SHARD_COUNT",)),
)
"""The first does nothing without one of the others."""


class SettingsError(StartError):
    """The configuration cannot be used; `lines` has one line for each thing that is wrong."""

    def __init__(self, lines: list[str]) -> None:
        """Keep the lines as an attribute."""
        super().__init__("\n".join(lines))
        self.lines = lines


def load_settings(environ: Mapping[str, str], env_file: Path | None = Path(".env")) -> Settings:
    """The environment wins over the file; an empty value means: not set. Raises SettingsError."""
    written, lines = read_env_file(env_file)
    values = {name: value.strip() for name, value in (written | given(environ)).items()}
    lines += _unknown(values)
    lines += [
        texts.needs(name, " or ".join(others)) for name, others in PAIRS if name in values and not set(others) & set(values)
    ]
    try:
        settings = Settings(**{name.lower(): value for name, value in values.items() if name in NAMES})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(lines + list(_wrong(error, values))) from None  # the cause would show secrets
    lines += [*_shards(settings), *_shared(settings), *_roles(settings), *_slack(settings)]
    if lines:
        raise SettingsError(lines)
    return settings


def given(environ: Mapping[str, str]) -> dict[str, str]:
    """Only what is set to something."""
    return {name: value for name, value in environ.items() if value.strip()}


def read_env_file(path: Path | None) -> tuple[dict[str, str], list[str]]:
    """What a `.env` file sets, and a line for each of its lines that cannot be read. No file: nothing."""
    if path is None or not path.exists():
        return {}, []
    try:
        bindings = list(parse_stream(StringIO(path.read_text(encoding="utf-8-sig"))))
    except OSError as error:
        return {}, [texts.unreadable(path.name, error.strerror or str(error))]
    except UnicodeDecodeError:
        return {}, [texts.unreadable(path.name, "it is no UTF-8 text")]
    bad = [one for one in bindings if one.error or (one.key and one.value is None)]
    values = {one.key: one.value for one in bindings if one.key and one.value is not None}
    return given(values), [texts.bad_line(path.name, one.original.line) for one in bad]


NAMES = {row.name: row for row in describe()}


def _unknown(values: Mapping[str, str]) -> list[str]:
    """Names that look like ours and that nothing reads; other programs' names are none of our business."""
    ours = [name for name in NAMES if name.startswith(OURS)]
    odd = (name for name in values if name.upper().startswith(OURS) and name not in NAMES)
    return [texts.unknown(name, get_close_matches(name.upper(), ours, n=1, cutoff=0)[0]) for name in sorted(odd)]


def _wrong(error: ValidationError, values: Mapping[str, str]) -> Iterator[str]:
    """Our own words stand in the ValueError of each kind; whatever else pydantic says is passed on without the value."""
    for one in error.errors(include_url=False, include_input=False):
        name = str(one["loc"][0]).upper()
        expected = str(one.get("ctx", {}).get("error", one["msg"]))
        yield texts.wrong_secret(name, expected) if NAMES[name].secret else texts.wrong(name, values[name], expected)


def _shared(settings: Settings) -> list[str]:
    """A secret of its own in each data folder would make processes disagree about webhooks and erased users."""
    return [texts.PHRASE_WITH_SERVER] if settings.on_server and settings.imagine_secret is None else []


def _roles(settings: Settings) -> list[str]:
    """Some roles alone make sense only where other processes have the others."""
    lines = [] if settings.on_server or settings.imagine_roles == ROLES else [texts.ROLES_NEED_SERVER]
    over_http = bool(settings.slack_bot_token or settings.slack_client_id) and settings.slack_app_token is None
    alone = settings.has("slack") and not settings.has("web")
    return [*lines, *([texts.SLACK_OVER_HTTP_NEEDS_WEB] if over_http and alone else [])]


def _slack(settings: Settings) -> list[str]:
    both = settings.slack_bot_token is not None and settings.slack_client_id is not None
    return [texts.ONE_OR_MANY] if both else []


def _shards(settings: Settings) -> list[str]:
    count = settings.discord_shard_count
    return [texts.shard_out_of_range(shard, count) for shard in settings.discord_shard_ids if count and shard >= count]
