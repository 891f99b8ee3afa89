"""What the Slack front end asks of the outside where many workspaces install it. Needs no Slack library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace, or (`org_wide`) in a whole organisation, whose `team_id` is then empty.

    `token`: the bot token; empty where it cannot be read, since it was kept under another IMAGINE_SECRET. `url`: the
    workspace's address with a slash. `scopes` as Slack granted them. `installed_at`: unix seconds; `by`: a user id.
    """

    team_id: str
    enterprise_id: str
    org_wide: bool
    name: str
    app_id: str
    bot_id: str
    bot_user_id: str
    bot_name: str
    url: str
    scopes: tuple[str, ...]
    by: str
    installed_at: float
    token: str = field(repr=False)

    @property
    def id(self) -> str:
        """The workspace's id, or the organisation's: Slack gives out each of them once."""
        return self.enterprise_id if self.org_wide else self.team_id


class Installations(Protocol):
    """Where installations are kept; tokens are encrypted there. Every method raises StoreUnavailable."""

    async def save(self, installation: Installation) -> None:
        """Keep it; the same id again replaces."""
        ...

    async def find(self, ids: Sequence[str]) -> Installation | None:
        """The first of these ids that has installed the app."""
        ...

    async def all(self) -> list[Installation]:
        """Every one, oldest first."""
        ...

    async def remove(self, installation_id: str, before: float) -> bool:
        """Forget one that was installed before that moment (unix seconds); whether there was one.

        A removal that Slack tells of late must not take the installation that came after it.
        """
        ...

    async def organisation(self, team_id: str) -> str:
        """The id of the organisation-wide installation through which a workspace was seen last; empty for none."""
        ...

    async def belongs(self, team_id: str, enterprise_id: str) -> None:
        """A workspace was seen through an organisation-wide installation."""
        ...

    async def spend(self, state: str, until: float, now: float) -> bool:
        """Mark an OAuth state as used; False if it was before. Those that end before `now` (unix seconds) are forgotten."""
        ...
