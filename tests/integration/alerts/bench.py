"""The keeper's bench with a central service by hand: alerts, images and what desks see."""

import asyncio
import hashlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gcs.model.alert import (
    Alert,
    AlertAct,
    AlertImage,
    AlertRecord,
    AlertReply,
    AlertRequest,
    AlertState,
    ImageReply,
    ImageRequest,
    Judgement,
    Response,
)
from gcs.model.audit import AuditAction, AuditDraft
from gcs.model.control import ControlRecord, ControlState
from gcs.model.people import Holder
from gcs.model.report import AlertFigures
from tests.integration.keeper.bench import KeeperBench, N, keeper_bench
from tests.support.nats import until
from tests.support.possible_match import DEPLOYMENT, IMAGES


class AlertBench:
    """A keeper's bench, with what belongs to alerts."""

    def __init__(self, keeper: KeeperBench) -> None:
        self.at = keeper
        self.images = dict(IMAGES)
        self.asked: list[str] = []
        self.records: dict[str, AlertRecord] = {}
        self.erased: list[str] = []
        self._numbers = itertools.count(1)

    async def connect(self) -> None:
        await self.at.central.serve(
            N.central_image, ImageRequest, self._image, lambda text: ImageReply(False, text)
        )
        eye = next(iter(self.at.desks.values()))
        await eye.bucket(N.record_bucket, AlertRecord).watch(
            "alert.*",
            lambda entry: self.records.__setitem__(entry.value.alert.id, entry.value),
            lambda key, _: self.erased.append(key),
        )

    async def _image(self, _: str, request: ImageRequest) -> ImageReply:
        self.asked.append(request.reference)
        data = self.images.get(request.reference)
        if data is None:
            return ImageReply(False, "there is no such image")
        return ImageReply(True, "", data, hashlib.sha256(data).hexdigest())

    # -- the central service ---------------------------------------------------------------------
    async def send(self, alert: Alert) -> None:
        """Store an alert in the stream, as often as it is called."""
        await self.at.central.publish_durable(N.alert, alert, f"m{next(self._numbers)}")

    async def taken(self, alert: Alert) -> AlertRecord:
        """Send it and wait until it is on record."""
        await self.send(alert)
        await until(lambda: alert.id in self.records, what=f"alert {alert.id} on record")
        return self.records[alert.id]

    async def state(self, alert: str, state: AlertState) -> AlertRecord:
        """Wait until the record stands there."""
        await until(
            lambda: alert in self.records and self.records[alert].state is state,
            what=f"{alert} {state}",
        )
        return self.records[alert]

    # -- people ----------------------------------------------------------------------------------
    async def judge(
        self, by: Holder, judgement: Judgement, version: int = 1, alert: str = "A1"
    ) -> AlertReply:
        return await self.request(by, AlertAct.JUDGE, version, alert, judgement=judgement)

    async def decide(
        self, by: Holder, response: Response, version: int = 2, alert: str = "A1"
    ) -> AlertReply:
        return await self.request(by, AlertAct.DECIDE, version, alert, response=response)

    async def request(
        self,
        by: Holder,
        act: AlertAct,
        version: int,
        alert: str,
        judgement: Judgement | None = None,
        response: Response | None = None,
    ) -> AlertReply:
        asked = AlertRequest(
            f"q{next(self._numbers)}", act, alert, version, by, self.at.clock.utc_ms() - 1500,
            judgement, response,
        )  # fmt: skip
        return await self.tell(by, asked)

    async def tell(self, at: Holder, asked: AlertRequest) -> AlertReply:
        """Send a request from a desk, whomever it names."""
        subject = N.alert_decision(at.person, at.desk)
        return await self.at.desks[at].request(subject, asked, AlertReply, 5.0)

    async def image(self, by: Holder, image: AlertImage, alert: str = "A1") -> ImageReply:
        return await self.at.desks[by].request(
            N.alert_image(by.person, by.desk), ImageRequest(alert, image, by=by), ImageReply, 5.0
        )

    async def holds(self, drone: str, holder: Holder | None) -> None:
        """The gateway records who holds a drone."""
        state = ControlState.OWNED if holder else ControlState.UNOWNED
        await self.at.control(ControlRecord(drone, state, 1, 1, holder=holder))

    # -- what is on record -------------------------------------------------------------------------
    def audit(self, action: AuditAction) -> list[AuditDraft]:
        return [e.draft for e in self.at.audit if e.draft.action is action]

    async def audited(self, action: AuditAction, count: int = 1) -> list[AuditDraft]:
        """Wait for so many entries of a kind."""
        await until(lambda: len(self.audit(action)) >= count, what=f"{count} of {action}")
        return self.audit(action)

    async def figures(self) -> AlertFigures:
        alerts = (await self.at.report()).alerts
        assert alerts is not None
        return alerts

    async def counted(self, wanted: AlertFigures) -> None:
        """Wait until the keeper tells these figures: it counts behind its audit entry."""
        async with asyncio.timeout(5.0):
            while (found := await self.figures()) != wanted:
                assert found.received <= wanted.received, found
                await asyncio.sleep(0.05)

    @property
    def files(self) -> set[str]:
        """The images on the keeper's disk."""
        folder = self.at.path.parent / "images"
        return {path.name for path in folder.iterdir()} - {"index.json"}


@asynccontextmanager
async def alert_bench(folder: Path) -> AsyncIterator[AlertBench]:
    """A bus with everybody on it, a deployment, and no keeper yet."""
    async with keeper_bench(folder) as keeper:
        keeper.deployments = (DEPLOYMENT,)
        bench = AlertBench(keeper)
        await bench.connect()
        yield bench
