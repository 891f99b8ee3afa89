"""People as moderators see them: a name and the pseudonym of the logs; and what they did here lately."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.house import House
from bot.jobs.model import Job
from bot.jobs.surface import Link
from bot.texts import desk as texts
from bot.texts import pages, review

ANONYMOUS = "anon:"
"""The keys of erased users begin so."""
PROMPT_LONGEST = 120
LOOK_BACK = 200
"""So many of a user's jobs are looked through for those of one community."""


async def called(house: House, user_key: str, name: str = "") -> str:
    """`Ann (1f0c9a…)`; the user's id on the platform where no name is known. Empty for nobody."""
    if not user_key:
        return ""
    if user_key.startswith(ANONYMOUS):
        return texts.ERASED
    return texts.person(name or await _name(house, user_key), await house.policy.alias(user_key))


async def _name(house: House, user_key: str) -> str:
    jobs = await house.store.jobs((), 1, user_key)
    return jobs[0].actor.name if jobs else user_key.rpartition(":")[2]


async def alias_of(house: House, user_key: str) -> str:
    """What controls name the user by; empty for those who were erased."""
    return "" if not user_key or user_key.startswith(ANONYMOUS) else await house.policy.alias(user_key)


async def last_jobs(house: House, community: str, user_key: str, limit: int, but: str = "") -> list[Job]:
    """Theirs in this community, newest first, without the job `but`."""
    jobs = await house.store.jobs((), LOOK_BACK, user_key)
    return [job for job in jobs if job.place.community == community and job.id != but][:limit]


def prompt_of(job: Job, longest: int = PROMPT_LONGEST) -> str:
    """What was asked for, cut to a line."""
    prompt = " ".join(job.request.prompt.split()) or review.ERASED_PROMPT
    return prompt if len(prompt) <= longest else f"{prompt[: longest - 1]}…"


def link_to(job: Job, label: str = pages.OPEN) -> tuple[Link, ...]:
    """The way to the job's message, if it stands."""
    return (Link(label, job.message.url),) if job.message and job.message.url and not job.deleted else ()


def state_of(job: Job) -> str:
    """In one word."""
    return "deleted" if job.deleted else job.state.value


def numbered_links(jobs: Sequence[Job]) -> tuple[Link, ...]:
    """Links labelled as the lines of a list are numbered."""
    return tuple(link for number, job in enumerate(jobs, 1) for link in link_to(job, str(number)))
