"""Every table of the database, on one metadata."""

from __future__ import annotations

from storage import api_tables, policy_tables, sums_tables, tables

SCHEMA = tables.metadata
OURS = (tables, policy_tables, api_tables, sums_tables)
"""What has put its tables on it."""
