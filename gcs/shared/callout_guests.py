"""Who is connected from the desks, and how a connection is ended: the warden's two rights."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gcs.shared.access import BusAccess
from gcs.shared.connection import Connection
from gcs.shared.faults import NoAnswer
from gcs.shared.roles import desks_account

ANSWER_S = 2.0
PAGE = 512


@dataclass(frozen=True, slots=True)
class Guest:
    """A desk's connection as the server lists it. `label` is its Admission's."""

    label: str
    age_s: float
    server: str
    number: int

    @property
    def desk(self) -> str:
        """Where it comes from: the label begins `person@desk`."""
        return self.label.partition(" ")[0].rpartition("@")[2]


class Guests:
    """The desks' connections of one site."""

    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    @classmethod
    async def open(cls, access: BusAccess, site: str) -> "Guests":
        """Connect as the warden. Raises NoAnswer."""
        connection = Connection(access, "warden")
        await connection.open()
        return cls(connection, site)

    async def close(self) -> None:
        """End the warden's own connection."""
        await self._connection.close()

    async def present(self) -> tuple[Guest, ...]:
        """All of them. Raises NoAnswer."""
        found: dict[int, Guest] = {}
        offset, total = 0, 1
        while offset < total:
            guests, total = await self._page(offset)
            found |= {guest.number: guest for guest in guests}
            offset += PAGE
        return tuple(found.values())

    async def _page(self, offset: int) -> tuple[list[Guest], int]:
        """A page in the order of their coming, and how many there are in all."""
        subject = f"$SYS.REQ.ACCOUNT.{desks_account(self._site)}.CONNZ"
        body = json.dumps({"auth": True, "offset": offset, "limit": PAGE}).encode()
        message = await self._connection.request(subject, body, ANSWER_S)
        try:
            told = json.loads(message.data)["data"]
            now = _time(told["now"])
            server, listed = told["server_id"], told["connections"] or []
            return [_guest(one, server, now) for one in listed], int(told["total"])
        except (ValueError, KeyError, TypeError):
            raise NoAnswer("The server's list of connections is not understood.") from None

    async def show_out(self, guest: Guest) -> None:
        """End its connection; it may come again and is asked again. Raises NoAnswer."""
        body = json.dumps({"cid": guest.number}).encode()
        await self._connection.request(f"$SYS.REQ.SERVER.{guest.server}.KICK", body, ANSWER_S)


def _guest(one: dict[str, Any], server: str, now: datetime) -> Guest:
    age_s = (now - _time(one["start"])).total_seconds()
    return Guest(one.get("authorized_user", ""), age_s, server, one["cid"])


def _time(text: str) -> datetime:
    """The server writes nanoseconds, of which six digits are read."""
    head, _, rest = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{head}.{rest[:6]:0<6}+00:00")
