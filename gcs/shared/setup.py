"""Makes a site's streams and buckets, as the admin user; harmless to repeat."""

import json
from typing import Any

from gcs.shared.access import BusAccess
from gcs.shared.connection import Connection
from gcs.shared.faults import NoAnswer
from gcs.shared.roles import bucket_stream
from gcs.shared.subjects import Subjects

SET_UP_S = 10.0
# nats-server's code for "insufficient storage resources available".
_NO_ROOM = 10047
_DAY_S = 24 * 3600
_MIB = 1 << 20


def stream_settings(names: Subjects) -> list[dict[str, Any]]:
    """Every stream. A bucket is a stream that keeps one value for each key.

    EVENTS is what desks look back on: its oldest make room. INCIDENTS and AUDIT refuse what
    they cannot hold (discard new), so that the sender keeps it: nothing is lost unseen. ALERTS
    holds each for a day, the shortest time of retention: the record keeps what is kept. The
    server sets all these bytes aside at the start: together under 2 GiB, so that a small disk
    will do. A shift writes some megabytes.
    """
    return [
        _stream(names.events_stream, names.event(), "old", days=7, most_bytes=256 * _MIB),
        _stream(names.incidents_stream, names.incident, "new", days=0, most_bytes=128 * _MIB),
        _stream(names.alerts_stream, names.alert, "new", days=1, most_bytes=64 * _MIB),
        _stream(names.audit_stream, names.audit(), "new", days=0, most_bytes=1024 * _MIB),
        _bucket(names.control_bucket),
        _bucket(names.record_bucket),
    ]


async def set_up(access: BusAccess, site: str) -> None:
    """Make what is not there, adjust what is. Raises NoAnswer with the reason."""
    connection = Connection(access, "set-up")
    await connection.open()
    try:
        for settings in stream_settings(Subjects(site)):
            await _make(connection, settings)
    finally:
        await connection.close()


async def _make(connection: Connection, settings: dict[str, Any]) -> None:
    name = settings["name"]
    exists = "error" not in await _call(connection, f"STREAM.INFO.{name}", {})
    reply = await _call(connection, f"STREAM.{'UPDATE' if exists else 'CREATE'}.{name}", settings)
    if "error" not in reply:
        return
    if reply["error"].get("err_code") == _NO_ROOM:
        room = settings["max_bytes"] // _MIB
        raise NoAnswer(
            f"Stream {name} cannot be made: too little room on the disk where the bus keeps its "
            f"data; {room} MiB are set aside for it. Make room, or choose another folder (--data)."
        )
    raise NoAnswer(f"Stream {name} cannot be made: {reply['error'].get('description')}.")


async def _call(connection: Connection, call: str, body: dict[str, Any]) -> dict[str, Any]:
    message = await connection.request(f"$JS.API.{call}", json.dumps(body).encode(), SET_UP_S)
    reply: dict[str, Any] = json.loads(message.data)
    return reply


def _stream(
    name: str, subjects: str, discard: str, *, days: int, most_bytes: int
) -> dict[str, Any]:
    return {
        "name": name,
        "subjects": [subjects],
        "storage": "file",
        "retention": "limits",
        "discard": discard,
        "max_age": days * _DAY_S * 1_000_000_000,
        "max_bytes": most_bytes,
        "max_msgs": -1,
        "max_consumers": -1,
        "num_replicas": 1,
        # A sender that got no answer repeats: known by its id for this long.
        "duplicate_window": 600 * 1_000_000_000,
        "allow_direct": True,
        "deny_delete": True,
        "deny_purge": True,
    }


def _bucket(name: str) -> dict[str, Any]:
    return {
        **_stream(bucket_stream(name), f"$KV.{name}.>", "new", days=0, most_bytes=64 * _MIB),
        "duplicate_window": 120 * 1_000_000_000,
        "max_msgs_per_subject": 1,
        "allow_rollup_hdrs": False,
    }
