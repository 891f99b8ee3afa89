"""midapi.ai, an unofficial Midjourney wrapper: four pictures a task, upscale and variation by task and cell."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

import httpx

from providers.base import Drawn, DrawRequest, Health, Kind, Params, Size, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError, call
from providers.midapi_codes import GENERATION_FAILED, CodedError, missing, refined
from providers.midjourney_common import decoded, is_url, moderated, named_task, number, plain, table, task_id, words
from providers.prices import Prices, shipped
from providers.retry_after import retry_after

BASE_URL = "https://api.midapi.ai/api/v1/mj"
DEFAULT_MODEL = "7"
UPSCALE_PATH, VARY_PATH = "generateUpscale", "generateVary"
RATIOS = ("1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1")
VERSIONS = frozenset({"7", "6.1", "6", "5.2", "5.1", "niji6"})
SPEEDS = {"relax": "relaxed", "turbo": "turbo"}
"""Our word -> theirs; all others are drawn fast."""
LOW_CREDITS = 100
"""The operator is told below this; what a credit buys is not published."""
SEND_SECONDS, READ_SECONDS = 60.0, 20.0
CAPABILITIES = Capabilities(
    "midapi",
    "Midjourney by midapi.ai (unofficial)",
    asynchronous=True,
    per_call=4,
    whole_tasks=True,
    webhook=True,
    upscale=True,
    variation=True,
    official=False,
    honours=frozenset({"ratio", "stylize", "chaos", "weird", "version", "niji", "speed"}),
    deadline=1800.0,  # a relaxed task outlasts the ten minutes that the pages name
    poll_first=10.0,
    poll_cap=30.0,
    longest_prompt=2000,
)


class Midapi:
    """Implements `Provider`. `model`: the version drawn with where the prompt names none."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        index_base: int = 0,
        upscale_path: str = UPSCALE_PATH,
        vary_path: str = VARY_PATH,
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """`index_base`: what the first cell is called, 0 or 1; the reference pages contradict each other."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"}
        self._model = model
        self._index_base = index_base
        self._paths = {Kind.UPSCALE: upscale_path.strip("/"), Kind.VARIATION: vary_path.strip("/")}
        self._send_seconds = send_seconds
        self._capabilities = (prices or shipped()).tag(CAPABILITIES, model)

    @property
    def capabilities(self) -> Capabilities:
        """No input picture: the service fetches those itself from a public address."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:  # noqa: ARG002 - takes no key
        """Send one paid request."""
        drawing = request.kind is Kind.IMAGINE
        order = _order(request, self._model) if drawing else self._follow_up(request)
        if webhook_url:
            order["callBackUrl"] = webhook_url
        path = f"{self._base}/{'generate' if drawing else self._paths[request.kind]}"
        return Submitted(task_id(await self._ask("POST", path, self._send_seconds, submit=True, json=order)))

    def _follow_up(self, request: DrawRequest) -> dict[str, Any]:
        """The body of an upscale or a variation: a task, and a cell of it by the place it had in the task's own list."""
        source = request.source
        if source is None or not source.ref:
            raise ProviderError(Family.BAD_REQUEST, "midapi changes only pictures that it drew", accepted=Accepted.NO)
        index = int(source.image_id) if source.image_id in {"0", "1", "2", "3"} else source.index
        return {"taskId": source.ref, "imageIndex": index + self._index_base}

    async def lookup(self, key: str) -> Submitted | None:  # noqa: ARG002 - tasks cannot be found by our key
        """Never finds any: the service takes no key of ours."""
        return None

    async def status(self, ref: str) -> Status:
        """Ask for the task's record. A task that the service does not know (yet) is a failure to ask."""
        try:
            said = await self._ask("GET", f"{self._base}/record-info", READ_SECONDS, submit=False, params={"taskId": ref})
        except CodedError as error:
            if error.code == GENERATION_FAILED:
                return Status(Stage.FAILED, error=error)
            raise
        record = table(said.get("data"))
        if not record:
            raise CodedError(404, "the service has no record of this task")
        return _status(record)

    async def cancel(self, ref: str) -> bool:  # noqa: ARG002 - there is no such route
        """Tasks cannot be stopped."""
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 - not signed
        """The task that the callback names; its shape differs from the record's, so nothing else of it is read."""
        return named_task(body)

    async def check(self) -> Health:
        """Ask for the credits, by the sibling service's route; where that is missing, for a task that cannot be."""
        try:
            said = await self._ask("GET", f"{self._base.rpartition('/')[0]}/chat/credit", READ_SECONDS, submit=False)
        except ProviderError as error:
            return await self._check_key() if missing(error) else _unwell(error)
        credit = said.get("data")
        left = credit if isinstance(credit, int | float) else LOW_CREDITS
        if left <= 0:
            return Health(ok=False, sentence="midapi: the account has no credits; buy some at midapi.ai.")
        sentence = f"midapi answers; credits left: {words(str(credit))}."
        return Health(ok=True, sentence=sentence, low=left < LOW_CREDITS)

    async def _check_key(self) -> Health:
        try:
            await self._ask("GET", f"{self._base}/record-info", READ_SECONDS, submit=False, params={"taskId": "check"})
        except ProviderError as error:
            if not missing(error):
                return _unwell(error)
        return Health(ok=True, sentence="midapi takes the key; how many credits are left it does not say.")

    async def _ask(self, method: str, url: str, seconds: float, *, submit: bool, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx types them
        """The body of a reply that means success, by HTTP's status and by its own code."""
        try:
            reply = await call(self._client, method, url, timeout=seconds, submit=submit, headers=self._headers, **parts)
        except AnswerError as error:
            raise refined(error) from error
        said = decoded(reply.content)
        code = number(said.get("code"))
        if code != 200:
            raise CodedError(code or 0, words(said.get("msg")), wait=retry_after(reply.headers))
        return said


def nearest_ratio(ratio: str, size: Size) -> str:
    """The allowed ratio that is nearest to `W:H`, or without one to the size."""
    width, height = (int(side) for side in ratio.split(":")) if ratio else (size.width, size.height)
    return min(RATIOS, key=lambda allowed: abs(log(_quotient(allowed)) - log(width / height)))


def _quotient(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return int(width) / int(height)


def _order(request: DrawRequest, model: str) -> dict[str, Any]:
    params = request.params
    order = {
        "taskType": "mj_txt2img",
        "prompt": plain(request.prompt),
        "speed": SPEEDS.get(params.speed, "fast"),
        "aspectRatio": nearest_ratio(params.ratio, request.size),
        "version": _version(params, model),
        "variety": None if params.chaos is None else round(params.chaos / 5) * 5,
        "stylization": params.stylize,
        "weirdness": params.weird,
        "enableTranslation": not request.prompt.isascii(),
    }
    return {name: value for name, value in order.items() if value is not None}


def _version(params: Params, model: str) -> str:
    """The version asked for, or the operator's. Raises ProviderError: another one would draw something else."""
    wanted = f"niji{params.niji}" if params.niji else params.version or model
    if wanted in VERSIONS or wanted == model:
        return wanted
    raise ProviderError(
        Family.BAD_REQUEST, f"midapi has no version {wanted}, only {', '.join(sorted(VERSIONS))}", accepted=Accepted.NO
    )


def _status(record: dict[str, Any]) -> Status:
    """`successFlag`: 0 generating, 1 done, 2 and 3 failed."""
    flag = number(record.get("successFlag"))
    if flag == 1:
        return Status(Stage.DONE, pictures=_pictures(record))
    if flag not in (2, 3):
        return Status(Stage.RUNNING)
    text = words(record.get("errorMessage"))
    family = Family.MODERATED if moderated(text) else Family.BROKEN
    return Status(Stage.FAILED, error=ProviderError(family, text or "failed without a reason"))


def _pictures(record: dict[str, Any]) -> tuple[Drawn, ...]:
    """In the order received, which is the cells'; each keeps its place as its id."""
    info = record.get("resultInfoJson")
    urls = table(decoded(info) if isinstance(info, str) and info else info).get("resultUrls")
    entries = [table(one).get("resultUrl", one) for one in urls] if isinstance(urls, list) else []
    return tuple(Drawn(url=str(url), image_id=str(place)) for place, url in enumerate(entries) if is_url(url))


def _unwell(error: ProviderError) -> Health:
    if error.family is Family.BAD_KEY:
        return Health(ok=False, sentence="midapi refuses the key; look at MIDAPI_API_KEY.")
    if error.family is Family.NO_MONEY:
        return Health(ok=False, sentence="midapi: the account has no credits; buy some at midapi.ai.")
    return Health(ok=False, sentence=f"midapi does not answer as it should: {error.text}")
