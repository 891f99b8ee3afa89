"""What a test puts into the workspace, and what it orders to go wrong."""

from __future__ import annotations

from tests.fakes.slack.access import direct
from tests.fakes.slack.errors import BrokenError, RefusedError
from tests.fakes.slack.limits import Trouble, When, too_many
from tests.fakes.slack.methods.files import sniff
from tests.fakes.slack.model import Call, Channel, File, Group, Message, User, View
from tests.fakes.slack.world import World


class Stage(World):
    """People and places in; troubles in; what is there now out."""

    def user(self, name: str = "", *, admin: bool = False, restricted: bool = False, stranger: bool = False) -> User:
        """A new person."""
        user = User(self.new_id("U"), name, admin=admin, restricted=restricted, stranger=stranger)
        user.name = name or f"user{len(self.users) + 1}"
        self.users[user.id] = user
        return user

    def channel(self, name: str = "", *, member: bool = True, private: bool = False, archived: bool = False) -> Channel:
        """A new channel; `member`: whether the bot is in it."""
        kind = "group" if private else "channel"
        channel = Channel(
            self.new_id("G" if private else "C"), name or f"room{len(self.channels) + 1}", member=member, archived=archived
        )
        channel.kind = "group" if kind == "group" else "channel"
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """The bot's own conversation with somebody."""
        return direct(self, user.id)

    def foreign_dm(self, one: User, other: User) -> Channel:
        """Two people's conversation: commands work there, the bot cannot post."""
        channel = Channel(self.new_id("D"), "directmessage", kind="im", member=False, people={one.id, other.id})
        self.channels[channel.id] = channel
        return channel

    def group(self, people: list[User], name: str = "") -> str:
        """A new user group; answers its id."""
        group = Group(self.new_id("S"), name or f"group{len(self.groups) + 1}", [user.id for user in people])
        self.groups[group.id] = group
        return group.id

    def file(self, user: User, name: str, content: bytes, *, visible: bool = True) -> File:
        """A file that somebody uploaded; `visible`: whether the bot may see it."""
        file = File(
            self.new_id("F"), name, user.id, len(content), content=content, mimetype=sniff(content), stage="complete"
        )
        file.visible = visible
        self.files[file.id] = file
        return file

    def say(self, user: User, channel: Channel, text: str, thread_ts: str = "", files: list[File] | None = None) -> Message:
        """Somebody writes; the bot is not told."""
        return self.store(Message(channel.id, self.new_ts(), user.id, text, thread_ts=thread_ts, files=files or []))

    def messages(self, channel: Channel) -> list[Message]:
        """What stands in a channel now, oldest first; ephemeral messages are in `ephemerals`."""
        return [message for message in self.posts.get(channel.id, {}).values() if not message.deleted]

    @property
    def opened_views(self) -> list[View]:
        """The modals that are open now, oldest first."""
        return [view for view in self.views.values() if view.open]

    def calls_of(self, method: str) -> list[Call]:
        """The transcript of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def tiers(self) -> bool:
        """Whether calls are counted against Slack's rate limits."""
        return self.limits.tiers

    @tiers.setter
    def tiers(self, on: bool) -> None:
        self.limits.tiers = on

    def limit(self, method: str, times: int = 1, retry_after: int = 1) -> None:
        """Answer the next calls with 429. `method` may also be `upload` or `response`, here and below."""
        self.limits.order(method, Trouble(too_many(retry_after), times))

    def refuse(self, method: str, error: str, times: int = 1, status: int = 200) -> None:
        """Answer the next calls with an error of Slack's."""
        self.limits.order(method, Trouble(RefusedError(error, status=status), times))

    def fail(self, method: str, times: int = 1, status: int | None = 503, when: When = "before") -> None:
        """Break the next calls: a gateway's page, or (None) a cut connection. `after`: the call has had its effect."""
        self.limits.order(method, Trouble(BrokenError(status), times, when))

    def hang(self, method: str, times: int = 1, when: When = "before") -> None:
        """Never answer the next calls."""
        self.limits.order(method, Trouble(BrokenError(None), times, when, hang=True))
