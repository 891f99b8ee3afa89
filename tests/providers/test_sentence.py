"""What a person reads of a vendor's refusal: its own sentence, or nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.sentence import LONGEST, sentence

SAID = "Your prompt breaks our rules."


@pytest.mark.parametrize(
    "body",
    [
        {"detail": [{"loc": ["body", "prompt"], "msg": SAID, "type": "content_policy_violation", "input": "a b"}]},
        {"detail": SAID, "error_type": "content policy"},
        {"error": {"message": SAID, "type": "image_generation_user_error", "code": "moderation_blocked", "param": None}},
        {"error": {"code": 400, "message": SAID, "status": "INVALID_ARGUMENT", "details": [{"reason": "x y"}]}},
        {"id": "0f", "name": "content_moderation", "errors": [SAID, "another one"]},
        {"error": "content_policy_violation", "message": SAID, "details": {"a": "b c"}},
        {"code": "Client specified an invalid argument", "error": SAID},
        {"code": 400, "msg": SAID, "data": None},
        {"title": "Input validation failed", "detail": SAID, "status": 422},
        {"code": "moderated", "message": f"{SAID} (you sent [hidden][hidden])"},
        {"error": f"{SAID} [hidden]"},
        {"error": f"{SAID} https://bot.example/webhooks/bfl/7/[hidden]"},
        [{"msg": SAID}],
    ],
)
def test_every_vendors_shape(body: object) -> None:
    assert sentence(f"HTTP 422 {json.dumps(body)}") == SAID


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        f"HTTP 400 {SAID}",
        f"code 400 {SAID}",
        f"status 3 {SAID}",
        f"error event: moderation_blocked {SAID}",
        f"IMAGE_SAFETY: {SAID}",
        f"SAFETY: {SAID}",
        f"content_policy_violation {SAID} HTTP 422 [{{}}]",
        f'HTTP 422 {{"detail": [{{"loc": ["body"], "msg": "{SAID}", "type": "content_pol',
    ],
)
def test_what_our_adapters_put_before_it_goes(text: str) -> None:
    assert sentence(text) == SAID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HTTP 200 CONTENT_FILTERED",
        "HTTP 422",
        'HTTP 422 {"error": "content_policy_violation"}',
        'HTTP 403 {"id": "0f", "name": "content_moderation", "errors": []}',
        "HTTP 403 <html><head><title>403 Forbidden</title></head></html>",
        'HTTP 422 {"detail": "<b>no no</b>"}',
        'HTTP 422 {"error": {"type": "a b", "id": "c d"}}',
        "code 400",
        "PROHIBITED_CONTENT",
        "SAFETY",
        "content_policy_violation HTTP 422 {",
        'HTTP 422 {"detail": "\\u00',
        "HTTP 422 " + "[" * 480,
        'HTTP 422 {"detail": 5, "message": null, "error": [[], {}, true]}',
    ],
)
def test_nothing_where_there_is_no_sentence(text: str) -> None:
    assert sentence(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is no; see https://vendor.example/rules", "It is no; see https://vendor.example/rules"),
        ("NSFW content detected", "NSFW content detected"),
        ('Request Moderated {"Moderation Reasons": ["Derivative Works Filter"]}', "Request Moderated"),
        ('HTTP 422 {"msg": "提示词包含违禁词"}', "提示词包含违禁词"),
        ("Banned prompt\n\n  here", "Banned prompt here"),
        ('HTTP 422 {"detail": "it is bro', "it is bro…"),
        ('HTTP 422 {"detail": "it is \\"br\\u00', 'it is "br…'),
        ("word " * 100, "word " * (LONGEST // 5 - 1) + "word…"),
    ],
)
def test_short_and_as_it_was_said(text: str, said: str) -> None:
    assert sentence(text) == said


@given(st.text(max_size=60), st.text(max_size=600))
def test_any_text_is_read(head: str, body: str) -> None:
    said = sentence(f"{head} {body}")
    assert len(said) <= LONGEST
    assert not set("<{") & set(said)
