"""MAVLink message -> report: what the vehicle says of its own make, clock and settings."""

from gcs.link.fields import Decoder

DECODERS: dict[str, Decoder] = {}
