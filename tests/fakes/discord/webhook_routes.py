"""What the interaction token opens: the original message and follow-ups, for 15 minutes."""

from __future__ import annotations

from tests.fakes.discord import payloads, posting, routes
from tests.fakes.discord.callback_routes import DEFER, forced_ephemeral
from tests.fakes.discord.errors import (
    ApiError,
    Json,
    token_expired,
    unknown_channel,
    unknown_message,
    unknown_webhook,
    wrong,
)
from tests.fakes.discord.interaction import MOST_FOLLOWUPS, TOKEN_SECONDS, FakeInteraction
from tests.fakes.discord.message import Message
from tests.fakes.discord.routes import Answer, Route
from tests.fakes.discord.world import Call, World


def interaction_of(world: World, call: Call) -> FakeInteraction:
    """Whose token it is: 50027 when unknown or over, 10015 before the first answer."""
    interaction = world.tokens.get(call.params["webhook_token"])
    if interaction is None or world.clock() - interaction.created > TOKEN_SECONDS:
        raise token_expired()
    if int(call.params["webhook_id"]) != world.me.id or interaction.ack is None:
        raise unknown_webhook()
    if interaction.channel.id not in world.channels:
        raise unknown_channel()
    return interaction


def original(world: World, call: Call) -> Message:
    """The message of the first answer."""
    message = interaction_of(world, call).message
    if message is None or message.deleted:
        raise unknown_message()
    return message


def followup(world: World, call: Call) -> Message:
    """A message that this token made, or may change by its id."""
    interaction = interaction_of(world, call)
    number = int(call.params["message_id"])
    for message in [*interaction.followups, interaction.message]:
        if message and message.id == number and not message.deleted:
            return message
    raise unknown_message()


def follow_up(world: World, call: Call) -> Answer:
    """A further message; the first one after a deferred answer fills that answer instead (old behaviour, docs)."""
    interaction, payload = interaction_of(world, call), _payload(call)
    waiting = interaction.message
    if interaction.ack and interaction.ack.type == DEFER and waiting and waiting.loading and not waiting.deleted:
        return _changed(world, interaction, waiting, call)
    if interaction.user_install and interaction.followups_sent >= MOST_FOLLOWUPS:
        raise ApiError(400, 40094, "The maximum number of follow-up messages for this interaction has been reached")
    draft = posting.compose(world, payload, call.files, interaction.limit)
    draft.flags |= forced_ephemeral(interaction)
    more = {"token": interaction.token, "viewer": interaction.user, "mentions": payload.get("allowed_mentions")}
    message = posting.create(world, interaction.channel, draft, **more)
    interaction.followups.append(message)
    interaction.followups_sent += 1
    world.changed(interaction)
    return Answer(200, payloads.message(message))


def get_original(world: World, call: Call) -> Answer:
    """Read it."""
    return Answer(200, payloads.message(original(world, call)))


def edit_original(world: World, call: Call) -> Answer:
    """Change it."""
    return _changed(world, interaction_of(world, call), original(world, call), call)


def delete_original(world: World, call: Call) -> Answer:
    """Delete it."""
    return _deleted(world, interaction_of(world, call), original(world, call))


def get_followup(world: World, call: Call) -> Answer:
    """Read it."""
    return Answer(200, payloads.message(followup(world, call)))


def edit_followup(world: World, call: Call) -> Answer:
    """Change it."""
    return _changed(world, interaction_of(world, call), followup(world, call), call)


def delete_followup(world: World, call: Call) -> Answer:
    """Delete it."""
    return _deleted(world, interaction_of(world, call), followup(world, call))


def _changed(world: World, interaction: FakeInteraction, message: Message, call: Call) -> Answer:
    payload = _payload(call)
    draft = posting.compose(world, payload, call.files, interaction.limit, message)
    if message.loading and draft.empty:
        raise ApiError(400, 50006, "Cannot send an empty message", mistake=True)
    posting.change(world, message, payload, draft)
    world.changed(interaction, world.tokens.get(message.token or ""))
    return Answer(200, payloads.message(message))


def _deleted(world: World, interaction: FakeInteraction, message: Message) -> Answer:
    posting.remove(world, message)
    world.changed(interaction)
    return Answer(204)


def _payload(call: Call) -> Json:
    if call.body is None and call.files:
        return {}
    if not isinstance(call.body, dict):
        raise wrong((), "a JSON object is required")
    return call.body


ROUTES: dict[str, Route] = {
    routes.GET_ORIGINAL: get_original,
    routes.EDIT_ORIGINAL: edit_original,
    routes.DELETE_ORIGINAL: delete_original,
    routes.FOLLOW_UP: follow_up,
    routes.GET_FOLLOW_UP: get_followup,
    routes.EDIT_FOLLOW_UP: edit_followup,
    routes.DELETE_FOLLOW_UP: delete_followup,
}
