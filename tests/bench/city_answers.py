"""What a synthetic vehicle answers: orders, the time, its settings, plans up and back down.

Each answer is right as far as the gateway looks; nothing of it moves the vehicle.
"""

import time
from collections.abc import Callable
from typing import Any

from gcs.link.mavlink import dialect

Message = Any
_COMMANDS = frozenset({"COMMAND_INT", "COMMAND_LONG"})
SET_INTERVAL = int(dialect.MAV_CMD_SET_MESSAGE_INTERVAL)
# An ArduCopter whose settings are as the gateway wants them.
_PARAMETERS = {
    "FS_GCS_ENABLE": 1.0,
    "FS_GCS_TIMEOUT": 5.0,
    "FS_OPTIONS": 0.0,
    "RTL_ALT": 12_000.0,
    "MAV_GCS_SYSID": 255.0,
    "MAV_GCS_SYSID_HI": 0.0,
    "MAV_OPTIONS": 1.0,
    "BATT_FS_LOW_ACT": 2.0,
    "BATT_FS_CRT_ACT": 1.0,
    "FENCE_ACTION": 1.0,
    "FENCE_TYPE": 7.0,
    "FENCE_ALT_MAX": 100.0,
}
_GCS = (255, int(dialect.MAV_COMP_ID_MISSIONPLANNER))


class Answers:
    """One vehicle's answers. `ordered` is told of each order that is no wish for a message."""

    def __init__(self, ordered: Callable[[int], None]) -> None:
        self._ordered = ordered
        self._held: dict[int, list[Message]] = {}
        self._new: list[Message] = []
        self._expected = 0
        self._decoder = dialect.MAVLink(None)

    def to(self, data: bytes) -> Message:
        """The answer to a packet, None where there is none."""
        message = self._decoder.decode(bytearray(data))
        name = message.get_type()
        if name in _COMMANDS:
            return self._command(message)
        answer = _ANSWERS.get(name)
        return None if answer is None else answer(self, message)

    def _command(self, message: Message) -> Message:
        if message.command != SET_INTERVAL:
            self._ordered(int(message.command))
        return dialect.MAVLink_command_ack_message(message.command, 0)

    def time(self, message: Message) -> Message:
        """The time it is asked for."""
        if message.tc1 != 0:
            return None
        return dialect.MAVLink_timesync_message(time.monotonic_ns(), message.ts1)

    def parameter(self, message: Message) -> Message:
        """A setting by its name."""
        value = _PARAMETERS.get(message.param_id)
        if value is None:
            return None
        return dialect.MAVLink_param_value_message(message.param_id.encode(), value, 9, 900, 1)

    def count(self, message: Message) -> Message:
        """An upload begins."""
        self._new, self._expected = [], message.count
        return self._ask(message.mission_type)

    def item(self, message: Message) -> Message:
        """One item of an upload."""
        if message.seq == len(self._new):
            self._new.append(message)
        return self._ask(message.mission_type)

    def _ask(self, kind: int) -> Message:
        if len(self._new) < self._expected:
            return dialect.MAVLink_mission_request_int_message(*_GCS, len(self._new), kind)
        self._held[kind] = self._new
        return dialect.MAVLink_mission_ack_message(*_GCS, 0, kind)

    def clear(self, message: Message) -> Message:
        """All items of a kind are thrown away."""
        self._held.pop(message.mission_type, None)
        return dialect.MAVLink_mission_ack_message(*_GCS, 0, message.mission_type)

    def how_many(self, message: Message) -> Message:
        """A read-back begins."""
        kind = message.mission_type
        return dialect.MAVLink_mission_count_message(*_GCS, len(self._held.get(kind, [])), kind)

    def give(self, message: Message) -> Message:
        """One item of a read-back."""
        held = self._held.get(message.mission_type, [])
        if message.seq >= len(held):
            return dialect.MAVLink_mission_ack_message(*_GCS, 13, message.mission_type)
        item = held[message.seq]
        return dialect.MAVLink_mission_item_int_message(
            *_GCS,
            item.seq,
            {6: 3, 5: 0}.get(item.frame, item.frame),
            item.command,
            0,
            1,
            item.param1,
            item.param2,
            item.param3,
            0.0,
            item.x,
            item.y,
            item.z,
            item.mission_type,
        )


_ANSWERS: dict[str, Callable[[Answers, Message], Message]] = {
    "TIMESYNC": Answers.time,
    "PARAM_REQUEST_READ": Answers.parameter,
    "MISSION_COUNT": Answers.count,
    "MISSION_ITEM_INT": Answers.item,
    "MISSION_CLEAR_ALL": Answers.clear,
    "MISSION_REQUEST_LIST": Answers.how_many,
    "MISSION_REQUEST_INT": Answers.give,
}
