"""Recraft: blocking, with an upscaler and variations of its own. Specification: tests/specs/recraft.openapi.yaml."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from providers.base import Drawn, DrawRequest, Health, Kind, Source, Submitted
from providers.blocking import Blocking
from providers.capabilities import Capabilities
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError, call
from providers.inline import entries, file_part, id_of, json_object, nearest_ratio, parent_of, url_of, whole, worded
from providers.limits import Limits
from providers.prices import LOW_CREDIT, Prices, shipped

DEFAULT_MODEL = "recraftv4"
RATIOS = ("1:1", "2:1", "1:2", "3:2", "2:3", "4:3", "3:4", "5:4", "4:5", "6:10", "14:10", "10:14", "16:9", "9:16")
"""Ratios instead of pixels: the pixel sizes differ by model, the ratios do not (recraft.ai/docs, Appendix)."""
STRENGTH = 0.5
"""Of image to image: 0 keeps the picture almost as it is, 1 keeps hardly anything."""
MOST_PICTURES = 6
TAKES = Limits(weight=10_000_000, pixels=16_000_000, longest=4096, shortest=256)
"""Of V and input pictures: 10 MB, 16 megapixels, 256 to 4096 px a side (recraft.ai/docs/api-reference, read 2026-11-21)."""
ENLARGES = replace(TAKES, shortest=32)
"""Of U (the same pages)."""
SEND_SECONDS = 180.0
READ_SECONDS = 15.0

UNIT = 1_000
"""Micro-USD of one credit: 1,000 API units cost USD 1.00 (recraft.ai/docs/api-reference/pricing, read 2026-11-21)."""
MOST_CREDITS = 1_000_000
UPSCALER = "crisp"
"""What a U stands under in the price list."""
NO_MONEY_WORDS = ("credit", "balance")
MODERATED_WORDS = ("moderat", "nsfw", "safety", "prohibited")


def capabilities_of(model: str) -> Capabilities:
    """Negative prompts work with v2 and v3 only, and those take 1,000 characters instead of 10,000 (recraft.ai/docs)."""
    old = model.startswith(("recraftv2", "recraftv3"))
    return Capabilities(
        "recraft",
        "Recraft",
        asynchronous=False,
        per_call=MOST_PICTURES,
        upscale=True,
        upscale_any=True,
        variation=True,
        image_input=True,
        honours=frozenset({"ratio", "seed", "negative"} if old else {"ratio", "seed"}),
        deadline=300.0,
        longest_prompt=1_000 if old else 10_000,
        takes=TAKES,
        enlarges=ENLARGES,
        lost_with_picture=frozenset({"ratio"}),
    )


class Recraft(Blocking):
    """Implements `Provider`. `base_url` ends in the version (`/v1`); `send_seconds`: how long one drawing may take."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """The client is the caller's: it closes it."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"}
        self._model = model
        self._send_seconds = send_seconds
        self._capabilities = (prices or shipped()).tag(capabilities_of(model), model, upscaler=UPSCALER)

    @property
    def capabilities(self) -> Capabilities:
        """By model."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Send one paid request and wait for its pictures. `ref` is the first picture's id."""
        del key, webhook_url
        if request.kind is Kind.UPSCALE:
            said = await self._paid("crispUpscale", files={"image": file_part(parent_of(request))})
            return _submitted([said["image"]] if isinstance(said.get("image"), dict) else [], said)
        if request.kind is Kind.VARIATION:
            said = await self._paid("variateImage", data=self._variation(request), files=_image(parent_of(request)))
        elif request.image is not None:
            form = {name: str(value) for name, value in self._order(request).items() if name != "size"}
            form["strength"] = str(STRENGTH)
            said = await self._paid("imageToImage", data=form, files=_image(request.image))
        else:
            said = await self._paid("generations", json=self._order(request))
        return _submitted(entries(said, "data"), said)

    async def check(self) -> Health:
        """Ask for the account and its credits."""
        if self._model.endswith("_vector"):
            return Health(
                ok=False, sentence=f"IMAGINE_RECRAFT_MODEL={self._model} draws SVG; choose a model without _vector."
            )
        try:
            url = f"{self._base}/users/me"
            reply = await call(self._client, "GET", url, timeout=READ_SECONDS, submit=False, headers=self._headers)
            credits_left = whole(json_object(reply).get("credits"), 10**12)
        except ProviderError as error:
            if _refined(error).family is Family.BAD_KEY:
                return Health(ok=False, sentence="Recraft does not take the key; set RECRAFT_API_KEY to a good one.")
            return Health(ok=False, sentence=f"Recraft does not answer as it should: {error.text}.")
        if credits_left == 0:
            return Health(ok=False, sentence="The Recraft account has no API units left; buy some on its API page.")
        return Health(
            ok=True,
            sentence=f"Recraft takes the key; {'?' if credits_left is None else credits_left} API units left.",
            low=credits_left is not None and credits_left * UNIT < LOW_CREDIT,
        )

    def _order(self, request: DrawRequest) -> dict[str, Any]:
        order: dict[str, Any] = {
            "prompt": worded(request.prompt),
            "model": self._model,
            "n": request.count,
            "size": nearest_ratio(request, RATIOS),
            "response_format": "url",
        }
        if request.params.seed is not None:
            order["random_seed"] = request.params.seed % 2**32
        if request.params.negative and "negative" in self._capabilities.honours:
            order["negative_prompt"] = request.params.negative
        return order

    def _variation(self, request: DrawRequest) -> dict[str, str]:
        """No seed: V pressed twice shall not bring the same pictures twice."""
        size = nearest_ratio(request, RATIOS)
        return {"model": self._model, "n": str(request.count), "size": size, "response_format": "url"}

    async def _paid(self, route: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx types them
        """Error bodies have no fixed form (recraft.ai/docs/api-reference/error-handling): no 5xx is known to be safe."""
        url = f"{self._base}/images/{route}"
        try:
            reply = await call(
                self._client, "POST", url, timeout=self._send_seconds, submit=True, headers=self._headers, **parts
            )
        except AnswerError as error:
            raise _refined(error) from error
        return json_object(reply)


def _image(picture: Source) -> dict[str, tuple[str, bytes, str]]:
    return {"image": file_part(picture)}


def _refined(error: ProviderError) -> ProviderError:
    """What a 4xx is about: 403 is the key's, and some name their subject in `code` or text. None of them was accepted."""
    if not isinstance(error, AnswerError) or error.family is not Family.BAD_REQUEST or error.accepted is not Accepted.NO:
        return error
    subject = _subject(error.response)
    family = Family.BAD_KEY if error.response.status_code == 403 else Family.BAD_REQUEST
    if any(word in subject for word in NO_MONEY_WORDS):
        family = Family.NO_MONEY
    elif any(word in subject for word in MODERATED_WORDS):
        family = Family.MODERATED
    return ProviderError(family, error.text, accepted=Accepted.NO, retry_after=error.retry_after)


def _subject(reply: httpx.Response) -> str:
    """The `code` of a JSON body, which never repeats the prompt, or the plain text."""
    try:
        said = json_object(reply)
    except ProviderError:
        return reply.text[:500].lower()
    code = said.get("code")
    return code.lower() if isinstance(code, str) else ""


def _submitted(images: list[dict[str, Any]], said: dict[str, Any]) -> Submitted:
    pictures = tuple(Drawn(url=url_of(image), image_id=id_of(image, "image_id")) for image in images if url_of(image))
    spent = whole(said.get("credits"), MOST_CREDITS)
    ref = next((picture.image_id for picture in pictures if picture.image_id), "recraft")
    return Submitted(ref, pictures, None if spent is None else spent * UNIT)
