"""A desk on the bus: brings in what it knows, sends what its operator asks for.

It asks; the gateway and the keeper decide. Nothing here raises at the operator: every act
ends in an Outcome with one sentence.
"""

import hashlib
import logging
import secrets

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
from gcs.model.command import Command, CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlAct, ControlReply, ControlRequest
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects
from gcs.station.actions import Outcome
from gcs.station.state import DeskState

log = logging.getLogger(__name__)

COMMAND_VALID_MS = 3000
LAUNCH_VALID_MS = 10_000
ANSWER_S = 3.0
PING_S = 0.9
LAUNCH_ANSWER_S = 10.0
LEAVE_S = 0.5  # a desk that ends does not wait for a keeper that ends too


class Desk:
    """The acts of one desk (`gcs.station.actions.DeskActions`)."""

    def __init__(self, site: Site, state: DeskState, clock: Clock) -> None:
        self._attached: Bus | None = None
        self._site = site
        self._state = state
        self._clock = clock
        self._subjects = Subjects(site.id)
        self._epochs: dict[str, int] = {}

    def attach(self, bus: Bus) -> None:
        """From here on acts are sent; before, each is answered with what is missing."""
        self._attached = bus

    @property
    def _bus(self) -> Bus:
        if self._attached is None:
            raise NoAnswer("The bus is not reached yet.")
        return self._attached

    @property
    def me(self) -> Holder:
        """Who sits here."""
        return self._state.me

    # -- incidents: asked of the keeper ------------------------------------------------------
    async def sign_on(self) -> Outcome:
        """Tell the keeper who sits here; the role it gives is the role this desk has."""
        reply = await self._keeper(KeeperAct.SIGN_ON, None, "")
        if isinstance(reply, Outcome):
            return reply
        if reply.ok:
            self._state.role = reply.role
        return Outcome(reply.ok, reply.text)

    async def sign_off(self) -> Outcome:
        """Leave. The keeper refuses nothing here; drones held are the gateway's to keep safe."""
        return self._outcome(await self._keeper(KeeperAct.SIGN_OFF, None, "", LEAVE_S))

    async def ping_keeper(self) -> float | None:
        """Milliseconds until the keeper answered; None when it did not."""
        begun_s = self._clock.monotonic()
        reply = await self._keeper(KeeperAct.PING, None, "", PING_S)
        answered = not isinstance(reply, Outcome)
        return (self._clock.monotonic() - begun_s) * 1000 if answered else None

    async def take_incident(self, key: str) -> Outcome:
        return self._outcome(await self._keeper(KeeperAct.TAKE_INCIDENT, key, ""))

    async def release_incident(self, key: str) -> Outcome:
        return self._outcome(await self._keeper(KeeperAct.RELEASE_INCIDENT, key, ""))

    async def close_incident(self, key: str, text: str) -> Outcome:
        return self._outcome(await self._keeper(KeeperAct.CLOSE_INCIDENT, key, text))

    # -- commands: asked of the gateway ------------------------------------------------------
    async def launch(self, key: str, drone: str, height_m: float) -> Outcome:
        mission = self._state.mission(key)
        if mission is None:
            return Outcome(False, f"Incident {key} is not known at this desk.")
        return await self._command(
            drone, CommandKind.LAUNCH, mission.incident.position, height_m, key
        )

    async def hold(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.HOLD)

    async def go_to(self, drone: str, target: Position, height_m: float) -> Outcome:
        return await self._command(drone, CommandKind.GO_TO, target, height_m)

    async def return_home(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.RETURN)

    async def land(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.LAND)

    async def look_at(self, drone: str, target: Position) -> Outcome:
        """Keep a place on the ground in view."""
        return await self._command(drone, CommandKind.LOOK_AT, target)

    async def gimbal(self, drone: str, pitch_deg: float, yaw_deg: float) -> Outcome:
        """Turn the camera: pitch from the horizon, up positive; yaw from the nose, clockwise."""
        return await self._command(drone, CommandKind.GIMBAL, pitch_deg=pitch_deg, yaw_deg=yaw_deg)

    async def zoom(self, drone: str, zoom: float) -> Outcome:
        """Magnify so many times, 1 = wide."""
        return await self._command(drone, CommandKind.ZOOM, zoom=zoom)

    # -- control: asked of the gateway -------------------------------------------------------
    async def take(self, drone: str) -> Outcome:
        return await self._control(drone, ControlAct.TAKE)

    async def offer(self, drone: str, person: str, reason: str) -> Outcome:
        names = {d.holder.person: d.holder.name for d in self._state.others}
        if person not in names:
            return Outcome(False, f"{person} is not signed on at another desk.")
        return await self._control(drone, ControlAct.OFFER, person, names[person], reason)

    async def cancel_offer(self, drone: str) -> Outcome:
        return await self._control(drone, ControlAct.CANCEL)

    async def accept(self, drone: str) -> Outcome:
        return await self._control(drone, ControlAct.ACCEPT)

    async def decline(self, drone: str) -> Outcome:
        return await self._control(drone, ControlAct.DECLINE)

    async def release(self, drone: str) -> Outcome:
        return await self._control(drone, ControlAct.RELEASE)

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
        subject = self._subjects.alert_image(self.me.person)
        try:
            reply = await self._bus.request(subject, request, ImageReply, ANSWER_S)
        except (NoAnswer, BadMessage) as error:
            return ImageReply(False, f"Alert {alert}: its {image.value} image: {error}")
        if reply.ok and hashlib.sha256(reply.data).hexdigest() != record.alert.image(image).sha256:
            return ImageReply(False, f"Alert {alert}: its {image.value} image is another one.")
        return reply

    # -- how -----------------------------------------------------------------------------------
    def _epoch(self, drone: str) -> int:
        """The epoch this desk acts under: the last one it held, else the one on record.

        A desk that lost a drone keeps its old epoch, so that what it still sends is refused.
        """
        record = self._state.control(drone)
        if record is None:
            return self._epochs.get(drone, 0)
        if record.holder == self.me:
            self._epochs[drone] = record.epoch
        return self._epochs.get(drone, record.epoch)

    def note_control(self, drone: str) -> None:
        """A control record came in: remember the epoch if it is ours, forget it when free."""
        record = self._state.control(drone)
        if record is not None and record.holder is None:
            self._epochs.pop(drone, None)
        self._epoch(drone)

    async def _command(
        self,
        drone: str,
        kind: CommandKind,
        target: Position | None = None,
        height_m: float | None = None,
        incident: str | None = None,
        pitch_deg: float | None = None,
        yaw_deg: float | None = None,
        zoom: float | None = None,
    ) -> Outcome:
        launch = kind is CommandKind.LAUNCH
        now = self._clock.utc_ms()
        try:
            command = Command(
                id=secrets.token_hex(8),
                kind=kind,
                drone=drone,
                person=self.me.person,
                desk=self.me.desk,
                epoch=self._epoch(drone),
                issued_utc_ms=now,
                deadline_utc_ms=now + (LAUNCH_VALID_MS if launch else COMMAND_VALID_MS),
                incident=incident,
                target=target,
                height_m=height_m,
                pitch_deg=pitch_deg,
                yaw_deg=yaw_deg,
                zoom=zoom,
            )
            receipt = await self._bus.request(
                self._subjects.command(self._site.gateway, self.me.person, drone),
                command,
                Receipt,
                LAUNCH_ANSWER_S if launch else ANSWER_S,
            )
        except (NoAnswer, BadMessage, ValueError) as error:
            return Outcome(
                False,
                f"{_word(kind)} for {drone}: {error} Watch the drone: it may have been taken.",
            )
        self._state.apply_receipt(receipt)
        ok = receipt.state not in (ReceiptState.REFUSED, ReceiptState.FAILED)
        return Outcome(ok, receipt.text, receipt.reasons, receipt)

    async def _control(
        self,
        drone: str,
        act: ControlAct,
        to_person: str | None = None,
        to_name: str | None = None,
        reason: str = "",
    ) -> Outcome:
        record = self._state.control(drone)
        request = ControlRequest(
            id=secrets.token_hex(8),
            act=act,
            drone=drone,
            by=self.me,
            epoch=record.epoch if record else 0,
            to_person=to_person,
            to_name=to_name,
            reason=reason,
        )
        subject = self._subjects.control(self._site.gateway, self.me.person, drone)
        try:
            reply = await self._bus.request(subject, request, ControlReply, ANSWER_S)
        except (NoAnswer, BadMessage) as error:
            return Outcome(
                False, f"{_word(act)} of {drone}: {error} The record on the screen is what holds."
            )
        known = self._state.control(drone)
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
        subject = self._subjects.alert_decision(self.me.person)
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
        self, act: KeeperAct, key: str | None, text: str, within_s: float = ANSWER_S
    ) -> KeeperReply | Outcome:
        request = KeeperRequest(secrets.token_hex(8), act, self.me, key, text)
        subject = self._subjects.keeper(self.me.person)
        try:
            return await self._bus.request(subject, request, KeeperReply, within_s)
        except (NoAnswer, BadMessage) as error:
            return Outcome(
                False, f"{_word(act)}: {error} Nothing is shown as done until the keeper answers."
            )

    def _outcome(self, reply: KeeperReply | Outcome) -> Outcome:
        if isinstance(reply, Outcome):
            return reply
        if reply.mission is not None:
            self._state.apply_mission(reply.mission)
        return Outcome(reply.ok, reply.text)


def _word(act: CommandKind | ControlAct | KeeperAct) -> str:
    return act.value.replace("_", " ").capitalize()
