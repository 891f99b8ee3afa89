"""A pool of the simplest kind for providers that draw themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


async def run(function: Callable[..., Any], *arguments: Any) -> Any:
    """At once, on the loop."""
    return function(*arguments)


async def closed(function: Callable[..., Any], *arguments: Any) -> Any:
    """As a pool that was shut down."""
    raise RuntimeError("cannot schedule new futures after shutdown")
