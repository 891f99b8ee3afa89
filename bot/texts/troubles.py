"""What the operator is told about a provider, once for each change."""

from __future__ import annotations

WELL = "It works again."
SILENT = "It does not answer as it should"
MEANT = {
    "bad_key": "It refuses the key",
    "no_money": "It has no credit left",
}


def needs_operator(family: str, said: str) -> str:
    """A provider that nobody but the operator can mend; `said`: its own words."""
    return f"{MEANT.get(family, 'It needs its operator')}: {said}"
