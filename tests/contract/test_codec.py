"""The envelope: what goes in comes out, and everything else is one sentence."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcs.model.mission import Grade, Incident
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.shared.codec import VERSION, BadMessage, decode, encode

INCIDENT = Incident(
    "MPS-20261122-7", 7, Grade.IMMEDIATE, "Concern", "High St", Position(51.5, -0.1), "…", 1
)


def altered(**fields: object) -> bytes:
    body = {**msgspec.to_builtins(INCIDENT), **fields}
    return msgspec.msgpack.encode((VERSION, "Incident", body))


def test_there_and_back() -> None:
    assert decode(encode(INCIDENT), Incident, "s") == INCIDENT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ["s", "not a message"]),
        (b"\xc1", ["s", "not a message"]),
        (msgspec.msgpack.encode((VERSION + 1, "Incident", {})), ["s", "version 2"]),
        (encode(Holder("p", "n", "d")), ["s", "Holder", "Incident"]),
        (altered(number=0), ["s", "Incident MPS-20261122-7", "incident.number is 0"]),
        (altered(grade="Z"), ["MPS-20261122-7", "Z", "grade"]),
        (altered(position={"lat_deg": 91.0, "lon_deg": 0.0}), ["MPS-20261122-7", "lat_deg is 91"]),
        (altered(key="no spaces"), ["s", "incident.key"]),
        (altered(received_utc_ms="soon"), ["MPS-20261122-7", "received_utc_ms"]),
    ],
)
def test_a_malformed_message_is_one_sentence(data: bytes, words: list[str]) -> None:
    with pytest.raises(BadMessage) as caught:
        decode(data, Incident, "s")
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_worse(data: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(data, Incident, "s")
