"""Which parts of the bot a process runs, and what that asks of its other settings."""

from __future__ import annotations

import pytest

from bot.setting_kinds import ROLES
from bot.settings_load import load_settings
from bot.texts import settings as texts
from tests.bot.wrong_settings import lines

SERVER = {"DATABASE_URL": "postgresql://me:pw@host/db", "IMAGINE_SECRET": "a" * 32}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("", ("discord", "slack", "web", "worker")),
        ("all", ("discord", "slack", "web", "worker")),
        ("Worker", ("worker",)),
        ("worker, web", ("web", "worker")),
    ],
)
def test_roles_are_read_in_one_order(text: str, roles: tuple[str, ...]) -> None:
    settings = load_settings(SERVER | {"IMAGINE_ROLES": text}, None)
    assert settings.imagine_roles == roles
    assert [settings.has(role) for role in ROLES] == [role in roles for role in ROLES]


@pytest.mark.parametrize("text", ["painter", "all,web", ",", "web,painter"])
def test_unknown_roles_are_said(text: str) -> None:
    (line,) = lines(SERVER | {"IMAGINE_ROLES": text})
    assert line == texts.wrong("IMAGINE_ROLES", text, texts.ROLES)


def test_some_roles_alone_need_a_server() -> None:
    assert lines({"IMAGINE_ROLES": "worker"}) == [texts.ROLES_NEED_SERVER]
    assert load_settings({"IMAGINE_ROLES": "all"}, None).imagine_roles == ROLES


def test_slack_over_http_needs_the_port_of_the_same_process() -> None:
    over_http = SERVER | {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    assert lines(over_http | {"IMAGINE_ROLES": "slack,worker"}) == [texts.SLACK_OVER_HTTP_NEEDS_WEB]
    for roles in ("web,slack", "worker"):
        load_settings(over_http | {"IMAGINE_ROLES": roles}, None)
    load_settings(over_http | {"SLACK_APP_TOKEN": "xapp-1", "IMAGINE_ROLES": "slack"}, None)
