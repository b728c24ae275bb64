"""The embedded server: found, configured for its owner alone, and in words when it is not."""

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from gcs.shared import server
from gcs.shared.roles import NatsUser
from gcs.shared.server import Listen, ServerProblem, free_port, server_command, write_server_config
from gcs.shared.setup import set_up
from tests.support.nats import SITE, NatsServer, nats_server


def _write(path: Path, listen: Listen, users: Sequence[NatsUser] = ()) -> None:
    write_server_config(path, listen, path.parent, SITE, users, "A")


def test_it_is_found_in_this_environment() -> None:
    command = server_command(Path("x.conf"))
    assert Path(command[0]).is_file()
    assert command[1:] == ["-c", "x.conf"]


def test_without_it_the_operator_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "candidates", lambda: iter([Path("/nowhere/nats-server")]))
    with pytest.raises(ServerProblem, match=r"not installed: run \./dev setup"):
        server_command(Path("x.conf"))


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ServerProblem, match=f"Port {port} .* in use"):
            _write(tmp_path / "c", Listen(port))


def test_a_user_named_twice_is_named(tmp_path: Path) -> None:
    users = list(NatsServer(tmp_path).users.values())
    with pytest.raises(ServerProblem, match="'gateway'"):
        _write(tmp_path / "c", Listen(free_port()), [*users, users[1]])


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServerProblem, match="cannot be written"):
        _write(tmp_path / "no" / "c", Listen(free_port()))


async def test_setting_up_again_changes_nothing(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as running:
        await set_up(running.access("admin"), SITE)
