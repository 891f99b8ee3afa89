"""Reading component trees: rows, containers, sections, labels. Types: Discord docs, "Component Reference"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.fakes.discord.errors import Json

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, CONTAINER, LABEL = 9, 10, 11, 12, 13, 17, 18
SELECTS = frozenset({3, 5, 6, 7, 8})
LINK, PREMIUM = 5, 6
"""Button styles without a custom_id."""

Path = tuple[str | int, ...]


def walk(components: Sequence[Json], path: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Every component, parents first, with its path in the body."""
    for index, component in enumerate(components):
        here = (*path, index)
        yield here, component
        yield from walk(component.get("components") or (), (*here, "components"))
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield (*here, key), component[key]


def media(component: Json) -> Iterator[tuple[Path, Json]]:
    """The media objects (`{"url": ...}`) that one component shows itself, with their paths in it."""
    for index, item in enumerate(component.get("items") or ()):
        yield ("items", index, "media"), item["media"]
    for key in ("media", "file"):
        if isinstance(component.get(key), dict):
            yield (key,), component[key]


def texts(components: Sequence[Json]) -> list[str]:
    """All text displays, in order."""
    return [str(component.get("content", "")) for _, component in walk(components) if component.get("type") == TEXT]


def find(components: Sequence[Json], custom_id: str) -> Json | None:
    """The component with this custom_id."""
    return next((component for _, component in walk(components) if component.get("custom_id") == custom_id), None)
