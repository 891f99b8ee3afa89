"""What fal.ai's endpoints take: one row per drawing model, the size or ratio nearest to a wish, and each call's input."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any, Final

from providers.base import DrawRequest, Kind, Size, Source
from providers.errors import Accepted, Family, ProviderError

DEFAULT_MODEL: Final = "fal-ai/flux/schnell"
VARIER: Final = "fal-ai/flux/dev/image-to-image"
UPSCALER: Final = "fal-ai/clarity-upscaler"
VARIED: Final = frozenset({"seed"})
"""The parameters that have an effect there: its size follows the picture, and it takes no negative prompt."""
VARY: Final = 0.7
FOLLOW: Final = 0.85
"""How far image-to-image goes from its picture, 0.0-1.0: from a parent, and from a user's own, where the prompt leads."""
SIDES: Final = (512, 2048)
STEP: Final = 16
"""Sides in px: the range that fal.ai states for flux-2, and the grid that the flux family draws on."""


@dataclass(frozen=True, slots=True)
class Model:
    """`ratios`: named ones only, where a model takes no size."""

    per_call: int = 4
    seed: bool = True
    negative: bool = False
    ratios: tuple[str, ...] = ()

    @property
    def honours(self) -> frozenset[str]:
        """The parameters that have an effect."""
        return frozenset({"ratio"} | ({"seed"} if self.seed else set()) | ({"negative"} if self.negative else set()))


WIDE: Final = ("21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16")
# Fields: types of the official JavaScript client 1.10.1.
MODELS: Final = {
    DEFAULT_MODEL: Model(),
    "fal-ai/flux/dev": Model(),
    "fal-ai/flux-pro/v1.1": Model(),
    "fal-ai/flux-pro/v1.1-ultra": Model(ratios=(*WIDE, "9:21")),
    "fal-ai/flux-2-pro": Model(per_call=1),
    "fal-ai/nano-banana": Model(ratios=(*WIDE, "5:4", "4:5")),
    "fal-ai/imagen4/preview": Model(ratios=("1:1", "16:9", "9:16", "4:3", "3:4")),
    "fal-ai/ideogram/v3": Model(negative=True),
    "fal-ai/recraft/v3/text-to-image": Model(per_call=1, seed=False),
}
OTHER: Final = Model()
"""A model that we do not know: the flux family's fields."""


def model_of(name: str) -> Model:
    """What we know of an endpoint."""
    return MODELS.get(name, OTHER)


def app_of(endpoint: str) -> str:
    """The first two parts of an endpoint: its requests live below them."""
    return "/".join(endpoint.split("/")[:2])


def nearest_size(size: Size) -> Size:
    """Rounded down to the grid, since fal.ai bills each megapixel begun; each side within what the models take."""
    low, high = SIDES
    width, height = (min(max(side // STEP * STEP, low), high) for side in (size.width, size.height))
    return Size(width, height)


def nearest_ratio(size: Size, ratios: tuple[str, ...]) -> str:
    """The named ratio whose shape is nearest, by the logarithm: 2:1 is as far from 1:1 as 1:2."""
    wish = math.log(max(size.width, 1) / max(size.height, 1))

    def distance(ratio: str) -> float:
        width, height = ratio.split(":")
        return abs(math.log(int(width) / int(height)) - wish)

    return min(ratios, key=distance)


def order_of(request: DrawRequest, model: str) -> tuple[str, dict[str, Any]]:
    """The endpoint and its input. Raises ProviderError, never accepted, for what no endpoint could draw."""
    known = model_of(model)
    if not 1 <= request.count <= known.per_call:
        raise _bad(f"one to {known.per_call} pictures in a call, not {request.count}")
    if request.kind is Kind.UPSCALE:
        return UPSCALER, _enlarged(request, _parent(request))
    if request.kind is Kind.VARIATION:
        return VARIER, _varied(request, _parent(request), VARY)
    if request.image is not None:
        return VARIER, _varied(request, request.image, FOLLOW)
    return model, _drawn(request, known)


def _drawn(request: DrawRequest, known: Model) -> dict[str, Any]:
    order: dict[str, Any] = {"prompt": request.prompt}
    if known.ratios:
        order["aspect_ratio"] = nearest_ratio(request.size, known.ratios)
    else:
        size = nearest_size(request.size)
        order["image_size"] = {"width": size.width, "height": size.height}
    if known.per_call > 1:
        order["num_images"] = request.count
    if known.seed and request.params.seed is not None:
        order["seed"] = request.params.seed
    if known.negative and request.params.negative:
        order["negative_prompt"] = request.params.negative
    return order


def _varied(request: DrawRequest, image: Source, strength: float) -> dict[str, Any]:
    """Its size follows the picture. A variation has the parent's seed only if the user asked for a seed."""
    order = {"prompt": request.prompt, "image_url": data_uri(image), "strength": strength, "num_images": request.count}
    return order | ({} if request.params.seed is None else {"seed": request.params.seed})


def _enlarged(request: DrawRequest, image: Source) -> dict[str, Any]:
    order: dict[str, Any] = {"image_url": data_uri(image), "upscale_factor": 2}
    return order | ({"prompt": request.prompt} if request.prompt else {})


def data_uri(image: Source) -> str:
    """The bytes themselves: chat attachments expire, and need not be public."""
    return f"data:{image.mime};base64,{base64.b64encode(image.data).decode()}"


def _parent(request: DrawRequest) -> Source:
    if request.source is None:
        raise _bad(f"a {request.kind} needs its picture")
    return request.source


def _bad(text: str) -> ProviderError:
    return ProviderError(Family.BAD_REQUEST, text, accepted=Accepted.NO)
