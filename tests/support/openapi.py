"""Requests and replies held against an OpenAPI file (3.0 or 3.1): paths, query, JSON and form bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

SPECS = Path(__file__).parents[1] / "specs"
Json = Any
"""What a JSON text can hold."""


@cache
def spec(name: str) -> Spec:
    """The file `tests/specs/<name>`; read once a process."""
    return Spec(SPECS / name)


class Spec:
    """One API description. Every check returns sentences; none = it fits."""

    def __init__(self, path: Path) -> None:
        """Read JSON or YAML."""
        text = path.read_text("utf-8")
        self.document: Json = yaml.safe_load(text) if path.suffix in {".yaml", ".yml"} else json.loads(text)
        _widen(self.document)  # files that call themselves 3.1 say `nullable`, too (Replicate)
        self._registry = _registry(self.document)

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        """Literal paths first; a parameter that stands alone may hold slashes (endpoint ids) and comes last."""
        found = []
        for template in sorted(self.document["paths"], key=lambda p: (_lone(p), p.count("{"), -len(p))):
            parts = [re.escape(part) if n % 2 == 0 else "[^/]+" for n, part in enumerate(re.split(r"(\{[^}]+\})", template))]
            whole = ".+" if _lone(template) else "".join(parts).removeprefix("/")
            found.append((re.compile("/" + whole), template))
        return found

    def template(self, path: str) -> str | None:
        """The path of the description that a real path belongs to."""
        return next((template for pattern, template in self._templates if pattern.fullmatch(path)), None)

    def operation(self, method: str, template: str) -> Json | None:
        """The operation, or None if the description has none."""
        return self.document["paths"].get(template, {}).get(method.lower())

    def check_query(self, operation: Json, query: Mapping[str, str]) -> Iterator[str]:
        """Required and unknown query parameters."""
        known = {p["name"]: p for p in map(self._resolved, operation.get("parameters", [])) if p.get("in") == "query"}
        yield from (
            f"query parameter {name} is missing" for name, p in known.items() if p.get("required") and name not in query
        )
        yield from (f"query parameter {name} is unknown" for name in query if name not in known)

    def check_body(self, operation: Json, content_type: str, body: Json) -> Iterator[str]:
        """The body against the schema of its content type."""
        wanted = self._resolved(operation.get("requestBody") or {})
        if body is None:
            if wanted.get("required"):
                yield "the body is missing"
            return
        content = wanted.get("content", {})
        if content_type not in content:
            yield f"content type {content_type} is not one of {sorted(content)}"
            return
        schema = content[content_type].get("schema", {})
        yield from self.check(schema, self._typed(schema, body) if "form" in content_type else body)

    def _typed(self, schema: Json, form: Mapping[str, Json]) -> Json:
        """A form's texts as the numbers and flags that the schema wants; files as texts."""
        properties = self._properties(schema)
        return {name: _typed(self._resolved(properties.get(name, {})), value) for name, value in form.items()}

    def _properties(self, schema: Json) -> dict[str, Json]:
        """Those of the schema and of all that it is made of (`allOf`)."""
        whole = self._resolved(schema)
        parts = [self._properties(part) for part in whole.get("allOf", [])]
        return {name: one for part in [*parts, whole.get("properties", {})] for name, one in part.items()}

    def check_reply(self, method: str, template: str, status: int, body: Json) -> list[str]:
        """A canned reply against the description, so that a fake does not answer what the service never would."""
        replies = (self.operation(method, template) or {}).get("responses", {})
        reply = self._resolved(replies.get(str(status)) or replies.get("default") or {})
        schema = reply.get("content", {}).get("application/json", {}).get("schema")
        return list(self.check(schema, body)) if schema else []

    def check(self, schema: Json, value: Json) -> Iterator[str]:
        """A value against a schema of this document."""
        validator = Draft202012Validator(
            {"$ref": "urn:spec#/x-checked"}, registry=_registry({**self.document, "x-checked": schema})
        )
        for error in validator.iter_errors(value):
            yield f"{error.json_path}: {error.message[:300]}"

    def _resolved(self, node: Json) -> Json:
        if "$ref" not in node:
            return node
        return self._registry.resolver("urn:spec").lookup("urn:spec" + node["$ref"]).contents


def _lone(template: str) -> bool:
    return re.fullmatch(r"/\{[^}]+\}", template) is not None


def _registry(document: Json) -> Registry[Json]:
    return cast("Registry[Json]", Registry().with_resource("urn:spec", DRAFT202012.create_resource(document)))


def _typed(schema: Json, value: Json) -> Json:
    kind = schema.get("type")
    if isinstance(value, list) or kind == "array":
        return [_typed(schema.get("items", {}), one) for one in (value if isinstance(value, list) else [value])]
    if isinstance(value, dict):
        return value["filename"]
    kinds = kind if isinstance(kind, list) else [kind]
    if not {"integer", "number", "boolean", "object"} & set(kinds):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _widen(node: Json) -> None:
    """OpenAPI 3.0 says `nullable`, and `exclusiveMinimum: true`; JSON Schema 2020-12 says it otherwise."""
    if isinstance(node, dict):
        if node.pop("nullable", False) is True and isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
            if "enum" in node:
                node["enum"] = [*node["enum"], None]
        for bound in ("Minimum", "Maximum"):
            if node.get(f"exclusive{bound}") is True:
                node[f"exclusive{bound}"] = node.pop(bound.lower())
            elif node.get(f"exclusive{bound}") is False:
                del node[f"exclusive{bound}"]
        for value in node.values():
            _widen(value)
    elif isinstance(node, list):
        for value in node:
            _widen(value)
