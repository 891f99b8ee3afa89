"""The kinds of values that a setting may have: each reads text and says in words what it expected."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from ipaddress import IPv6Address
from math import isfinite
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, SecretStr

from bot.texts import settings as texts

SWITCH = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
ROLES = ("discord", "slack", "web", "worker")
"""What a process can do; a deployment on one machine has one process that does it all."""
LEVELS = ("debug", "info", "warning", "error", "critical")
PORT_MOST = 65535
LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*")
HOST_AND_PORT = re.compile(r"(?P<host>[^:\[\]]+|\[[^\[\]]+\])(?::(?P<port>[0-9]{1,5}))?")

SIGNS = "[!-~]+"
"""What keys and tokens are made of: they travel in headers, where nothing else goes."""


class Expected(ValueError):
    """Not what a setting takes; the text says what it takes."""


def kind(expected: str, read: Callable[[str], object]) -> BeforeValidator:
    """Text (or a number) through `read`; None or an error from it means: not what was expected."""

    def check(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return value
        try:
            result = read(str(value).strip())
        except Expected:
            raise
        except (ValueError, RuntimeError):
            result = None
        if result is None:
            raise Expected(expected)
        return result

    return BeforeValidator(check)


def matching(pattern: str) -> Callable[[str], str | None]:
    """Text that a pattern matches as a whole."""
    return lambda text: text if re.fullmatch(pattern, text) else None


def listed(read: Callable[[str], object | None]) -> Callable[[str], tuple[object, ...] | None]:
    """Values separated by commas, each one once."""

    def all_of(text: str) -> tuple[object, ...] | None:
        values = tuple(read(part.strip()) for part in text.split(",") if part.strip())
        return None if None in values or len(set(values)) < len(values) else values

    return all_of


def digits(text: str) -> int | None:
    """A number without a sign."""
    return int(text) if re.fullmatch(r"[0-9]{1,20}", text) else None


def whole(least: int, most: int | None = None) -> BeforeValidator:
    """An integer in a range."""

    def read(text: str) -> int | None:
        value = int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None
        return value if value is not None and least <= value <= (value if most is None else most) else None

    return kind(texts.whole_number(least, most), read)


def seconds(*, zero: bool) -> BeforeValidator:
    """A finite number above 0, or from 0."""

    def read(text: str) -> float | None:
        value = float(text)
        return value if isfinite(value) and (value > 0 or (zero and value == 0)) else None

    return kind(texts.number(zero=zero), read)


def _split(text: str, *schemes: str) -> SplitResult | None:
    url = urlsplit(text)
    fits = url.scheme in schemes and url.hostname and url.port != 0 and not re.search(r"[\s\\]", text)
    return url if fits else None


def web_url(text: str) -> str | None:
    """Without the slash at the end."""
    url = _split(text, "https", "http")
    return text.rstrip("/") if url and not (url.query or url.fragment) else None


def public_url(text: str) -> str | None:
    """An address that paths can be put behind."""
    url = _split(text, "https", "http")
    odd = url is None or url.username is not None or "?" in text or "#" in text or {"..", "."} & set(url.path.split("/"))
    return None if odd or "//" in text.partition("://")[2].rstrip("/") else text.rstrip("/")


def host(text: str) -> str | None:
    """A name or an address; brackets around an IPv6 address go."""
    if ":" in text:
        return str(IPv6Address(text.strip("[]")))
    return text if HOST.fullmatch(text) else None


def host_and_port(text: str) -> str | None:
    """In small letters; an IPv6 address stands in brackets."""
    match = HOST_AND_PORT.fullmatch(text)
    return text.lower() if match and host(match["host"]) and 0 < int(match["port"] or 1) <= PORT_MOST else None


def pictures_url(text: str) -> str | None:
    """A folder or a bucket."""
    url = urlsplit(text)
    fits = (
        url.path.startswith("/") and not url.netloc
        if url.scheme == "file"
        else url.scheme in {"s3", "gs", "az"} and url.netloc
    )
    return text if fits else None


def database_url(text: str) -> str | None:
    """A SQLite file, always with the driver that we use; or a database of a Postgres server, always without one."""
    if text.startswith("postgres"):
        return _postgres(text)
    match = re.fullmatch(r"sqlite(?:\+aiosqlite)?:///(?P<path>[^?#]+)", text)
    return f"sqlite+aiosqlite:///{match['path']}" if match and match["path"] not in {":memory:", "/"} else None


def _postgres(text: str) -> str | None:
    """A server may also stand in the query, as `host=/folder/of/a/socket`."""
    match = re.fullmatch(r"postgres(?:ql)?(?:\+psycopg)?(?P<rest>://\S+)", text)
    url = urlsplit(kept := f"postgresql{match['rest']}") if match else None
    fits = url and url.path.strip("/") and not url.fragment and url.port != 0 and (url.hostname or "host=" in url.query)
    return kept if fits else None


def roles(text: str) -> tuple[str, ...] | None:
    """In the order of ROLES, whatever order they were written in."""
    named = {part.strip().lower() for part in text.split(",") if part.strip()}
    if named == {"all"}:
        return ROLES
    return tuple(role for role in ROLES if role in named) if named and named <= set(ROLES) else None


def path(text: str) -> Path | None:
    """A path of this machine; ~ is the home folder."""
    return Path(text).expanduser() if text and "\0" not in text else None


def webhook_secret(text: str) -> str | None:
    """As Standard Webhooks writes it; the base64 is not empty."""
    head, _, key = text.partition("whsec_")
    return text if not head and base64.b64decode(key, validate=True) else None


def secret(expected: str, pattern: str = r"\S+") -> BeforeValidator:
    """A secret of a certain shape."""
    return kind(expected, matching(pattern))


Secret = Annotated[SecretStr | None, secret(texts.SPACELESS, SIGNS)]
WebhookSecret = Annotated[SecretStr | None, kind(texts.SIGNING_KEY, webhook_secret)]
SecretPhrase = Annotated[SecretStr | None, secret(texts.LONG_AND_SPACELESS, r"\S{16,}")]
DiscordToken = Annotated[SecretStr | None, secret(texts.DISCORD_BOT, SIGNS)]
BotToken = Annotated[SecretStr | None, secret(texts.SLACK_BOT, rf"xoxb-{SIGNS}")]
ClientId = Annotated[str | None, kind(texts.SLACK_CLIENT, matching(r"[0-9]+\.[0-9]+"))]
AppToken = Annotated[SecretStr | None, secret(texts.SLACK_APP, rf"xapp-{SIGNS}")]
DiscordIds = Annotated[tuple[int, ...], kind(texts.DISCORD_IDS, listed(digits))]
ShardIds = Annotated[tuple[int, ...], kind(texts.SHARD_IDS, listed(digits))]
Count = Annotated[int, whole(1)]
CountFromZero = Annotated[int, whole(0)]
MaybeCount = Annotated[int | None, whole(1)]
Port = Annotated[int, whole(0, PORT_MOST)]
Seconds = Annotated[float, seconds(zero=False)]
SecondsFromZero = Annotated[float, seconds(zero=True)]
WebUrl = Annotated[str, kind(texts.WEB_URL, web_url)]
SlashedUrl = Annotated[str, kind(texts.WEB_URL, lambda text: f"{url}/" if (url := web_url(text)) else None)]
MaybeUrl = Annotated[str | None, kind(texts.WEB_URL, web_url)]
Model = Annotated[str | None, kind(texts.MODEL, matching(r"[\w./:@-]{1,120}"))]
Label = Annotated[str | None, kind(texts.MODEL, matching(r"[\w ./:+@-]{1,120}"))]
IndexBase = Annotated[int, whole(0, 1)]
Partials = Annotated[int, whole(0, 3)]
PublicUrl = Annotated[str | None, kind(texts.PUBLIC_URL, public_url)]
GatewayUrl = Annotated[str | None, kind(texts.GATEWAY_URL, lambda text: text if _split(text, "wss", "ws") else None)]
PicturesUrl = Annotated[str | None, kind(texts.PICTURES_URL, pictures_url)]
DatabaseUrl = Annotated[str | None, kind(texts.DATABASE_URL, database_url)]
Command = Annotated[str, kind(texts.COMMAND, matching(r"/[a-z0-9_-]{1,31}"))]
Host = Annotated[str, kind(texts.HOST, host)]
Hosts = Annotated[tuple[str, ...], kind(texts.HOSTS, listed(host_and_port))]
Names = Annotated[tuple[str, ...], kind(texts.NAMES, listed(lambda text: matching(r"[a-z0-9][a-z0-9_.-]*")(text.lower())))]
Moderations = Annotated[
    tuple[str, ...], kind(texts.MODERATIONS, listed(lambda text: matching(r"openai|local")(text.lower())))
]
Roles = Annotated[tuple[str, ...], kind(texts.ROLES, roles)]
Switch = Annotated[bool | None, kind(texts.ON_OFF, lambda text: SWITCH.get(text.lower()))]
Route = Annotated[str, kind(texts.ROUTE, matching(r"order|cost"))]
Level = Annotated[str, kind(texts.LEVEL, lambda text: text.lower() if text.lower() in LEVELS else None)]
Folder = Annotated[Path, kind(texts.FOLDER, path)]
MaybeFile = Annotated[Path | None, kind(texts.FILE, path)]
