"""oauth.v2.access: a code for a token. What happens before it, on Slack's own page, is in `consent.py`."""

from __future__ import annotations

from tests.fakes.slack.consent import Consents
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import APP, CLIENT_ID, CLIENT_SECRET, Json


def access(consents: Consents, args: Json) -> Json:
    """The fields as recorded (tests/specs/slack-payload-shapes.json); of an organisation `team` is null."""
    if args.get("client_id") != CLIENT_ID:
        raise RefusedError("invalid_client_id")
    if args.get("client_secret") != CLIENT_SECRET:
        raise RefusedError("bad_client_secret")
    if args.get("grant_type") not in {None, "authorization_code"}:
        raise RefusedError("invalid_grant_type")
    grant = consents.spend(str(args.get("code") or ""), str(args.get("redirect_uri") or ""))
    world, org = grant.world, grant.world.organisation
    return {
        "ok": True,
        "app_id": APP,
        "authed_user": {"id": grant.user},
        "scope": ",".join(sorted(grant.scopes)),
        "token_type": "bot",
        "access_token": consents.token(grant),
        "bot_user_id": world.bot_user,
        "team": None if grant.org_wide else {"id": world.team, "name": world.team_name},
        "enterprise": {"id": org.id, "name": org.name} if org else None,
        "is_enterprise_install": grant.org_wide,
        **({"refresh_token": "xoxe-1-fake", "expires_in": 43200} if consents.rotates else {}),
    }
