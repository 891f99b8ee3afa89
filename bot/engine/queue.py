"""procrastinate as we use it: a queue of wakes in Postgres that any worker takes from, and that tells workers at once.

The job rows say what is due; what stands in here may be lost at any time. So each version of procrastinate has a schema
of its own and is never migrated, and its commits do not wait for the disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import version

from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.jobs import Job, Status
from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection, Error, sql
from psycopg_pool import PoolTimeout

from bot.engine.taker import Taker
from bot.errors import StartError, StoreUnavailable
from bot.texts import cluster as texts

QUEUE, TASK = "looks", "look"
SCHEMA = f"imagine_engine_{version('procrastinate').replace('.', '_')}"
LOCK = (0x1A61, 100)
"""An advisory lock of ours: processes that start together make the schema one after another."""
CONNECT_SECONDS = 10
POOL = 4
POLL_SECONDS = 1.0
"""Between two questions for wakes where no notification came: one may be lost with its connection."""
HEARTBEAT_SECONDS, STALLED_SECONDS = 8.0, 30.0
END_SECONDS = 1.0
"""So long the end of taking waits for looks that it brought; they go on without it."""
NEVER = 86_400.0
"""Nobody aborts a look, so nobody has to ask whether one is to be aborted."""
Look = Callable[[str, float], Awaitable[None]]
"""Takes a job id and when it was woken; returns when it was looked at."""


class Queue:
    """One process's end of it."""

    def __init__(self, url: str, look: Look, clock: Callable[[], float]) -> None:
        """`url`: postgresql://...; `look` is called in a process that works only."""
        self._url = url
        self._clock = clock
        connect = {"connect_timeout": CONNECT_SECONDS, "application_name": "imagine-bot engine"}
        self._app = App(
            connector=PsycopgConnector(
                conninfo=url, kwargs=connect, configure=_configure, min_size=1, max_size=POOL, timeout=CONNECT_SECONDS
            )
        )
        self._app.task(name=TASK, queue=QUEUE)(look)

    async def open(self) -> None:
        """Make the tables where they are missing, then connect. Raises StartError."""
        try:
            await self._make_schema()
            await self._app.open_async()
        except (Error, PoolTimeout, exceptions.ConnectorException, OSError) as error:
            raise StartError(texts.no_queue(str(error))) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._app.close_async()

    async def send(self, ids: Sequence[str]) -> None:
        """Wake these jobs. One that is waiting to be looked at already stays as it is: its look comes after this."""
        now = self._clock()
        jobs = [
            Job(queue=QUEUE, lock=None, queueing_lock=job_id, task_name=TASK, task_kwargs={"job_id": job_id, "at": now})
            for job_id in ids
        ]
        await self._defer(jobs)

    async def _defer(self, jobs: list[Job]) -> None:
        """A batch is refused as a whole where one of it waits already: then its halves are tried."""
        try:
            await self._app.job_manager.batch_defer_jobs_async(jobs)
        except exceptions.AlreadyEnqueued:
            half = len(jobs) // 2
            if half:
                await self._defer(jobs[:half])
                await self._defer(jobs[half:])
        except exceptions.ConnectorException as error:
            raise StoreUnavailable(str(error.__cause__ or error)) from error

    async def work(self, parallel: int) -> None:
        """Take wakes until cancelled; returns early where its connection for notifications is lost."""
        taker = Taker(
            self._app,
            queues=[QUEUE],
            concurrency=parallel,
            fetch_job_polling_interval=POLL_SECONDS,
            abort_job_polling_interval=NEVER,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=END_SECONDS,
        )
        await taker.run()  # type: ignore[no-untyped-call]

    async def prune(self) -> int:
        """Throw away what killed workers had taken: the rows of their jobs come due by themselves. Returns how many."""
        stalled = list(await self._app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS))
        for job in stalled:
            if job.id is not None:
                await self._app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
        return len(stalled)

    async def _make_schema(self) -> None:
        """Whole or not at all, and once."""
        async with (
            await AsyncConnection.connect(self._url, connect_timeout=CONNECT_SECONDS) as connection,
            connection.transaction(),
        ):
            await connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOCK)
            found = await connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.procrastinate_jobs",))
            if (row := await found.fetchone()) and row[0]:
                return
            await connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
            await _in_schema(connection)
            await connection.execute(SchemaManager.get_schema())


async def _configure(connection: AsyncConnection) -> None:
    """Each of the queue's own connections."""
    await _in_schema(connection)
    await connection.execute("SET synchronous_commit TO off")
    await connection.commit()


async def _in_schema(connection: AsyncConnection) -> None:
    await connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(SCHEMA)))
