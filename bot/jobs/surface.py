"""Cards and Forms: everything a person can be shown, said once for all three front ends.

All strings are plain text, user text included: each front end's `render.py` escapes them for its platform. Channels and
roles stand in them as `mentions.py` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.jobs.model import Picture
from bot.jobs.place import Actor

CONTROL_LENGTH = 100
"""Most characters of a control string (Discord's custom_id limit, the smallest of the three)."""


class Tone(StrEnum):
    """The mood of a Card: colour or emoji in a front end."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Style(StrEnum):
    """How a button looks."""

    NORMAL = "normal"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """One press starts one action. `control` is the string of `controls.py`, the same on every platform."""

    control: str
    label: str
    style: Style = Style.NORMAL
    enabled: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A drop-down of at most 25 choices. `chosen` is the value that is set now."""

    control: str
    label: str
    choices: tuple[Choice, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in a Card: the stored bytes, the file name people see, words for those who cannot see it."""

    picture: Picture
    name: str
    alt: str
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A file beside a (private) Card: its key in the picture store, the name that people see, its mime type."""

    key: str
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place one can go to."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `title` is the prompt (bold), `by` is mentioned after it, `status` says where things stand.

    `percent`: 0-100, drawn as a bar, only where the provider gives a figure. `lines`: whole sentences below.
    `facts`: label and value pairs. `rows`: buttons and menus. `private`: only the asker may see it.
    """

    tone: Tone
    title: str = ""
    by: Actor | None = None
    status: str = ""
    percent: int | None = None
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Shown, ...] = ()
    rows: tuple[tuple[Button | Menu, ...], ...] = ()
    links: tuple[Link, ...] = ()
    private: bool = False
    files: tuple[Download, ...] = ()


class FieldKind(StrEnum):
    """What a Form field takes. Channel, role and user are chosen with the platform's own picker."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHANNEL = "channel"
    ROLE = "role"
    USER = "user"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a Form. Lengths are characters.

    `most`: how many may be chosen in a picker (channel, role, user) or a CHOICE; more than one come back joined by ",",
    and `value` is given so, too. `endings`: of the files that a FILE field takes, without points; none: pictures.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    value: str = ""
    hint: str = ""
    required: bool = False
    longest: int = 3000
    choices: tuple[Choice, ...] = ()
    most: int = 1
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog of at most five fields. `control` comes back with what was typed. Title and submit: 24 characters."""

    control: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "OK"
