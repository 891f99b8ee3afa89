"""The routes: each reads one request, asks once and answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response, Security
from fastapi.security import HTTPBearer

from bot.api.asking import Asking
from bot.api.docs import PROBLEMS
from bot.api.events import Events
from bot.api.listing import page
from bot.api.ports import ApiStore, Key
from bot.api.shapes import AcceptedJob, JobList, JobOut, NewJob, Pick, Status
from bot.api.status import shown
from bot.jobs.model import Action
from bot.jobs.ports import Links
from bot.web.sse import EventStream

Idempotency = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your own, a UUID for example: the same request with it is the same job for 24 hours",
    ),
]
Cursor = Annotated[str | None, Query(min_length=1, max_length=200, description="`next_cursor` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100, description="Jobs on a page")]
SSE: dict[int | str, dict[str, Any]] = {
    200: {"description": "Server-sent events, the last one is `end`", "content": {"text/event-stream": {}}}
}


class Routes:
    """What stands under /jobs. `guard.py` has put the key into the request's state."""

    def __init__(self, asking: Asking, events: Events, store: ApiStore, links: Links) -> None:
        """Build the router."""
        self._asking = asking
        self._events = events
        self._store = store
        self._links = links
        router = APIRouter(
            prefix="/jobs", dependencies=[Security(HTTPBearer(auto_error=False))], responses=PROBLEMS, tags=["jobs"]
        )
        router.add_api_route("", self.create_job, methods=["POST"], status_code=202)
        router.add_api_route("", self.list_jobs, methods=["GET"])
        router.add_api_route("/{job_id}", self.get_job, methods=["GET"])
        router.add_api_route("/{job_id}/cancel", self.cancel_job, methods=["POST"], status_code=202)
        router.add_api_route("/{job_id}/upscale", self.upscale, methods=["POST"], status_code=202)
        router.add_api_route("/{job_id}/variation", self.variation, methods=["POST"], status_code=202)
        router.add_api_route(
            "/{job_id}/events", self.follow_job, methods=["GET"], status_code=200, response_class=EventStream, responses=SSE
        )
        self.router = router

    async def create_job(
        self, request: Request, response: Response, wanted: NewJob, idempotency: Idempotency = None
    ) -> AcceptedJob:
        """Draw pictures from a prompt."""
        job_id = await self._asking.draw(_key(request), wanted, idempotency)
        return _accepted(request, response, job_id)

    async def list_jobs(
        self, request: Request, status: Status | None = None, limit: Limit = 20, cursor: Cursor = None
    ) -> JobList:
        """The key's own jobs, newest first."""
        return await page(self._store, self._links, _key(request), status, limit, cursor)

    async def get_job(self, request: Request, job_id: str) -> JobOut:
        """A job as it stands."""
        return await shown(await self._asking.own(_key(request), job_id), self._links)

    async def cancel_job(self, request: Request, job_id: str) -> JobOut:
        """Stop a job while nothing was paid, or where its provider can stop it. It ends a moment later, or as drawn."""
        return await shown(await self._asking.cancel(_key(request), job_id), self._links)

    async def upscale(
        self, request: Request, response: Response, job_id: str, wanted: Pick, idempotency: Idempotency = None
    ) -> AcceptedJob:
        """Enlarge one picture of a job."""
        made = await self._asking.again(_key(request), job_id, Action.UPSCALE, wanted, idempotency)
        return _accepted(request, response, made)

    async def variation(
        self, request: Request, response: Response, job_id: str, wanted: Pick, idempotency: Idempotency = None
    ) -> AcceptedJob:
        """Draw four pictures like one of a job."""
        made = await self._asking.again(_key(request), job_id, Action.VARIATION, wanted, idempotency)
        return _accepted(request, response, made)

    async def follow_job(self, request: Request, job_id: str) -> EventStream:
        """A job's changes until its end, as server-sent events; each holds the whole job."""
        key = _key(request)
        return self._events.stream(key, await self._asking.own(key, job_id))


def _key(request: Request) -> Key:
    key = request.state.key
    if not isinstance(key, Key):
        raise TypeError("the guard puts the key there")
    return key


def _accepted(request: Request, response: Response, job_id: str) -> AcceptedJob:
    response.headers["location"] = f"{request.scope.get('root_path', '')}/jobs/{job_id}"
    return AcceptedJob(job_id=job_id)
