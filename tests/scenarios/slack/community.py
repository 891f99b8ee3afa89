"""A workspace with moderators: their channels, their pages and forms, and what members see of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.desk.messenger import Messenger
from bot.jobs.model import JobState
from bot.policy.records import Entry, What
from bot.wiring import Bot
from bot.wiring.loop import Loop
from tests.fakes.slack import Channel, Message, User, View
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import ACK, WITHIN, Workspace, hasten, words
from tests.support.wait import eventually

KEY = "slack:T00000001"
MODAL = 5.0


def prompt_notices(bot: Bot) -> None:
    """Moderators are told at once: the real pauses between log messages are seconds."""
    hasten(bot)
    bot._beside = (*bot._beside[:-1], Loop(Messenger(bot.house, every=0.2, gap=0.02).run))


@dataclass
class Desk:
    """`mods` is a user group whose member `mia` runs nothing in Slack itself; `chief` is an admin of the workspace."""

    slack: Workspace
    mia: User
    mods: str
    reviews: Channel
    log: Channel

    async def page(self, text: str, user: User | None = None, channel: Channel | None = None) -> Message:
        """`/imagine text`, answered privately."""
        user = user or self.slack.chief
        await self.slack.asks(text, user, channel)
        return await self.slack.said(user)

    async def turn(self, page: Message, control: str, value: str | None = None, user: User | None = None) -> Message:
        """A button or menu of a page that changes that very page."""
        edits = page.edits
        await self.press(page, control, value, user)
        await self.slack.fake.until(lambda: page.edits > edits, WITHIN)
        return page

    async def press(self, on: Message, control: str, value: str | None = None, user: User | None = None) -> None:
        """Acknowledged in time."""
        told = await self.slack.fake.press(user or self.slack.chief, on, control, None if value is None else f"={value}")
        assert (await told.acked()).seconds < ACK

    async def form(self, on: Message, control: str, user: User | None = None, value: str | None = None) -> View:
        """The modal that a button opens."""
        before = len(self.slack.fake.opened_views)
        await self.press(on, control, value, user)
        await self.slack.fake.until(lambda: len(self.slack.fake.opened_views) > before, MODAL)
        return self.slack.fake.opened_views[-1]

    async def send(self, view: View, user: User | None = None, **values: Any) -> None:
        """Fill it in; menus take their value, other fields what a person gives."""
        made = {f"f:{name}": _chosen(view, name, value) for name, value in values.items()}
        await (await self.slack.fake.submit(user or self.slack.chief, view, made)).acked()

    async def filled(self, page: Message, control: str, user: User | None = None, **values: Any) -> Message:
        """A form of a page: opened, sent, and the page shows what came of it."""
        edits = page.edits
        await self.send(await self.form(page, control, user), user, **values)
        await self.slack.fake.until(lambda: page.edits > edits, WITHIN)
        return page

    async def set(self, section: str, **values: Any) -> Message:
        """The settings of a section, by the chief's menus and forms."""
        page = await self.page("admin")
        await self.turn(page, "i1:admin:section:0", section)
        return await self.filled(page, f"i1:admin:change_{section}:0", **values)

    async def refused(self, text: str, *parts: str, user: User | None = None, channel: Channel | None = None) -> Message:
        """`/imagine text` is turned down privately: nothing is posted, charged or drawn, and the log says so once."""
        user, place = user or self.slack.ann, channel or self.slack.art
        stood, used, told = len(self.slack.fake.messages(place)), await self.slack.used(user), await self.count(What.REFUSED)
        said = await self.page(text, user, place)
        assert all(part in words(said) for part in parts), (parts, words(said))
        assert len(self.slack.fake.messages(place)) == stood
        assert await self.slack.used(user) == used
        assert await self.count(What.REFUSED) == told + 1
        return said

    async def entries(self, *whats: What) -> list[Entry]:
        """Of the audit log, newest first."""
        found = await self.slack.bot.house.policy.entries(KEY, limit=500)
        return [entry for entry in found if not whats or entry.what in whats]

    async def count(self, what: What) -> int:
        """How many entries of a kind there are."""
        return len(await self.entries(what))

    async def stands(self, channel: Channel, *parts: str, but: Message | None = None) -> Message:
        """The newest message of a channel that says all of it."""

        def found() -> Message | None:
            messages = [one for one in self.slack.fake.messages(channel) if one is not but]
            return next((one for one in reversed(messages) if all(part in words(one) for part in parts)), None)

        try:
            message = await self.slack.fake.until(found, WITHIN)
        except TimeoutError:
            raise AssertionError((parts, [words(one) for one in self.slack.fake.messages(channel)])) from None
        assert message is not None
        return message

    async def held(self, text: str, user: User | None = None, state: JobState = JobState.HELD) -> Message:
        """A placeholder whose job waits for a moderator, and says so."""
        message = await self.slack.kept(await self.slack.placed(text, user))

        async def waits() -> bool:
            return (await self.slack.job(message)).state is state and "waits for a moderator" in words(message)

        await eventually(waits, WITHIN)
        return message

    async def told(self) -> None:
        """Wait until the moderators' channels show everything, and the rows know it: a stop before posts a card again."""

        async def none() -> bool:
            house = self.slack.bot.house
            return not await house.policy.due_notices(house.clock())

        await eventually(none, WITHIN)

    async def cover(self, under: Message) -> Message:
        """The reply that holds a message's sensitive pictures."""
        channel = self.slack.fake.channels[under.channel]

        def found() -> list[Message]:
            return [one for one in self.slack.fake.messages(channel) if one.thread_ts == under.ts and one.pictures]

        return (await self.slack.fake.until(found, WITHIN))[0]

    def open(self) -> list[View]:
        """Modals that stand open."""
        return self.slack.fake.opened_views


async def staffed(opens: Open, *, channels: bool = True, **options: Any) -> Desk:
    """A workspace with its moderators' group; `channels`: review and log channel are set, through the settings page."""
    slack = await opens(**{"prepare": prompt_notices, **options})
    slack.fake.tiers = False  # the pauses between log messages, which keep within Slack's limits, are cut above
    mia = slack.fake.user("mia")
    mods = slack.fake.group([mia], "mods")
    desk = Desk(slack, mia, mods, slack.fake.channel("reviews", private=True), slack.fake.channel("log", private=True))
    if channels:
        await desk.set("review", review_channel=desk.reviews.id, log_channel=desk.log.id)
    return desk


def _chosen(view: View, name: str, value: Any) -> Any:
    """Menu entries travel with a sign before their value."""
    block = next(one for one in view.body["blocks"] if one["block_id"] == f"f:{name}")
    kind = block["element"]["type"]
    if kind == "static_select":
        return f"={value}"
    if kind.startswith("multi_") and isinstance(value, str):
        return [value]
    return [f"={one}" for one in value] if kind == "multi_static_select" else value


def control(message: Message, action: str, index: int) -> str:
    """The action_id of that action and index, whatever it names."""
    found = [one for one in message.action_ids if one.startswith(f"i1:{action}:") and one.endswith(f":{index}")]
    assert found, (action, index, message.action_ids)
    return found[0]
