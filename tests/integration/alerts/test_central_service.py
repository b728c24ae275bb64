"""The simulated service to the keeper to two desks, over a real bus; and when things are away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from gcs.model.alert import AlertImage, AlertState, Box, Judgement, Response
from gcs.model.audit import AuditAction
from gcs.model.people import Holder
from gcs.model.report import AlertFigures
from gcs.sim.central_service import CentralService
from gcs.station.desk import Desk
from gcs.station.network import DeskNetwork
from gcs.station.state import DeskState
from tests.integration.alerts.bench import AlertBench, alert_bench
from tests.integration.keeper.bench import A, B
from tests.support.nats import until
from tests.support.pictures import Person, Taken, portrait, taken

WHO = Person("p1", Box(0.4, 0.4, 0.05, 0.2))


class Cameras:
    """A new picture of CAM-1 at every look, a tenth of a second later; the others are dark."""

    def __init__(self, bench: AlertBench) -> None:
        self._bench = bench
        self._looks = 0
        self.people: tuple[Person, ...] = (WHO,)
        self.fault: Exception | None = None

    def __call__(self, feed: str) -> Taken | None:
        if self.fault is not None:
            raise self.fault
        if feed != "CAM-1":
            return None
        self._looks += 1
        return taken(
            feed, self._bench.at.clock.utc_ms() - 2000 + 100 * (self._looks % 20), *self.people
        )


@asynccontextmanager
async def central(
    bench: AlertBench, cameras: Callable[[str], Taken | None]
) -> AsyncIterator[CentralService]:
    """The service at work within the block."""
    site = replace(bench.at.site, training=replace(bench.at.site.training, first_alert_s=5.0))
    bus = await bench.at.server.bus("central")
    service = CentralService(
        bus, site, bench.at.deployments, cameras, portrait, bench.at.clock, seed=3
    )
    task = asyncio.ensure_future(service.run())
    try:
        yield service
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bus.close()


@asynccontextmanager
async def desk(bench: AlertBench, me: Holder) -> AsyncIterator[tuple[Desk, DeskState]]:
    """A desk's core on its own connection, signed on."""
    bus = await bench.at.server.desk(me.person, me.desk)
    state = DeskState(bench.at.site, me, bench.at.clock)
    acts = Desk(bench.at.site, state, bench.at.clock)
    acts.attach(bus)
    task = asyncio.ensure_future(DeskNetwork(bus, bench.at.site, state, acts, bench.at.clock).run())
    await until(lambda: state.role is not None or task.done(), what=f"{me.label} signed on")
    try:
        yield acts, state
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bus.close()


async def pictures_flow(bench: AlertBench, service: CentralService) -> None:
    """Until the service has seen a picture, and then its first alert is due."""
    await until(lambda: service._alert_at_s is not None, what="pictures")
    bench.at.clock.advance(5.1)


async def test_from_the_camera_to_one_decision_of_two_desks(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        bench = await stack.enter_async_context(alert_bench_without_hand(tmp_path))
        await stack.enter_async_context(bench.at.keeper())
        acts_a, at_a = await stack.enter_async_context(desk(bench, A))
        acts_b, at_b = await stack.enter_async_context(desk(bench, B))
        service = await stack.enter_async_context(central(bench, Cameras(bench)))
        await until(lambda: at_a.deployment("EX-114"), what="the deployment at the desk")
        await pictures_flow(bench, service)
        await until(lambda: at_a.open_alerts and at_b.open_alerts, 10.0, "the alert at both desks")
        alert = at_a.open_alerts[0].alert
        assert (alert.feed, alert.box) == ("CAM-1", WHO.box)

        for image in AlertImage:
            shown = await acts_a.alert_image(alert.id, image)
            assert shown.ok, shown.text
            assert len(shown.data) > 100
        seen = bench.at.clock.utc_ms()
        both = await asyncio.gather(
            acts_a.judge_alert(alert.id, Judgement.VIABLE, seen),
            acts_b.judge_alert(alert.id, Judgement.VIABLE, seen),
        )
        assert sorted(outcome.ok for outcome in both) == [False, True]
        both = await asyncio.gather(
            acts_a.decide_alert(alert.id, Response.OBSERVE, "officers near", seen),
            acts_b.decide_alert(alert.id, Response.ENGAGE, "", seen),
        )
        assert sorted(outcome.ok for outcome in both) == [False, True]
        record = at_a.alert(alert.id)
        assert record is not None
        assert record.state is AlertState.DECIDED
        assert len(bench.audit(AuditAction.ALERT_DECIDED)) == 1

        bench.at.clock.advance(8.1)
        (refused,) = await bench.audited(AuditAction.ALERT_REFUSED)
        assert "Actual is refused" in refused.outcome
        assert (at_a.open_alerts, at_b.open_alerts) == ((), ())
        wanted = AlertFigures(2, 1, 1)  # the refused one is sent by its own clock
        for _ in range(100):
            if await bench.figures() == wanted:
                break
            await asyncio.sleep(0.1)
        assert await bench.figures() == wanted


@asynccontextmanager
async def alert_bench_without_hand(folder: Path) -> AsyncIterator[AlertBench]:
    """The bench, its own hand at the central service taken away."""
    async with alert_bench(folder) as bench:
        await bench.at.central.close()
        yield bench


async def test_all_four_kinds_are_refused_in_turn(tmp_path: Path) -> None:
    async with (
        alert_bench_without_hand(tmp_path) as bench,
        bench.at.keeper(),
        central(bench, cameras := Cameras(bench)) as service,
    ):
        await pictures_flow(bench, service)
        await until(lambda: bench.records, 10.0)
        cameras.people = ()
        bench.at.clock.advance(8.1)
        for count in range(1, 5):
            await bench.audited(AuditAction.ALERT_REFUSED, count)
            bench.at.clock.advance(1500.0)
        reasons = [entry.reason for entry in bench.audit(AuditAction.ALERT_REFUSED)]
        assert reasons[:4] == ["status", "capture_utc_us", "position", "feed"]


async def test_dark_cameras_and_faulty_ones_are_waited_for(tmp_path: Path) -> None:
    async with alert_bench_without_hand(tmp_path) as bench, bench.at.keeper():
        cameras = Cameras(bench)
        cameras.fault = RuntimeError("no picture")
        async with central(bench, cameras) as service:
            await until(lambda: "no picture" in service._said)
            cameras.fault, cameras.people = None, ()
            await pictures_flow(bench, service)
            cameras.people = (WHO,)
            await until(lambda: bench.records, 10.0)


async def test_an_alert_outlives_a_bus_that_was_away(tmp_path: Path) -> None:
    async with (
        alert_bench_without_hand(tmp_path) as bench,
        bench.at.keeper(),
        central(bench, Cameras(bench)) as service,
    ):
        await until(lambda: service._alert_at_s is not None)
        bench.at.server.kill()
        await until(lambda: not service._bus.connected)
        bench.at.clock.advance(5.1)
        await until(lambda: "not stored yet" in service._said, 10.0)
        await bench.at.server.restart()
        await until(lambda: bench.records, 15.0, "the alert after the bus is back")
        assert service.sent == 1


async def test_an_alert_nobody_could_store_in_time_is_given_up(tmp_path: Path) -> None:
    async with (
        alert_bench_without_hand(tmp_path) as bench,
        central(bench, cameras := Cameras(bench)) as service,
    ):
        await until(lambda: service._alert_at_s is not None)
        bench.at.server.kill()
        await until(lambda: not service._bus.connected)
        bench.at.clock.advance(5.1)
        await until(lambda: "not stored yet" in service._said, 10.0)
        cameras.people = ()
        bench.at.clock.advance(181.0)
        await bench.at.server.restart()
        await until(lambda: service._bus.connected, 10.0)
        cameras.people = (WHO,)
        bench.at.clock.advance(1000.0)
        await until(lambda: service.sent == 1, 10.0, "a later one")
        assert service._last is not None
        assert service._last.id.endswith("-2")
