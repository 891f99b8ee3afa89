"""The price list: every shipped entry says when and where from; the longest name counts; an own file wins or is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.capabilities import Capabilities
from providers.prices import DEAREST, FIELDS, Price, Prices, parse, read, shipped

GOOD = "draw = 1\nseen = 2026-11-21\n"


@pytest.mark.parametrize("entry", shipped().entries, ids=lambda entry: f"{entry.provider} {entry.model}")
def test_every_shipped_entry_says_when_and_where_from(entry: Price) -> None:
    assert date(2026, 1, 1) <= date.fromisoformat(entry.seen) <= date(2026, 11, 21)
    assert entry.source
    assert all(amount is None or 0 < amount < 1_000_000 for amount in (entry.draw, entry.draft, entry.upscale))
    assert entry.draft is None or (entry.draw is not None and entry.draft < entry.draw)
    assert entry.low is None or (entry.draw is not None and entry.low < entry.draw)
    assert entry.high is None or (entry.draw is not None and entry.high >= entry.draw)


@pytest.mark.parametrize(
    ("provider", "model", "price"),
    [
        ("xai", "grok-imagine-image", 20_000),
        ("xai", "grok-imagine-image-pro", 50_000),
        ("xai", "grok-imagine-image-2.0", 60_000),
        ("xai", "new", 60_000),
        ("recraft", "recraftv4_raster", 40_000),
        ("recraft", "recraftv4_1", 35_000),
        ("recraft", "something new", 250_000),
        ("bfl", "flux-2-pro-preview", 30_000),
        ("bfl", "flux-9", 80_000),
        ("fal", "fal-ai/flux/dev/image-to-image", 25_000),
        ("fal", "fal-ai/nano-banana-pro", 150_000),
        ("replicate", "black-forest-labs/flux-dev:" + "a" * 64, 25_000),
        ("openai", "gpt-image-2.6", 53_000),
    ],
)
def test_the_longest_name_that_a_model_begins_with_counts(provider: str, model: str, price: int) -> None:
    assert shipped().amount(provider, model) == price


def test_an_unknown_model_is_an_estimate_and_never_cheap() -> None:
    for other in (entry for entry in shipped().entries if not entry.model and entry.draw is not None):
        assert other.estimate
        listed = [entry.draw for entry in shipped().entries if entry.provider == other.provider and entry.draw is not None]
        assert other.draw is not None
        assert other.draw >= sorted(listed)[len(listed) // 2]


def test_no_price_is_an_error_not_nothing() -> None:
    with pytest.raises(LookupError):
        shipped().amount("nobody", "x")
    with pytest.raises(LookupError):
        shipped().amount("xai", "grok-imagine-image", "upscale")


def test_an_own_entry_wins_for_what_it_says_and_no_more() -> None:
    own = parse('[fal."fal-ai/flux/dev"]\ndraw = 7\nseen = 2027-01-02\n[fal."*"]\ndraw = 9\nseen = 2027-01-02\n', "own")
    both = own.over(shipped())
    assert both.amount("fal", "fal-ai/flux/dev") == 7
    assert both.amount("fal", "brand-new") == 9
    assert both.amount("fal", "fal-ai/flux/schnell") == 3_000, "a longer name stands over an own *"
    assert both.amount("fal", "fal-ai/clarity-upscaler", "upscale") == 120_000


def test_a_tag_has_the_oldest_day_and_says_if_anything_is_an_estimate() -> None:
    can = Capabilities("v", "V", asynchronous=False, per_call=1, upscale=True)
    text = (
        "[v.m]\ndraw = 10\ndraft = 4\nseen = 2026-03-01\n[v.up]\nupscale = 6\nseen = 2026-02-01\nestimate = true\n"
        '[v."*"]\ndraw = 99\ndraft = 1\nseen = 2026-01-01\n'
    )
    tagged = parse(text, "t").tag(can, "m-1", upscaler="up-2")
    assert (tagged.price, tagged.draft_price, tagged.upscale_price) == (10, 4, 6)
    assert (tagged.price_seen, tagged.price_estimate) == ("2026-02-01", True)
    plain = parse('[v.m]\ndraw = 10\nseen = 2026-03-01\n[v."*"]\ndraw = 99\ndraft = 1\nseen = 2026-01-01\n', "t").tag(
        can, "m"
    )
    assert (plain.draft_price, plain.price_seen, plain.price_estimate) == (0, "2026-03-01", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("draw", "is no TOML"),
        ("fal = 3", "fal is '3', expected a table"),
        ("[fal]\nx = 3", "fal.\"x\" is '3', expected a table"),
        ('[fal."*"]\nseen = 2026-11-21', 'fal."*" has no price, expected draw'),
        ('[fal."*"]\ndraw = 1', 'fal."*".seen is missing, expected the day'),
        (f'[fal."*"]\n{GOOD}colour = 1', "fal.\"*\".colour is '1', expected no other keys than draw"),
        ('[fal."*"]\ndraw = 0.04', "fal.\"*\".draw is '0.04', expected a whole number of micro-USD"),
        ('[fal."*"]\ndraw = -1', "expected a whole number"),
        ('[fal."*"]\ndraw = true', "expected a whole number"),
        (f'[fal."*"]\ndraw = {DEAREST + 1}', "expected a whole number"),
        ('[fal."*"]\nseen = "2026-11-21"', "expected a day without quotes"),
        ('[fal."*"]\nseen = 2026-11-21T01:02:03', "expected a day without quotes"),
        (f'[fal."*"]\n{GOOD}source = 3', "expected text in quotes"),
        (f'[fal."*"]\n{GOOD}estimate = "yes"', "expected true or false"),
        (f'[fal."*"]\n{GOOD}tokens = {{ text = 1 }}', "expected numbers for text, image, output"),
        (f'[fal."*"]\n{GOOD}tokens = {{ text = 1, image = nan, output = 1 }}', "tokens.image is 'nan', expected a number"),
        ("a = " + "[" * 5000, "is no TOML"),
    ],
)
def test_nonsense_is_one_sentence_with_file_key_and_what_was_expected(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"own\.toml") as caught:
        parse(text, "own.toml")
    sentence = str(caught.value)
    assert said in sentence
    assert sentence.startswith("own.toml")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can't be read"):
        read(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="expected UTF-8"):
        read(tmp_path / "odd.toml")


VALUE = st.one_of(st.integers(), st.floats(), st.booleans(), st.text(max_size=5), st.dates()).map(
    lambda value: repr(value).replace("'", '"').lower() if not isinstance(value, date) else value.isoformat()
)
LINE = st.builds("{} = {}".format, st.sampled_from([*FIELDS, "x"]), VALUE)
TABLE = st.builds(
    '[{}."{}"]\n{}'.format, st.sampled_from(["fal", "x"]), st.text("a*/", max_size=3), st.lists(LINE).map("\n".join)
)


@given(st.one_of(st.text(), st.lists(TABLE).map("\n".join)))
def test_any_text_is_a_list_or_a_value_error(text: str) -> None:
    try:
        made: object = parse(text, "own.toml")
    except ValueError as error:
        made = str(error)
    assert isinstance(made, Prices) or str(made).startswith("own.toml")
