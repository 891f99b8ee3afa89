"""What Discord refuses in a registration, in a dialog's selects, and in the audit log, the fake refuses, too."""

from __future__ import annotations

import pytest

from tests.fakes.discord import FakeDiscord, FakeInteraction
from tests.fakes.discord.errors import Json
from tests.fakes.discord.model import VIEW_AUDIT_LOG
from tests.fakes.fake_discord.raw import Raw

TEXT = {"type": 3, "name": "name", "description": "its name"}
SUB = {"type": 1, "name": "show", "description": "show it", "options": [TEXT]}
STYLE = {"type": 1, "name": "style", "description": "styles", "options": [SUB]}
ROLE = {"type": 6, "custom_id": "roles"}
MODES = {"type": 3, "custom_id": "mode", "options": [{"label": "a", "value": "a"}, {"label": "b", "value": "b"}]}

COMMANDS = [
    STYLE | {"options": [SUB, TEXT]},
    STYLE | {"options": [SUB, SUB]},
    STYLE | {"options": [SUB | {"name": "Show it"}]},
    STYLE | {"options": [SUB | {"options": [TEXT, TEXT | {"name": "late", "required": True}]}]},
    STYLE | {"options": [SUB | {"options": [{"type": 6, "name": "who", "description": "x", "autocomplete": True}]}]},
    STYLE | {"options": [SUB | {"options": [SUB]}]},
    {"type": 3, "name": "Report", "description": "words that a message command cannot have"},
]
SELECTS = [
    ROLE | {"disabled": True},
    ROLE | {"min_values": 0},
    ROLE | {"min_values": 3, "max_values": 2},
    ROLE | {"default_values": [{"id": "1", "type": "role"}, {"id": "2", "type": "role"}]},
    ROLE | {"default_values": [{"id": "1", "type": "user"}]},
    MODES | {"max_values": 3},
    MODES | {"options": [{"label": one, "value": one, "default": True} for one in "ab"]},
]


@pytest.mark.parametrize("command", COMMANDS)
async def test_such_a_command_is_refused(raw: Raw, fake: FakeDiscord, command: Json) -> None:
    assert (await raw(f"PUT /applications/{fake.me.id}/commands", [command]))[:2] == (400, 50035)
    assert len(fake.violations) == 1


async def test_a_command_with_subcommands_comes_back_without_what_is_false(raw: Raw, fake: FakeDiscord) -> None:
    wanted = STYLE | {"options": [SUB | {"options": [TEXT | {"required": False}]}], "default_member_permissions": 32}
    status, _, _ = await raw(f"PUT /applications/{fake.me.id}/commands", [wanted])
    [told] = fake.commands[None]
    assert (status, told["options"], told["default_member_permissions"], told["nsfw"]) == (200, [SUB], "32", False)


@pytest.mark.parametrize("select", SELECTS)
async def test_such_a_select_in_a_dialog_is_refused(raw: Raw, it: FakeInteraction, select: Json) -> None:
    label = {"type": 18, "label": "Which", "component": select}
    body = {"type": 9, "data": {"custom_id": "f", "title": "Form", "components": [label]}}
    assert (await raw(f"POST /interactions/{it.id}/{it.token}/callback", body))[:2] == (400, 50035)


async def test_the_audit_log_is_for_those_who_may_read_it(raw: Raw, fake: FakeDiscord) -> None:
    guild, ann = fake.guild(installed=False), fake.user("ann")
    read = f"GET /guilds/{guild.id}/audit-logs?action_type=28"
    assert (await raw(read))[:2] == (403, 50001)
    fake.add_bot(guild, ann)
    assert (await raw(read))[:2] == (403, 50013)
    fake.me.permissions |= VIEW_AUDIT_LOG
    status, _, body = await raw(read)
    assert (status, [entry["user_id"] for entry in body["audit_log_entries"]]) == (200, [str(ann.id)])
    with pytest.raises(ValueError, match="there already"):
        fake.add_bot(guild, ann)
