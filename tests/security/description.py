"""Our HTTP in OpenAPI's words: what FastAPI knows of the routes, and the bodies, which the handlers read for themselves."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

Json = dict[str, Any]
TEXT: Json = {"type": "string", "maxLength": 200}
WHO: Json = {
    "user": {"anyOf": [{"enum": ["Robin", "Kim"]}, TEXT]},
    "moderator": {"enum": ["", "1"]},
    "roles": TEXT,
    "channel": {"anyOf": [{"enum": ["playground", "moderators"]}, TEXT]},
    "key": {"anyOf": [{"type": "string", "pattern": "^[A-Za-z0-9-]{8,64}$"}, TEXT]},
}
CONTROL: Json = {"anyOf": [{"type": "string", "pattern": "^i1:[a-z]{4,9}:[0-9a-z_]{0,40}:[0-9]{1,2}$"}, TEXT]}
LINE: Json = {
    "anyOf": [
        {
            "type": "string",
            "pattern": "^/(imagine|info|settings|help|style|imagine-admin|imagine-privacy) ?[a-z]{0,8} ?.{0,40}$",
        },
        TEXT,
    ]
}
OPTIONS: Json = {
    "anyOf": [{"type": "string", "pattern": r'^\{"(ratio|seed|style|provider|name|prefix)": ?".{0,20}"\}$'}, TEXT]
}
FILE: Json = {"type": "string", "format": "binary", "maxLength": 400}
FIELDS: dict[str, Json] = {
    "/api/command": {"text": LINE, "options": OPTIONS, "image": FILE},
    "/api/press": {"control": CONTROL, "value": TEXT, "message_id": TEXT},
    "/api/form": {"control": CONTROL, "value.prompt": TEXT, "value.reason": TEXT, "file.image": FILE, "message_id": TEXT},
    "/api/dismiss": {"message_id": TEXT},
    "/api/joined": {},
}
"""Multipart fields besides WHO, by path."""
ENDLESS = frozenset({"/api/events"})
"""Answers that end when the reader leaves."""


def described(*apps: FastAPI) -> Json:
    """One description of all their routes."""
    paths: Json = {}
    parts: Json = {}
    for app in apps:
        said = app.openapi()
        paths |= said["paths"]
        parts |= said.get("components", {}).get("schemas", {})
    for path, fields in FIELDS.items():
        schema = {"type": "object", "properties": {**WHO, **fields}, "required": ["user", "key"]}
        paths[path]["post"]["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    raw = {"application/json": {"schema": {}}, "application/octet-stream": {"schema": FILE}}
    paths["/webhooks/{provider}/{call_id}/{token}"]["post"]["requestBody"] = {"content": raw}
    kept = {path: item for path, item in paths.items() if path not in ENDLESS}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": kept, "components": {"schemas": parts}}
