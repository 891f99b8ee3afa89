"""Requests that draw or cancel: each becomes one ask to the core, and a repeat of it becomes the same job."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from functools import partial

from bot.api.chat import CALLBACK
from bot.api.door import Door
from bot.api.ports import ApiStore, Key, Mark, Poster
from bot.api.problems import Problem, not_found, refusal
from bot.api.shapes import NewJob, Pick
from bot.jobs.asks import Answer, Ask, Attachment, Imagine, Placeholder, Press, Quiet
from bot.jobs.controls import Control
from bot.jobs.imagine import IMAGE_BYTES
from bot.jobs.model import Action, Job, JobState, new_id
from bot.jobs.place import Actor, Place, Platform, Reply
from bot.jobs.ports import Clock, Fetcher
from bot.texts import api as texts
from providers.errors import BadUrl

DAY = 24 * 3600.0
"""How long an idempotency key is remembered."""
ID = re.compile(r"[0-9a-f]{20}")


class Asking:
    """Over the core behind `door`. `fetcher`: for pictures to start from; `poster`: judges callback addresses."""

    def __init__(self, door: Door, store: ApiStore, fetcher: Fetcher, poster: Poster, clock: Clock) -> None:
        """Keeps nothing in memory: a repeat may come to another process."""
        self._door = door
        self._store = store
        self._fetcher = fetcher
        self._poster = poster
        self._clock = clock

    async def draw(self, key: Key, wanted: NewJob, idempotency: str | None) -> str:
        """The id of the new job. Raises Problem."""
        core = self._door.core()
        fields = {"style": wanted.style, "ratio": wanted.ratio, "provider": wanted.provider}
        options = {name: value for name, value in fields.items() if value}
        image = self._image(wanted.image_url) if wanted.image_url else None
        ask = await self._ask(key, "draw", wanted, idempotency)
        work = partial(core.imagine, Imagine(ask, wanted.prompt, options, image, wanted.variations))
        return await self._once(ask, work, repeatable=idempotency is not None)

    async def again(self, key: Key, job_id: str, action: Action, wanted: Pick, idempotency: str | None) -> str:
        """U or V of one of the key's own jobs: the id of the new one. Raises Problem."""
        core = self._door.core()
        job = await self.own(key, job_id)
        ask = await self._ask(key, f"{action.value} {job.id}", wanted, idempotency)
        work = partial(core.press, Press(ask, str(Control(action.value, job.id, wanted.index))))
        return await self._once(ask, work, repeatable=idempotency is not None)

    async def cancel(self, key: Key, job_id: str) -> Job:
        """Ask for it; the job as it stands then. A second time changes nothing. Raises Problem."""
        core = self._door.core()
        job = await self.own(key, job_id)
        if job.state is JobState.CANCELLED or (job.cancel_requested and job.state.open):
            return job
        ask = Ask(_actor(key), _place(key), f"{key.id}:{new_id()}")
        answer = await core.press(Press(ask, str(Control("cancel", job.id))))
        if not isinstance(answer, Quiet):
            raise refusal(answer)
        return await self.own(key, job_id)

    async def own(self, key: Key, job_id: str) -> Job:
        """A job of this key; any other is not found. Raises Problem."""
        job = await self._store.job(job_id) if ID.fullmatch(job_id) else None
        if job is None or job.actor.key != key.user_key:
            raise not_found()
        return job

    def _image(self, url: str) -> Attachment:
        return Attachment("image_url", 0, partial(self._fetcher.fetch, url, limit=IMAGE_BYTES))

    async def _ask(self, key: Key, what: str, wanted: NewJob | Pick, idempotency: str | None) -> Ask:
        """`what`: which request this is. Raises Problem for a bad callback or another request's idempotency key."""
        reply = None
        if wanted.callback_url:
            try:
                self._poster.check(wanted.callback_url)
            except BadUrl as error:
                raise Problem("callback", texts.callback(str(error))) from error
            reply = Reply("", 0.0, {CALLBACK: wanted.callback_url})
        nonce = new_id()
        if idempotency is not None:
            nonce = await self._marked(key, idempotency, Mark(nonce, _fingerprint(what, wanted)))
        return Ask(_actor(key), _place(key), f"{key.id}:{nonce}", reply=reply, ping=True)

    async def _marked(self, key: Key, idempotency: str, mark: Mark) -> str:
        now = self._clock()
        standing = await self._store.mark(key.id, idempotency, mark, now, now - DAY)
        if standing.fingerprint != mark.fingerprint:
            raise Problem("idempotency", texts.CONFLICT)
        return standing.nonce

    async def _once(self, ask: Ask, work: Callable[[], Awaitable[Answer]], *, repeatable: bool) -> str:
        """The job's key in its row makes a repeat the same job, also one that comes while the first is on its way."""
        if repeatable and (job := await self._made(ask)):
            return job.id
        answer = await work()
        if isinstance(answer, Placeholder):
            return answer.job_id
        if repeatable and (job := await self._made(ask)):
            return job.id
        raise refusal(answer)

    async def _made(self, ask: Ask) -> Job | None:
        return await self._store.by_key(f"{Platform.API}:{ask.key}")


def _actor(key: Key) -> Actor:
    return Actor(Platform.API, key.id, key.name, roles=key.roles)


def _place(key: Key) -> Place:
    """Each key has a room of its own: the core itself takes no control from another's."""
    return Place(Platform.API, key.id, key.community)


def _fingerprint(what: str, wanted: NewJob | Pick) -> str:
    """Of the request as it is understood: spaces and the order of members do not count, and empty is as if left out."""
    understood = {name: value or None for name, value in wanted.model_dump().items()}
    said = json.dumps([what, understood], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
