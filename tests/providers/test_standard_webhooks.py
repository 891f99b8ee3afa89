"""Signatures by the scheme's own published example, and all that must be refused."""

from __future__ import annotations

import pytest

from providers.errors import BadWebhook
from providers.standard_webhooks import StandardWebhooks
from tests.fakes.apis.replicate import SECRET, sign

NOW = 1_780_000_000.0
BODY = b'{"id": "abc"}'


@pytest.fixture
def check() -> StandardWebhooks:
    return StandardWebhooks(SECRET, lambda: NOW)


def test_a_known_vector_of_the_scheme() -> None:
    """The example of the Standard Webhooks specification and of its libraries' tests."""
    checker = StandardWebhooks("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", lambda: 1614265330.0)
    signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}
    checker.verify(headers | {"webhook-signature": signature}, b'{"test": 2432232314}')


@pytest.mark.parametrize("apart", [-300, 0, 300])
def test_a_signed_message_within_the_window_is_good(check: StandardWebhooks, apart: int) -> None:
    check.verify(sign(BODY, NOW + apart), BODY)


@pytest.mark.parametrize("apart", [-301, 301, -86_400])
def test_an_old_or_early_message_is_refused(check: StandardWebhooks, apart: int) -> None:
    with pytest.raises(BadWebhook, match="away"):
        check.verify(sign(BODY, NOW + apart), BODY)


def test_any_of_several_signatures_will_do(check: StandardWebhooks) -> None:
    headers = sign(BODY, NOW)
    check.verify(headers | {"webhook-signature": f"v1a,xyz v1,AAAA {headers['webhook-signature']} v2,é"}, BODY)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(check: StandardWebhooks, missing: str) -> None:
    headers = {name: value for name, value in sign(BODY, NOW).items() if name != missing}
    with pytest.raises(BadWebhook, match="missing"):
        check.verify(headers, BODY)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(NOW) + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "1" * 5000},
        {"webhook-timestamp": "١٧"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,\udcff"},
    ],
)
def test_a_changed_header_is_refused(check: StandardWebhooks, changed: dict[str, str]) -> None:
    with pytest.raises(BadWebhook):
        check.verify(sign(BODY, NOW) | changed, BODY)


def test_another_version_with_the_right_digest_is_refused(check: StandardWebhooks) -> None:
    headers = sign(BODY, NOW)
    with pytest.raises(BadWebhook):
        check.verify(headers | {"webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")}, BODY)


def test_a_changed_body_or_another_key_is_refused(check: StandardWebhooks) -> None:
    with pytest.raises(BadWebhook):
        check.verify(sign(BODY, NOW), BODY + b" ")
    with pytest.raises(BadWebhook):
        check.verify(sign(BODY, NOW, secret="whsec_AAAA"), BODY)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "MfKQ9r8G", "whsec_é"])
def test_a_secret_of_another_form_stops_the_start(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_"):
        StandardWebhooks(secret, lambda: NOW)
