"""Where a drone's stream is listened for, and what is refused in words."""

import pytest

from gcs.relay.stream_address import EVERYWHERE, LOOPBACK, Listening, listening_at


@pytest.mark.parametrize(
    ("uri", "training", "service"),
    [
        ("udp://127.0.0.1:5600", Listening(LOOPBACK, 5600), Listening(LOOPBACK, 5600)),
        ("udp://0.0.0.0:5600", Listening(LOOPBACK, 5600), Listening(EVERYWHERE, 5600)),
        ("udp://@:5600/", Listening(LOOPBACK, 5600), Listening(EVERYWHERE, 5600)),
        ("udp://10.20.30.40:5600", "outside this machine", Listening(EVERYWHERE, 5600)),
        ("udp://239.1.2.3:5600", "multicast", "multicast"),
        ("udp://@224.0.0.1:5600", "multicast", "multicast"),
        ("udp://gateway.example:5600", "no IP address", "no IP address"),
        ("udp://127.0.0.1:80", "port 80", "port 80"),
        ("udp://127.0.0.1:70000", "port 70000", "port 70000"),
        ("rtsp://user:secret@10.0.0.1/main", "rtsp://, which", "rtsp://, which"),
        ("rtp://0.0.0.0:5600", "rtp://, which", "rtp://, which"),
        ("udp://127.0.0.1:5600/../x", "udp://, which", "udp://, which"),
        ("nonsense", "without a kind", "without a kind"),
        ("", "has not told", "has not told"),
    ],
)
def test_addresses(uri: str, training: Listening | str, service: Listening | str) -> None:
    for wanted, mode in ((training, True), (service, False)):
        found = listening_at("ISL-01", uri, mode)
        if isinstance(wanted, Listening):
            assert found == wanted
        else:
            assert isinstance(found, str) and wanted in found
            assert found.startswith("Feed ISL-01: ") and found.endswith(".")


def test_a_password_in_an_address_is_not_repeated() -> None:
    assert "secret" not in str(listening_at("F", "rtsp://user:secret@10.0.0.1/main", True))
