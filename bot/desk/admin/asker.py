"""Who asks on an admin page, for which community, and the writing of what they changed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.asks import Ask, Private
from bot.jobs.entry import say
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

    async def save(self, community: Community, what: What, text: str) -> Asker:
        """Keep the settings with their audit entry; the log channel is told."""
        await self.house.policy.save_community(self.key, community, self.entry(what, text))
        self.house.noticed.set()
        return Asker(self.house, self.ask, community)


async def admitted(house: House, ask: Ask, *, admin: bool) -> Asker | Private:
    """The asker, or one private sentence: in DMs, and for those who rank too low."""
    if not ask.place.community:
        return say(texts.SERVERS_ONLY)
    community = await house.policy.community(ask.place.community)
    if admin and not is_admin(ask.actor, community):
        return say(texts.NOT_ADMIN if is_moderator(ask.actor, community) else texts.NOT_MODERATOR)
    if not is_moderator(ask.actor, community):
        return say(texts.NOT_MODERATOR)
    return Asker(house, ask, community)
