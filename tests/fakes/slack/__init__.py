"""A loopback Slack that refuses what the real one refuses. See README.md beside this file."""

from tests.fakes.slack.delivery import Ack, Delivery
from tests.fakes.slack.errors import NotAckedError
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.model import BOT_USER, Call, Channel, File, ManualClock, Message, User, View, Violation

__all__ = [
    "BOT_USER",
    "Ack",
    "Call",
    "Channel",
    "Delivery",
    "FakeSlack",
    "File",
    "ManualClock",
    "Message",
    "NotAckedError",
    "User",
    "View",
    "Violation",
]
