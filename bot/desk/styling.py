"""`/style`: what styles there are, what is in one, and (for moderators) a community's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.desk.style_page import listed, shown, sure
from bot.desk.style_sheet import BadStyle, filled, form, read_name, with_preview
from bot.jobs.asks import Answer, Ask, Attachment, Command, OpenForm, Press, Private, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.entry import denied, say
from bot.jobs.house import House
from bot.jobs.place import Place
from bot.jobs.styles import STYLES, read_style, suggest_styles
from bot.jobs.surface import Card, Choice
from bot.policy.records import Entry, HouseStyle, What
from bot.policy.rights import is_moderator
from bot.texts import answers
from bot.texts import styles as texts
from providers.errors import BadPicture, BadUrl

MOST = 200
"""Styles of one community."""
CONTENT = ("prefix", "suffix", "parameters")


async def command(house: House, asked: Command) -> Answer:
    """`/style list`, `show`, `add`, `remove`."""
    name = asked.options.get("name", "")
    match asked.sub:
        case "show":
            return await _show(house, asked.ask, name)
        case "add":
            return await _add(house, asked.ask, asked.options, asked.files.get("preview"))
        case "remove":
            return await _remove(house, asked.ask, name)
    return Private(await _list(house, asked.ask, 0))


async def press(house: House, asked: Press, control: Control) -> Answer:
    """The pages' buttons and the menu. Names that stand in controls have their dashes as underscores."""
    name = (asked.value or control.job.partition("_")[2]).replace("_", "-")
    match control.job.partition("_")[0]:
        case "list":
            return Update(await _list(house, asked.ask, control.index))
        case "show":
            found = await _show(house, asked.ask, name)
            return Update(found.card) if not found.refused else found
        case "edit":
            return await _form(house, asked.ask, name)
        case "remove":
            return await _ask_first(house, asked.ask, name)
        case "gone":
            done = await _remove(house, asked.ask, name)
            return Update(done.card) if not done.refused else done
    return say(answers.UNKNOWN_JOB)


async def submit(house: House, asked: Submission, control: Control) -> Answer:
    """The Form came back: what it says replaces what was there."""
    if control.job != "add":
        return say(answers.UNKNOWN_JOB)
    values = {name: asked.values.get(name, "") for name in CONTENT}
    return await _save(house, asked.ask, asked.values.get("name", ""), values, asked.files.get("preview"))


async def suggest(house: House, option: str, typed: str, place: Place) -> list[Choice]:
    """For `--style` every style, for `name` of `/style` those that can be shown; at most 25."""
    own = await house.policy.styles(place.community) if place.community else []
    found = suggest_styles(typed, own)
    if option == "name":
        found = [choice for choice in found if choice.value in STYLES or any(choice.value == one.name for one in own)]
    return found[:25]


async def _own(house: House, ask: Ask) -> list[HouseStyle]:
    return await house.policy.styles(ask.place.community) if ask.place.community else []


async def _find(house: House, ask: Ask, name: str) -> HouseStyle | None:
    wanted = read_style(name)
    return next((style for style in await _own(house, ask) if style.name == wanted), None)


async def _may(house: House, ask: Ask) -> Private | None:
    """None for a moderator of this community; else why not."""
    if not ask.place.community:
        return say(texts.NOT_HERE)
    community = await house.policy.community(ask.place.community)
    return None if is_moderator(ask.actor, community) else denied(ask, texts.MODERATORS_ONLY)


async def _list(house: House, ask: Ask, page: int) -> Card:
    return listed(await _own(house, ask), page)


async def _show(house: House, ask: Ask, name: str) -> Private:
    own = await _find(house, ask, name)
    built_in = STYLES.get(read_style(name) or "")
    if own is not None:
        return Private(await shown(house, own, may_change=await _may(house, ask) is None))
    if built_in is not None:
        return Private(await shown(house, HouseStyle(built_in.name, suffix=built_in.words), may_change=False))
    return say(texts.unknown(name))


async def _form(house: House, ask: Ask, name: str) -> Answer:
    refused = await _may(house, ask)
    return refused or OpenForm(form(read_style(name) or "", await _find(house, ask, name)))


async def _add(house: House, ask: Ask, options: Mapping[str, str], preview: Attachment | None) -> Answer:
    """Without any content the Form asks for it; what is not given of a style that is there stays."""
    values = {name: options[name] for name in CONTENT if options.get(name)}
    if not values and preview is None:
        return await _form(house, ask, options.get("name", ""))
    return await _save(house, ask, options.get("name", ""), values, preview)


async def _save(house: House, ask: Ask, name: str, values: Mapping[str, str], preview: Attachment | None) -> Answer:
    if refused := await _may(house, ask):
        return refused
    own = {style.name: style for style in await _own(house, ask)}
    try:
        name = read_name(name)
        if name not in own and len(own) >= MOST:
            return say(texts.too_many(MOST))
        style = filled(own.get(name, HouseStyle(name)), values)
        style = await with_preview(house, ask.place.community, replace(style, by=ask.actor.key), preview)
    except (BadStyle, BadPicture, BadUrl) as error:
        return say(str(error))
    done = "changed" if name in own else "added"
    text = texts.audit(name, done, style.prefix, style.suffix, style.parameters)
    await house.policy.put_style(ask.place.community, style, _entry(ask, text))
    house.noticed.set()
    card = await shown(house, style, may_change=True)
    return Private(replace(card, status=texts.saved(name, new=name not in own)))


async def _ask_first(house: House, ask: Ask, name: str) -> Answer:
    if refused := await _may(house, ask):
        return refused
    style = await _find(house, ask, name)
    return Update(sure(style)) if style else say(texts.unknown(name))


async def _remove(house: House, ask: Ask, name: str) -> Private:
    if refused := await _may(house, ask):
        return refused
    gone = read_style(name) or ""
    style = await house.policy.remove_style(ask.place.community, gone, _entry(ask, texts.audit(gone, "removed")))
    if style is None:
        return say(texts.unknown(name))
    if style.preview:
        await house.pictures.delete([style.preview])
    house.noticed.set()
    return say(texts.removed(style.name), refused=False)


def _entry(ask: Ask, text: str) -> Entry:
    return Entry(ask.place.community, What.STYLE, actor=ask.actor.key, name=ask.actor.name, text=text)
