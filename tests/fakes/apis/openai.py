"""OpenAI's image API on loopback, and a server that speaks only the common part of it."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any, Literal

from aiohttp import web

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.fakes.provider import COLOURS, picture
from tests.support.openapi import SPECS, Spec

KEY = "test-key"
MODELS = ("gpt-image-2", "gpt-image-2.6-flare", "gpt-image-1.5")
RETIRED = frozenset({"gpt-image-1", "dall-e-2", "dall-e-3"})
COMMON = frozenset({"model", "prompt", "n", "size", "response_format"})
ANY_SIZE = re.compile(r"gpt-image-2(-\d.*|\.5-.*)?")
STANDARD = frozenset({"auto", "1024x1024", "1536x1024", "1024x1536"})
GENERATE, EDIT, MODEL = "/images/generations", "/images/edits", "/models/{model}"


def error(code: str | None, message: str = "no", kind: str = "invalid_request_error") -> dict[str, Any]:
    """The documented envelope."""
    return {"error": {"message": message, "type": kind, "code": code, "param": None}}


def described() -> Spec:
    """The API description with the SDK's newer names and enums laid over it; fields that neither knows are wrong."""
    made = Spec(SPECS / "openai-images-moderations.openapi.json")
    newer = json.loads((SPECS / "openai-sdk-3.52-image-params.json").read_text("utf-8"))
    schemas = made.document["components"]["schemas"]
    for name, verb in (("CreateImageRequest", "images.generate"), ("CreateImageEditRequest", "images.edit")):
        properties = schemas[name]["properties"]
        for field, told in newer[verb].items():
            known = properties.setdefault(field, {})
            if "enum" in told and "str," not in told["type"]:
                known["enum"] = told["enum"]
        properties["model"] = {"enum": [model for model in newer["models"] if model not in RETIRED]}
        schemas[name]["additionalProperties"] = False
    for name in (
        "ImageGenPartialImageEvent",
        "ImageGenCompletedEvent",
        "ImageEditPartialImageEvent",
        "ImageEditCompletedEvent",
    ):
        del schemas[name]["properties"]["size"]["enum"]
    edit = schemas["CreateImageEditRequest"]["properties"]["prompt"]
    edit["minLength"] = schemas["EditImageBodyJsonParam"]["properties"]["prompt"]["minLength"]  # one route, two bodies
    schemas["PartialImages"] = schemas["PartialImages"]["anyOf"][0]  # so that a form's text is read as a number
    for field in ("size", "quality"):  # the description's lists are older than free sizes and `xhigh`
        del schemas["ImagesResponse"]["properties"][field]["enum"]
    return made


class FakeOpenAI(StrictApi):
    """Draws one-colour JPEGs; `paid` counts the calls that drew.

    Of streams: `short` leaves out that many partial pictures; `ends` says what comes instead of the completed picture: an
    "error" event with `code`, a "cut" of the line, or "json", which answers without a stream; `gate` holds that back.
    """

    def __init__(self) -> None:
        super().__init__(described(), key=("Authorization", f"Bearer {KEY}"), root="/v1")
        self.handlers = {("POST", GENERATE): self.draw, ("POST", EDIT): self.draw, ("GET", MODEL): self.model}
        self.short = 0
        self.ends: Literal["", "error", "cut", "json"] = ""
        self.code = "server_error"
        self.gate = asyncio.Event()
        self.gate.set()

    def unauthorized(self) -> Any:
        return error("invalid_api_key", "Incorrect API key provided")

    def draw(self, seen: Seen) -> Answer:
        wrong = _rules(seen.body)
        if wrong:
            self.violations += wrong
            return 400, error("unknown_parameter", wrong[0])
        streams = seen.body.get("stream") in (True, "true")
        if streams and int(seen.body["n"]) != 1:  # as the service answers; its description does not say so
            return 400, error(
                "unsupported_parameter", "Streaming is only supported with n=1.", "image_generation_user_error"
            )
        self.paid += 1
        if streams and self.ends != "json":
            return web.Response(body=self.events(seen), content_type="text/event-stream")
        count = int(seen.body["n"])
        drawn = [base64.b64encode(picture(COLOURS[n % 4], self.size)).decode() for n in range(count)]
        usage = _usage(seen, 200 * count)
        said = {name: seen.body[name] for name in ("size", "quality", "output_format")}
        return 200, {"created": 1_790_000_000, "data": [{"b64_json": one} for one in drawn], "usage": usage, **said}

    async def events(self, seen: Seen) -> AsyncIterator[bytes]:
        """The stream of one picture: partial ones are grey, then one of the usual colours."""
        kind, colour = "image_edit" if seen.template == EDIT else "image_generation", COLOURS[self.paid % 4]
        wanted = int(seen.body["partial_images"])
        for n in range(wanted - self.short):
            yield self.event(seen, f"{kind}.partial_image", "grey", {"partial_image_index": n})
        await self.gate.wait()
        if self.ends == "cut":
            raise ConnectionResetError
        if self.ends == "error":
            yield _event("error", {"type": "error", **error(self.code)})
            return
        yield self.event(seen, f"{kind}.completed", colour, {"usage": _usage(seen, 200 + 100 * wanted)})

    def event(self, seen: Seen, name: str, colour: str, more: dict[str, Any]) -> bytes:
        """One picture event, held against the description."""
        text = base64.b64encode(picture(colour, self.size)).decode()
        said = {name: seen.body[name] for name in ("size", "quality", "output_format")}
        body = {"type": name, "b64_json": text, "created_at": 1_790_000_000, "background": "opaque", **said, **more}
        schema = "ImageEditStreamEvent" if name.startswith("image_edit") else "ImageGenStreamEvent"
        self.violations += [f"our {name}: {s}" for s in self.spec.check({"$ref": f"#/components/schemas/{schema}"}, body)]
        return _event(name, body)

    def model(self, seen: Seen) -> Answer:
        name = seen.path.rsplit("/", 1)[1]
        if name not in MODELS:
            return 404, error("model_not_found", f"The model {name} does not exist")
        return 200, {"id": name, "object": "model", "created": 1_776_000_000, "owned_by": "system"}


def _usage(seen: Seen, output: int) -> dict[str, Any]:
    images = 1000 if seen.template == EDIT else 0
    return {
        "input_tokens": 20 + images,
        "output_tokens": output,
        "total_tokens": 20 + images + output,
        "input_tokens_details": {"text_tokens": 20, "image_tokens": images},
    }


def _event(name: str, body: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(body)}\n\n".encode()


def _rules(body: Any) -> list[str]:
    """What the descriptions say in words only."""
    wrong = []
    if "response_format" in body:
        wrong.append("response_format is not supported by GPT image models")
    if body["model"].startswith("gpt-image-2") and "input_fidelity" in body:
        wrong.append("input_fidelity must be left out")
    if "image" in body and body["image"]["type"] not in {"image/png", "image/webp", "image/jpeg"}:
        wrong.append("an image must be png, webp or jpg")
    if body["size"] not in STANDARD and not (ANY_SIZE.fullmatch(body["model"]) and _size_fits(body["size"])):
        wrong.append(f"size {body['size']} is not supported by {body['model']}")
    return wrong


def _size_fits(size: str) -> bool:
    width, height = (int(side) for side in size.split("x"))
    return (
        not width % 16 and not height % 16 and width <= 3 * height and height <= 3 * width and width * height <= 2560 * 1440
    )


class FakeCompatible(StrictApi):
    """Refuses every field but the five common ones, and those that LocalAI's own description does not know."""

    def __init__(self, answers: Literal["b64", "url", "relative"] = "b64") -> None:
        super().__init__(
            Spec(SPECS / "openai-images-moderations.openapi.json"), key=("Authorization", f"Bearer {KEY}"), root="/v1"
        )
        self.handlers = {("POST", GENERATE): self.draw, ("GET", "/models"): self.models}
        self.answers = answers
        self.local = Spec(SPECS / "localai-images.swagger.json")

    def draw(self, seen: Seen) -> Answer:
        known = self.local.document["definitions"]["schema.OpenAIRequest"]["properties"]
        self.violations += [f"{name} is not a common field" for name in seen.body if name not in COMMON & known.keys()]
        self.violations += self.local.check({"type": "object", "properties": known}, seen.body)
        self.paid += 1
        return 200, {"created": 1, "data": [self.one(n) for n in range(seen.body["n"])]}

    def one(self, index: int) -> dict[str, str]:
        """One entry of the reply."""
        if self.answers == "b64":
            return {"b64_json": base64.b64encode(picture(COLOURS[index], self.size)).decode(), "url": ""}
        url = self.picture_url(index)
        return {"url": url if self.answers == "url" else url.removeprefix(f"http://{self.host}")}

    def models(self, seen: Seen) -> Answer:
        return 200, {"object": "list", "data": [{"id": "dreamshaper", "object": "model", "created": 1, "owned_by": "me"}]}
