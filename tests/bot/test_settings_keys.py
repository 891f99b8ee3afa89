"""Keys that no header takes, and signing secrets of another shape: refused at the start, by name, never shown."""

from __future__ import annotations

import pytest

from tests.bot.wrong_settings import lines


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FAL_KEY", "cl\u00e9", "without letters outside ASCII"),
        ("SLACK_SIGNING_SECRET", "cl\u00e9", "without letters outside ASCII"),
        ("DISCORD_TOKEN", "cl\u00e9", "letters outside ASCII"),
        ("SLACK_BOT_TOKEN", "xoxb-cl\u00e9", "xoxb-"),
        ("REPLICATE_WEBHOOK_SECRET", "nope", "whsec_ followed by base64"),
        ("REPLICATE_WEBHOOK_SECRET", "whsec_", "whsec_ followed by base64"),
        ("REPLICATE_WEBHOOK_SECRET", "whsec_\u00e9", "whsec_ followed by base64"),
    ],
)
def test_a_key_that_no_header_takes_is_named_and_not_shown(name: str, value: str, expected: str) -> None:
    (line,) = (one for one in lines({name: value}) if one.startswith(f"{name} (value not shown)"))
    assert expected in line
    assert "cl\u00e9" not in line
