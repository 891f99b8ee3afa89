"""The private pages: /info, /settings, /help and "Show details", as Cards."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.jobs import ratios, styles
from bot.jobs.acceptance import Caps, Standing
from bot.jobs.catalog import COMMANDS
from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.naming import Names
from bot.jobs.parameters import PARAMETERS
from bot.jobs.place import Place
from bot.jobs.ports import UserSettings
from bot.jobs.refusing import DAY
from bot.jobs.said import for_people
from bot.jobs.surface import Button, Card, Choice, Link, Menu, Style, Tone
from bot.texts import pages, states
from bot.texts.answers import span

NONE = "-"
"""The menu value for "no default": menus refuse empty values."""


def info(caps: Caps, standing: Standing, now: float) -> Card:
    """Quota left, when it resets, running, waiting, limits."""
    left = max(0, caps.daily - standing.used)
    facts = (
        ("Left today", f"{left} of {caps.daily} pictures"),
        ("More come", f"at 00:00 UTC, in {span(DAY - now % DAY)}"),
        ("Running", f"{standing.running} of {caps.user_running}"),
        ("Waiting", f"{standing.waiting} of {caps.user_waiting}"),
        ("A picture costs", "1 each: 4 for a grid, 1 for a U"),
    )
    return Card(Tone.DONE, title=pages.INFO_TITLE, facts=facts, private=True)


async def settings(house: House, place: Place, mine: UserSettings) -> Card:
    """Menus and buttons for one's own defaults; providers are those of this community, styles those of every one."""
    community = await house.policy.community(place.community)
    providers = [Choice(p.capabilities.name, p.capabilities.label) for p in house.providers.all(community.providers)]
    menus = (
        _menu("provider", providers, mine.provider),
        _menu("ratio", ratios.suggest_ratios(""), mine.ratio),
        _menu("style", styles.suggest_styles(""), mine.style),
    )
    ping = Button(str(Control("setting", "ping")), pages.PING_OFF if mine.ping else pages.PING_ON)
    suffix = Button(str(Control("setting", "suffix")), pages.SUFFIX_BUTTON, Style.PRIMARY)
    values = {"provider": mine.provider, "ratio": mine.ratio, "style": mine.style, "suffix": mine.suffix}
    facts = tuple((pages.SETTING_LABELS[name], value or pages.NOT_SET) for name, value in values.items())
    facts += ((pages.SETTING_LABELS["ping"], pages.ON if mine.ping else pages.OFF),)
    rows: tuple[tuple[Button | Menu, ...], ...] = (*((menu,) for menu in menus), (suffix, ping))
    return Card(Tone.DONE, title=pages.SETTINGS_TITLE, facts=facts, rows=rows, private=True)


def _menu(name: str, choices: list[Choice], chosen: str) -> Menu:
    entries = (Choice(NONE, pages.NO_DEFAULT), *choices)[:25]
    return Menu(str(Control("setting", name)), pages.SETTING_LABELS[name], entries, chosen or NONE)


def help_page(names: Names, platform: str) -> Card:
    """Generated from the commands, as they are called on the platform, and the parameters."""
    commands = tuple((names.on(platform, command.name), command.description) for command in COMMANDS)
    parameters = tuple((parameter.usage, parameter.help) for parameter in PARAMETERS)
    return Card(Tone.DONE, title=pages.HELP_TITLE, lines=(pages.HELP_BUTTONS,), facts=commands + parameters, private=True)


def _cost(job: Job) -> tuple[str, str]:
    """Until the books are closed there is only the price list's word, also where nobody knows whether it was paid."""
    open_books = job.state.open or job.state is JobState.UNCERTAIN
    amount = job.cost or job.estimate if open_books else job.cost
    return (pages.COST_ESTIMATED if open_books else pages.COST), f"{amount / 1_000_000:.4f} USD"


def details(job: Job, label: str, parent: Job | None) -> Card:
    """Everything one may want to know of a job: seed, full prompt, provider, time, cost, parent."""
    seeds = ", ".join(str(picture.seed) for picture in job.pictures if picture.seed is not None)
    took = (job.ended_at - (job.started_at or job.created_at)) if job.ended_at else None
    facts = [
        ("Job", job.id),
        ("State", job.state.value),
        ("Action", f"{job.action.value} {job.parent_index}" if job.parent_index else job.action.value),
        ("Prompt", job.request.prompt),
        ("Sent to the provider", job.request.text),
        ("Seed", seeds or "not told by the provider"),
        ("Provider", label),
        ("Asked", datetime.fromtimestamp(job.created_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")),
        ("Time", f"{took:.1f} s" if took is not None else "not done yet"),
        _cost(job),
    ]
    if job.reason and not job.state.open:
        facts.append(("Why", " ".join(filter(None, (states.reason(job.reason), for_people(job))))))
    url = parent.message.url if parent and parent.message else ""
    links = (Link(states.of_parent(job.action, job.parent_index), url),) if url else ()
    return Card(Tone.DONE, title=pages.DETAILS_TITLE, facts=tuple(facts), links=links, private=True)
