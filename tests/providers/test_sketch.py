"""sketch: stateless, deterministic, honest about time, and never raising anything but ProviderError."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from io import BytesIO

import pytest
from PIL import Image

from providers.base import Kind, Params, Provider, Size, Source, Stage
from providers.errors import BadWebhook, ProviderError
from providers.sketch import Sketch, sides
from tests.providers.pool import run
from tests.providers.sketches import Clock, apart, asked, drawn, instant, pixels

PROMPTS = (
    "a lighthouse at dusk",
    "snowy mountains",
    "a fox in a forest",
    "city skyline at night in the rain",
    "desert dunes",
    "a meadow of flowers",
    "galaxy",
    "campfire",
    "the sea, a boat and birds",
    "a castle by the sea",
    "abstract",
    "aurora over an alien planet, mountains",
    "nothing that anyone knows",
    "\ud800 \x00 '\"}{",
    "",
)


def test_is_a_provider_that_says_what_it_is() -> None:
    sketch: Provider = instant()
    assert sketch.capabilities.offline
    assert "no AI" in sketch.capabilities.label
    assert sketch.capabilities.honours <= {"ratio", "seed", "negative", "chaos", "stylize"}


async def test_time_makes_the_progress() -> None:
    clock = Clock()
    sketch = Sketch(run, 4.0, clock)
    ref = (await sketch.submit(asked(), "call", None)).ref
    fractions = []
    for _ in range(4):
        status = await sketch.status(ref)
        assert (status.stage, status.pictures) == (Stage.RUNNING, ())
        fractions.append(status.fraction)
        clock.now += 1
    assert fractions == [0, 0.25, 0.5, 0.75]
    assert (await sketch.status(ref)).stage is Stage.DONE


async def test_a_clock_set_back_waits() -> None:
    clock = Clock()
    sketch = Sketch(run, 4.0, clock)
    ref = (await sketch.submit(asked(), "call", None)).ref
    clock.now -= 100
    assert (await sketch.status(ref)).fraction == 0


async def test_survives_a_restart_and_draws_the_same_bytes_in_another_process() -> None:
    ref, pictures = await drawn(instant(), asked(count=2))
    code = (
        "import sys, hashlib; from providers.sketching.art import draw; from providers.sketching.plan import parsed;"
        "plan = parsed(sys.argv[1]); print(*(hashlib.sha256(draw(plan, n)).hexdigest() for n in range(2)))"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, ref, stdout=asyncio.subprocess.PIPE)
    printed, _ = await asyncio.wait_for(child.communicate(), 60)
    assert printed.decode().split() == [hashlib.sha256(picture.data).hexdigest() for picture in pictures]


async def test_the_same_prompt_and_seed_draw_the_same_in_any_slot() -> None:
    _, four = await drawn(instant(), asked(count=4), "one call")
    assert [picture.seed for picture in four] == [8, 9, 10, 11]
    _, again = await drawn(instant(), asked(params=Params(seed=10)), "another call")
    assert again[0].data == four[2].data


@pytest.mark.parametrize("prompt", PROMPTS)
async def test_every_kind_of_prompt_gives_four_different_pictures(prompt: str) -> None:
    _, four = await drawn(instant(), asked(prompt, count=4))
    assert all(pixels(picture).std() > 10 for picture in four)
    assert min(apart(four[a], four[b]) for a in range(4) for b in range(a)) > 4


async def test_without_a_seed_the_call_gives_one() -> None:
    request = asked(params=Params())
    one, two = [await drawn(instant(), request, key) for key in ("one", "two")]
    assert one[1][0].seed != two[1][0].seed
    assert (await drawn(instant(), request, "one"))[1] == one[1]


async def test_upscale_is_the_same_picture_at_twice_the_sides() -> None:
    sketch = instant()
    ref, four = await drawn(sketch, asked(count=4))
    source = Source(b"", "image/jpeg", ref=ref, index=2)
    _, (large,) = await drawn(sketch, asked(kind=Kind.UPSCALE, source=source))
    small, twice = Image.open(BytesIO(four[2].data)), Image.open(BytesIO(large.data))
    assert twice.size == (small.width * 2, small.height * 2)
    assert large.seed == 10
    assert apart(large, four[2]) < 3 < min(apart(large, other) for other in (four[0], four[1], four[3]))


async def test_variations_lie_near_their_parent() -> None:
    sketch = instant()
    ref, four = await drawn(sketch, asked("a galaxy", count=4))
    source = Source(b"", "image/jpeg", ref=ref, index=3)
    varied_ref, varied = await drawn(sketch, asked("a galaxy", Kind.VARIATION, 4, source=source), "vary")
    for one in varied:
        assert 1 < apart(one, four[3]) < min(apart(one, other) for other in four[:3])
    assert len({one.data for one in varied}) == 4
    large = await drawn(sketch, asked(kind=Kind.UPSCALE, source=Source(b"", "image/jpeg", ref=varied_ref, index=1)))
    assert apart(large[1][0], varied[1]) < 3


async def test_an_input_picture_gives_the_colours() -> None:
    out = BytesIO()
    Image.linear_gradient("L").convert("RGB").point([0] * 256 + list(range(256)) + [0] * 256).save(out, "PNG")
    _, (green,) = await drawn(instant(), asked("the sea", image=Source(out.getvalue(), "image/png")))
    red, leaf, blue = pixels(green).mean(axis=(0, 1))
    assert leaf > 1.3 * max(red, blue)


async def test_a_variation_of_another_providers_picture_takes_its_colours() -> None:
    out = BytesIO()
    Image.new("RGB", (64, 64), (200, 40, 40)).save(out, "JPEG")
    source = Source(out.getvalue(), "image/jpeg", ref="req_123", index=1)
    _, (red,) = await drawn(instant(), asked(kind=Kind.VARIATION, source=source))
    mean = pixels(red).mean(axis=(0, 1))
    assert mean[0] > mean[2]


async def test_words_negatives_chaos_and_style_have_an_effect() -> None:
    async def one(prompt: str, **params: object) -> bytes:
        _, pictures = await drawn(instant(), asked(prompt, params=Params(seed=9, **params)))  # type: ignore[arg-type]
        return pictures[0].data

    plain = await one("a lighthouse by the sea")
    assert plain != await one("a city by the sea")
    assert plain != await one("a lighthouse by the sea", negative="lighthouse")
    assert plain != await one("a lighthouse by the sea", chaos=90)
    assert plain != await one("a lighthouse by the sea", stylize=900)


@pytest.mark.parametrize(("asked_for", "got"), [((1, 1), (512, 512)), ((3, 2), (624, 416)), ((1, 100), (256, 1024))])
def test_sides_keep_the_ratio_and_the_area(asked_for: tuple[int, int], got: tuple[int, int]) -> None:
    assert sides(Size(*asked_for)) == got


async def test_no_picture_is_doubled_for_ever() -> None:
    sketch = instant()
    ref = (await sketch.submit(asked(), "call", None)).ref
    for _ in range(2):
        ref = (await sketch.submit(asked(kind=Kind.UPSCALE, source=Source(b"", "", ref=ref)), "call", None)).ref
    with pytest.raises(ProviderError):
        await sketch.submit(asked(kind=Kind.UPSCALE, source=Source(b"", "", ref=ref)), "call", None)


async def test_the_rest_of_the_port() -> None:
    sketch = instant()
    assert await sketch.lookup("call") is None
    assert (await sketch.check()).ok
    with pytest.raises(BadWebhook):
        sketch.read_webhook({}, b"")
