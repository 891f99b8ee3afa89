"""Slack's own shapes, as JSON schemas."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

SPECS = Path(__file__).parents[2] / "specs"


@cache
def _validator(definition: str) -> Draft7Validator:
    document = json.loads((SPECS / "slack-blockkit.schema.json").read_text())
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": document["definitions"]})


def check_blocks(blocks: list[dict[str, Any]]) -> None:
    """Fails with the block that Slack would refuse."""
    for block in blocks:
        assert not list(_validator("KnownBlock").iter_errors(block)), block
    _validator("Blocks").validate(blocks)


def check_modal(view: dict[str, Any]) -> None:
    """The same for a modal."""
    for block in view["blocks"]:
        assert not list(_validator("InputBlock").iter_errors(block)), block
    _validator("Modal").validate(view)
    ids = [block["block_id"] for block in view["blocks"]]
    assert len(ids) == len(set(ids))


def check_manifest(manifest: dict[str, Any]) -> None:
    """Against the official schema, major version 2."""
    Draft7Validator(json.loads((SPECS / "slack-manifest-v2.schema.json").read_text())).validate(manifest)
