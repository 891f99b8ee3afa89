"""The settings' home and one page a section, as Cards; and what happens when a section's Form comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.desk import guide
from bot.desk.admin import changing
from bot.desk.admin.asker import Asker
from bot.desk.admin.fields import SECTIONS, Section
from bot.jobs.asks import Answer, OpenForm, Update
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.surface import Button, Card, Choice, Form, Menu, Style, Tone
from bot.policy.community import Community
from bot.policy.records import What
from bot.policy.rights import is_admin
from bot.texts import admin as texts

HOME = "home"


def control(page: str, index: int = 0) -> str:
    """Of an admin page."""
    return str(Control("admin", page, index))


def back(page: str = HOME) -> Button:
    """To another page."""
    return Button(control(page), texts.BACK)


def ways_back(asker: Asker) -> tuple[Button, ...]:
    """To the settings, for those who may see them."""
    return (back(),) if is_admin(asker.ask.actor, asker.community) else ()


async def home(asker: Asker, lines: Sequence[str] = ()) -> Card:
    """Summary, menu of sections, ways to the other pages. The set-up guide stands above it once."""
    rules = await asker.house.policy.rules(asker.key)
    community = asker.community
    top: tuple[tuple[Button | Menu, ...], ...] = ()
    if not community.guided:
        lines, top = (*guide.lines(asker.house, asker.ask.place.platform), *lines), (guide.buttons(),)
        asker = await guide.shown(asker)
    facts = (
        (texts.STATE, texts.STOPPED_STATE if community.stopped else texts.RUNNING),
        *((section.title, _summary(section, asker)) for section in SECTIONS),
        (texts.COUNT_RULES, str(len(rules) or texts.NONE)),
        (texts.COUNT_TIERS, str(len(community.tiers) or texts.NONE)),
    )
    menu = Menu(control("section"), texts.HOME_MENU, tuple(Choice(one.name, one.title) for one in SECTIONS))
    rows = (*top, (menu,), *_ways(stopped=community.stopped))
    return Card(Tone.DONE, title=texts.HOME_TITLE, lines=tuple(lines), facts=facts, rows=rows, private=True)


def _ways(*, stopped: bool) -> tuple[tuple[Button, ...], ...]:
    names = {"usage": texts.USAGE, "review": texts.REVIEW, "log": texts.LOG, "rules": texts.RULES, "tiers": texts.TIERS}
    stop = Button(control("resume"), texts.RESUME) if stopped else Button(control("stop"), texts.STOP, Style.DANGER)
    return tuple(Button(control(name), label) for name, label in names.items()), (stop,)


def _summary(section: Section, asker: Asker) -> str:
    """What differs from a fresh community's settings, else the word for nothing."""
    fresh = Community()
    changed = [one for one in section.settings if one.of(asker.community) != one.of(fresh)]
    return "; ".join(f"{one.label}: {one.show(asker.community)}" for one in changed) or texts.AS_DELIVERED


def section_page(asker: Asker, section: Section, lines: Sequence[str] = ()) -> Card:
    """Its facts, with `lines` above: what was changed just now."""
    facts = tuple((setting.label, setting.show(asker.community)) for setting in section.settings)
    rows = ((Button(control(f"change_{section.name}"), texts.CHANGE, Style.PRIMARY), back()),)
    said = (section.help, *lines, *_remarks(asker, section))
    return Card(Tone.DONE, title=section.title, lines=said, facts=facts, rows=rows, private=True)


def _remarks(asker: Asker, section: Section) -> tuple[str, ...]:
    community, found = asker.community, []
    if section.name == "content" and asker.house.moderation is None:
        found.append(texts.NO_MODERATION)
    if section.name == "review" and not community.review_channel:
        found.append(texts.NO_REVIEW_CHANNEL)
    return tuple(found)


def form(asker: Asker, section: Section) -> OpenForm:
    """All its settings, as they are now."""
    fields = changing.inputs(section, asker.community, asker.providers)
    page = f"change_{section.name}_{changing.mark_of(section, asker.community)}"
    return OpenForm(Form(control(page), section.title, fields, texts.SAVE))


async def save(asker: Asker, section: Section, typed: Mapping[str, str], mark: str = "") -> Answer:
    """All or nothing: what is wrong is said in one sentence.

    `mark`: of what the Form was filled with ("" in one of an older release); somebody may have saved another one of this
    section since it was opened.
    """
    if mark and mark != changing.mark_of(section, asker.community):
        return Update(section_page(asker, section, (texts.CHANGED_MEANWHILE,)))
    try:
        after = changing.read(section, asker.community, typed, asker.providers)
    except ValueError as error:
        return say(str(error))
    lines = changing.differences(section, asker.community, after)
    if not lines:
        return Update(section_page(asker, section, (texts.UNCHANGED,)))
    saved = await asker.save(after, What.SETTING, "; ".join(lines))
    if saved is None:
        return Update(section_page(await asker.again(), section, (texts.CHANGED_MEANWHILE,)))
    return Update(section_page(saved, section, lines))
