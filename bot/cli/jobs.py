"""`imagine-bot jobs ...`: rows are read and written beside a running bot, which looks at them once a second."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import click

from bot.cli import environment
from bot.cli.desk import Desk, open_desk
from bot.cli.show import as_json, describe, row
from bot.errors import StartError
from bot.jobs.model import Job, JobState
from bot.jobs.revive import NotRevived, revive
from bot.texts import cli as texts

T = TypeVar("T")
LIMIT = 20
DEAD = (JobState.FAILED, JobState.UNCERTAIN)
"""Undeliverable jobs are failed ones with that reason."""
limited = click.option(
    "--limit", type=click.IntRange(1, 10_000), metavar="N", default=LIMIT, show_default=True, help=texts.LIMIT
)
jsonable = click.option("--json", "as_array", is_flag=True, help=texts.AS_JSON)


@click.group("jobs", help=texts.JOBS)
def command() -> None:
    """Five commands."""


@command.command("list", help=texts.JOBS_LIST)
@click.option(
    "--state", "states", metavar="STATE", multiple=True, type=click.Choice([one.value for one in JobState]), help=texts.STATE
)
@click.option("--user", metavar="KEY", default="", help=texts.USER)
@limited
@jsonable
def list_jobs(states: tuple[str, ...], user: str, limit: int, *, as_array: bool) -> None:
    """Newest first."""
    wanted = [JobState(state) for state in states]
    _tell(_at_desk(lambda desk: desk.store.jobs(wanted, limit, user)), as_array=as_array)


@command.command("dead", help=texts.JOBS_DEAD)
@limited
@jsonable
def dead(limit: int, *, as_array: bool) -> None:
    """The dead letters."""
    _tell(_at_desk(lambda desk: desk.store.jobs(DEAD, limit)), as_array=as_array, why=True)


@command.command("show", help=texts.JOBS_SHOW)
@click.argument("job_id", metavar="ID")
def show(job_id: str) -> None:
    """Exit code 2 for an unknown id."""

    async def found(desk: Desk) -> list[str]:
        job = await _job(desk, job_id)
        calls = await desk.store.calls(job_id)
        return describe(job, calls, await desk.books.ledger(job_id), await desk.books.spend(job_id))

    click.echo("\n".join(_at_desk(found)))


@command.command("retry", help=texts.JOBS_RETRY)
@click.argument("job_id", metavar="ID")
@click.option("--pay-again", is_flag=True, help=texts.PAY_AGAIN)
def retry(job_id: str, *, pay_again: bool) -> None:
    """Exit code 2 where the job stays as it is."""
    try:
        state = _at_desk(lambda desk: revive(desk.store, job_id, time.time(), pay_again=pay_again))
    except NotRevived as refused:
        raise StartError(str(refused)) from refused
    click.echo(texts.taken_up(job_id, state))


@command.command("cancel", help=texts.JOBS_CANCEL)
@click.argument("job_id", metavar="ID")
def cancel(job_id: str) -> None:
    """Exit code 2 for an unknown id or an ended job."""

    async def asked(desk: Desk) -> None:
        if not await desk.store.cancel(job_id, time.time()):
            raise StartError(texts.ended(job_id, (await _job(desk, job_id)).state))

    _at_desk(asked)
    click.echo(texts.cancelling(job_id))


def _at_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    async def at_desk() -> T:
        async with open_desk(environment.settings()) as desk:
            return await work(desk)

    return asyncio.run(at_desk())


async def _job(desk: Desk, job_id: str) -> Job:
    job = await desk.store.job(job_id)
    if job is None:
        raise StartError(texts.unknown_job(job_id))
    return job


def _tell(jobs: Sequence[Job], *, as_array: bool, why: bool = False) -> None:
    if as_array:
        click.echo(json.dumps([as_json(job) for job in jobs], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(row(job, why=why) for job in jobs) or texts.NO_JOBS)
