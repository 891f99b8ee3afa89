"""Slack's own shapes, as JSON schemas."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

SPECS = Path(__file__).parents[2] / "specs"

KINDS = {"rich_text": "RichTextBlock", "image": "ImageBlock", "actions": "ActionsBlock", "input": "InputBlock"}
"""The definition of each block that we send; validating against one of twenty is slow and says little."""


@cache
def _validator(definition: str) -> Draft7Validator:
    document = json.loads((SPECS / "slack-blockkit.schema.json").read_text())
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": document["definitions"]})


def check_blocks(blocks: list[dict[str, Any]]) -> None:
    """Fails with the block that Slack would refuse."""
    assert len(blocks) <= 50
    for block in blocks:
        assert not list(_validator(KINDS[block["type"]]).iter_errors(block)), block


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
