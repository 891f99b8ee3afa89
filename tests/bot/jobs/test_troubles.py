"""What is told to the operator is told once."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.jobs.troubles import Troubles


def test_one_line_for_each_provider_and_family_until_it_is_well() -> None:
    troubles, heard = Troubles(), []
    troubles.listeners.append(lambda label, sentence: heard.append((label, sentence)))
    with capture_logs() as lines:
        for _ in range(3):
            troubles.tell("fal", "bad_key", "HTTP 401", label="fal.ai")
        troubles.tell("fal", "no_money", "HTTP 402")
        troubles.tell("bfl", "bad_key", "HTTP 403")
        assert [(line["provider"], line["family"]) for line in lines if line["log_level"] == "error"] == [
            ("fal", "bad_key"), ("fal", "no_money"), ("bfl", "bad_key"),
        ]  # fmt: skip
        troubles.well("fal", label="fal.ai")
        troubles.well("fal", label="fal.ai")
        troubles.tell("bfl", "bad_key", "HTTP 403")
        troubles.tell("fal", "bad_key", "HTTP 401", label="fal.ai")
    assert [line["log_level"] for line in lines] == ["error", "error", "error", "info", "error"]
    assert heard == [
        ("fal.ai", "It refuses the key: HTTP 401"),
        ("fal", "It has no credit left: HTTP 402"),
        ("bfl", "It refuses the key: HTTP 403"),
        ("fal.ai", "It works again."),
        ("fal.ai", "It refuses the key: HTTP 401"),
    ]
