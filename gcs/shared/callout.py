"""The server asks who may connect, and one process answers: NATS' auth callout.

Who is not named in the server's configuration sends a name and a password; the server hands both
to the keeper and does what the signed answer says. Nothing here decides: it carries the question
to `Doorkeeper` and the answer back.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from nats.aio.msg import Msg

from gcs.runtime.clock import Clock
from gcs.shared.access import BusAccess
from gcs.shared.connection import Connection
from gcs.shared.nkey import AccountKey, claims_of
from gcs.shared.roles import ANSWER_WITHIN_S, CALLOUT, NatsUser, desks_account

log = logging.getLogger(__name__)

MOST_WAITING = 1024


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody who connects says of himself, in his own words. `repr` hides the password."""

    user: str
    password: str = field(repr=False)
    host: str


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is let in, as what. `label` stands in the server's list of connections."""

    user: NatsUser
    label: str


# The user to let in; None to refuse.
Doorkeeper = Callable[[Attempt], Awaitable[Admission | None]]


class Callout:
    """Answers the server over a connection of its own; each question as a task of its own."""

    def __init__(self, access: BusAccess, key: AccountKey, clock: Clock) -> None:
        self._connection = Connection(access, "callout")
        self._key = key
        self._clock = clock
        self._decide: Doorkeeper

    async def open(self, decide: Doorkeeper) -> None:
        """Connect and answer until `close`. Raises NoAnswer."""
        self._decide = decide
        await self._connection.open()
        await self._connection.subscribe(CALLOUT, self._asked, MOST_WAITING)

    async def close(self) -> None:
        """From here on nobody is let in."""
        await self._connection.close()

    async def _asked(self, message: Msg) -> None:
        self._connection.pool.spawn(self._answer(message), "who may connect")

    async def _answer(self, message: Msg) -> None:
        try:
            asked = claims_of(message.data.decode())["nats"]
            options, server = asked["connect_opts"], asked["server_id"]["id"]
            nkey: str = asked["user_nkey"]
            attempt = Attempt(
                str(options.get("user", "")),
                str(options.get("pass", "")),
                str(asked["client_info"].get("host", "")),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("the server's question who may connect is not understood: %r", error)
            return
        try:
            admission = await self._decide(attempt)
        except Exception:
            log.exception("whether %s may connect could not be decided", attempt)
            admission = None
        said = {"error": "refused"} if admission is None else {"jwt": self._user(nkey, admission)}
        claims = {
            "sub": nkey,
            "aud": server,
            "nats": {"type": "authorization_response", "version": 2, **said},
        }
        await self._connection.publish(message.reply, self._token(claims).encode())

    def _user(self, nkey: str, admission: Admission) -> str:
        user = admission.user
        rights: dict[str, Any] = {
            "pub": {"allow": list(user.publish)},
            "sub": {"allow": list(user.hears)},
        }
        if user.answers:
            rights["resp"] = {"max": 1, "ttl": ANSWER_WITHIN_S * 1_000_000_000}
        no_limit = {"subs": -1, "data": -1, "payload": -1}
        return self._token(
            {
                "sub": nkey,
                "aud": desks_account(user.site),
                "name": admission.label,
                "nats": {"type": "user", "version": 2, **rights, **no_limit},
            }
        )

    def _token(self, claims: dict[str, Any]) -> str:
        return self._key.token(claims, self._clock.utc_ms() // 1000)
