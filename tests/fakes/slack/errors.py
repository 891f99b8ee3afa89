"""How the fake says no."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A call that Slack answers with `ok: false`. `fields` are added to the body."""

    def __init__(self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **fields: Any) -> None:
        super().__init__(error)
        self.error, self.status, self.headers, self.fields = error, status, headers or {}, fields

    @property
    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"ok": False, "error": self.error, **self.fields}


class BrokenError(Exception):
    """The call ends without an answer of Slack's: a gateway's page with `status`, or a cut connection (None)."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__(f"broken, status {status}")
        self.status = status


class NotAckedError(AssertionError):
    """The bot answered a delivery with something other than 2xx, or not in time."""
