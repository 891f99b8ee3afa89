"""Statements that may look through many rows, and why. A test holds that each of them still does."""

from __future__ import annotations

import re

NATURE = (
    # All that is kept about one person, to hand it out or to erase it.
    r"jobs\.alias FROM jobs WHERE jobs\.user_key IN \(\?, \?\) (AND jobs\.deleted IS 0 )?ORDER BY jobs\.created_at$",
    r"FROM ledger WHERE ledger\.user_key IN \(\?, \?\) ORDER BY ledger\.id$",
    r"FROM audit WHERE audit\.actor IN \(\?, \?\) OR audit\.subject IN \(\?, \?\) ORDER BY audit\.id$",
    r"FROM calls WHERE calls\.job_id IN \(SELECT jobs\.id FROM jobs WHERE jobs\.user_key",
    r"FROM reviews WHERE reviews\.job_id IN \(SELECT jobs\.id FROM jobs WHERE jobs\.user_key",
    r"FROM messages WHERE \(?messages\.author = \? OR",
    # Sums over the days that were asked for.
    r"AS grouped, count\(\*\) .* FROM jobs WHERE jobs\.created_at >= \? GROUP BY",
    # Newest first in pages: the plan walks the index only as far as the page goes.
    r"FROM audit ORDER BY audit\.id DESC LIMIT",
    r"jobs\.alias FROM jobs ORDER BY jobs\.created_at DESC LIMIT",
)
DEBTS = (
    # Whoever is accepted waits for these: sums of the month, line by line.
    r"FROM ledger WHERE ledger\.user_key IN \(\?, \?\) AND ledger\.period >=",
    r"FROM ledger WHERE ledger\.community = \? AND ledger\.kind IN",
    r"FROM spend WHERE spend\.community = \? AND spend\.period >=",
    # A new user's first pictures are held: all their jobs are counted to learn whether there are a few.
    r"SELECT sum\(CASE .* FROM jobs WHERE jobs\.community_key = \? AND jobs\.user_key IN \(\?, \?\)$",
    # With the planner's statistics only: it takes open jobs for a third of the table.
    r"^WITH busy AS",
    r"jobs\.parent_id = \? AND jobs\.action = \? AND jobs\.parent_index = \? .* ORDER BY jobs\.created_at DESC LIMIT",
    # Every start.
    r"^UPDATE jobs SET due_at=\?, lease=\?, lease_until=\? WHERE jobs\.state IN .* OR jobs\.told IS 0",
    # The hourly sweep.
    r"^SELECT jobs\.id FROM jobs WHERE \(jobs\.state NOT IN .* LIMIT",
    r"^SELECT audit\.id FROM audit WHERE audit\.at < ",
    r"FROM jobs WHERE \(jobs\.created_at, jobs\.id\) < ",
    r"jobs\.id IN \(\?\) OR json_extract\(jobs\.request, \?\) IN",
    r"AND json_extract\(jobs\.progress, \?\) IS NOT NULL LIMIT",
    # Pages and commands of moderators and operators.
    r"AS grouped, count\(\*\) .* FROM jobs WHERE jobs\.community_key = \? AND jobs\.created_at >=",
    r"jobs\.alias FROM jobs WHERE .*jobs\.state IN \(\?(, \?)*\) ORDER BY jobs\.created_at DESC LIMIT",
    r"FROM spend WHERE spend\.job_id = \? ORDER BY",
)
BY_NATURE = tuple(re.compile(pattern) for pattern in NATURE)
OWED = tuple(re.compile(pattern) for pattern in DEBTS)
"""To be mended."""
