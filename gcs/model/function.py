"""What of a drone is controlled apart."""

from enum import StrEnum


class Function(StrEnum):
    """The flight and, where the vehicle can separate it, its payload (the camera)."""

    FLIGHT = "flight"
    PAYLOAD = "payload"
