"""What every button, key and the scripted operator calls. Starts an act, shows how it goes.

The target is bound at the call. Decides nothing: whether an act is allowed is for the gateway
and the keeper. No act ends in silence: each tells its outcome, and a refusal is a notice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from gcs.model.alert import AlertImage, ImageReply, Judgement, Response
from gcs.model.brief import Line
from gcs.model.command import Waiver
from gcs.model.event import Severity
from gcs.model.fence import FencePlan
from gcs.model.function import Function
from gcs.model.place import Position
from gcs.model.plan import FlightPlan
from gcs.station.actions import DeskActions, Outcome
from gcs.station.state import DeskState
from ui.selection import Selection

log = logging.getLogger(__name__)

Run = Callable[[Coroutine[Any, Any, Outcome]], "asyncio.Task[Outcome]"]
Act = Callable[[str], Awaitable[Outcome]]
FLIGHT = Function.FLIGHT
OPEN_BRIEF = "open brief"
SET_FENCE = "set geofence"
JUDGE, DECIDE = "judgement", "decision"
CALM = frozenset({JUDGE, DECIDE})  # a possible match is no flight warning, nor is its refusal
NO_DRONE = "No drone is selected: select one on the map, in the fleet list or by its number."


class OperatorCommands(QObject):
    """The one door to DeskActions. A drone left out means the selected one, now."""

    done = Signal(str, object)  # the act's name, its Outcome
    progress_changed = Signal(str)  # the drone id or incident key

    def __init__(
        self,
        actions: DeskActions,
        state: DeskState,
        selection: Selection,
        run: Run,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._state = state
        self._selection = selection
        self._run = run
        self._progress: dict[str, str] = {}
        self._outcomes: dict[str, tuple[str, Outcome]] = {}

    # -- how it goes -----------------------------------------------------------------------
    def progress(self, target: str) -> str:
        """What is under way for a drone or an incident: `Hold: sending …`, or empty."""
        return self._progress.get(target, "")

    def outcome(self, target: str) -> tuple[str, Outcome] | None:
        """The newest act's name and outcome for a drone or an incident."""
        return self._outcomes.get(target)

    # -- incidents -------------------------------------------------------------------------
    def take_incident(self, key: str) -> asyncio.Task[Outcome]:
        act = self._then(
            self._actions.take_incident(key), lambda: self._selection.select_incident(key)
        )
        return self._start("take incident", (key,), act)

    def release_incident(self, key: str) -> asyncio.Task[Outcome]:
        return self._start("give back incident", (key,), self._actions.release_incident(key))

    def close_incident(self, key: str, text: str) -> asyncio.Task[Outcome]:
        return self._start("close incident", (key,), self._actions.close_incident(key, text))

    def launch(self, key: str, drone: str, height_m: float) -> asyncio.Task[Outcome]:
        act = self._then(
            self._actions.launch(key, drone, height_m), lambda: self._selection.select_drone(drone)
        )
        return self._start("launch", (key, drone), act)

    # -- flying ----------------------------------------------------------------------------
    def hold(self, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("hold", drone, self._actions.hold)

    def return_home(self, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("return", drone, self._actions.return_home)

    def land(self, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("land", drone, self._actions.land)

    def go_to(
        self, position: Position, height_m: float, drone: str | None = None
    ) -> asyncio.Task[Outcome]:
        return self._for_drone("go to", drone, lambda d: self._actions.go_to(d, position, height_m))

    def orbit(
        self, centre: Position, height_m: float, radius_m: float, drone: str | None = None
    ) -> asyncio.Task[Outcome]:
        return self._for_drone(
            "orbit", drone, lambda d: self._actions.orbit(d, centre, height_m, radius_m)
        )

    def height(self, height_m: float, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("height", drone, lambda d: self._actions.height(d, height_m))

    def speed(self, mps: float, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("speed", drone, lambda d: self._actions.speed(d, mps))

    def allow(self, waiver: Waiver, reason: str, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("allow", drone, lambda d: self._actions.allow(d, waiver, reason))

    # -- plans and the geofence --------------------------------------------------------------
    def fly_plan(self, plan: FlightPlan, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("fly plan", drone, lambda d: self._actions.fly_plan(d, plan))

    def pause_plan(self, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("pause plan", drone, self._actions.pause_plan)

    def resume_plan(self, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("resume plan", drone, self._actions.resume_plan)

    def plan_item(self, item: int, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("plan item", drone, lambda d: self._actions.plan_item(d, item))

    def set_fence(self, plan: FencePlan, reason: str) -> asyncio.Task[Outcome]:
        return self._start(SET_FENCE, (SET_FENCE,), self._actions.set_fence(plan, reason))

    # -- the camera --------------------------------------------------------------------------
    def look_at(self, position: Position, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("look at", drone, lambda d: self._actions.look_at(d, position))

    def gimbal(
        self, pitch_deg: float, yaw_deg: float, drone: str | None = None
    ) -> asyncio.Task[Outcome]:
        return self._for_drone(
            "gimbal", drone, lambda d: self._actions.gimbal(d, pitch_deg, yaw_deg)
        )

    def turn_camera(
        self, pitch_dps: float, yaw_dps: float, drone: str | None = None
    ) -> asyncio.Task[Outcome]:
        """At a rate, 0 and 0: no more."""
        return self._for_drone(
            "turn camera", drone, lambda d: self._actions.gimbal_rate(d, pitch_dps, yaw_dps)
        )

    def zoom(self, zoom: float, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("zoom", drone, lambda d: self._actions.zoom(d, zoom))

    # -- possible matches --------------------------------------------------------------------
    def judge_alert(
        self, alert: str, judgement: Judgement, seen_utc_ms: int
    ) -> asyncio.Task[Outcome]:
        return self._start(
            JUDGE, (alert,), self._actions.judge_alert(alert, judgement, seen_utc_ms)
        )

    def decide_alert(
        self, alert: str, response: Response, reason: str, seen_utc_ms: int
    ) -> asyncio.Task[Outcome]:
        act = self._actions.decide_alert(alert, response, reason, seen_utc_ms)
        return self._start(DECIDE, (alert,), act)

    def alert_image(
        self, alert: str, image: AlertImage, then: Callable[[ImageReply], Awaitable[None]]
    ) -> asyncio.Task[Outcome]:
        """Fetch an image; `then` gets the reply, a refusal too: that is told in its place."""
        return self._run(self._fetch(alert, image, then))

    async def _fetch(
        self, alert: str, image: AlertImage, then: Callable[[ImageReply], Awaitable[None]]
    ) -> Outcome:
        try:
            reply = await self._actions.alert_image(alert, image)
        except Exception as error:  # the last boundary, as below
            log.exception("%s image of alert %s failed", image, alert)
            reply = ImageReply(False, f"The image failed inside this program ({error}).")
        await then(reply)
        return Outcome(reply.ok, reply.text or "The image is here.")

    # -- control ---------------------------------------------------------------------------
    def take(self, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("take", drone, self._actions.take)

    def offer(
        self,
        person: str,
        reason: str,
        drone: str | None = None,
        promised: str = "",
        payload: bool = True,
        function: Function = FLIGHT,
    ) -> asyncio.Task[Outcome]:
        """`payload`: the camera goes with the flight, where it is controlled apart."""
        return self._for_drone(
            "offer",
            drone,
            lambda d: self._actions.offer(d, person, reason, promised, payload, function),
        )

    def cancel_offer(
        self, drone: str | None = None, function: Function = FLIGHT
    ) -> asyncio.Task[Outcome]:
        """Also a hand-over under way, until it is transferred."""
        return self._for_drone("cancel", drone, lambda d: self._actions.cancel_offer(d, function))

    def open_brief(self, drone: str, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        def opened(target: str) -> Awaitable[Outcome]:
            act = self._actions.open_brief(target, function)
            return self._then(act, lambda: self._selection.select_drone(target))

        return self._for_drone(OPEN_BRIEF, drone, opened)

    def tick(self, drone: str, line: Line, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        """A target of its own: the drone's other buttons do not wait for a tick."""
        act = self._actions.tick(drone, line, function)
        return self._start("tick", (tick_target(drone, line.key),), act)

    def waive(
        self, drone: str, pre_check: str, function: Function = FLIGHT
    ) -> asyncio.Task[Outcome]:
        act = self._actions.waive(drone, pre_check, function)
        return self._start("waive", (tick_target(drone, pre_check),), act)

    def arm(self, drone: str, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        return self._for_drone("you have control?", drone, lambda d: self._actions.arm(d, function))

    def assume(self, drone: str, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        return self._for_drone("I have control", drone, lambda d: self._actions.assume(d, function))

    def confirm(self, drone: str, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        return self._for_drone("confirm", drone, lambda d: self._actions.confirm(d, function))

    def decline(self, drone: str, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        return self._for_drone("decline", drone, lambda d: self._actions.decline(d, function))

    def request(self, drone: str, reason: str) -> asyncio.Task[Outcome]:
        return self._for_drone("ask", drone, lambda d: self._actions.request(d, reason))

    def grant(self, drone: str, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        return self._for_drone("give control", drone, lambda d: self._actions.grant(d, function))

    def refuse_request(self, drone: str, function: Function = FLIGHT) -> asyncio.Task[Outcome]:
        return self._for_drone("refuse", drone, lambda d: self._actions.refuse(d, function))

    def force(self, drone: str, reason: str) -> asyncio.Task[Outcome]:
        return self._for_drone("take over", drone, lambda d: self._actions.force(d, reason))

    def object(self, drone: str) -> asyncio.Task[Outcome]:
        return self._for_drone("object", drone, self._actions.object)

    def withdraw(self, drone: str) -> asyncio.Task[Outcome]:
        return self._for_drone("withdraw", drone, self._actions.cancel_offer)

    def release(self, drone: str | None = None) -> asyncio.Task[Outcome]:
        return self._for_drone("release", drone, self._actions.release)

    async def _then(self, act: Awaitable[Outcome], follow: Callable[[], None]) -> Outcome:
        """What was just taken, launched or accepted is what the operator looks at next."""
        outcome = await act
        if outcome.ok:
            follow()
        return outcome

    # -- the one way -----------------------------------------------------------------------
    def refuse(self, text: str) -> None:
        """A key or button that cannot act now says why."""
        self._state.notice(Severity.INFO, text)

    def _for_drone(self, name: str, drone: str | None, act: Act) -> asyncio.Task[Outcome]:
        target = self._selection.drone if drone is None else drone
        if not target:
            return self._start(name, (), _answer(Outcome(False, NO_DRONE)))
        return self._start(name, (target,), act(target))

    def _start(
        self, name: str, targets: tuple[str, ...], act: Awaitable[Outcome]
    ) -> asyncio.Task[Outcome]:
        self._set_progress(targets, f"{name.capitalize()}: sending …")
        return self._run(self._perform(name, targets, act))

    async def _perform(
        self, name: str, targets: tuple[str, ...], act: Awaitable[Outcome]
    ) -> Outcome:
        try:
            outcome = await act
        except asyncio.CancelledError:
            self._set_progress(targets, "")
            raise
        except Exception as error:  # the last boundary: a fault must reach the operator in words
            log.exception("%s failed", name)
            what = f"{name.capitalize()} {' '.join(targets)}".strip()
            outcome = Outcome(False, f"{what} failed inside this program ({error}); see its log.")
        self._outcomes.update(dict.fromkeys(targets, (name, outcome)))
        self._set_progress(targets, "")
        if not outcome.ok:
            severity = Severity.INFO if name in CALM else Severity.CAUTION
            self._state.notice(severity, _in_words(outcome))
        self.done.emit(name, outcome)
        return outcome

    def _set_progress(self, targets: tuple[str, ...], text: str) -> None:
        for target in targets:
            if text:
                self._progress[target] = text
            else:
                self._progress.pop(target, None)
            self.progress_changed.emit(target)


def tick_target(drone: str, key: str) -> str:
    """What a tick or a waiver is under way for: a line or a pre-check of a drone's brief."""
    return f"{drone}/{key}"


async def _answer(outcome: Outcome) -> Outcome:
    return outcome


def _in_words(outcome: Outcome) -> str:
    missing = [reason for reason in outcome.reasons if reason not in outcome.text]
    return outcome.text if not missing else f"{outcome.text} ({'; '.join(missing)})"
