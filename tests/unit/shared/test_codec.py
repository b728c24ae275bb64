"""What is said of a message that cannot be taken stays one sentence, whatever came."""

import msgspec
import pytest

from gcs.model.alert import AlertAct, AlertRequest, Judgement
from gcs.model.people import Holder
from gcs.shared.codec import VERSION, BadMessage, decode, encode
from gcs.shared.ports import free_ports

BY = Holder("pilot-a", "Pilot A", "desk-1")
GOOD = AlertRequest("r1", AlertAct.JUDGE, "A1", 1, BY, 1_790_000_000_000, Judgement.VIABLE)


def refused(**changes: object) -> str:
    fields = msgspec.to_builtins(GOOD) | changes
    data = msgspec.msgpack.encode((VERSION, "AlertRequest", fields))
    with pytest.raises(BadMessage) as refusal:
        decode(data, AlertRequest, "site.adj.pilot-a")
    return str(refusal.value)


def test_a_request_goes_there_and_back() -> None:
    assert decode(encode(GOOD), AlertRequest, "s") == GOOD


@pytest.mark.parametrize("field", ["alert", "act", "judgement"])
def test_a_long_wrong_value_does_not_make_a_long_sentence(field: str) -> None:
    said = refused(**{field: "a.b " * 10_000})
    assert field in said
    assert len(said) < 500


def test_a_long_type_does_not_make_a_long_sentence() -> None:
    data = msgspec.msgpack.encode((VERSION, "T" * 10_000, {}))
    with pytest.raises(BadMessage) as refusal:
        decode(data, AlertRequest, "s")
    assert len(str(refusal.value)) < 500


@pytest.mark.parametrize("seen", [-1, 2**62])
def test_a_time_that_is_none_is_refused(seen: int) -> None:
    assert "alert_request.seen_utc_ms" in refused(seen_utc_ms=seen)


def test_ports_are_different_ones() -> None:
    for udp in (False, True):
        assert len(set(free_ports(40, udp=udp))) == 40
