"""A strict Discord on a loopback socket. README.md says how to use it."""

from tests.fakes.discord import routes
from tests.fakes.discord.clock import ManualClock
from tests.fakes.discord.interaction import FakeInteraction
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import Attachment, Channel, Guild, User
from tests.fakes.discord.server import FakeDiscord

__all__ = ["Attachment", "Channel", "FakeDiscord", "FakeInteraction", "Guild", "ManualClock", "Message", "User", "routes"]
