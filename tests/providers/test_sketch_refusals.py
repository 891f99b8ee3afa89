"""What the built-in provider refuses: refs that nobody gave, requests it cannot draw, a pool that is closed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Source, Stage
from providers.errors import Accepted, Family, ProviderError
from providers.sketch import Sketch
from tests.providers.pool import closed, run
from tests.providers.sketches import Clock, asked, instant


async def test_cancel_only_before_it_is_done() -> None:
    clock = Clock()
    sketch = Sketch(run, 4.0, clock)
    ref = (await sketch.submit(asked(), "call", None)).ref
    assert await sketch.cancel(ref)
    clock.now += 4
    assert not await sketch.cancel(ref)
    assert not await sketch.cancel("junk")


@pytest.mark.parametrize("ref", ["", "junk", "{}", "[]", "null", '{"prompt":1}', "[" * 9999])
async def test_absurd_refs_are_provider_errors(ref: str) -> None:
    sketch = instant()
    status = await sketch.status(ref)
    assert status.stage is Stage.FAILED
    assert status.error is not None
    for kind in (Kind.UPSCALE, Kind.VARIATION):
        with pytest.raises(ProviderError) as refused:
            await sketch.submit(asked(kind=kind, source=Source(b"junk", "image/png", ref=ref)), "call", None)
        assert (refused.value.family, refused.value.accepted) == (Family.BAD_REQUEST, Accepted.NO)


@given(
    st.dictionaries(
        st.sampled_from(["width", "scale", "seeds", "palette", "started", "strength", "chaos", "odd"]),
        st.none() | st.integers() | st.floats() | st.text() | st.lists(st.integers()),
    )
)
@settings(max_examples=60, deadline=None)
def test_a_changed_ref_is_read_whole_or_refused(changes: dict[str, object]) -> None:
    from providers.sketching.plan import Plan, parsed

    whole = {"prompt": "sea", "root": "00", "seeds": [8], "width": 64, "height": 64, "started": 1.0, **changes}
    try:
        plan = parsed(json.dumps(whole))
    except ValueError:
        return
    assert isinstance(plan, Plan)
    assert parsed(plan.text()) == plan


@pytest.mark.parametrize(
    "request_",
    [
        asked(count=0),
        asked(count=5),
        asked(kind=Kind.UPSCALE),
        asked(kind=Kind.VARIATION),
        asked(image=Source(b"junk", "image/png")),
    ],
)
async def test_what_cannot_be_drawn_is_refused_before_it_is_accepted(request_: DrawRequest) -> None:
    with pytest.raises(ProviderError) as refused:
        await instant().submit(request_, "call", None)
    assert refused.value.accepted is Accepted.NO


async def test_a_closed_pool_is_a_provider_error() -> None:
    sketch = Sketch(closed, 0, Clock())
    ref = (await sketch.submit(asked(), "call", None)).ref
    with pytest.raises(ProviderError) as broken:
        await sketch.status(ref)
    assert broken.value.family is Family.BROKEN
