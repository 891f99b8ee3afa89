"""The pages of `/style`: the list and one style."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.model import Picture
from bot.jobs.place import Actor, Platform
from bot.jobs.styles import STYLES
from bot.jobs.surface import Button, Card, Choice, Menu, Shown, Style, Tone
from bot.policy.records import HouseStyle
from bot.texts import styles as texts
from providers.errors import BadPicture

PAGE = 25
"""Styles on a page: as many as a menu takes."""
LONGEST = 100
ENDINGS = {"image/png": "png", "image/webp": "webp"}


def listed(own: Sequence[HouseStyle], page: int) -> Card:
    """The community's own first, then those for everybody; a menu shows one of the page."""
    named = {style.name for style in own}
    every = [(style.name, _words(style)) for style in own]
    every += [(one.name, one.label) for one in STYLES.values() if one.name not in named]
    pages = -(-len(every) // PAGE)
    page = min(page, pages - 1)
    part = every[page * PAGE : (page + 1) * PAGE]
    menu = Menu(str(Control("style", "show")), texts.CHOOSE, tuple(Choice(name, name) for name, _ in part))
    lines = (texts.how(part[0][0]), *((texts.page(page + 1, pages),) if pages > 1 else ()))
    facts = tuple((f"{name} ({texts.OWN.lower()})" if name in named else name, words) for name, words in part)
    rows: tuple[tuple[Button | Menu, ...], ...] = ((menu,),)
    if pages > 1:
        label = texts.MORE if page + 1 < pages else texts.FIRST
        rows = (*rows, (Button(str(Control("style", "list", (page + 1) % pages)), label),))
    return Card(Tone.DONE, title=texts.TITLE, lines=lines, facts=facts, rows=rows, private=True)


def _words(style: HouseStyle) -> str:
    """What it does, cut to a line."""
    words = " … ".join(filter(None, (style.prefix, " ".join(filter(None, (style.suffix, style.parameters))))))
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


async def shown(house: House, style: HouseStyle, *, may_change: bool) -> Card:
    """One style with its preview."""
    fields = ((texts.PREFIX, style.prefix), (texts.SUFFIX, style.suffix), (texts.PARAMETERS, style.parameters))
    buttons = [Button(str(Control("style", "list")), texts.BACK)]
    if may_change:
        name = style.name.replace("-", "_")
        buttons.append(Button(str(Control("style", f"edit_{name}")), texts.EDIT))
        buttons.append(Button(str(Control("style", f"remove_{name}")), texts.REMOVE, Style.DANGER))
    return Card(
        Tone.DONE,
        title=style.name,
        by=await _author(house, style.by),
        facts=tuple((label, text) for label, text in fields if text),
        pictures=await _preview(house, style),
        rows=(tuple(buttons),),
        private=True,
    )


def sure(style: HouseStyle) -> Card:
    """Before a removal."""
    name = style.name.replace("-", "_")
    buttons = (
        Button(str(Control("style", f"gone_{name}")), texts.SURE, Style.DANGER),
        Button(str(Control("style", f"show_{name}")), texts.KEEP),
    )
    return Card(Tone.WAITING, lines=(texts.sure(style.name),), rows=(buttons,), private=True)


async def _author(house: House, key: str) -> Actor | None:
    """Who added it; nobody where they were erased."""
    platform, _, rest = key.partition(":")
    if platform not in set(Platform):
        return None
    team_id, _, user_id = rest.rpartition(":")
    jobs = await house.store.jobs((), 1, key)
    return Actor(Platform(platform), user_id, jobs[0].actor.name if jobs else user_id, team_id)


async def _preview(house: House, style: HouseStyle) -> tuple[Shown, ...]:
    """Its picture, as long as the store has it."""
    if not style.preview:
        return ()
    try:
        data = await house.pictures.get(style.preview)
        seen = await house.imaging.check(data)
    except (KeyError, BadPicture):
        return ()
    picture = Picture(style.preview, seen.mime, seen.width, seen.height, len(data))
    name = f"{style.name}.{ENDINGS.get(seen.mime, 'jpg')}"
    return (Shown(picture, name, f"{texts.PREVIEW_ALT} {style.name}"),)
