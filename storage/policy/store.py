"""The SQL policy store: the PolicyStore port, put together from its parts."""

from __future__ import annotations

from storage.policy.allowances import Allowances
from storage.policy.audit import Audit
from storage.policy.blocks import Blocks
from storage.policy.communities import Communities
from storage.policy.history import History
from storage.policy.notices import Notices
from storage.policy.people import People
from storage.policy.reports import Reports
from storage.policy.reviews import Reviews
from storage.policy.rulebook import Rulebook
from storage.policy.styles import Styles


class SqlPolicy(Communities, Rulebook, Blocks, Allowances, Audit, Reviews, Reports, Notices, Styles, History, People):
    """Everything that policy and desk keep, in the jobs' database; see `bot.policy.ports` for the promises."""
