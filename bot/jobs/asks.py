"""What front ends hand to the core, and what they get back. They convert to these types and decide nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.jobs.place import Actor, Place, Reply
from bot.jobs.surface import Card, Form
from bot.jobs.why import Why


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a user handed over: `size` in bytes as the platform says; `read` fetches it (raises BadUrl)."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, where, and the handle to answer with.

    `key` is the platform's id of this very request (interaction id, trigger id): a replay is the same job.
    `answers`: the front end itself shows the placeholder and then calls `Core.placed` (Discord);
    otherwise the core posts it through the Chat port (Slack, playground).
    `ping`: the front end wants `Chat.ping` once the job's end stands in its row, whatever the person has set.
    `unranked`: the platform does not tell just now what the person may do; the sentence for what needs a right.
    """

    actor: Actor
    place: Place
    key: str
    reply: Reply | None = None
    answers: bool = False
    locale: str = ""
    ping: bool = False
    unranked: str = ""


@dataclass(frozen=True, slots=True)
class Imagine:
    """`/imagine`. `options`: the command's named options as text; the same parameter in `text` wins over them.

    `count`: how many pictures, 1-4.
    """

    ask: Ask
    text: str
    options: Mapping[str, str] = field(default_factory=dict)
    image: Attachment | None = None
    count: int = 4


@dataclass(frozen=True, slots=True)
class Command:
    """Another command by its name in the catalog, its subcommand, and its named options as text.

    User options carry the user's id on their platform; pictures stand in `files` by the option's name.
    """

    ask: Ask
    name: str
    sub: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Attachment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed or a menu entry chosen (`value`) on the message `message_id`."""

    ask: Ask
    control: str
    value: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """A Form came back. File fields stand in `files`."""

    ask: Ask
    control: str
    values: Mapping[str, str]
    files: Mapping[str, Attachment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A job was accepted (its row and reservation are committed). Show `card` publicly as its message."""

    job_id: str
    card: Card


@dataclass(frozen=True, slots=True)
class Private:
    """Show `card` to the asker only. `refused`: the ask was turned down.

    `replay`: this very request became a job before. Whatever the front end answered it with is that job's message now.
    For programs: `why`, seconds to `wait` until asking again may help, and the job that does this already (`job_id`).
    """

    card: Card
    refused: bool = False
    why: Why | None = None
    wait: float | None = None
    job_id: str = ""
    replay: bool = False


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open this dialog for the asker."""

    form: Form


@dataclass(frozen=True, slots=True)
class Update:
    """Replace the (private) message that carried the pressed control by this Card."""

    card: Card


@dataclass(frozen=True, slots=True)
class Quiet:
    """Acknowledge and show nothing: the core edits what has to change."""


Answer = Placeholder | Private | OpenForm | Update | Quiet
