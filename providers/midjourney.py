"""midjourney-api.com, an unofficial Midjourney wrapper: everything travels as Midjourney's own flags inside the prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import gcd
from typing import Any

import httpx

from providers.base import Drawn, DrawRequest, Health, Kind, Params, Size, Stage, Status, Submitted
from providers.batch import WINDOW, Batch
from providers.capabilities import Capabilities
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError, call, forbidden
from providers.midjourney_common import (
    decoded,
    is_url,
    known_id,
    moderated,
    named_task,
    number,
    plain,
    table,
    task_id,
    words,
)
from providers.prices import Prices, shipped
from providers.retry_after import retry_after

BASE_URL = "https://api.midjourney-api.com"
DEFAULT_MODEL = ""
"""A version such as "7" or "niji 7"; empty: the service's own default."""
RELAX_WORD = "relax"
SEND_SECONDS, READ_SECONDS = 60.0, 20.0
MOST_TASKS = 50
"""Ids in one status question: "one or many" say its pages and name no limit."""
CODES = {1001: Family.NO_MONEY, 1002: Family.BUSY}
"""The envelope's `status` beside 0, as two public clients read it: quota used up, too many at once. Neither is accepted."""
CAPABILITIES = Capabilities(
    "midjourney",
    "Midjourney by midjourney-api.com (unofficial)",
    asynchronous=True,
    per_call=4,
    whole_tasks=True,
    webhook=True,
    official=False,
    honours=frozenset(
        {"ratio", "seed", "negative", "stylize", "chaos", "weird", "quality", "version", "niji", "tile", "raw", "speed"}
    ),
    deadline=1800.0,
    poll_first=10.0,
    poll_cap=30.0,
)


class Midjourney:
    """Implements `Provider`. `relax_word`: what the slow mode is called; their pages say relax and relaxed."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        relax_word: str = RELAX_WORD,
        send_seconds: float = SEND_SECONDS,
        batch_seconds: float = WINDOW,
        prices: Prices | None = None,
    ) -> None:
        """The client is the caller's: it closes it."""
        self._base = f"{base_url.rstrip('/')}/midjourney/v1"
        self._client = client
        self._headers = {"API-KEY": key}
        self._model = model
        self._relax_word = relax_word
        self._send_seconds = send_seconds
        self._tasks = Batch(self._records, most=MOST_TASKS, window=batch_seconds)
        self._capabilities = (prices or shipped()).tag(CAPABILITIES, model)

    @property
    def capabilities(self) -> Capabilities:
        """No upscale, no variation, no input picture: nothing of the kind is documented."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:  # noqa: ARG002 - takes no key
        """Send one paid request."""
        if request.kind is not Kind.IMAGINE:
            raise ProviderError(Family.BAD_REQUEST, "midjourney-api.com has no upscale or variation", accepted=Accepted.NO)
        order = {"prompt": flagged(request, self._model), "mode": self._mode(request.params.speed)}
        if webhook_url:
            order["hookUrl"] = webhook_url
        return Submitted(task_id(await self._ask("submit-jobs", order, self._send_seconds, submit=True)))

    def _mode(self, speed: str) -> str:
        return self._relax_word if speed == "relax" else "fast"

    async def lookup(self, key: str) -> Submitted | None:  # noqa: ARG002 - tasks cannot be found by our key
        """Never finds any: the service takes no key of ours."""
        return None

    async def status(self, ref: str) -> Status:
        """Ask for one task, together with whoever else asks now. One that is left out of the answer is unknown there."""
        record = await self._tasks.ask(ref)
        if record is None:
            raise ProviderError(Family.BROKEN, "the service does not know this task")
        return _status(record)

    async def _records(self, refs: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Task id -> what the service says about it; the first where it says it twice."""
        said = await self._ask("job-status", {"taskIds": list(refs)}, READ_SECONDS, submit=False)
        records = said.get("data")
        found: dict[str, dict[str, Any]] = {}
        for record in map(table, records if isinstance(records, list) else []):
            found.setdefault(known_id(record.get("taskId")), record)
        return found

    async def cancel(self, ref: str) -> bool:  # noqa: ARG002 - there is no such route
        """Tasks cannot be stopped."""
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 - not signed
        """The task that the callback names, in `data` or at the top level: their own handlers look in both."""
        return named_task(body)

    async def check(self) -> Health:
        """Ask for a task that cannot be: costs nothing, and shows whether the key is good."""
        try:
            await self._ask("job-status", {"taskIds": ["check"]}, READ_SECONDS, submit=False)
        except ProviderError as error:
            if error.family is Family.BAD_KEY:
                return Health(ok=False, sentence="midjourney-api.com refuses the key; look at MIDJOURNEY_API_KEY.")
            if error.family is Family.NO_MONEY:
                return Health(ok=False, sentence="midjourney-api.com: the account's quota is used up.")
            return Health(ok=False, sentence=f"midjourney-api.com does not answer as it should: {error.text}")
        return Health(ok=True, sentence="midjourney-api.com takes the key; what is left of the quota it does not say.")

    async def _ask(self, route: str, body: dict[str, Any], seconds: float, *, submit: bool) -> dict[str, Any]:
        """The body of a reply that means success, by HTTP's status and the envelope's (not the task's of the same name)."""
        url = f"{self._base}/{route}"
        try:
            reply = await call(self._client, "POST", url, timeout=seconds, submit=submit, headers=self._headers, json=body)
        except AnswerError as error:
            raise _refined(error) from error
        said = decoded(reply.content)
        if number(said.get("status")) != 0:
            raise _refused(said, retry_after(reply.headers))
        return said


def flagged(request: DrawRequest, model: str = DEFAULT_MODEL) -> str:
    """The prompt with the request's parameters as Midjourney's flags behind it, and no flag that came with the words."""
    return " ".join([plain(request.prompt), *_flags(request.params, request.size, model)])


def _flags(params: Params, size: Size, model: str) -> Iterator[str]:
    ratio = params.ratio or _ratio(size)
    values: dict[str, object] = {
        "ar": ratio if ratio != "1:1" else None,
        "seed": params.seed,
        "stylize": params.stylize,
        "chaos": params.chaos,
        "weird": params.weird,
        "quality": None if params.quality is None else f"{params.quality:g}",
    }
    yield from (f"--{name} {value}" for name, value in values.items() if value is not None)
    yield from _version(params, model)
    if params.raw:
        yield "--style raw"
    if params.tile:
        yield "--tile"
    if params.negative:
        yield f"--no {plain(params.negative)}"


def _version(params: Params, model: str) -> Iterator[str]:
    wanted = f"niji {params.niji}" if params.niji else params.version or model
    if wanted.startswith("niji"):
        yield f"--niji {wanted.removeprefix('niji').strip()}"
    elif wanted:
        yield f"--v {wanted}"


def _ratio(size: Size) -> str:
    common = gcd(size.width, size.height)
    return f"{size.width // common}:{size.height // common}"


def _status(record: dict[str, Any]) -> Status:
    """`status` of a task: 0 running, 1 done, 2 failed."""
    stage = number(record.get("status"))
    if stage == 1:
        return Status(Stage.DONE, pictures=_pictures(record))
    if stage != 2:
        return Status(Stage.RUNNING)
    text = words(record.get("failReason"))
    family = Family.MODERATED if moderated(text) else Family.BROKEN
    return Status(Stage.FAILED, error=ProviderError(family, text or "failed without a reason"))


def _pictures(record: dict[str, Any]) -> tuple[Drawn, ...]:
    """The cells where they are named; else the one picture, which may be the whole grid."""
    cells = record.get("images")
    urls = [url for url in cells if is_url(url)] if isinstance(cells, list) else []
    return tuple(Drawn(url=str(url)) for url in urls or [record.get("image")] if is_url(url))


def _refused(said: dict[str, Any], wait: float | None) -> ProviderError:
    """By the envelope's code. One that nobody has described proves nothing, unless its text says that the rules refused."""
    code, text = number(said.get("status")), words(said.get("message"))
    sentence = f"status {code} {text}".strip()
    if code in CODES:
        return ProviderError(CODES[code], sentence, accepted=Accepted.NO, retry_after=wait)
    if moderated(text):
        return ProviderError(Family.MODERATED, sentence, accepted=Accepted.NO)
    return ProviderError(Family.BROKEN, sentence, retry_after=wait)


def _refined(error: AnswerError) -> ProviderError:
    """An error whose body has a code that we know, a 4xx whose text says that the rules refused, or a bare 403."""
    try:
        said = decoded(error.response.content)
    except ProviderError:
        said = {}
    if number(said.get("status")) in CODES:
        return _refused(said, error.retry_after)
    if error.family is Family.BAD_REQUEST and moderated(words(said.get("message"))):
        return ProviderError(Family.MODERATED, error.text, accepted=error.accepted)
    return forbidden(error)
