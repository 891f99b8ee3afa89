"""Server-sent events: the same events however the bytes are cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from providers.sse import Event, Events


def read(*chunks: bytes) -> list[Event]:
    events = Events()
    return [event for chunk in chunks for event in events.feed(chunk)]


WHOLE = (
    b"\xef\xbb\xbf: hello\r\nevent: one\r\ndata: a\r\ndata:b\r\n\r\nid: 7\ndata\n\nevent: none\n\ndata: \xe2\x80\xa8c\r\r"
)
EVENTS = [Event("one", b"a\nb"), Event("", b"\xe2\x80\xa8c")]


def test_fields_comments_and_all_three_line_ends() -> None:
    assert [event for event in read(WHOLE) if event.data] == EVENTS


@given(st.lists(st.integers(0, len(WHOLE)), max_size=12))
def test_cuts_change_nothing(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(WHOLE)]
    chunks = [WHOLE[start:end] for start, end in pairwise(places)]
    assert read(*chunks) == read(WHOLE)


def test_a_last_event_without_its_empty_line_is_not_lost() -> None:
    events = Events()
    assert list(events.feed(b"data: x")) == []
    assert list(events.end()) == [Event("", b"x")]
    assert list(events.end()) == []


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_no_bytes_raise(chunks: list[bytes]) -> None:
    read(*chunks)
