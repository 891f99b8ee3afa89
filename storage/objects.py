"""An object store (S3, Google, Azure) as obstore opens it: short waits, few retries, and errors that tell no secret."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

CONNECT_SECONDS = 5
REQUEST_SECONDS = 60
"""For one request with its body: 40 MB at under 1 MB/s."""
RETRIES = 3
RETRY_SECONDS = 30
"""After that nothing is tried again here. The core has its own patience with a store that is away."""
PLAIN_HTTP = ("AWS_ALLOW_HTTP", "AZURE_ALLOW_HTTP", "GOOGLE_ALLOW_HTTP")
TRUE = frozenset({"1", "true", "yes", "on", "y"})
NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|bucket does not exist", re.IGNORECASE)
CODE = re.compile(r"<Code>(\w+)</Code>")
QUERY = re.compile(r"\?[^\s)\"]+")
"""Of an address: it may hold a signature."""
LONGEST = 500


def open_objects(url: str) -> ObjectStore:
    """`s3://bucket/prefix`, `gs://` or `az://`; endpoint, region and keys come from the environment."""
    from obstore.store import from_url  # noqa: PLC0415 - loaded where it is used: the import costs start-up time

    return from_url(url, client_options=_client(), retry_config=_retries())


def reason(error: Exception) -> str:
    """What an object store said, in one line, without the parts of an address or a reply that may hold a secret."""
    text = str(error)
    code = CODE.search(text)
    said = QUERY.sub("", re.split(r"\n|<\?xml|<Error|<html|\{\"", text, maxsplit=1)[0]).strip(" :-")
    return f"{type(error).__name__}: {said[:LONGEST]}{f' ({code[1]})' if code else ''}"


def without_bucket(error: Exception) -> bool:
    """Whether "not found" is said of the whole bucket: then nothing is known of the picture."""
    return NO_BUCKET.search(str(error)) is not None


def _client() -> ClientConfig:
    """Options given here replace those of the environment, so what that says of plain http is repeated."""
    options: ClientConfig = {"connect_timeout": f"{CONNECT_SECONDS}s", "timeout": f"{REQUEST_SECONDS}s"}
    if any(os.environ.get(name, "").strip().lower() in TRUE for name in PLAIN_HTTP):
        options["allow_http"] = True
    return options


def _retries() -> RetryConfig:
    backoff = {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=3), "base": 2}
    return {"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS), "backoff": backoff}  # type: ignore[typeddict-item]
