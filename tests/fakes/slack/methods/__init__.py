"""The Web API methods that the fake has, by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.slack.methods import chat, files, people, views
from tests.fakes.slack.model import Json
from tests.fakes.slack.world import World

Method = Callable[[World, Json], Json]

METHODS: dict[str, Method] = {
    "api.test": people.api_test,
    "apps.connections.open": people.connections_open,
    "auth.test": people.auth_test,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.info": people.conversations_info,
    "conversations.join": people.conversations_join,
    "conversations.open": people.conversations_open,
    "files.completeUploadExternal": files.complete,
    "files.delete": files.delete,
    "files.getUploadURLExternal": files.reserve,
    "files.info": files.info,
    "usergroups.list": people.usergroups,
    "usergroups.users.list": people.usergroup_users,
    "users.info": people.users_info,
    "views.open": views.open_view,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
