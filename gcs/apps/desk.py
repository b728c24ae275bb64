"""A desk without Qt, for second desks, exercises and fault runs.

Reads one JSON object a line on standard input, such as {"do": "hold", "drone": "ISL-02"},
and writes one line for each answer. Without input it only stays signed on. A line about a drone
may name the `epoch` it is meant for: under another one this desk does nothing.
"""

import asyncio
import contextlib
import json
import logging
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from gcs.apps import files, process
from gcs.model.alert import Judgement, Response
from gcs.model.brief import Line
from gcs.model.command import Waiver
from gcs.model.event import Severity
from gcs.model.fence import FencePlan
from gcs.model.function import Function
from gcs.model.place import Position
from gcs.model.plan import FlightPlan
from gcs.model.report import FINAL, ReportRequest, StationReport
from gcs.model.site import Site
from gcs.runtime.clock import SystemClock
from gcs.runtime.log import ErrorKeeper
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects
from gcs.station.actions import Outcome
from gcs.station.desk import Desk
from gcs.station.network import DeskNetwork
from gcs.station.readiness import ReadinessReports
from gcs.station.relief import ReliefDuty
from gcs.station.sign_on import SignOn
from gcs.station.state import DeskState

logger = logging.getLogger(__name__)

Words = dict[str, Any]

SIGN_ON_AGAIN_S = 2.0


def main(join: Path, relief: bool) -> int:
    """Run until a signal; returns the exit code."""

    async def body(config: files.JoinFile, errors: ErrorKeeper) -> None:
        del errors
        await _run(config, relief)

    return process.run(f"desk-{join.stem}", join, body)


class DeskSession:
    """A desk's core, with or without windows: state, acts, sign-on and the bus that feeds them."""

    def __init__(self, config: files.JoinFile) -> None:
        self.clock = SystemClock()
        self.site = config.site
        self.state = DeskState(config.site, config.holder, self.clock)
        self.desk = Desk(config.site, self.state, self.clock)
        self.readiness = ReadinessReports(self.state)
        self.sign_on = SignOn(config.bus, config.site.id, self.state, self.desk)
        self._config = config

    async def run(self, connected: Callable[[Bus], Awaitable[None]] | None = None) -> None:
        """Listen until cancelled, whoever signs on: the file's person at once, else who asks."""
        by_file = bool(self._config.person)
        while True:
            if by_file:
                await self._sign_on_by_file()
            bus = await self.sign_on.arrived()
            try:
                if connected is not None:
                    await connected(bus)
                turned_away = await self._attend(bus)
            finally:
                await bus.close()
            # Who signed off by hand is not signed on again by the file.
            by_file = turned_away and bool(self._config.person)

    async def _attend(self, bus: Bus) -> bool:
        """Until the person leaves (False), or is let in no more (True)."""
        network = DeskNetwork(bus, self.site, self.state, self.desk, self.clock, self.readiness)
        listening = asyncio.ensure_future(network.run())
        leaving = asyncio.ensure_future(self.sign_on.left())
        refused = asyncio.ensure_future(bus.turned_away())
        every = {listening, leaving, refused}
        try:
            await asyncio.wait(every, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in every - {listening}:
                task.cancel()
            if not listening.done():
                listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
        turned_away = refused.done() and not refused.cancelled()
        if turned_away:
            self.state.notice(Severity.WARNING, await self.sign_on.turned_away())
        return turned_away

    async def _sign_on_by_file(self) -> None:
        told = ""
        while not self.sign_on.person:
            outcome = await self.sign_on.on(self._config.person, self._config.password)
            if outcome.ok:
                self.state.notice(Severity.INFO, outcome.text)
                return
            if outcome.text != told:
                told = outcome.text
                self.state.notice(Severity.WARNING, f"{told} Trying again until it answers.")
                logger.warning("%s", told)
            await asyncio.sleep(SIGN_ON_AGAIN_S)


async def serve_station_report(
    bus: Bus, site: Site, answer: Callable[[bool], Awaitable[StationReport]]
) -> None:
    """Answer the shift's questions; `answer(final)` gives the figures."""

    async def handle(_: str, request: ReportRequest) -> StationReport:
        return await answer(request.id == FINAL)

    await bus.serve(
        Subjects(site.id).report("station"),
        ReportRequest,
        handle,
        lambda sentence: StationReport(None, False, None, 0.0, (sentence,)),
    )


async def _run(config: files.JoinFile, relief: bool) -> None:
    session = DeskSession(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(session.run())
        tasks.create_task(LineConsole(session.desk, session.state, session.sign_on).run())
        if relief:
            tasks.create_task(ReliefDuty(session.state, session.desk).run())


def _function(words: Words) -> Function:
    return Function(words.get("function", Function.FLIGHT.value))


class LineConsole:
    """Acts by lines of JSON; a line that cannot be read gets one sentence back."""

    def __init__(self, desk: Desk, state: DeskState, door: SignOn) -> None:
        self._desk = desk
        self._state = state
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._acts: dict[str, Callable[[Words], Awaitable[Outcome]]] = {
            "sign_on": lambda w: door.on(w["person"], w["password"]),
            "sign_off": lambda _: door.off(),
            "take_incident": lambda w: desk.take_incident(w["incident"]),
            "release_incident": lambda w: desk.release_incident(w["incident"]),
            "close_incident": lambda w: desk.close_incident(w["incident"], w.get("text", "")),
            "launch": lambda w: desk.launch(w["incident"], w["drone"], float(w["height_m"])),
            "hold": lambda w: desk.hold(w["drone"]),
            "go_to": lambda w: desk.go_to(w["drone"], _place(w), float(w["height_m"])),
            "return": lambda w: desk.return_home(w["drone"]),
            "land": lambda w: desk.land(w["drone"]),
            "take": lambda w: desk.take(w["drone"]),
            "offer": lambda w: desk.offer(w["drone"], w["person"], w.get("reason", "")),
            "cancel_offer": lambda w: desk.cancel_offer(w["drone"]),
            "open_brief": lambda w: desk.open_brief(w["drone"], _function(w)),
            "tick": lambda w: desk.tick(w["drone"], Line(w["key"], w["digest"]), _function(w)),
            "waive": lambda w: desk.waive(w["drone"], w["check"], _function(w)),
            "arm": lambda w: desk.arm(w["drone"], _function(w)),
            "assume": lambda w: desk.assume(w["drone"], _function(w)),
            "confirm": lambda w: desk.confirm(w["drone"], _function(w)),
            "request": lambda w: desk.request(w["drone"], w["reason"], _function(w)),
            "grant": lambda w: desk.grant(w["drone"], _function(w)),
            "refuse": lambda w: desk.refuse(w["drone"], _function(w)),
            "force": lambda w: desk.force(w["drone"], w["reason"]),
            "object": lambda w: desk.object(w["drone"]),
            "decline": lambda w: desk.decline(w["drone"]),
            "release": lambda w: desk.release(w["drone"]),
            "look_at": lambda w: desk.look_at(w["drone"], _place(w)),
            "gimbal": lambda w: desk.gimbal(
                w["drone"], float(w["pitch_deg"]), float(w.get("yaw_deg", 0.0))
            ),
            "zoom": lambda w: desk.zoom(w["drone"], float(w["zoom"])),
            "gimbal_rate": lambda w: desk.gimbal_rate(
                w["drone"], float(w["pitch_dps"]), float(w.get("yaw_dps", 0.0))
            ),
            "orbit": lambda w: desk.orbit(
                w["drone"], _place(w), float(w["height_m"]), float(w["radius_m"])
            ),
            "speed": lambda w: desk.speed(w["drone"], float(w["mps"])),
            "height": lambda w: desk.height(w["drone"], float(w["height_m"])),
            "fly_plan": lambda w: desk.fly_plan(w["drone"], _plan(w)),
            "pause_plan": lambda w: desk.pause_plan(w["drone"]),
            "resume_plan": lambda w: desk.resume_plan(w["drone"]),
            "plan_item": lambda w: desk.plan_item(w["drone"], int(w["item"])),
            "allow": lambda w: desk.allow(w["drone"], Waiver(w["waiver"]), w["reason"]),
            "set_fence": lambda w: desk.set_fence(_fence(w), w.get("reason", "")),
            "judge_alert": lambda w: desk.judge_alert(
                w["alert"], Judgement(w["judgement"]), self._seen(w)
            ),
            "decide_alert": lambda w: desk.decide_alert(
                w["alert"], Response(w["response"]), w.get("reason", ""), self._seen(w)
            ),
        }

    async def run(self) -> None:
        """Answer line by line; a thread reads, so that a silent terminal blocks nothing."""
        loop = asyncio.get_running_loop()

        def read() -> None:
            for line in sys.stdin:
                if loop.is_closed():
                    return
                loop.call_soon_threadsafe(self._lines.put_nowait, line)

        threading.Thread(target=read, name="standard input", daemon=True).start()
        while True:
            line = (await self._lines.get()).strip()
            if line:
                print(json.dumps(await self._answer(line)), flush=True)

    async def _answer(self, line: str) -> Words:
        try:
            words = json.loads(line)
            if words["do"] == "show":
                return self._show()
            epoch = self._desk.epoch(words["drone"]) if "epoch" in words else None
            if epoch != words.get("epoch"):
                text = f"This desk acts under epoch {epoch} for {words['drone']}."
                return {"do": words["do"], "ok": False, "text": text}
            outcome = await self._acts[words["do"]](words)
        except (ValueError, KeyError, TypeError) as error:
            shown = "it has a password" if "password" in line else line
            return {"ok": False, "text": f"This line cannot be acted on ({error!r}): {shown}"}
        return {"do": words["do"], "ok": outcome.ok, "text": outcome.text}

    def _show(self) -> Words:
        state = self._state
        return {
            "person": state.me.person,
            "role": state.role,
            "missions": [
                {
                    "incident": m.incident.key,
                    "state": m.state,
                    "drone": m.drone,
                    "drones": [part.drone for part in m.drones],
                    "owner": m.owner.desk if m.owner else None,
                    "split": m.split,
                }
                for m in state.missions
            ],
            "drones": [
                {
                    "drone": v.telemetry.drone,
                    "phase": v.telemetry.phase,
                    "mode": v.telemetry.mode,
                    **self._control(v.telemetry.drone),
                }
                for v in state.fleet.drones
            ],
            "alerts": [
                {"alert": r.alert.id, "feed": r.alert.feed, "state": r.state}
                for r in state.open_alerts
            ],
            "others": [d.holder.person for d in state.others],
        }

    def _seen(self, words: Words) -> int:
        """When the person had the images before them; a line that does not tell: just now."""
        return int(words.get("seen_utc_ms", self._state.clock.utc_ms()))

    def _control(self, drone: str) -> Words:
        """Who holds it and who is to; `unread`: lines of its brief that are not ticked."""
        record, sheet = self._state.control(drone), self._state.brief(drone)
        if record is None:
            return {"holder": None, "in_control": False}
        handover, wants = record.handover, record.claim.by if record.claim else None
        ticked, waived = (handover.ticked, handover.waived) if handover else ((), ())
        return {
            "holder": record.holder.person if record.holder else None,
            "desk": record.holder.desk if record.holder else None,
            "state": record.state,
            "epoch": self._desk.epoch(drone),
            "in_control": self._state.in_control(drone),
            "offered_to": record.offer.to_person if record.offer else None,
            "wanted_by": wants.desk if wants else None,
            "giver": handover.giver.desk if handover and handover.giver else None,
            "receiver": handover.receiver.desk if handover else None,
            "unread": [[n.key, n.digest] for n in sheet.lines if n not in ticked] if sheet else [],
            "failed": [c.key for c in sheet.checks if not c.ok] if sheet else [],
            "waived": [key for key, who in waived if who == self._state.me.person],
        }


def _place(words: Words) -> Position:
    return Position(words["lat_deg"], words["lon_deg"])


def _plan(words: Words) -> FlightPlan:
    return msgspec.convert(words["plan"], FlightPlan)


def _fence(words: Words) -> FencePlan:
    return msgspec.convert(words["fence"], FencePlan)
