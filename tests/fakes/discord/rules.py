"""Rules for messages that the OpenAPI file does not hold (Discord docs, "Message" and "Component Reference")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.discord import components as tree
from tests.fakes.discord.errors import Json, Problem
from tests.fakes.discord.message import V2
from tests.fakes.discord.model import Attachment

LONGEST_CONTENT, LONGEST_TEXT, MOST_COMPONENTS, MOST_ROWS, LONGEST_EMBEDS = 2_000, 4_000, 40, 5, 6_000


@dataclass(slots=True)
class Draft:
    """A message as it would stand after the request."""

    content: str = ""
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def v2(self) -> bool:
        """Made of components alone."""
        return bool(self.flags & V2)

    @property
    def empty(self) -> bool:
        """Nothing to show."""
        return not (self.content or self.embeds or self.components or self.attachments)


def broken(draft: Draft) -> list[Problem]:
    """Every rule that this message breaks."""
    found = [*_layout(draft), *_identity(draft), *_files(draft)]
    for path, component in tree.walk(draft.components):
        if component.get("type") == tree.BUTTON:
            found.extend(_button(path, component))
        elif component.get("type") == tree.ROW:
            found.extend(_row(path, component))
        elif component.get("type") == tree.STRING_SELECT:
            found.extend(_menu(path, component))
    return found


def _layout(draft: Draft) -> Iterator[Problem]:
    if len(draft.content) > LONGEST_CONTENT:
        yield Problem(("content",), "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if draft.v2:
        yield from _components_v2(draft)
        return
    for index, component in enumerate(draft.components):
        if component.get("type") != tree.ROW:
            yield Problem(("components", index), "COMPONENT_TYPE_INVALID", "needs the IS_COMPONENTS_V2 flag (1 << 15)")
    if len(draft.components) > MOST_ROWS:
        yield Problem(("components",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if sum(map(_embed_length, draft.embeds)) > LONGEST_EMBEDS:
        yield Problem(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _components_v2(draft: Draft) -> Iterator[Problem]:
    if draft.content:
        yield Problem(("content",), "MESSAGE_CANNOT_USE_LEGACY_FIELDS", "not together with IS_COMPONENTS_V2")
    if draft.embeds:
        yield Problem(("embeds",), "MESSAGE_CANNOT_USE_LEGACY_FIELDS", "not together with IS_COMPONENTS_V2")
    if not draft.components:
        yield Problem(("components",), "BASE_TYPE_REQUIRED", "a Components V2 message needs components")
    if sum(1 for _ in tree.walk(draft.components)) > MOST_COMPONENTS:
        yield Problem(("components",), "COMPONENT_MAX_COUNT", "at most 40 components, nested ones included")
    if sum(map(len, tree.texts(draft.components))) > LONGEST_TEXT:
        yield Problem(
            ("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "at most 4000 characters of text together"
        )


def _identity(draft: Draft) -> Iterator[Problem]:
    """custom_ids and numeric ids are unique in a message."""
    for key, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        counts = Counter(part[key] for _, part in tree.walk(draft.components) if part.get(key))
        for path, part in tree.walk(draft.components):
            if part.get(key) and counts[part[key]] > 1:
                yield Problem((*path, key), code, f"{key} {part[key]!r} is used twice")


def _files(draft: Draft) -> Iterator[Problem]:
    """Each reference has its file; with V2 each file has its reference."""
    shown = [((*path, *at), item) for path, part in tree.walk(draft.components) for at, item in tree.media(part)]
    shown += [
        (("embeds", n, key), embed[key])
        for n, embed in enumerate(draft.embeds)
        for key in ("image", "thumbnail")
        if embed.get(key)
    ]
    names, urls = {file.filename for file in draft.attachments}, [str(item.get("url", "")) for _, item in shown]
    for path, item in shown:
        url = str(item.get("url", ""))
        if url.startswith("attachment://") and url.removeprefix("attachment://") not in names:
            yield Problem((*path, "url"), "ATTACHMENT_NOT_FOUND", f"{url!r} names no file of this message")
    for index, file in enumerate(draft.attachments):
        if draft.v2 and f"attachment://{file.filename}" not in urls and file.url not in urls:
            yield Problem(("attachments", index), "UNREFERENCED_ATTACHMENT", f"no component shows {file.filename!r}")
    for name, count in Counter(file.filename for file in draft.attachments).items():
        if draft.v2 and count > 1:
            yield Problem(("attachments",), "DUPLICATE_FILENAME", f"attachment://{name} is ambiguous")


def _row(path: tree.Path, row: Json) -> Iterator[Problem]:
    kinds = [part.get("type") for part in row.get("components") or ()]
    if any(kind in tree.SELECTS for kind in kinds) and len(kinds) > 1:
        yield Problem((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "a select menu fills its row")


def _button(path: tree.Path, button: Json) -> Iterator[Problem]:
    plain = button.get("style") not in (tree.LINK, tree.PREMIUM)
    if plain != bool(button.get("custom_id")):
        yield Problem((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID", "required, except on link and premium buttons")
    if (button.get("style") == tree.LINK) != bool(button.get("url")):
        yield Problem((*path, "url"), "BUTTON_COMPONENT_URL", "on link buttons and nowhere else")
    if button.get("style") != tree.PREMIUM and not (button.get("label") or button.get("emoji")):
        yield Problem((*path, "label"), "BUTTON_COMPONENT_INVALID", "needs a label or an emoji")


def _menu(path: tree.Path, menu: Json) -> Iterator[Problem]:
    options = menu.get("options") or []
    if len({option.get("value") for option in options}) < len(options):
        yield Problem((*path, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "values must be unique")
    if sum(bool(option.get("default")) for option in options) > (menu.get("max_values") or 1):
        yield Problem((*path, "options"), "SELECT_COMPONENT_MAX_DEFAULTS", "more defaults than max_values")


def _embed_length(embed: Json) -> int:
    fields = embed.get("fields") or ()
    parts = [
        embed.get("title"),
        embed.get("description"),
        (embed.get("footer") or {}).get("text"),
        (embed.get("author") or {}).get("name"),
    ]
    return sum(len(part or "") for part in parts) + sum(len(one["name"]) + len(one["value"]) for one in fields)
