"""From a job row to what a provider is asked: how U and V are done where they are not native, and how calls are split."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.jobs.model import Action, Job
from bot.jobs.ports import Pictures
from bot.jobs.store import JobReads
from bot.texts import states
from providers.base import DrawRequest, Kind, Params, Source
from providers.capabilities import Capabilities
from providers.limits import Measure

DRAFT = "draft"
DRAFT_SHARE = 2
"""A draft costs one unit for so many pictures."""


@dataclass(frozen=True, slots=True)
class Way:
    """How an action is done with one provider. `note`: what the person is told about it."""

    kind: Kind
    uses_source: bool
    as_image: bool = False
    note: str = ""


def way(action: Action, capabilities: Capabilities, *, native: bool) -> Way:
    """`native`: the provider drew the parent itself and knows its pictures; otherwise it gets the stored tile."""
    if action is Action.UPSCALE:
        plain = not capabilities.imagine
        return Way(Kind.UPSCALE, uses_source=True, note=states.LANCZOS if plain and capabilities.offline else "")
    if action is not Action.VARIATION:
        return Way(Kind.IMAGINE, uses_source=False)
    if capabilities.variation and native:
        return Way(Kind.VARIATION, uses_source=True)
    if capabilities.image_input:
        return Way(Kind.IMAGINE, uses_source=True, as_image=True, note=states.IMAGE_TO_IMAGE)
    return Way(Kind.IMAGINE, uses_source=False, note=states.NEW_SEED)


def slots(count: int, per_call: int) -> list[int]:
    """How many pictures each call draws: 4 at once, or 1 + 1 + 1 + 1."""
    whole, rest = divmod(count, per_call)
    return [per_call] * whole + ([rest] if rest else [])


def price(capabilities: Capabilities, kind: Kind, params: Params, *, redraws: bool = False) -> int:
    """Micro-USD of one picture, by the price list. `redraws`: it is made from another picture."""
    if kind is Kind.UPSCALE:
        return capabilities.upscale_price
    if redraws and capabilities.redraw_price:
        return capabilities.redraw_price
    if params.speed == DRAFT and drafts(capabilities):
        return capabilities.draft_price
    quality = 1.0 if params.quality is None else params.quality
    other = capabilities.low_price if quality < 1 else capabilities.high_price if quality > 1 else 0
    return other or capabilities.price


def cost(capabilities: Capabilities, kind: Kind, params: Params, count: int, *, redraws: bool = False) -> int:
    """Micro-USD of `count` pictures in as many calls as they take, by the price list."""
    whole = capabilities.whole_tasks and kind is not Kind.UPSCALE
    paid = len(slots(count, capabilities.per_call)) * capabilities.per_call if whole else count
    return paid * price(capabilities, kind, params, redraws=redraws)


def drafts(capabilities: Capabilities) -> bool:
    """Whether this provider draws a draft cheaper, or, where nothing costs money, smaller."""
    return "speed" in capabilities.honours and (capabilities.draft_price > 0 or capabilities.price == 0)


def units(count: int, params: Params, capabilities: Capabilities) -> int:
    """Units of the quota for `count` pictures: half for a draft that is one."""
    return -(-count // DRAFT_SHARE) if params.speed == DRAFT and count > 1 and drafts(capabilities) else count


def drawn_with(action: Action, params: Params, *, image: bool) -> Params:
    """The parameters as they count: --draft is for new pictures from words; U, V and input pictures are drawn in full."""
    derived = image or action in {Action.UPSCALE, Action.VARIATION}
    return replace(params, speed="") if params.speed == DRAFT and derived else params


def tile(parent: Job | None, index: int) -> Measure | None:
    """What the picture 1-4 of a job measures."""
    if parent is None or not 1 <= index <= len(parent.pictures):
        return None
    picture = parent.pictures[index - 1]
    return Measure(picture.width, picture.height, picture.size)


class ParentGone(Exception):
    """The picture that a job starts from is no longer stored."""


async def request(job: Job, capabilities: Capabilities, store: JobReads, pictures: Pictures) -> DrawRequest:
    """The request of a whole job, `count` pictures; raises ParentGone."""
    parent = await store.job(job.parent_id) if job.parent_id else None
    chosen = way(job.action, capabilities, native=parent is not None and parent.provider == capabilities.name)
    source = await _source(job, parent, store, pictures) if chosen.uses_source else None
    image = await _image(job, pictures)
    params = job.request.params
    if job.parent_id and not chosen.uses_source:
        params = replace(params, seed=None)
    return DrawRequest(
        kind=chosen.kind,
        prompt=job.request.text,
        size=job.request.size,
        count=job.request.count,
        params=params,
        image=source if chosen.as_image else image,
        source=None if chosen.as_image else source,
    )


async def _image(job: Job, pictures: Pictures) -> Source | None:
    if not job.request.image_key:
        return None
    try:
        return Source(await pictures.get(job.request.image_key), job.request.image_mime)
    except KeyError:
        raise ParentGone(job.request.image_key) from None


async def _source(job: Job, parent: Job | None, store: JobReads, pictures: Pictures) -> Source:
    index = job.parent_index - 1
    if parent is None or not 0 <= index < len(parent.pictures):
        raise ParentGone(job.parent_id)
    tile = parent.pictures[index]
    try:
        data = await pictures.get(tile.key)
    except KeyError:
        raise ParentGone(tile.key) from None
    call = await store.call(tile.call_id)
    return Source(data, tile.mime, ref=call.ref if call else "", index=tile.index, image_id=tile.source_id, seed=tile.seed)
