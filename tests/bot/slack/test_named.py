"""User groups by name on the pages that show them."""

from __future__ import annotations

from bot.jobs.mentions import channel_mention, role_mention
from bot.jobs.surface import Card, Tone
from bot.slack.named import has_roles, named

BOTH = f"{role_mention('S1')}, {role_mention('S2')} in {channel_mention('C1')}"


def test_known_groups_are_named_and_others_stay() -> None:
    card = Card(Tone.DONE, BOTH, status=BOTH, lines=(BOTH,), facts=((BOTH, BOTH),))
    made = f"@Painters, {role_mention('S2')} in {channel_mention('C1')}"
    assert named(card, {"S1": "Painters"}) == Card(Tone.DONE, made, status=made, lines=(made,), facts=((made, made),))


def test_a_groups_name_makes_no_mention() -> None:
    card = named(Card(Tone.DONE, lines=(role_mention("S1"),)), {"S1": channel_mention("C1")})
    assert card.lines == ("@c:C1",)


def test_groups_are_asked_for_only_where_one_is_shown() -> None:
    assert has_roles(Card(Tone.DONE, facts=(("Roles", role_mention("S1")),)))
    assert not has_roles(Card(Tone.DONE, "@S1", lines=(channel_mention("C1"),)))
