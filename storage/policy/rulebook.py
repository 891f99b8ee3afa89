"""Words, phrases and regular expressions of a community."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.policy.records import Entry, Rule, RuleKind
from storage.dialect import insert
from storage.policy import audit
from storage.policy.base import Part
from storage.policy_tables import rules
from storage.prepared import Prepared, let

RULES = Prepared(select(rules).where(rules.c.community == let("key")).order_by(rules.c.id))


class Rulebook(Part):
    """The Rulebook port. What changes nothing is not logged."""

    async def rules(self, key: str) -> list[Rule]:
        """By id."""
        found = await self._db.ask(RULES, key=key)
        return [Rule(row["id"], RuleKind(row["kind"]), row["pattern"], row["reason"]) for row in found.rows]

    async def add_rules(self, key: str, rules_: Sequence[Rule], entry: Entry) -> int:
        """Add those whose kind and pattern are new here (ids are given by the store); returns how many."""
        added = 0
        async with self._db.write() as connection:
            for rule in rules_:
                values = {"kind": rule.kind.value, "pattern": rule.pattern, "reason": rule.reason}
                query = insert(connection, rules).values(community=key, **values).on_conflict_do_nothing()
                added += (await connection.execute(query.returning(rules.c.id))).first() is not None
            if added:
                await audit.write(connection, entry, self._clock())
        return added

    async def remove_rule(self, key: str, rule_id: int, entry: Entry) -> bool:
        """False if there is none of that id."""
        query = delete(rules).where(rules.c.community == key, rules.c.id == rule_id)
        async with self._db.write() as connection:
            gone = (await connection.execute(query)).rowcount > 0
            if gone:
                await audit.write(connection, entry, self._clock())
        return gone
