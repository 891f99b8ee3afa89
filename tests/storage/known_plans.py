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
    # The hourly sweep.
    r"^SELECT audit\.id FROM audit WHERE audit\.at < ",
    r"jobs\.id IN \(\?\) OR json_extract\(jobs\.request, '\$\.image_key'\) IN",
    r"AND json_extract\(jobs\.progress, '\$\.preview'\) IS NOT NULL LIMIT",
    # Pages and commands of moderators and operators.
    r"AS grouped, count\(\*\) .* FROM jobs WHERE jobs\.community_key = \? AND jobs\.created_at >=",
    r"jobs\.alias FROM jobs WHERE jobs\.state IN \(\?(, \?)*\) ORDER BY jobs\.created_at DESC LIMIT",
)
BY_NATURE = tuple(re.compile(pattern) for pattern in NATURE)
OWED = tuple(re.compile(pattern) for pattern in DEBTS)
"""To be mended."""
