"""MAVLink message -> report: what cameras and gimbals say."""

from gcs.link.fields import Decoder

FROM_ANY_COMPONENT: frozenset[str] = frozenset()

DECODERS: dict[str, Decoder] = {}
