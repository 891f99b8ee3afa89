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
    """The file, with one widening: a snowflake may be a number, as the real API takes it and discord.py sends it."""
    spec: Json = json.loads(SPEC.read_text(encoding="utf-8"))
    schemas = spec["components"]["schemas"]
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
    return spec


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
        return bool(error.relative_path) and error.relative_path[-1] == "type"
    return error.validator == "type" and error.validator_value == "null"
