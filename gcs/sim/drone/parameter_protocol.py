"""The parameter protocol: read by name or place, list, set. Unknown names as ArduPilot."""

import math
from collections.abc import Callable
from typing import Any

from gcs.link.mavlink import dialect
from gcs.sim.drone.autopilot import Autopilot
from gcs.sim.drone.links import Link
from gcs.sim.drone.parameters import Parameter

_BY_NAME = 65535  # the place of a parameter that was asked for by name
_LIST_PER_STEP = 8


class ParameterProtocol:
    """Answers PARAM_*. `tell_all` sends a message on every link."""

    def __init__(self, pilot: Autopilot, tell_all: Callable[[Any], None]) -> None:
        self._pilot = pilot
        self._tell_all = tell_all

    def read(self, link: Link, message: Any) -> None:
        """PARAM_REQUEST_READ: an unknown name is met with silence."""
        params = self._pilot.params
        if message.param_index >= 0:
            parameter, index = params.at(message.param_index), message.param_index
        else:
            parameter, index = params.find(message.param_id), _BY_NAME
        if parameter is not None:
            self._tell_all(self._value(parameter, index))

    def list_all(self, link: Link, message: Any) -> None:
        """PARAM_REQUEST_LIST: queued, and sent a few at each step."""
        link.parameters_to_send.clear()
        link.parameters_to_send.extend(p.index for p in self._pilot.params)

    def send_listed(self, link: Link) -> None:
        """Send the next few of a list that was asked for."""
        for _ in range(min(_LIST_PER_STEP, len(link.parameters_to_send))):
            parameter = self._pilot.params.at(link.parameters_to_send.popleft())
            if parameter is not None:
                link.send(self._value(parameter, parameter.index))

    def set(self, link: Link, message: Any) -> None:
        """PARAM_SET: the new value goes to all, an error to the asker."""
        params = self._pilot.params
        parameter = params.find(message.param_id)
        if parameter is None:
            self._refuse(link, message, dialect.MAV_PARAM_ERROR_DOES_NOT_EXIST)
        elif params.read_only(parameter.name):
            self._refuse(link, message, dialect.MAV_PARAM_ERROR_READ_ONLY)
        elif not math.isfinite(message.param_value):
            self._refuse(link, message, dialect.MAV_PARAM_ERROR_VALUE_OUT_OF_RANGE)
        else:
            params.set(parameter.name, message.param_value)
            if parameter.name == "FENCE_ENABLE":
                self._pilot.fence.enabled = parameter.value != 0.0
            self._tell_all(self._value(parameter, _BY_NAME))

    def _refuse(self, link: Link, message: Any, error: int) -> None:
        link.send(
            dialect.MAVLink_param_error_message(
                message.get_srcSystem(),
                message.get_srcComponent(),
                message.param_id.encode(),
                -1,
                error,
            )
        )

    def _value(self, parameter: Parameter, index: int) -> Any:
        return dialect.MAVLink_param_value_message(
            parameter.name.encode(),
            parameter.value,
            parameter.type,
            len(self._pilot.params),
            index,
        )
