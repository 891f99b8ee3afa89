"""What a model on Replicate is run by: official ones by their name, all others by a version.

`POST /models/{owner}/{name}/predictions` is for official models alone, and `POST /predictions` wants the version of any
other (tests/specs/replicate.openapi.json).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError
from providers.replicate_models import model_of

Read = Callable[[str], Awaitable[dict[str, Any]]]
"""A path in, the JSON object that the API answers out; raises ProviderError. It costs nothing."""
VERSION = re.compile(r"[0-9a-f]{64}")


def order_of(name: str, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The route and the body for a name as `Targets.find` gave it."""
    if ":" in name:
        return "/predictions", {"version": name, "input": given}
    return f"/models/{name}/predictions", {"input": given}


class Targets:
    """Asks for a model once and remembers its latest version, so that pictures do not change under a running bot."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._found: dict[str, str] = {}

    async def find(self, name: str) -> str:
        """`owner/name` of an official model, else `owner/name:version`. No failure here was accepted."""
        if ":" in name or model_of(name).official:
            return name
        if name not in self._found:
            said = await self._ask(name)
            if said is None:
                return name
            self._found[name] = _named(name, said)
        return self._found[name]

    async def _ask(self, name: str) -> dict[str, Any] | None:
        """None where there is no such record: then the route by name has the last word, which pays nothing either."""
        try:
            return await self._read(f"/models/{name}")
        except ProviderError as error:
            if isinstance(error, AnswerError) and error.response.status_code == 404:
                return None
            raise _unfit(name, error.text, error.family, error.retry_after) from error


def _named(name: str, said: dict[str, Any]) -> str:
    """What to run it by, as the model's own record tells."""
    if said.get("is_official") is True:
        return name
    latest = said.get("latest_version")
    if latest is None:
        raise _unfit(name, "it has no version that could be run", Family.BAD_REQUEST)
    version = latest.get("id") if isinstance(latest, dict) else None
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        raise _unfit(name, "the answer names no version", Family.BROKEN)
    return f"{name}:{version}"


def _unfit(name: str, text: str, family: Family, wait: float | None = None) -> ProviderError:
    return ProviderError(family, f"the model {name} cannot be run: {text}", accepted=Accepted.NO, retry_after=wait)
