"""Gemini's replies, however strange."""

from __future__ import annotations

import contextlib
import json

import httpx
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import Accepted, Family, ProviderError
from providers.gemini_replies import envelope, outcome, refined
from providers.http import AnswerError
from tests.fakes.apis.gemini import drawn
from tests.fakes.provider import picture

NAMES = [
    *("candidates", "content", "parts", "text", "inlineData", "data", "finishReason", "promptFeedback", "blockReason"),
    *("error", "status", "details", "reason", "retryDelay", "responseId", "thought"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=25,
)


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_whatever_a_body_holds_only_our_error_comes_of_it(body: bytes) -> None:
    with contextlib.suppress(ProviderError):
        assert isinstance(outcome(body).text, str)
    reply = httpx.Response(429, content=body)
    assert refined(AnswerError(Family.BUSY, reply, accepted=Accepted.NO)).accepted is Accepted.NO
    assert envelope(reply) is False


def test_the_canned_picture_reads_back() -> None:
    assert outcome(httpx.Response(200, json=drawn(1)).content).data == picture("green")
