"""GET /slack/install and GET /slack/oauth_redirect: the way of one more workspace to the bot."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import structlog
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.errors import StoreUnavailable
from bot.slack.config import OAuth
from bot.slack.faults import SlackFault
from bot.slack.install_page import page
from bot.slack.install_state import SECONDS, States, Verdict
from bot.slack.installer import Installer
from bot.slack.manifest import SCOPES
from bot.texts import slack_install as texts

log = structlog.get_logger(__name__)
COOKIE = "imagine-slack-install"
DENIED = "access_denied"


class InstallDoor:
    """`is_open` False: 503. The state is looked at before anything else that an address says is believed."""

    def __init__(
        self, oauth: OAuth, states: States, installer: Installer, is_open: Callable[[], bool], command: str
    ) -> None:
        """Over an open store. `command`: what people type in Slack."""
        self._command = command
        self._oauth = oauth
        self._states = states
        self._installer = installer
        self._is_open = is_open

    @property
    def routes(self) -> list[Route]:
        """Below the mount `/slack`."""
        return [
            Route("/install", self.install, methods=["GET"]),
            Route("/oauth_redirect", self.back, methods=["GET"]),
        ]

    async def install(self, _request: Request) -> Response:
        """On to Slack, which asks for the scopes of the manifest."""
        if not self._is_open():
            return Response(status_code=503)
        state, browser = self._states.issue()
        asked = {
            "client_id": self._oauth.client_id,
            "scope": ",".join(SCOPES),
            "user_scope": "",
            "redirect_uri": self._oauth.redirect_url,
            "state": state,
        }
        answer = RedirectResponse(f"{self._oauth.authorize_url}?{urlencode(asked)}", 302)
        answer.headers["cache-control"] = "no-store"
        self._mark(answer, browser, SECONDS)
        return answer

    async def back(self, request: Request) -> Response:
        """Slack sent somebody back, or somebody says so.

        The browser keeps its cookie until the state is over anyway: who loads the page again is known, and told that it was
        used.
        """
        if not self._is_open():
            return Response(status_code=503)
        again = self._oauth.install_url
        try:
            asked = request.query_params
            verdict = await self._states.take(asked.get("state", ""), request.cookies.get(COOKIE, ""))
            return await self._judged(verdict, asked)
        except StoreUnavailable:
            log.exception("slack_install_not_kept")
            return page(texts.FAILED, texts.NOT_KEPT, 503, again)

    async def _judged(self, verdict: Verdict, asked: QueryParams) -> Response:
        again = self._oauth.install_url
        if verdict is not Verdict.GOOD:
            return _refused(verdict, again)
        if error := asked.get("error"):
            denied = error == DENIED
            return page(texts.FAILED, texts.DENIED if denied else texts.slack_said(error), 200 if denied else 400, again)
        return await self._exchanged(asked.get("code", ""), again)

    async def _exchanged(self, code: str, again: str) -> Response:
        if not code:
            return page(texts.FAILED, texts.NO_CODE, 400, again)
        try:
            installation = await self._installer.install(code)
        except SlackFault as fault:
            log.warning("slack_install_refused", code=fault.code)
            return page(texts.FAILED, texts.refused(fault.code), 502, again)
        return page(
            texts.DONE, texts.installed(installation.name, org_wide=installation.org_wide, command=self._command), 200
        )

    def _mark(self, answer: Response, browser: str, seconds: int) -> None:
        """`Lax`: Slack's redirect is a visit that a person sees; no page of others sends the cookie along in secret."""
        public = urlsplit(self._oauth.public_url)
        path, secure = f"{public.path.rstrip('/')}/slack", public.scheme == "https"
        answer.set_cookie(COOKIE, browser, seconds, path=path, secure=secure, httponly=True, samesite="lax")


def _refused(verdict: Verdict, again: str) -> Response:
    log.warning("slack_install_state_refused", verdict=verdict.value)
    title = texts.BEFORE if verdict is Verdict.USED else texts.FAILED
    return page(title, texts.STATES[verdict.value], 400, again)
