"""A vehicle's end of the mission protocol, by hand: as ArduPilot or as PX4 behaves.

Written from their own sources, apart from the simulator: the one does not prove the other.
"""

import asyncio
import random
from typing import Any

from gcs.link.mavlink import dialect
from gcs.link.mission_protocol import MissionProtocol
from gcs.link.transfer import Pace
from tests.unit.link.peer import Peer, text

QUICK = Pace(0.02, 0.004, 0.05, idle_s=0.5, verdict_s=0.05, busy_s=0.01, late_s=0.01)
GCS = (255, int(dialect.MAV_COMP_ID_MISSIONPLANNER))
HOME_ALTITUDE_M = 37.5


class PlanPeer:
    """Answers on a peer's wire. `again_s`: how soon it asks again; `loss` of both ways."""

    def __init__(self, peer: Peer, *, px4: bool = False, loss: float = 0.0, seed: int = 1) -> None:
        self.peer = peer
        self.px4 = px4
        self.loss = loss
        self.held: dict[int, list[Any]] = {0: [], 1: [], 2: []}
        self.room = 1000
        self.no_room_for = -1  # mission type
        self.again_s = 0.01
        self.busy_with: tuple[int, int] | None = None  # another station's upload
        self.fence_is_bad = False
        self.mute = False
        self.deaf_after = 10_000  # questions
        self.lost_question = -1  # once
        self.asked = asyncio.Event()
        self.twice = False  # every answer comes twice
        self.swallow: set[str] = set()  # the next of this type is lost
        self.requests: list[int] = []
        self.counts = 0
        self._random = random.Random(seed)
        self._kind = 0
        self._new: list[Any] | None = None
        self._expected = 0
        self._told = -1  # PX4: the item last asked for in a read-back
        self._reading = False
        self._timer: asyncio.TimerHandle | None = None
        peer.wire.answer = self._hear

    # -- in ------------------------------------------------------------------------------------
    def _hear(self, message: Any) -> None:
        if self.mute or len(self.requests) > self.deaf_after or self._lost():
            return
        answer = getattr(self, "_" + message.get_type().lower(), None)
        if answer is not None:
            answer(message)

    def _lost(self) -> bool:
        return self._random.random() < self.loss

    def _say(self, message: Any) -> None:
        if message.get_type() in self.swallow:
            self.swallow.discard(message.get_type())
            return
        if not self._lost():
            self.peer.says(message)
            if self.twice:
                self.peer.says(message)

    def _ack(self, kind: int, result: int) -> None:
        self._say(dialect.MAVLink_mission_ack_message(*GCS, result, kind))

    # -- uploads -------------------------------------------------------------------------------
    def _mission_count(self, m: Any) -> None:
        self.counts += 1
        if self.busy_with is not None:
            busy = dialect.MAV_MISSION_ERROR if self.px4 else dialect.MAV_MISSION_DENIED
            self._ack(m.mission_type, busy)
            return
        if m.count > self.room or m.mission_type == self.no_room_for:
            self._ack(m.mission_type, dialect.MAV_MISSION_NO_SPACE)
            return
        if self.px4 and self._new is not None and self._new:
            self._ack(m.mission_type, dialect.MAV_MISSION_ERROR)
            return
        self._kind, self._new, self._expected, self._reading = m.mission_type, [], m.count, False
        if m.count == 0:
            self._finish()
        else:
            self._ask()

    def _ask(self) -> None:
        if self._new is None:
            return
        seq = len(self._new)
        self.requests.append(seq)
        self.asked.set()
        kind = dialect.MAVLink_mission_request_message
        if self.px4:
            kind = dialect.MAVLink_mission_request_int_message
        self._later()
        if seq == self.lost_question:
            self.lost_question = -1
            return
        self._say(kind(*GCS, seq, self._kind))

    def _later(self) -> None:
        self._quiet()
        self._timer = asyncio.get_running_loop().call_later(self.again_s, self._ask)

    def _quiet(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _mission_item_int(self, m: Any) -> None:
        if self._new is None:
            repeated = self.px4 and m.seq == self._expected - 1
            result = dialect.MAV_MISSION_ACCEPTED if repeated else dialect.MAV_MISSION_ERROR
            self._ack(m.mission_type, result)
        elif m.seq != len(self._new):
            if not self.px4:  # PX4 passes it over
                self._ack(m.mission_type, dialect.MAV_MISSION_INVALID_SEQUENCE)
        else:
            self._new.append(m)
            if len(self._new) == self._expected:
                self._finish()
            else:
                self._ask()

    def _finish(self) -> None:
        self._quiet()
        items, self._new = self._new or [], None
        if self.fence_is_bad and self._kind == 1:
            self.peer.says(text("Fence validation failed"))
            self._ack(self._kind, dialect.MAV_MISSION_ERROR)
            return
        self.held[self._kind] = items
        self._ack(self._kind, dialect.MAV_MISSION_ACCEPTED)

    def cancel(self) -> None:
        """As after 8 s without an item."""
        self._quiet()
        self._new = None
        self.peer.says(text("Fence upload timeout"))
        self._ack(self._kind, dialect.MAV_MISSION_OPERATION_CANCELLED)

    def _mission_clear_all(self, m: Any) -> None:
        self.held[m.mission_type] = []
        self._ack(m.mission_type, dialect.MAV_MISSION_ACCEPTED)

    def _mission_ack(self, m: Any) -> None:
        self._reading = False
        if m.type == dialect.MAV_MISSION_OPERATION_CANCELLED and self.px4:
            self._quiet()
            self._new = None

    # -- read-backs ----------------------------------------------------------------------------
    def _mission_request_list(self, m: Any) -> None:
        if self.busy_with is not None and not self.px4:
            self._ack(m.mission_type, dialect.MAV_MISSION_DENIED)
            return
        self._told, self._reading = -1, True
        count = len(self.held[m.mission_type])
        self._say(dialect.MAVLink_mission_count_message(*GCS, count, m.mission_type))

    def _mission_request_int(self, m: Any) -> None:
        if self.px4 and (not self._reading or m.seq not in (self._told, self._told + 1)):
            self._reading = False
            self._ack(m.mission_type, dialect.MAV_MISSION_ERROR)
            return
        self._told = m.seq
        held = self.held[m.mission_type]
        if m.seq >= len(held):
            self._ack(m.mission_type, dialect.MAV_MISSION_INVALID_SEQUENCE)
            return
        self._say(self._as_told(held[m.seq]))

    def _as_told(self, item: Any) -> Any:
        """Each autopilot's own reading of what it was given."""
        frame, p4, x, y, z = item.frame, item.param4, item.x, item.y, item.z
        if not self.px4:
            p4 = 0.0
            frame = {6: 3, 5: 0}.get(frame, frame)
            if item.mission_type == 0 and item.seq == 0:
                x, y, z = 515_262_000, -1_068_000, HOME_ALTITUDE_M
        return dialect.MAVLink_mission_item_int_message(
            *GCS,
            item.seq,
            frame,
            item.command,
            0,
            1,
            item.param1,
            item.param2,
            item.param3,
            p4,
            x + 1,
            y - 1,
            z,
            item.mission_type,
        )


def protocol(pace: Pace = QUICK) -> MissionProtocol:
    """One that does not wait long."""
    return MissionProtocol(pace=pace)
