"""What policy and desk ask of storage and of moderation services: promises only. Every write is one transaction.

Methods that take an `entry` write that audit entry in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.policy.community import Community
from bot.policy.desk_ports import Notices, Reviews
from bot.policy.records import (
    Block,
    Entry,
    HouseStyle,
    Kept,
    Override,
    Period,
    Rule,
    Usage,
)


class Communities(Protocol):
    """Settings of guilds and workspaces. `key`: Place.community."""

    async def community(self, key: str) -> Community:
        """Defaults where nothing is stored, and for ""."""
        ...

    async def save_community(self, key: str, community: Community, entry: Entry, expect: Community | None = None) -> bool:
        """Replace them. `expect`: what they were changed from; False (and nothing is written) if they are others by now."""
        ...

    async def all_communities(self) -> dict[str, Community]:
        """Every stored one, by key."""
        ...


class Rulebook(Protocol):
    """Words, phrases and regular expressions."""

    async def rules(self, key: str) -> list[Rule]:
        """By id."""
        ...

    async def add_rules(self, key: str, rules: Sequence[Rule], entry: Entry) -> int:
        """Add those whose kind and pattern are new here (ids are given by the store); returns how many."""
        ...

    async def remove_rule(self, key: str, rule_id: int, entry: Entry) -> bool:
        """False if there is none of that id."""
        ...


class Blocks(Protocol):
    """Blocked users. One who was erased is still known by the anonymous key."""

    async def block_of(self, key: str, user_key: str, now: float) -> Block | None:
        """The block that holds now."""
        ...

    async def blocks(self, key: str, now: float) -> list[Block]:
        """All that hold now, newest first."""
        ...

    async def put_block(self, key: str, block: Block, entry: Entry) -> None:
        """Block, or change the block."""
        ...

    async def lift_block(self, key: str, user_key: str, entry: Entry) -> bool:
        """False if nobody was blocked."""
        ...


class Allowances(Protocol):
    """Users' own limits, grants, and what is used."""

    async def override_of(self, key: str, user_key: str) -> Override:
        """Empty where nothing is stored."""
        ...

    async def put_override(self, key: str, user_key: str, override: Override, entry: Entry) -> None:
        """Replace it."""
        ...

    async def grant(self, key: str, user_key: str, units: int, entry: Entry, now: float) -> None:
        """Units on top for today (and this month), as a line of the ledger: good in that community; of "" everywhere."""
        ...

    async def reset(self, key: str, user_key: str, entry: Entry, now: float) -> int:
        """Grant what was used today, as it counts there; returns how many units."""
        ...

    async def used_by(self, user_key: str, now: float, community: str = "") -> Period:
        """A user's units, everywhere: reserved and not refunded, less grants of the operator and of that community."""
        ...

    async def used_in(self, key: str, now: float) -> tuple[Period, Period]:
        """A community's pictures and micro-USD: what its budget is held against."""
        ...


class Audit(Protocol):
    """The log of who made what where, who decided what and why. Append-only."""

    async def record(self, entry: Entry) -> int:
        """Its id; 0 if `once` had come before."""
        ...

    async def entry(self, entry_id: int) -> Entry | None:
        """One entry."""
        ...

    async def entries(self, key: str, *, before: int = 0, limit: int = 20, subject: str = "") -> list[Entry]:
        """Newest first; `before` an id; of one subject (or actor) only; key "" = every community."""
        ...


class Styles(Protocol):
    """House styles."""

    async def styles(self, key: str) -> list[HouseStyle]:
        """By name."""
        ...

    async def put_style(self, key: str, style: HouseStyle, entry: Entry) -> None:
        """Add or replace."""
        ...

    async def remove_style(self, key: str, name: str, entry: Entry) -> HouseStyle | None:
        """The removed one, None if there was none."""
        ...


class History(Protocol):
    """What a user did here lately."""

    async def last_accepted(self, key: str, user_key: str) -> float | None:
        """When their last job here was accepted."""
        ...

    async def repeats(self, key: str, user_key: str, prompt: str, since: float) -> int:
        """How often they had this very prompt drawn here since then."""
        ...

    async def delivered(self, key: str, user_key: str, most: int) -> int:
        """Jobs delivered to them here, ever; `most` are counted, for one who has thousands."""
        ...

    async def usage(self, key: str, by: str, since: float) -> list[Usage]:
        """Of a community by `day`, `user` or `provider`, largest cost first (days: in order)."""
        ...


class People(Protocol):
    """Pseudonyms, and a user's right to what is kept."""

    async def alias(self, user_key: str) -> str:
        """The user's pseudonym: 16 hex digits, random, made at the first call and kept until they are erased."""
        ...

    async def user_of(self, alias: str) -> str | None:
        """Whose pseudonym it is."""
        ...

    async def kept(self, user_key: str) -> Kept:
        """Everything that is stored about them."""
        ...

    async def erase(self, user_key: str, entry: Entry, now: float) -> Sequence[str]:
        """Forget them. Returns the keys of their pictures, to be deleted.

        Open jobs are to be cancelled and messages deleted by the engine (rows say so); prompts, names, settings, styles'
        authorship, reports and the pseudonym go at once; the books, blocks and limits keep an anonymous key.
        """
        ...


class PolicyStore(Communities, Rulebook, Blocks, Allowances, Audit, Reviews, Notices, Styles, History, People, Protocol):
    """All of it."""
