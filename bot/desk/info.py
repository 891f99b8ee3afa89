"""`/info`: a user's quota, the limits that hold for them here, their month and week, and the community's budget."""

from __future__ import annotations

from dataclasses import replace

from bot.desk import usage
from bot.desk.admin.asker import Asker
from bot.jobs import pages
from bot.jobs.asks import Ask
from bot.jobs.house import House
from bot.jobs.model import JobState
from bot.jobs.surface import Card
from bot.policy.community import Community
from bot.policy.tiers import caps_for
from bot.texts import usage as texts

DAYS = 7
JOBS_MOST = 1000
"""Of a user's jobs so many are looked at, newest first."""


async def info_card(house: House, ask: Ask) -> Card:
    """Everything about the asker alone; used units and the week count what they drew anywhere."""
    community = await house.policy.community(ask.place.community)
    override = await house.policy.override_of(ask.place.community, ask.actor.key)
    caps = caps_for(house.caps, community, override, ask.actor.roles)
    standing = await house.store.standing(ask.actor.key, house.clock(), ask.place.community)
    card = pages.info(caps, standing, house.clock())
    month = (texts.THIS_MONTH, texts.month(standing.month, caps.monthly))
    facts = (*card.facts, month, *_tiers(ask, community), *await _budget(house, ask, community), *await _week(house, ask))
    return replace(card, facts=facts)


def _tiers(ask: Ask, community: Community) -> tuple[tuple[str, str], ...]:
    mine = [tier.name for tier in community.tiers if tier.role in ask.actor.roles]
    return ((texts.TIERS_HERE, ", ".join(mine)),) if mine else ()


async def _budget(house: House, ask: Ask, community: Community) -> tuple[tuple[str, str], ...]:
    """Only what is limited: the rest is the moderators' business."""
    limits = community.budget
    day, month = await usage.budget_facts(Asker(house, ask, community), texts.BUDGET_DAY, texts.BUDGET_MONTH)
    found = (day,) if limits.images_day or limits.spend_day else ()
    return (*found, month) if limits.images_month or limits.spend_month else found


async def _week(house: House, ask: Ask) -> tuple[tuple[str, str], ...]:
    now = house.clock()
    since = usage.start(now, DAYS)
    jobs = [job for job in await house.store.jobs((), JOBS_MOST, ask.actor.key) if job.created_at >= since]
    came = dict.fromkeys(usage.names_of_days(now, DAYS), 0)
    for job in jobs:
        if job.state is JobState.DELIVERED:
            came[usage.day_of(job.created_at)] += len(job.pictures)
    cost = usage.cents(sum(job.cost for job in jobs))
    days = tuple(texts.day_line(day[5:], count) for day, count in came.items() if count)
    return ((texts.LAST_WEEK, "; ".join((texts.week(sum(came.values()), len(jobs), cost), *days))),)
