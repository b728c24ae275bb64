"""A brief between two real desks on a real bus: one text at both, ticks, checks, what is news."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from gcs.gateway.brief_sources import KeptForBriefs
from gcs.model.alert import AlertRecord, AlertState
from gcs.model.brief import BriefItem, BriefSheet
from gcs.model.control import ControlState, Handover
from gcs.model.mission import Grade, Incident, MissionRecord, MissionState
from gcs.model.people import Holder
from gcs.model.telemetry import FlightMode
from gcs.runtime.clock import SystemClock
from gcs.shared.subjects import Subjects
from gcs.station.actions import Outcome
from gcs.station.desk import Desk
from gcs.station.network import DeskNetwork
from gcs.station.state import DeskState, Topic
from tests.integration.gateway.rig import INCIDENT, Rig, make_gateway, near, rig, small_site
from tests.support.nats import nats_server, until
from tests.support.possible_match import GOOD
from tests.support.sites import heard_at

DRONE = "ISL-01"
KEYS = {
    *("incident", "scene", "flight", "battery", "link", "home"),
    *("plan", "airspace", "weather", "camera", "promised", "log"),
}
NAMES = {"pilot-a": "Pilot A", "pilot-b": "Pilot B"}


@dataclass
class AtDesk:
    """A desk's core without windows, and every sheet that came to it, by its time."""

    acts: Desk
    state: DeskState
    sheets: dict[int, BriefSheet] = field(default_factory=dict)

    @property
    def sheet(self) -> BriefSheet:
        found = self.state.brief(DRONE)
        assert found is not None
        return found

    def item(self, key: str) -> BriefItem | None:
        sheet = self.state.brief(DRONE)
        return next((i for i in sheet.items if i.line.key == key), None) if sheet else None

    @property
    def handover(self) -> Handover:
        record = self.state.control(DRONE)
        assert record is not None and record.handover is not None
        return record.handover

    def stands(self, state: ControlState) -> bool:
        record = self.state.control(DRONE)
        return record is not None and record.state is state

    def failing(self) -> set[str]:
        sheet = self.state.brief(DRONE)
        return {c.key for c in sheet.checks if not c.ok} if sheet else {"brief"}

    def keep(self) -> None:
        sheet = self.state.brief(DRONE)
        if sheet is not None:
            self.sheets[sheet.utc_ms] = sheet


@asynccontextmanager
async def at_desk(shift: Rig, person: str, desk: str) -> AsyncIterator[AtDesk]:
    bus = await shift.server.desk(person, desk)
    clock = SystemClock()
    state = DeskState(shift.site, Holder(person, NAMES[person], desk), clock)
    acts = Desk(shift.site, state, clock)
    acts.attach(bus)
    found = AtDesk(acts, state)
    state.subscribe(Topic.BRIEF, lambda drone: found.keep())
    task = asyncio.ensure_future(DeskNetwork(bus, shift.site, state, acts, clock).run())
    try:
        yield found
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bus.close()


def good(outcome: Outcome) -> None:
    assert outcome.ok, outcome.text


async def opened(a: AtDesk, b: AtDesk) -> None:
    """Pilot A holds the drone and Pilot B has opened the brief; it is told at both desks."""
    await until(lambda: a.state.lease_good and b.state.lease_good, what="leases")
    if not a.stands(ControlState.OWNED):
        good(await a.acts.take(DRONE))
    good(await a.acts.offer(DRONE, "pilot-b", "end of shift", "a call to the sergeant"))
    await until(lambda: bool(b.state.offers_to_me()), what="the offer")
    good(await b.acts.open_brief(DRONE))
    await until(lambda: a.item("log") is not None and b.item("log") is not None, what="the brief")


async def read(b: AtDesk, *also: str) -> None:
    """Pilot B ticks every line that has to be read, and the others named."""
    for item in b.sheet.items:
        if (item.needed or item.line.key in also) and item.line not in b.handover.ticked:
            good(await b.acts.tick(DRONE, item.line))
    await until(
        lambda: all(n in b.handover.ticked for n in b.sheet.lines), what="the ticks on record"
    )


async def checked(a: AtDesk, b: AtDesk) -> None:
    """Read, the picture waived by both, and so CHECKED at both."""
    await read(b)
    await until(lambda: b.failing() == {"video"}, what="all pass but the picture of no window")
    good(await b.acts.waive(DRONE, "video"))
    assert a.stands(ControlState.BRIEFING)
    good(await a.acts.waive(DRONE, "video"))
    for desk in (a, b):
        await until(lambda at=desk: at.stands(ControlState.CHECKED), what="checked")  # type: ignore[misc]


async def change_mode(shift: Rig) -> None:
    """The vehicle is in another mode, by a real order on the real link."""
    parts = shift.gateway._parts
    drone = parts.drones[DRONE]
    before = drone.mode_and_word
    await parts._commander.execute(drone.vehicle, drone.autopilot.hold(), lambda: True)
    await until(lambda: drone.mode is FlightMode.HOLD, what="hold")
    assert drone.mode_and_word != before


async def test_both_read_one_brief_and_what_changes_opens_its_own_line(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift, AsyncExitStack() as stack:
        a = await stack.enter_async_context(at_desk(shift, "pilot-a", "desk-1"))
        b = await stack.enter_async_context(at_desk(shift, "pilot-b", "desk-2"))
        await shift.ready(DRONE)
        await opened(a, b)
        assert {n.key for n in b.sheet.lines} == KEYS
        await until(lambda: len(a.sheets.keys() & b.sheets.keys()) >= 3, what="some seconds")
        for told in a.sheets.keys() & b.sheets.keys():
            assert a.sheets[told] == b.sheets[told], "the same text at both"
        promised = b.item("promised")
        assert promised is not None and "a call to the sergeant" in promised.text

        await checked(a, b)
        assert b.handover.brief == b.sheet.digest and b.handover.alerts == ()

        names = Subjects(shift.site.id)
        alerts = shift.keeper_bus.bucket(names.record_bucket, AlertRecord)
        alert = AlertRecord(replace(GOOD, feed=DRONE), AlertState.OPEN, 1, 0, 0)
        await alerts.put("alert.A1", alert, None)
        for desk in (a, b):
            await until(lambda at=desk: at.item("alert-A1") is not None, what="the alert's line")  # type: ignore[misc]
        assert b.stands(ControlState.CHECKED) and b.handover.alerts == ()
        item = b.item("alert-A1")
        assert item is not None and not item.needed
        good(await b.acts.tick(DRONE, item.line))
        await until(lambda: a.handover.alerts == ("A1",), what="the alert goes along")

        await change_mode(shift)
        for desk in (a, b):
            await until(lambda at=desk: at.stands(ControlState.BRIEFING), what="open again")  # type: ignore[misc]
        assert {t.key for t in b.handover.ticked} == KEYS - {"flight"} | {"alert-A1"}
        assert a.handover == b.handover
        await until(lambda: "hold" in (b.item("flight") or item).text, what="the new text")
        await read(b)
        await until(lambda: b.stands(ControlState.CHECKED), what="checked again")


async def test_a_gateway_that_is_restarted_goes_on_from_the_record(tmp_path: Path) -> None:
    async with rig(tmp_path) as shift, AsyncExitStack() as stack:
        a = await stack.enter_async_context(at_desk(shift, "pilot-a", "desk-1"))
        b = await stack.enter_async_context(at_desk(shift, "pilot-b", "desk-2"))
        await shift.ready(DRONE)
        await opened(a, b)
        await read(b)
        ticked, old = b.handover.ticked, set(b.sheets)
        port = shift.gateway.address[1]
        await shift.die("gateway")
        await shift.gateway_bus.close()
        site = heard_at(shift.site, ("127.0.0.1", port))
        second = make_gateway(await shift.server.bus("gateway"), site)
        shift.start("gateway", second.run)
        await until(lambda: bool(b.sheets.keys() - old), 15.0, "a sheet of the new one")
        await until(lambda: b.failing() == {"video"}, 20.0, "what the desk has is told anew")
        assert b.handover.ticked == ticked, "nothing that was read has to be read again"
        good(await b.acts.waive(DRONE, "video"))
        good(await a.acts.waive(DRONE, "video"))
        await until(lambda: b.stands(ControlState.CHECKED), 20.0, "checked")


async def test_missions_and_open_alerts_are_read_from_the_keepers_record(tmp_path: Path) -> None:
    site = small_site()
    bucket = Subjects(site.id).record_bucket
    call = Incident(
        *(INCIDENT, 1042, Grade.IMMEDIATE, "Burglary", "12 Upper Street"),
        *(near(site, DRONE, 100.0), "Two people.", 0),
    )
    async with nats_server(tmp_path) as server:
        keeper, gateway = await server.bus("keeper"), await server.bus("gateway")
        missions = keeper.bucket(bucket, MissionRecord)
        alerts = keeper.bucket(bucket, AlertRecord)
        mission = MissionRecord(call, MissionState.TAKEN)
        revision = await missions.put(f"mission.{INCIDENT}", mission, None)
        alert = AlertRecord(replace(GOOD, feed=DRONE), AlertState.OPEN, 1, 0, 0)
        first = await alerts.put("alert.A1", alert, None)
        kept = KeptForBriefs(
            gateway.bucket(bucket, MissionRecord), gateway.bucket(bucket, AlertRecord)
        )
        await kept.watch()
        assert kept.mission(INCIDENT) == mission and kept.mission(None) is None
        (known,) = kept.alerts(DRONE)
        assert (known.id, known.version) == ("A1", 1) and kept.alerts("CAM-1") == ()

        closed = replace(mission, state=MissionState.CLOSED)
        await missions.put(f"mission.{INCIDENT}", closed, revision)
        judged = replace(alert, state=AlertState.JUDGED, version=2)
        second = await alerts.put("alert.A1", judged, first)
        await until(lambda: kept.mission(INCIDENT) == closed, what="closed")
        await until(lambda: [k.version for k in kept.alerts(DRONE)] == [2], what="judged")
        decided = replace(judged, state=AlertState.DECIDED, version=3)
        third = await alerts.put("alert.A1", decided, second)
        await until(lambda: not kept.alerts(DRONE), what="decided")
        await alerts.put("alert.A1", alert, third)
        await until(lambda: bool(kept.alerts(DRONE)), what="open")
        await alerts.erase("alert.A1", third + 1)
        await until(lambda: not kept.alerts(DRONE), what="erased")


@pytest.mark.slow
async def test_on_scene_nothing_but_the_battery_opens_a_line_and_a_return_ends_it(
    tmp_path: Path,
) -> None:
    site = small_site()
    windy = replace(site, training=replace(site.training, wind_speed_mps=6.0))
    async with rig(tmp_path, site=windy) as shift, AsyncExitStack() as stack:
        names = Subjects(shift.site.id)
        missions = shift.keeper_bus.bucket(names.record_bucket, MissionRecord)
        call = Incident(
            *(INCIDENT, 1042, Grade.IMMEDIATE, "Burglary", "12 Upper Street"),
            *(near(site, DRONE, 40.0), "Two people.", 0),
        )
        await missions.put(f"mission.{INCIDENT}", MissionRecord(call, MissionState.TAKEN), None)
        pilot = await shift.desk("pilot-a", "desk-1")
        await shift.launch(pilot, DRONE)
        await shift.die("desk-1")
        a = await stack.enter_async_context(at_desk(shift, "pilot-a", "desk-1"))
        b = await stack.enter_async_context(at_desk(shift, "pilot-b", "desk-2"))
        await opened(a, b)
        incident = b.item("incident")
        assert incident is not None and "Burglary at 12 Upper Street" in incident.text
        await read(b)
        begun = {n.key: n.digest for n in b.sheet.lines}
        await until(lambda: len(b.sheets) >= 25, 40.0, "25 s on scene")
        changed = {n.key for n in b.sheet.lines if begun[n.key] != n.digest}
        assert changed <= {"battery"}, changed
        good(await a.acts.return_home(DRONE))
        await until(lambda: a.stands(ControlState.OWNED), what="a return ends the hand-over")
        record = a.state.control(DRONE)
        assert record is not None and record.holder == a.state.me
