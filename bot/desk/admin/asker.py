"""Who asks on an admin page, for which community, and the writing of what they changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.jobs.asks import Ask, Private
from bot.jobs.entry import denied, say
from bot.jobs.house import House
from bot.policy.community import Community
from bot.policy.records import Entry, What
from bot.policy.rights import is_admin, is_moderator
from bot.texts import admin as texts


@dataclass(frozen=True, slots=True)
class Asker:
    """One ask with the settings that hold where it was asked."""

    house: House
    ask: Ask
    community: Community

    @property
    def key(self) -> str:
        """The community's key."""
        return self.ask.place.community

    @property
    def providers(self) -> tuple[str, ...]:
        """Names of those that draw here, in the deployment's order."""
        return tuple(provider.capabilities.name for provider in self.house.providers.all())

    def entry(self, what: What, text: str) -> Entry:
        """A line for the audit log by this person."""
        ask = self.ask
        return Entry(self.key, what, actor=ask.actor.key, name=ask.actor.name, channel=ask.place.room, text=text)

    async def save(self, community: Community, what: What, text: str) -> Asker | None:
        """Keep the settings with their audit entry; the log channel is told. None: somebody else was faster."""
        saved = await self.house.policy.save_community(self.key, community, self.entry(what, text), self.community)
        self.house.noticed.set()
        return replace(self, community=community) if saved else None

    async def again(self) -> Asker:
        """With the settings as they are by now."""
        return replace(self, community=await self.house.policy.community(self.key))

    async def put(self, change: Callable[[Community], Community], what: What, text: str) -> Asker:
        """Keep a change that holds whatever else was changed meanwhile."""
        asker = self
        while (saved := await asker.save(change(asker.community), what, text)) is None:
            asker = await asker.again()
        return saved


async def admitted(house: House, ask: Ask, *, admin: bool) -> Asker | Private:
    """The asker, or one private sentence: in DMs, and for those who rank too low."""
    if not ask.place.community:
        return say(texts.SERVERS_ONLY)
    community = await house.policy.community(ask.place.community)
    if admin and not is_admin(ask.actor, community):
        return denied(ask, texts.NOT_ADMIN if is_moderator(ask.actor, community) else texts.NOT_MODERATOR)
    if not is_moderator(ask.actor, community):
        return denied(ask, texts.NOT_MODERATOR)
    return Asker(house, ask, community)
