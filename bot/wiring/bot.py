"""One process of the bot: its parts, their order at the start and at the stop."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog
from fastapi import APIRouter
from starlette.types import ASGIApp

from bot.api.app import PATH as API_PATH
from bot.api.front import ApiFront
from bot.imaging.imaging import PillowImaging
from bot.imaging.pool import PixelPool
from bot.jobs.advance import Advancer
from bot.jobs.hooks import Hooks
from bot.jobs.house import House, Timing
from bot.jobs.leases import Leases
from bot.jobs.naming import Names
from bot.jobs.place import Platform
from bot.jobs.ports import Clock
from bot.jobs.progress import ProgressEditor
from bot.jobs.service import Service
from bot.secret import kept_secret
from bot.settings import Settings
from bot.web.app import build_app
from bot.web.server import WebServer
from bot.wiring.beside import build_beside, build_messenger
from bot.wiring.caps import caps_of
from bot.wiring.draw import VENDORS, build_providers, new_client, trusted_hosts
from bot.wiring.engines import SHARED_LEASE, build_engine
from bot.wiring.fronts import FrontEnd, build_fronts
from bot.wiring.links import build_links
from bot.wiring.loop import Beside
from bot.wiring.meter import Metering
from bot.wiring.moderate import build_services, one_of
from bot.wiring.opening import Opening
from bot.wiring.stores import loopback, open_database, open_keeping, open_pictures
from providers.base import Provider
from providers.fetch import GuardedFetcher
from providers.lanczos import Lanczos
from providers.registry import Registry
from providers.webhook import token_ok, webhook_url
from storage.api.store import SqlApi
from storage.damage import sound
from storage.jobs import SqlJobStore
from storage.leases import LeaseKeeping
from storage.migrate import upgrade
from storage.policy.store import SqlPolicy
from storage.settings import SqlSettings

log = structlog.get_logger()
ROLES = {Platform.DISCORD: "discord", Platform.SLACK: "slack", Platform.PLAYGROUND: "web", Platform.API: "web"}
"""What a process must do to take a chat's asks."""


class Bot:
    """One process. `more` are further providers, preferred before the configured ones (tests)."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = time.time,
        more: Sequence[Provider] = (),
        hosts: Mapping[str, str] | None = None,
    ) -> None:
        """Builds, opens nothing but the secret. Raises StartError."""
        self.settings, self._clock = settings, clock
        given = settings.imagine_secret
        self.secret = given.get_secret_value() if given else kept_secret(settings.imagine_data_dir)
        self.db = open_database(settings)
        self.store = SqlJobStore(self.db, self.secret)
        self.pool = PixelPool()
        self.metering = Metering(settings, self.db, clock, lambda: self.engine.lag)
        self._client = new_client(settings, self.metering.replied)
        self._fetcher, self._downloads = GuardedFetcher(), GuardedFetcher(frozenset(settings.imagine_allow_hosts))
        self._callbacks = GuardedFetcher(frozenset(settings.imagine_callback_hosts))
        self._pictures = open_pictures(settings)
        self._keeping_db = open_keeping(settings, self.db)
        keeping = LeaseKeeping(self._keeping_db)
        self.engine = build_engine(settings, self.db, self.store, keeping, self._look, clock)
        self.links, routers = build_links(settings, self._pictures, self.secret, clock, lambda: self.base)
        self.fronts, mounts = self._build_fronts()
        self.takes = {platform: front for platform, front in self.fronts.items() if settings.has(ROLES[platform])}
        self.house = self._build_house(more, hosts or {})
        self.metering.expect(self.fronts, (provider.capabilities.name for provider in self.house.providers.all()))
        self.leases = Leases(keeping, clock, self.house.timing.lease)
        self._advance = Advancer(self.house, self.leases)
        self.messenger = build_messenger(settings, self.house)
        beside = build_beside(settings, self.house, self.db, self.messenger)
        self._beside: tuple[Beside, ...] = (*beside, *self.metering.beside)
        self.service = Service(self.house)
        self.web = self._build_web(mounts, routers)
        self._opening = Opening(self._open)
        self._started = False

    def _build_fronts(self) -> tuple[dict[Platform, FrontEnd], dict[str, ASGIApp]]:
        """The chats', and the job API's."""
        settings, key, meter = self.settings, self._page_key(), self.metering.meter
        fronts, mounts = build_fronts(settings, self._pictures, self._fetcher, self._clock, key, self.db, self.secret, meter)
        if settings.imagine_api is not False:
            kept = SqlApi(self.db, self.secret)
            api = ApiFront(kept, self.links, self._fetcher, self._callbacks, self._clock, self.secret)
            fronts[Platform.API], mounts[API_PATH] = api, api.app
        return fronts, mounts

    def _build_house(self, more: Sequence[Provider], hosts: Mapping[str, str]) -> House:
        """Every port with what stands behind it."""
        settings, metering = self.settings, self.metering
        imaging = metering.imaging(PillowImaging(self.pool))
        self.moderations = build_services(settings, imaging, self.pool, self._client)
        drawing = [*more, *build_providers(settings, self.pool, self._clock, self._client), Lanczos(self.pool.run)]
        return House(
            store=metering.store(self.store),
            settings=SqlSettings(self.db),
            policy=SqlPolicy(self.db, self._clock, self.secret),
            chats=metering.chats({platform: front.chat for platform, front in self.fronts.items()}),
            providers=Registry(drawing, cheapest=settings.imagine_route == "cost"),
            pictures=self._pictures,
            links=self.links,
            imaging=imaging,
            moderation=one_of(self.moderations),
            fetcher=self._fetcher,
            downloads=self._downloads,
            engine=self.engine,
            clock=self._clock,
            caps=caps_of(settings),
            webhook_url=self._webhook_url,
            trusted_hosts=trusted_hosts(settings) | dict(hosts),
            timing=self._timing(),
            progress=ProgressEditor(shared=settings.on_server),
            retain_days=settings.imagine_retain_days,
            direct=settings.imagine_direct is not False,
            names=Names(settings.slack_command),
        )

    def _build_web(self, mounts: Mapping[str, ASGIApp], routers: Sequence[APIRouter]) -> WebServer:
        """Without the role `web` the port says only how the process is."""
        served, metering = self.settings.has("web"), self.metering
        hooks = Hooks(self.house, lambda token, provider, call: token_ok(token, provider, call, self.secret))
        app = build_app(
            mounts=mounts if served else {},
            webhook=metering.webhook(hooks) if served else None,
            readiness=self._readiness,
            routers=[*(routers if served else ()), *metering.routers],
        )
        return WebServer(app, self.settings.http_host, self.settings.http_port)

    def _timing(self) -> Timing:
        """A killed process's jobs are free at the next start where there is but one, else when its leases have ended."""
        timing = Timing(poll_first=self.settings.imagine_poll_seconds)
        return replace(timing, lease=SHARED_LEASE) if self.settings.on_server else timing

    async def _look(self, job_id: str) -> float | None:
        """The engine is built before the core, which needs it."""
        return await self._advance(job_id)

    def _page_key(self) -> str | None:
        """The playground asks for a key where others than this machine can connect."""
        if loopback(self.settings.http_host):
            return None
        return hmac.new(self.secret.encode(), b"playground", "sha256").hexdigest()[:32]

    def _webhook_url(self, provider: str, call_id: str) -> str | None:
        """None without a public URL; the vendors' own services call nothing but https."""
        public = self.settings.public_url
        real = provider in VENDORS and provider not in self.house.trusted_hosts
        if not public or (real and not public.startswith("https://")):
            return None
        return webhook_url(public, provider, call_id, self.secret)

    def _readiness(self) -> Mapping[str, bool]:
        parts = {"engine": self._started}
        return parts | {platform.value: front.ready for platform, front in self.takes.items()}

    @property
    def base(self) -> str:
        """Where the web part listens, by an address that leads there from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.http_host, self.settings.http_host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.web.port}"

    @property
    def url(self) -> str:
        """The playground's address; its key is part of it where one is asked for."""
        key = self._page_key()
        return f"{self.base}/?key={key}" if key and Platform.PLAYGROUND in self.takes else f"{self.base}/"

    async def start(self) -> None:
        """Port and lock first, so that a second process touches nothing; the engine last. Raises StartError."""
        self.web.bind()
        self.engine.lock()
        await sound(self.db)
        await upgrade(self.db)
        if not self.settings.on_server:
            await self.store.clear_leases()
        await self._opening.start(self.fronts)
        if self.settings.on_server:
            self.leases.start()
        await self.engine.start()
        self._started = True
        await self.web.start()
        for one in self._beside:
            one.start()
        log.info(
            "started",
            roles=self.settings.imagine_roles,
            fronts=[one.value for one in self.takes],
            port=self.web.port,
            pictures=self._pictures.where,
        )

    async def _open(self, platform: Platform) -> None:
        """Take asks of that chat, or only speak there, or leave it alone."""
        front = self.fronts[platform]
        if platform in self.takes:
            await front.start(self.metering.core(self.service))
        elif self.settings.has("worker"):
            await front.speak()

    async def stop(self) -> None:
        """Take nothing new, let running submits end, leave the rest for the next start."""
        self._started = False
        self.service.stop_intake()
        await self._opening.stop()
        for front in self.fronts.values():
            await front.stop_intake()
        await self.engine.stop(self.settings.imagine_stop_seconds)
        for one in self._beside:
            await one.stop()
        await self.house.progress.close()
        await self.leases.stop()
        for front in self.fronts.values():
            await front.stop()
        await self.web.stop()
        await self._client.aclose()
        await asyncio.gather(self._fetcher.close(), self._downloads.close(), self._callbacks.close())
        self.pool.close()
        if self._keeping_db is not self.db:
            await self._keeping_db.close()
        await self.db.close()
        log.info("stopped")
