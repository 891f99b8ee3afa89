"""What the API refuses with. Codes: Discord docs, "Opcodes and Status Codes"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a body: where (keys and indexes), Discord's name for it, words."""

    path: tuple[str | int, ...]
    code: str
    message: str

    def __str__(self) -> str:
        """`data.components.0: words`."""
        return f"{'.'.join(map(str, self.path)) or '(body)'}: {self.message}"


class ApiError(Exception):
    """An answer that is an error. `mistake`: the bot broke a rule that it can know, so it is a violation."""

    def __init__(
        self, status: int, code: int, message: str, *, problems: Sequence[Problem] = (), mistake: bool = False
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.problems = status, code, message, tuple(problems)
        self.mistake = mistake

    def body(self) -> Json:
        """The JSON that Discord sends, `errors` nested like the body that was refused."""
        body: Json = {"message": self.message, "code": self.code}
        for problem in self.problems:
            node = body.setdefault("errors", {})
            for key in problem.path:
                node = node.setdefault(str(key), {})
            node.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
        return body


def invalid_form(problems: Sequence[Problem]) -> ApiError:
    """50035: the body breaks the schema or a rule."""
    return ApiError(400, 50035, "Invalid Form Body", problems=problems, mistake=True)


def wrong(path: tuple[str | int, ...], message: str, code: str = "BASE_TYPE_BAD_VALUE") -> ApiError:
    """50035 with one problem."""
    return invalid_form([Problem(path, code, message)])


def unauthorized() -> ApiError:
    """No or a wrong bot token."""
    return ApiError(401, 0, "401: Unauthorized", mistake=True)


def unknown_interaction() -> ApiError:
    """Never existed, or answered later than 3 s."""
    return ApiError(404, 10062, "Unknown interaction")


def already_acknowledged() -> ApiError:
    """A second first response."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def token_expired() -> ApiError:
    """The 15 minutes are over, or the token never existed."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def unknown_webhook() -> ApiError:
    """The application id is not ours, or the interaction is not acknowledged yet."""
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_message() -> ApiError:
    """Deleted, never there, or ephemeral and asked for over the channel."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_channel() -> ApiError:
    """No such channel."""
    return ApiError(404, 10003, "Unknown Channel")


def missing_access() -> ApiError:
    """The bot cannot see the place."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """It sees the place but may not do this there."""
    return ApiError(403, 50013, "Missing Permissions")


def too_large() -> ApiError:
    """A file, or the whole request, is over the limit."""
    return ApiError(413, 40005, "Request entity too large")
