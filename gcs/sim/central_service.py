"""The simulated central service: "recognises" drawn people and sends possible matches.

It behaves as the real one at the border: alerts are stored durably under their ids, images
are fetched by reference for ten minutes. It compares nothing: whom it "matches" is drawn by
lot from the truth the simulated cameras know. No bus or picture that fails ends it.
"""

import asyncio
import hashlib
import itertools
import logging
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from gcs.model.alert import Alert, Deployment, ImageReply, ImageRequest
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.subjects import Subjects
from gcs.sim.central_alerts import FIRST_REFUSED, LATER_REFUSED, AlertMaker, MadeAlert
from gcs.sim.central_images import Portrait, draw
from gcs.sim.central_shots import Chooser, SeenPerson, Shot

log = logging.getLogger(__name__)

KEEP_IMAGES_S = 600.0
FIRST_REFUSED_AFTER_S = 8.0
_LOOK_EVERY_S = 0.25
_TRY_AGAIN_S = 1.0

Shots = Callable[[str], Shot | None]


class CentralService:
    """One site's. `shots(feed)` is the newest picture; `portrait` draws a watchlist image."""

    def __init__(
        self,
        bus: Bus,
        site: Site,
        deployments: Sequence[Deployment],
        shots: Shots,
        portrait: Portrait,
        clock: Clock,
        seed: int,
    ) -> None:
        self._bus = bus
        self._site = site
        self._names = Subjects(site.id)
        self._shots = shots
        self._portrait = portrait
        self._clock = clock
        dice = random.Random(f"central {seed}")
        self._maker = AlertMaker(site, deployments, dice, clock.utc_ms())
        self._chooser = Chooser((camera.id for camera in site.cameras), dice)
        self._kinds = itertools.chain([FIRST_REFUSED], itertools.cycle(LATER_REFUSED))
        self._images: dict[str, tuple[float, bytes]] = {}
        self._last: Alert | None = None
        self._alert_at_s: float | None = None
        self._refused_at_s = math.inf
        self._said = ""
        self.sent = 0

    async def run(self) -> None:
        """Until cancelled."""
        await self._bus.serve(
            self._names.central_image,
            ImageRequest,
            self._image,
            lambda sentence: ImageReply(False, sentence),
        )
        while True:
            try:
                await self._step(self._clock.monotonic())
            except Exception as error:
                # A camera that fails must not end the drones that fly in this process.
                self._say(f"{type(error).__name__}: {error}")
            await asyncio.sleep(_LOOK_EVERY_S)

    # -- when ------------------------------------------------------------------------------------
    async def _step(self, now_s: float) -> None:
        if self._alert_at_s is None:
            self._wait_for_pictures(now_s)
        elif now_s >= self._alert_at_s:
            await self._try_match(now_s)
        if now_s >= self._refused_at_s and self._last is not None:
            self._refused_at_s = self._next(now_s, self._site.training.refused_alerts_per_hour)
            kind, utc_ms = next(self._kinds), self._clock.utc_ms()
            await self._store(self._maker.must_refuse(kind, self._last, utc_ms))

    def _wait_for_pictures(self, now_s: float) -> None:
        if self._site.training.alerts_per_hour > 0.0 and self._newest():
            self._alert_at_s = now_s + self._site.training.first_alert_s

    async def _try_match(self, now_s: float) -> None:
        found = self._chooser.look(self._newest())
        if found is None:
            return
        self._alert_at_s = self._next(now_s, self._site.training.alerts_per_hour)
        first = self._last is None
        made = await self._make(*found)
        if await self._store(made.alert):
            self._last = made.alert
            if first and self._site.training.refused_alerts_per_hour > 0.0:
                self._refused_at_s = self._clock.monotonic() + FIRST_REFUSED_AFTER_S

    def _next(self, now_s: float, per_hour: float) -> float:
        return now_s + self._maker.gap_s(per_hour) if per_hour > 0.0 else math.inf

    # -- what ------------------------------------------------------------------------------------
    def _newest(self) -> list[Shot]:
        """The newest picture of every feed a deployment covers."""
        feeds = (feed for feed in self._site.feeds if self._maker.deployment(feed))
        return [shot for feed in feeds if (shot := self._shots(feed)) is not None]

    async def _make(self, shot: Shot, person: SeenPerson) -> MadeAlert:
        delay_s = self._maker.delay_s()
        images = await asyncio.to_thread(
            draw, shot.image, person.box, person.face, person.looks, self._portrait
        )
        made = self._maker.good(shot, person, images)
        until_s = self._clock.monotonic() + KEEP_IMAGES_S
        self._forget_old_images()
        self._images |= {name: (until_s, data) for name, data in made.images.items()}
        passed_s = self._clock.utc_ms() / 1000 - shot.capture_utc_us / 1e6
        await asyncio.sleep(max(0.0, delay_s - max(0.0, passed_s)))
        sent = max(made.alert.sent_utc_ms, self._clock.utc_ms())
        return replace(made, alert=replace(made.alert, sent_utc_ms=sent))

    async def _store(self, alert: Alert) -> bool:
        """Stored durably; given up when it has expired before the bus was back."""
        while self._clock.utc_ms() < alert.expires_utc_ms:
            try:
                await self._bus.publish_durable(self._names.alert, alert, message_id=alert.id)
            except NoAnswer as error:
                self._say(f"alert {alert.id} not stored yet: {error}")
                await asyncio.sleep(_TRY_AGAIN_S)
            else:
                self.sent += 1
                self._said = ""
                return True
        return False

    # -- images by reference -----------------------------------------------------------------------
    async def _image(self, _: str, request: ImageRequest) -> ImageReply:
        self._forget_old_images()
        _until_s, data = self._images.get(request.reference, (0.0, b""))
        if not data:
            return ImageReply(False, f"there is no image {request.reference!r}, or no more")
        return ImageReply(True, "", data, hashlib.sha256(data).hexdigest())

    def _forget_old_images(self) -> None:
        now_s = self._clock.monotonic()
        self._images = {name: kept for name, kept in self._images.items() if kept[0] > now_s}

    def _say(self, text: str) -> None:
        """Each thing once until something goes well."""
        if text != self._said:
            self._said = text
            log.warning("central service: %s", text)
