"""A Card's pictures and files as attachments: uploaded once, kept by their id when the message is edited again."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import discord
from discord import ui

from bot.discord.escape import cut
from bot.discord.render import layout
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.place import MessageRef
from bot.jobs.ports import Pictures
from bot.jobs.surface import Card, Shown

_ALT = 1024
"""Characters of a gallery item's description."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAME = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """An attachment that is on the message already: its id and its file name."""

    id: str
    filename: str

    def to_dict(self) -> dict[str, Any]:
        """What an edit says to keep it (unlisted attachments vanish)."""
        return {"id": self.id, "filename": self.filename}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A Card ready to be sent. `names`: key in the picture store -> file name. `reused`: something is kept, not uploaded."""

    view: ui.LayoutView
    attachments: list[discord.Attachment | discord.File] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    reused: bool = False

    @property
    def files(self) -> list[discord.File]:
        """What is uploaded."""
        return [entry for entry in self.attachments if isinstance(entry, discord.File)]


async def draw(card: Card, pictures: Pictures, kept: Mapping[str, Kept] | None = None) -> Drawing:
    """Read the bytes that are not on the message yet. Raises ChatError BROKEN for what the store does not have."""
    attachments: list[discord.Attachment | discord.File] = []
    names: list[str] = []
    wanted = [(shown.picture.key, shown.name) for shown in card.pictures] + [(file.key, file.name) for file in card.files]
    for index, (key, wish) in enumerate(wanted):
        old = (kept or {}).get(key)
        names.append(old.filename if old else file_name(wish, index))
        # discord.py only calls to_dict() on what is no File, so that a kept attachment needs no fetched message.
        attachments.append(cast("discord.Attachment", old) if old else await _file(key, names[-1], pictures))
    reused = any(not isinstance(entry, discord.File) for entry in attachments)
    gallery = [_item(shown, name) for shown, name in zip(card.pictures, names, strict=False)]
    view = layout(card, gallery, names[len(card.pictures) :])
    return Drawing(view, attachments, {key: name for (key, _), name in zip(wanted, names, strict=True)}, reused)


def _item(shown: Shown, name: str) -> discord.MediaGalleryItem:
    """`spoiler` hides it until it is pressed; the file's name has no part in that here."""
    return discord.MediaGalleryItem(f"attachment://{name}", description=cut(shown.alt, _ALT) or None, spoiler=shown.spoiler)


async def _file(key: str, name: str, pictures: Pictures) -> discord.File:
    try:
        data = await pictures.get(key)
    except KeyError as error:
        raise ChatError(ChatFault.BROKEN, f"{key} is not in the store") from error
    return discord.File(io.BytesIO(data), filename=name)


def file_name(name: str, index: int) -> str:
    """A name that Discord leaves as it is, different from its siblings' by `index`."""
    safe = _UNSAFE.sub("_", name).strip("._") or "picture"
    return safe[-_NAME:] if index == 0 else f"{index + 1}-{safe[-_NAME:]}"


def remember(message: discord.Message, names: Mapping[str, str]) -> dict[str, str]:
    """What `MessageRef.extra` keeps so that the next edit uploads nothing twice."""
    ids = dict(_uploaded(message))
    found = {key: [ids[name], name] for key, name in names.items() if name in ids}
    return {"files": json.dumps(found, separators=(",", ":"))} if found else {}


def remembered(ref: MessageRef) -> dict[str, Kept]:
    """The other way; picture key -> attachment."""
    return {key: Kept(*entry) for key, entry in json.loads(ref.extra.get("files", "{}")).items()}


def _uploaded(message: discord.Message) -> list[tuple[str, str]]:
    """File name and id; a Components V2 message may name the id only in its gallery."""
    found = [(entry.filename, str(entry.id)) for entry in message.attachments]
    for container in message.components:
        for part in getattr(container, "children", ()):
            found += [
                (item.media.url.split("?")[0].rsplit("/", 1)[-1], str(item.media.attachment_id))
                for item in getattr(part, "items", ())
                if item.media.attachment_id
            ]
    return found
