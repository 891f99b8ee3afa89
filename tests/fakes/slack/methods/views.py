"""views.*: modals and the Home tab."""

from __future__ import annotations

from tests.fakes.slack.checks import check_view
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import Json, View
from tests.fakes.slack.payloads import view_object
from tests.fakes.slack.world import World

STACK = 3
"""Most views on top of each other (docs.slack.dev, "Modals")."""


def open_view(world: World, args: Json) -> Json:
    """A modal for the person whose trigger_id this is."""
    body = check_view(world, args["view"], "modal", "views.open")
    user = _spend(world, args)
    return _answer(world, add_view(world, user, body))


def push(world: World, args: Json) -> Json:
    """A modal on top of the one in which the person clicked."""
    body = check_view(world, args["view"], "modal", "views.push")
    user = _spend(world, args)
    top = next((view for view in reversed(world.views.values()) if view.user == user and view.open), None)
    if top is None:
        raise RefusedError("not_found")
    return _answer(world, add_view(world, user, body, under=top))


def _spend(world: World, args: Json) -> str:
    trigger = world.triggers.get(str(args.get("trigger_id")))
    if trigger is None:
        raise RefusedError("invalid_trigger_id")
    trigger.use(world.clock())
    return trigger.user


def add_view(world: World, user: str, body: Json, under: View | None = None) -> View:
    """Show a valid modal. Raises RefusedError push_limit_reached for the fourth on top of each other."""
    if under is not None and under.depth >= STACK:
        raise RefusedError("push_limit_reached")
    view = View(world.new_id("V"), user, body, world.new_ts())
    world.label(body["blocks"])
    view.root, view.depth = (under.root, under.depth + 1) if under else (view.id, 1)
    world.views[view.id] = view
    return view


def update(world: World, args: Json) -> Json:
    """New content for an open modal."""
    body = check_view(world, args["view"], "modal", "views.update")
    view = world.views.get(str(args.get("view_id"))) or _by_external_id(world, args.get("external_id"))
    if view is None or not view.open:
        raise RefusedError("not_found")
    replace_view(world, view, body, args.get("hash"))
    return _answer(world, view)


def _by_external_id(world: World, external_id: str | None) -> View | None:
    return next((view for view in world.views.values() if external_id and view.body.get("external_id") == external_id), None)


def replace_view(world: World, view: View, body: Json, seen_hash: str | None) -> None:
    """Put new content into a view. Raises RefusedError hash_conflict where it changed since `seen_hash`."""
    if seen_hash and seen_hash != view.hash:
        raise RefusedError("hash_conflict")
    world.label(body["blocks"])
    view.body, view.hash, view.errors = body, world.new_ts(), {}


def publish(world: World, args: Json) -> Json:
    """The Home tab of one user."""
    if not world.home_tab:
        raise RefusedError("not_enabled")
    body = check_view(world, args["view"], "home", "views.publish")
    user = str(args["user_id"])
    if user not in world.users:
        raise RefusedError("user_not_found")
    view = world.homes.setdefault(user, View(world.new_id("V"), user, body, world.new_ts()))
    replace_view(world, view, body, args.get("hash"))
    return _answer(world, view)


def _answer(world: World, view: View) -> Json:
    return {"ok": True, "view": view_object(world, view)}
