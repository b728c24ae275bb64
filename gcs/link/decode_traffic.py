"""MAVLink message -> report: other aircraft, as the vehicle's receiver hears them."""

from gcs.link.fields import Decoder

FROM_ANY_COMPONENT: frozenset[str] = frozenset()

DECODERS: dict[str, Decoder] = {}
