"""The wire's names, written out: a changed one is a changed contract."""

from gcs.shared.roles import streams_of
from gcs.shared.setup import stream_settings
from gcs.shared.subjects import Subjects

N = Subjects("islington")


def test_subjects() -> None:
    assert N.telemetry("gw1") == "gcs.islington.tel.gw1"
    assert N.command("gw1", "a", "d1", "ISL-01") == "gcs.islington.cmd.gw1.a.d1.ISL-01"
    assert N.lease("gw1", "pilot-a", "desk-1") == "gcs.islington.lea.gw1.pilot-a.desk-1"
    assert N.keeper("pilot-a", "desk-1") == "gcs.islington.kep.pilot-a.desk-1"
    assert N.authorise_launch("gw1") == "gcs.islington.aut.gw1"
    assert N.event("gw1", "phase") == "gcs.islington.evt.gw1.phase"
    assert N.desk_hello() == "gcs.islington.hello.desk.*.*"


def test_every_stream_is_made_and_nothing_may_be_deleted() -> None:
    settings = stream_settings(N)
    assert [s["name"] for s in settings] == list(streams_of(N))
    for stream in settings:
        assert stream["deny_delete"]
        assert stream["deny_purge"]
        assert stream["storage"] == "file"
    lossless = {s["name"] for s in settings if s["discard"] == "new"}
    assert {N.audit_stream, N.incidents_stream} <= lossless


def test_what_the_server_sets_aside_fits_a_small_disk() -> None:
    """JetStream refuses to begin when the streams' limits exceed three quarters of what is free."""
    aside = sum(settings["max_bytes"] for settings in stream_settings(Subjects("islington")))
    assert aside < 2 << 30
