"""Everything the core may use, handed in by wiring: one object, so that a step's signature stays short."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import random

from bot.jobs.acceptance import Caps
from bot.jobs.chat_port import Chat
from bot.jobs.naming import Names
from bot.jobs.pauses import Pauses
from bot.jobs.place import Platform
from bot.jobs.ports import Clock, Engine, Fetcher, Imaging, Links, Pictures, Providers, SettingsStore
from bot.jobs.progress import ProgressEditor
from bot.jobs.store import JobStore
from bot.jobs.troubles import Troubles
from bot.jobs.turns import Turns
from bot.policy.case import Tools
from bot.policy.moderation import Moderation
from bot.policy.ports import PolicyStore


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. `lease` outlasts the longest provider call; `front`: how long a front end may take to show a placeholder."""

    lease: float = 300.0
    front: float = 30.0
    queue_refresh: float = 30.0
    queue_expires: float = 3600.0
    webhook_grace: float = 30.0
    review_expires: float = 72 * 3600.0
    poll_first: float | None = None
    backoff_first: float = 1.0
    backoff_cap: float = 60.0


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a step is tried before the job goes to its end (and into `jobs dead`)."""

    submit: int = 5
    fetch: int = 5
    chat: int = 60


@dataclass(slots=True)
class House:
    """The ports and the numbers.

    `fetcher`: for addresses that people type; `downloads`: for pictures that providers name (it may know allowed hosts);
    `trusted_hosts`: provider -> host of its configured base URL; `webhook_url(provider, call id)`: None without a public
    URL. `moderation`: None where no service is configured. `direct`: people may draw in DMs. `noticed`: set when there is
    something new for moderators. `names`: what commands are called where somebody reads of them.
    `retain_days`: how long prompts and pictures are kept where a community has not set it; 0: for ever.
    """

    store: JobStore
    settings: SettingsStore
    policy: PolicyStore
    chats: Mapping[Platform, Chat]
    providers: Providers
    pictures: Pictures
    links: Links
    imaging: Imaging
    fetcher: Fetcher
    downloads: Fetcher
    engine: Engine
    clock: Clock
    caps: Caps
    webhook_url: Callable[[str, str], str | None]
    moderation: Moderation | None = None
    direct: bool = True
    trusted_hosts: Mapping[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    timing: Timing = Timing()
    tries: Tries = Tries()
    retain_days: int = 0
    random: Callable[[], float] = random
    progress: ProgressEditor = field(default_factory=ProgressEditor)
    noticed: asyncio.Event = field(default_factory=asyncio.Event)
    troubles: Troubles = field(default_factory=Troubles)
    turns: Turns = field(default_factory=Turns)
    pauses: Pauses = field(init=False)

    def __post_init__(self) -> None:
        """Pauses go by the house's clock."""
        self.pauses = Pauses(self.clock)

    @property
    def tools(self) -> Tools:
        """What the gate's checks may use."""
        return Tools(self.policy, self.moderation, direct=self.direct)

    def backoff(self, attempts: int, asked: float | None = None) -> float:
        """Seconds before the next try: exponential to a cap, never sooner than the other side asked."""
        return max(min(self.timing.backoff_cap, self.timing.backoff_first * 2.0 ** min(attempts, 30)), asked or 0.0)
