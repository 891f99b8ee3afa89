"""What adds a line of either book to its day's sums, in both dialects. A change is a new script: these stay as they are."""

from __future__ import annotations

UNITS = "CASE {line}.kind WHEN 'grant' THEN 0 ELSE {line}.units END"
GRANTED = "CASE {line}.kind WHEN 'grant' THEN {line}.units ELSE 0 END"
TO_USER = """
    INSERT INTO user_days (user_key, period, community, units, granted)
    VALUES ({line}.user_key, {line}.period, {line}.community, {sign} UNITS, {sign} GRANTED)
    ON CONFLICT (user_key, period, community)
    DO UPDATE SET units = user_days.units + excluded.units, granted = user_days.granted + excluded.granted;
""".replace("UNITS", UNITS).replace("GRANTED", GRANTED)
PART = {"sqlite": "0", "postgresql": "mod(pg_backend_pid(), 32)"}
"""On a server many write at a time, and one row for all of them would let through one commit after the other."""
TO_COMMUNITY = """
    INSERT INTO community_days (community, period, part, pictures, micro_usd)
    VALUES (NEW.community, NEW.period, PART, {pictures}, {money})
    ON CONFLICT (community, period, part)
    DO UPDATE SET {sum} = community_days.{sum} + excluded.{sum};
"""
FORGET = """
    DELETE FROM user_days WHERE user_key = OLD.user_key AND period = OLD.period AND community = OLD.community
    AND units = 0 AND granted = 0;
"""
"""A key that is no longer in the book (its user was erased) is in no sum."""
LINE = TO_USER.format(line="NEW", sign="")
MOVED = TO_USER.format(line="OLD", sign="-") + LINE + FORGET
PICTURES = TO_COMMUNITY.format(pictures="NEW.units", money="0", sum="pictures")
MONEY = TO_COMMUNITY.format(pictures="0", money="NEW.micro_usd", sum="micro_usd")
WORK = (
    ("sums_user", "INSERT ON ledger", "NEW.units <> 0", LINE),
    ("sums_erased", "UPDATE OF user_key ON ledger", "NEW.units <> 0", MOVED),
    ("sums_pictures", "INSERT ON ledger", "NEW.community <> '' AND NEW.kind <> 'grant' AND NEW.units <> 0", PICTURES),
    ("sums_money", "INSERT ON spend", "NEW.community <> '' AND NEW.micro_usd <> 0", MONEY),
)
"""Name, what happened, whether it matters, what is done. Those of one happening run in the order of their names."""


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} AFTER {event} WHEN {matters} BEGIN {work.replace('PART', PART['sqlite'])} END"
        for name, event, matters, work in WORK
    ]


def _postgres() -> list[str]:
    made = []
    for name, event, matters, work in WORK:
        body = f"$$ BEGIN {work.replace('PART', PART['postgresql'])} RETURN NULL; END $$"
        made.append(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}")
        made.append(f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN ({matters}) EXECUTE FUNCTION {name}()")
    return made


TRIGGERS = {"sqlite": _sqlite(), "postgresql": _postgres()}
NAMES = tuple(name for name, *_ in WORK)
