"""MAVLink message -> report: the mission protocol's messages."""

from gcs.link.fields import Decoder

DECODERS: dict[str, Decoder] = {}
