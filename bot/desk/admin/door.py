"""`/imagine-admin settings|usage|stop|resume` and every control of those pages: rights first, then the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.desk import usage
from bot.desk.admin import pages, rules, stopping, tiers
from bot.desk.admin.asker import Asker, admitted
from bot.desk.admin.fields import BY_NAME
from bot.jobs.asks import Answer, Command, Press, Private, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.texts import admin as texts

Turn = Callable[[Asker, Press, Control], Awaitable[Answer]]
MODERATORS = frozenset({"usage", "stop", "resume", "cancel_waiting"})
"""Pages and commands that need no right to the settings."""


async def command(house: House, asked: Command) -> Answer:
    """A subcommand; settings where none is named."""
    asker = await admitted(house, asked.ask, admin=asked.sub not in MODERATORS)
    if isinstance(asker, Private):
        return asker
    match asked.sub:
        case "" | "settings":
            return Private(await pages.home(asker))
        case "usage":
            return Private(await usage.page(asker))
        case "stop":
            return Private(await stopping.stop(asker))
        case "resume":
            return Private(await stopping.resume(asker))
        case _:
            return say(texts.UNKNOWN_PAGE)


async def press(house: House, asked: Press, control: Control) -> Answer:
    """A button or a menu of one of the pages."""
    asker = await admitted(house, asked.ask, admin=control.job not in MODERATORS)
    if isinstance(asker, Private):
        return asker
    if (turn := TURNS.get(control.job)) is not None:
        return await turn(asker, asked, control)
    verb, _, name = control.job.partition("_")
    section = BY_NAME.get(asked.value if control.job == "section" else name)
    if section is not None and verb == "section":
        return Update(pages.section_page(asker, section))
    if section is not None and verb == "change":
        return pages.form(asker, section)
    return say(texts.UNKNOWN_PAGE)


async def submit(house: House, asked: Submission, control: Control) -> Answer:
    """A Form came back."""
    asker = await admitted(house, asked.ask, admin=True)
    if isinstance(asker, Private):
        return asker
    match control.job.split("_"):
        case ["tier", "add", *mark]:
            return await tiers.put(asker, asked.values, *mark[:1])
        case ["rule", "add"]:
            return await rules.add(asker, asked.values)
        case ["rule", "import"]:
            return await rules.take(asker, asked.values, asked.files)
        case ["change", name, *mark] if name in BY_NAME:
            return await pages.save(asker, BY_NAME[name], asked.values, *mark[:1])
    return say(texts.UNKNOWN_PAGE)


async def _home(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked, control
    return Update(await pages.home(asker))


async def _usage(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked
    return Update(await usage.page(asker, control.index))


async def _stop(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked, control
    return Update(await stopping.stop(asker))


async def _resume(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked, control
    return Update(await stopping.resume(asker))


async def _cancel(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked, control
    return Update(await stopping.cancel_waiting(asker))


async def _tiers(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked, control
    return Update(tiers.page(asker))


async def _tier_add(asker: Asker, asked: Press, control: Control) -> Answer:
    del asker, asked, control
    return tiers.form()


async def _tier_change(asker: Asker, asked: Press, control: Control) -> Answer:
    del control
    return tiers.change(asker, asked.value)


async def _tier_remove(asker: Asker, asked: Press, control: Control) -> Answer:
    del control
    return await tiers.remove(asker, asked.value)


async def _rules(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked
    return Update(await rules.page(asker, control.index))


async def _rule_add(asker: Asker, asked: Press, control: Control) -> Answer:
    del asker, asked, control
    return rules.add_form()


async def _rule_import(asker: Asker, asked: Press, control: Control) -> Answer:
    del asker, asked, control
    return rules.import_form()


async def _rule_remove(asker: Asker, asked: Press, control: Control) -> Answer:
    return await rules.remove(asker, control.index, asked.value)


async def _rule_export(asker: Asker, asked: Press, control: Control) -> Answer:
    del asked, control
    return await rules.export(asker)


TURNS: dict[str, Turn] = {
    "home": _home,
    "usage": _usage,
    "stop": _stop,
    "resume": _resume,
    "cancel_waiting": _cancel,
    "tiers": _tiers,
    "tier_add": _tier_add,
    "tier_change": _tier_change,
    "tier_remove": _tier_remove,
    "rules": _rules,
    "rule_add": _rule_add,
    "rule_import": _rule_import,
    "rule_remove": _rule_remove,
    "rule_export": _rule_export,
}
