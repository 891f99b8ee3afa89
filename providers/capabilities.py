"""What a provider can do, as its adapter states it."""

from __future__ import annotations

from dataclasses import dataclass

from providers.limits import ANY, Limits


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do. The core asks these, never names.

    `honours`: names of `Params` fields that have an effect; `per_call`: most pictures in one call;
    `upscale_any`: it enlarges pictures that others drew, too, not only its own;
    `price`: micro-USD per picture; `upscale_price`: the same for a U; `redraw_price`: the same for one that is made from
    another (a V, an input picture), 0 where that costs no other; `draft_price`: the same with --draft, 0 where that is
    no cheaper; `low_price`, `high_price`: the same with --quality below and above 1, 0 where that costs no other;
    `whole_tasks`: a call that draws costs as much as one for `per_call` pictures, however few are asked for;
    `price_seen`: ISO date of the oldest of these; `price_estimate`: one of them is not the vendor's own figure;
    `one_at_a_time`: its server draws one job after the other, and the time of a request begins with its turn;
    `takes`: pictures that it starts from (a V, an input picture); `enlarges`: those of a U; `lost_with_picture`: names
    among `honours` that have no effect beside an input picture;
    `deadline`: give up after this many seconds; `poll_first`, `poll_cap`: seconds before the first status question, and most
    between two.
    """

    name: str
    label: str
    asynchronous: bool
    per_call: int
    webhook: bool = False
    upscale: bool = False
    variation: bool = False
    imagine: bool = True
    image_input: bool = False
    cancel: bool = False
    progress: bool = False
    lookup: bool = False
    official: bool = True
    offline: bool = False
    honours: frozenset[str] = frozenset()
    price: int = 0
    upscale_price: int = 0
    redraw_price: int = 0
    deadline: float = 600.0
    poll_first: float = 1.0
    poll_cap: float = 15.0
    longest_prompt: int = 6000
    upscale_any: bool = False
    draft_price: int = 0
    low_price: int = 0
    high_price: int = 0
    whole_tasks: bool = False
    price_seen: str = ""
    price_estimate: bool = False
    one_at_a_time: bool = False
    takes: Limits = ANY
    enlarges: Limits = ANY
    lost_with_picture: frozenset[str] = frozenset()
