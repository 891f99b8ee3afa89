"""Bodies against Discord's own OpenAPI file (tests/specs/discord-openapi.json)."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.fakes.discord.errors import Json, Problem

SPEC = Path(__file__).parents[2] / "specs" / "discord-openapi.json"
MOST_PROBLEMS = 10


@cache
def document() -> Json:
    """The file with two changes, neither of which refuses less than Discord does.

    A snowflake may be a number, as the real API takes it and discord.py sends it. A choice between kinds looks at
    `type` first: the same verdict in less than half the time.
    """
    spec: Json = json.loads(SPEC.read_text(encoding="utf-8"))
    schemas = spec["components"]["schemas"]
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
    _discriminate(spec, schemas)
    return spec


def _discriminate(node: Any, schemas: Json) -> None:
    """Turn each oneOf/anyOf whose branches differ in `type` into one if/then a kind, all the way down."""
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _discriminate(child, schemas)
    if not isinstance(node, dict):
        return
    for key in ("oneOf", "anyOf"):
        kinds = [_kinds(branch, schemas) for branch in node.get(key) or ()] if isinstance(node.get(key), list) else []
        known = [number for numbers in kinds for number in numbers]
        if len(kinds) > 1 and all(kinds) and len(set(known)) == len(known):
            branches = node.pop(key)
            node.update(type="object", required=["type"], properties={"type": {"enum": known}})
            node["allOf"] = [{"if": _is(numbers), "then": branch} for numbers, branch in zip(kinds, branches, strict=True)]


def _kinds(branch: Json, schemas: Json) -> list[int]:
    """The values of `type` that a branch takes; none where it is not told by its `type`."""
    target = schemas.get(str(branch.get("$ref", "")).removeprefix("#/components/schemas/"), {})
    kinds: list[int] = target.get("properties", {}).get("type", {}).get("enum", [])
    return kinds if "type" in target.get("required", ()) else []


def _is(numbers: list[int]) -> Json:
    return {"properties": {"type": {"enum": numbers}}, "required": ["type"]}


@cache
def validator(method: str, template: str) -> Draft202012Validator | None:
    """The check for one route's JSON body; None where the route takes none. KeyError for a route not in the file."""
    operation = document()["paths"][template][method.lower()]
    if "application/json" not in operation.get("requestBody", {}).get("content", {}):
        return None
    keys = ("paths", template, method.lower(), "requestBody", "content", "application/json", "schema")
    pointer = "/".join(key.replace("~", "~0").replace("/", "~1") for key in keys)
    registry: Registry[Any] = Registry().with_resource("urn:discord", DRAFT202012.create_resource(document()))
    return Draft202012Validator({"$ref": f"urn:discord#/{pointer}"}, registry=registry)


def problems(method: str, template: str, body: object) -> list[Problem]:
    """What the schema of this route finds wrong, deepest place first named."""
    check = validator(method, template)
    if check is None:
        return []
    found = [_deepest(error) for error in check.iter_errors(body)][:MOST_PROBLEMS]
    return [
        Problem(tuple(error.absolute_path), f"SCHEMA_{str(error.validator).upper()}", error.message[:300]) for error in found
    ]


def _deepest(error: ValidationError) -> ValidationError:
    """Follow the branch of a oneOf/anyOf that was meant: the one whose `type` fits."""
    while error.context:
        branches: dict[object, list[ValidationError]] = defaultdict(list)
        for inner in error.context:
            branches[inner.schema_path[0]].append(inner)
        meant = [errors for errors in branches.values() if not any(_other_kind(inner) for inner in errors)]
        error = max((meant or list(branches.values()))[0], key=lambda inner: len(inner.absolute_path))
    return error


def _other_kind(error: ValidationError) -> bool:
    """The branch is another component or null, so its complaints are beside the point."""
    if error.validator in ("enum", "const", "oneOf"):
        return list(error.relative_path) == ["type"]
    return error.validator == "type" and error.validator_value == "null"
