"""Which deliveries came before."""

from __future__ import annotations

from bot.seen import Seen


def test_a_key_is_new_once_and_old_keys_are_forgotten() -> None:
    seen = Seen(2)
    assert [seen.first(key) for key in ("a", "a", "b", "c", "a", "", "")] == [True, False, True, True, True, True, True]
