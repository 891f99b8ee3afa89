"""The first answer to an interaction: types, the 3 second rule, once only (Discord docs, "Receiving and Responding")."""

from __future__ import annotations

from tests.fakes.discord import payloads, posting, routes
from tests.fakes.discord.components import SELECTS, walk
from tests.fakes.discord.errors import Json, Problem, already_acknowledged, invalid_form, unknown_interaction, wrong
from tests.fakes.discord.interaction import (
    ACKNOWLEDGE_SECONDS,
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    FakeInteraction,
)
from tests.fakes.discord.message import EPHEMERAL, LOADING, Message
from tests.fakes.discord.model import Channel
from tests.fakes.discord.routes import Answer, Route
from tests.fakes.discord.rules import Draft
from tests.fakes.discord.world import Call, World

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE},
}
MOST_CHOICES, MOST_MODAL_ITEMS = 25, 5


def callback(world: World, call: Call) -> Answer:
    """Take the first answer; refuse a late, a second or an unfitting one."""
    interaction = world.interactions.get(int(call.params["interaction_id"]))
    if interaction is None or interaction.token != call.params["interaction_token"]:
        raise unknown_interaction()
    if interaction.ack:
        raise already_acknowledged()
    if world.clock() - interaction.created > ACKNOWLEDGE_SECONDS:
        raise unknown_interaction()
    if not isinstance(call.body, dict):
        raise wrong((), "a JSON object is required")
    kind = call.body.get("type", 0)
    if kind not in ALLOWED[interaction.type] or (kind in (DEFER_UPDATE, UPDATE) and interaction.source is None):
        raise wrong(
            ("type",), f"callback type {kind} does not answer an interaction of type {interaction.type}", "BASE_TYPE_CHOICES"
        )
    message = _take(world, interaction, kind, call)
    interaction.acknowledge(kind)
    world.changed(interaction)
    return _reply(interaction, kind, message) if call.query.get("with_response") in ("1", "true") else Answer(204)


def _take(world: World, interaction: FakeInteraction, kind: int, call: Call) -> Message | None:
    data: Json = call.body.get("data") or {}
    try:
        if kind == CHOICES:
            interaction.choices = _choices(data)
        elif kind == MODAL:
            interaction.modal_data = _modal(data)
        elif kind in (DEFER, DEFER_UPDATE):
            _only_ephemeral(data, kind)
            interaction.message = _deferred(world, interaction, data) if kind == DEFER else interaction.source
        else:
            interaction.message = _shown(world, interaction, kind, data, call)
    except _Inside as error:
        raise invalid_form([Problem(("data", *error.path), "BASE_TYPE_BAD_VALUE", str(error))]) from error
    return interaction.message if kind in (MESSAGE, DEFER, UPDATE) else None


class _Inside(Exception):
    """Something wrong below `data`."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


def _only_ephemeral(data: Json, kind: int) -> None:
    if kind == DEFER_UPDATE and data:
        raise _Inside((), "a deferred update carries no data")
    for key in data.keys() - {"flags"}:
        raise _Inside((key,), "a deferred message may carry only the ephemeral flag")
    if (data.get("flags") or 0) & ~EPHEMERAL:
        raise _Inside(("flags",), "a deferred message may carry only the ephemeral flag; the others come with the edit")


def _deferred(world: World, interaction: FakeInteraction, data: Json) -> Message:
    flags = (data.get("flags") or 0) | LOADING
    draft = Draft(flags=flags | forced_ephemeral(interaction))
    return posting.create(world, interaction.channel, draft, token=interaction.token, viewer=interaction.user)


def _shown(world: World, interaction: FakeInteraction, kind: int, data: Json, call: Call) -> Message:
    old = interaction.source if kind == UPDATE else None
    draft = posting.compose(world, data, call.files, interaction.limit, old)
    if old:
        return posting.change(world, old, data, draft)
    draft.flags |= forced_ephemeral(interaction)
    more = {"token": interaction.token, "viewer": interaction.user, "mentions": data.get("allowed_mentions")}
    return posting.create(world, interaction.channel, draft, **more)


def forced_ephemeral(interaction: FakeInteraction) -> int:
    """A server that denies Use External Apps shows a user-installed app's answers to the asker only."""
    where: Channel = interaction.channel
    return EPHEMERAL if interaction.user_install and where.guild and not where.guild.external_apps else 0


def _choices(data: Json) -> list[Json]:
    choices: list[Json] = data.get("choices") or []
    if len(choices) > MOST_CHOICES:
        raise _Inside(("choices",), "at most 25")
    for index, choice in enumerate(choices):
        if not 1 <= len(choice["name"]) <= 100 or len(str(choice["value"])) > 100:
            raise _Inside(("choices", index), "name 1-100 characters, value at most 100")
    return choices


def _modal(data: Json) -> Json:
    parts: list[Json] = data.get("components") or []
    if not 1 <= len(parts) <= MOST_MODAL_ITEMS:
        raise _Inside(("components",), "between 1 and 5 items")
    ids = [part["custom_id"] for _, part in walk(parts) if part.get("custom_id")]
    if len(set(ids)) < len(ids):
        raise _Inside(("components",), "custom_ids must be unique")
    for path, part in walk(parts):
        if part.get("type") == 4 and len(part.get("value") or "") > (part.get("max_length") or 4000):
            raise _Inside((*path, "value"), "longer than max_length")
        if part.get("type") in SELECTS:
            _select((*path,), part)
    return data


def _select(path: tuple[str | int, ...], part: Json) -> None:
    """Rules of selects in dialogs (Discord docs, "Component Reference": string, user, role and channel select)."""
    least, most = part.get("min_values"), part.get("max_values") or 1
    set_now = len(part.get("default_values") or ()) + sum(bool(one.get("default")) for one in part.get("options") or ())
    if part.get("disabled"):
        raise _Inside((*path, "disabled"), "a select in a dialog cannot be disabled")
    if least == 0 and part.get("required", True):
        raise _Inside((*path, "required"), "must be false where min_values is 0")
    if (1 if least is None else least) > most:
        raise _Inside((*path, "min_values"), "more than max_values")
    if "options" in part and most > len(part["options"]):
        raise _Inside((*path, "max_values"), "more than there are options")
    if set_now > most or 0 < set_now < (1 if least is None else least):
        raise _Inside((*path, "default_values"), "between min_values and max_values")
    wanted = {5: {"user"}, 6: {"role"}, 7: {"user", "role"}, 8: {"channel"}}.get(part["type"], set())
    if any(one["type"] not in wanted for one in part.get("default_values") or ()):
        raise _Inside((*path, "default_values"), f"only of kind {sorted(wanted)}")


def _reply(interaction: FakeInteraction, kind: int, message: Message | None) -> Answer:
    """InteractionCallbackResponse of the OpenAPI file: a resource only for types 4 and 7."""
    about: Json = {"id": str(interaction.id), "type": interaction.type}
    if message:
        about |= {"response_message_id": str(message.id), "response_message_loading": message.loading}
        about["response_message_ephemeral"] = message.ephemeral
    body: Json = {"interaction": about}
    if kind in (MESSAGE, UPDATE) and message:
        body["resource"] = {"type": kind, "message": payloads.message(message)}
    return Answer(200, body)


ROUTES: dict[str, Route] = {routes.CALLBACK: callback}
