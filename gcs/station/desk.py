"""A desk on the bus: brings in what it knows, sends what its operator asks for.

It asks; the gateway and the keeper decide. Nothing here raises at the operator: every act
ends in an Outcome with one sentence.
"""

import hashlib
import secrets
from typing import Any

from gcs.model.alert import (
    AlertAct,
    AlertImage,
    AlertReply,
    AlertRequest,
    ImageReply,
    ImageRequest,
    Judgement,
    Response,
)
from gcs.model.brief import Line
from gcs.model.control import ANSWERS, ControlAct, ControlReply, ControlRequest
from gcs.model.fence import FencePlan
from gcs.model.function import Function
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.shared.bus import NoAnswer
from gcs.shared.codec import BadMessage
from gcs.station.actions import Outcome
from gcs.station.flight_acts import ANSWER_S, FlightActs, word
from gcs.station.mission_drones import still_held, taken_along

PING_S = 0.9
# Asked also by who observes, on a subject that carries the desk.
_OF_EVERY_DESK = frozenset({KeeperAct.SIGN_ON, KeeperAct.SIGN_OFF, KeeperAct.PING})
LEAVE_S = 0.5  # a desk that ends does not wait for a keeper that ends too


class Desk(FlightActs):
    """The acts of one desk (`gcs.station.actions.DeskActions`).

    `leaving`: who sits here signs off, or has; nobody is to be signed on again by the program.
    """

    leaving = False

    # -- incidents: asked of the keeper ------------------------------------------------------
    async def sign_on(self) -> Outcome:
        """Tell the keeper who sits here; the role it gives is the role this desk has."""
        self.leaving = False
        reply = await self._keeper(KeeperAct.SIGN_ON, None, "")
        if isinstance(reply, Outcome):
            return reply
        if reply.ok:
            self._state.role = reply.role
        return Outcome(reply.ok, reply.text)

    async def sign_off(self) -> Outcome:
        """Leave. The keeper refuses it while this desk holds a drone."""
        self.leaving = True  # the record tells of it before the answer does
        outcome = self._outcome(await self._keeper(KeeperAct.SIGN_OFF, None, "", LEAVE_S))
        self.leaving = outcome.ok
        return outcome

    async def ping_keeper(self) -> float | None:
        """Milliseconds until the keeper answered; None when it did not."""
        begun_s = self._clock.monotonic()
        reply = await self._keeper(KeeperAct.PING, None, "", PING_S)
        answered = not isinstance(reply, Outcome)
        return (self._clock.monotonic() - begun_s) * 1000 if answered else None

    async def take_incident(self, key: str) -> Outcome:
        """Take it; while its drones are away and nobody's, by taking them: it goes with them."""
        drones = taken_along(self._state, key)
        if not drones:
            return self._outcome(await self._keeper(KeeperAct.TAKE_INCIDENT, key, ""))
        return _one_of([await self.take(drone) for drone in drones])

    async def release_incident(self, key: str) -> Outcome:
        return self._outcome(await self._keeper(KeeperAct.RELEASE_INCIDENT, key, ""))

    async def close_incident(self, key: str, text: str) -> Outcome:
        """Close it, and release what this desk still holds for it in its dock."""
        closed = self._outcome(await self._keeper(KeeperAct.CLOSE_INCIDENT, key, text))
        if not closed.ok:
            return closed
        released = [await self.release(drone) for drone in still_held(self._state, key)]
        kept = " ".join(outcome.text for outcome in released if not outcome.ok)
        return Outcome(True, f"{closed.text} {kept}".rstrip())

    async def set_fence(self, plan: FencePlan, reason: str) -> Outcome:
        """Ask for `plan` as the site's geofence; its version is the one that was edited."""
        return self._outcome(await self._keeper(KeeperAct.SET_FENCE, None, reason, fence=plan))

    # -- control: asked of the gateway -------------------------------------------------------
    async def take(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        return await self._control(drone, ControlAct.TAKE, function)

    async def offer(
        self,
        drone: str,
        person: str,
        reason: str,
        promised: str = "",
        payload: bool = True,
        function: Function = Function.FLIGHT,
    ) -> Outcome:
        """To a person at another desk. `promised`: what others were promised, for the brief;
        `payload`: whether the camera goes with the flight, where it is controlled apart."""
        names = {d.holder.person: d.holder.name for d in self._state.others}
        if person not in names:
            return Outcome(False, f"{person} is not signed on at another desk.")
        about = {"to_person": person, "to_name": names[person], "reason": reason}
        return await self._control(
            drone, ControlAct.OFFER, function, promised=promised, payload=payload, **about
        )

    async def cancel_offer(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        """Take back what this desk offers, asks for or hands over, until it is transferred."""
        return await self._control(drone, ControlAct.CANCEL, function)

    async def decline(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        return await self._control(drone, ControlAct.DECLINE, function)

    async def open_brief(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        """The receiver of an offer opens its brief."""
        return await self._control(drone, ControlAct.OPEN, function)

    async def tick(self, drone: str, line: Line, function: Function = Function.FLIGHT) -> Outcome:
        """This line of the brief is read, as it stands on this screen."""
        return await self._control(drone, ControlAct.TICK, function, line=line)

    async def waive(
        self, drone: str, pre_check: str, function: Function = Function.FLIGHT
    ) -> Outcome:
        """Waive a pre-check by its key; it counts once giver and receiver both have."""
        return await self._control(drone, ControlAct.WAIVE, function, waive=pre_check)

    async def arm(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        """The holder: "you have control?"; from here on only Hold and Return."""
        return await self._control(drone, ControlAct.ARM, function)

    async def assume(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        """The receiver: "I have control"."""
        return await self._control(drone, ControlAct.ASSUME, function)

    async def confirm(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        """Who held it has seen the change."""
        return await self._control(drone, ControlAct.CONFIRM, function)

    async def request(
        self, drone: str, reason: str, function: Function = Function.FLIGHT
    ) -> Outcome:
        """Ask its holder for control; at 30 s without an answer it comes to nothing."""
        return await self._control(drone, ControlAct.REQUEST, function, reason=reason)

    async def grant(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        """Grant what is asked for: the brief opens."""
        return await self._control(drone, ControlAct.GRANT, function)

    async def refuse(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        return await self._control(drone, ControlAct.REFUSE, function)

    async def force(self, drone: str, reason: str) -> Outcome:
        """A supervisor's order; the holder has 5 s to object, a second order overrides that."""
        return await self._control(drone, ControlAct.FORCE, reason=reason)

    async def object(self, drone: str) -> Outcome:
        return await self._control(drone, ControlAct.OBJECT)

    async def release(self, drone: str, function: Function = Function.FLIGHT) -> Outcome:
        return await self._control(drone, ControlAct.RELEASE, function)

    # -- alerts: asked of the keeper ---------------------------------------------------------
    async def judge_alert(self, alert: str, judgement: Judgement, seen_utc_ms: int) -> Outcome:
        """The first judgement, on the version this desk shows."""
        return await self._alert(AlertAct.JUDGE, alert, seen_utc_ms, judgement=judgement)

    async def decide_alert(
        self, alert: str, response: Response, reason: str, seen_utc_ms: int
    ) -> Outcome:
        """What is done about a match that was judged viable."""
        return await self._alert(
            AlertAct.DECIDE, alert, seen_utc_ms, response=response, reason=reason
        )

    async def alert_image(self, alert: str, image: AlertImage) -> ImageReply:
        """An image of an alert; believed only if it is the one the alert names."""
        record = self._state.alert(alert)
        if record is None:
            return ImageReply(False, f"Alert {alert} is not known at this desk.")
        request = ImageRequest(alert, image, by=self.me)
        subject = self._subjects.alert_image(self.me.person, self.me.desk)
        try:
            reply = await self._bus.request(subject, request, ImageReply, ANSWER_S)
        except (NoAnswer, BadMessage) as error:
            return ImageReply(False, f"Alert {alert}: its {image.value} image: {error}")
        if reply.ok and hashlib.sha256(reply.data).hexdigest() != record.alert.image(image).sha256:
            return ImageReply(False, f"Alert {alert}: its {image.value} image is another one.")
        return reply

    # -- how -----------------------------------------------------------------------------------
    async def _control(
        self,
        drone: str,
        act: ControlAct,
        function: Function = Function.FLIGHT,
        **about: Any,
    ) -> Outcome:
        record = self._state.control(drone, function)
        request = ControlRequest(
            id=secrets.token_hex(8),
            act=act,
            drone=drone,
            by=self.me,
            epoch=record.epoch if record else 0,
            function=function,
            about=record.answered_by(act) if record and act in ANSWERS else "",
            **about,
        )
        me = self.me
        subject = self._subjects.control(self._site.gateway, me.person, me.desk, drone)
        try:
            reply = await self._bus.request(subject, request, ControlReply, ANSWER_S)
        except (NoAnswer, BadMessage) as error:
            return Outcome(
                False, f"{word(act)} of {drone}: {error} The record on the screen is what holds."
            )
        known = self._state.control(drone, function)
        # The watch may have told of a newer record before this answer came.
        if reply.record is not None and (known is None or reply.record.epoch >= known.epoch):
            self._state.apply_control(reply.record)
        return Outcome(reply.ok, reply.text)

    async def _alert(
        self,
        act: AlertAct,
        alert: str,
        seen_utc_ms: int,
        judgement: Judgement | None = None,
        response: Response | None = None,
        reason: str = "",
    ) -> Outcome:
        record = self._state.alert(alert)
        if record is None:
            return Outcome(False, f"Alert {alert} is not known at this desk.")
        subject = self._subjects.alert_decision(self.me.person, self.me.desk)
        try:
            request = AlertRequest(
                id=secrets.token_hex(8),
                act=act,
                alert=alert,
                version=record.version,
                by=self.me,
                seen_utc_ms=seen_utc_ms,
                judgement=judgement,
                response=response,
                reason=reason,
            )
            reply = await self._bus.request(subject, request, AlertReply, ANSWER_S)
        except (NoAnswer, BadMessage, ValueError) as error:
            return Outcome(
                False, f"Alert {alert}: {error} Nothing is shown as done until the keeper answers."
            )
        if reply.record is not None:
            self._state.apply_alert(reply.record)
        return Outcome(reply.ok, reply.text)

    async def _keeper(
        self,
        act: KeeperAct,
        key: str | None,
        text: str,
        within_s: float = ANSWER_S,
        fence: FencePlan | None = None,
    ) -> KeeperReply | Outcome:
        subject = self._subjects.keeper(self.me.person, self.me.desk)
        if act in _OF_EVERY_DESK:
            subject = self._subjects.sign_on(self.me.person, self.me.desk)
        try:
            request = KeeperRequest(secrets.token_hex(8), act, self.me, key, text, fence)
            return await self._bus.request(subject, request, KeeperReply, within_s)
        except (NoAnswer, BadMessage, ValueError) as error:
            return Outcome(
                False, f"{word(act)}: {error} Nothing is shown as done until the keeper answers."
            )

    def _outcome(self, reply: KeeperReply | Outcome) -> Outcome:
        if isinstance(reply, Outcome):
            return reply
        if reply.mission is not None:
            self._state.apply_mission(reply.mission)
        if reply.fence is not None:
            self._state.apply_fence(reply.fence)
        return Outcome(reply.ok, reply.text)


def _one_of(outcomes: list[Outcome]) -> Outcome:
    """Of several acts: done when all are, in the words of each."""
    return Outcome(all(o.ok for o in outcomes), " ".join(o.text for o in outcomes))
