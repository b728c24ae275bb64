"""One connection to the bus: bytes in, bytes out, and back by itself after any loss.

Knows nothing of types, streams or roles. The password goes to the server in the CONNECT
line only: never into a URL, a log or an exception.
"""

import asyncio
import contextlib
import logging
import secrets
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from gcs.shared.access import BusAccess, inbox_of
from gcs.shared.answers import Answers
from gcs.shared.faults import EntryRefused, NoAnswer
from gcs.shared.pool import TaskPool
from gcs.shared.ports import wait_for_port

log = logging.getLogger(__name__)

CONNECT_WITHIN_S = 10.0
PING_S = 1
RECONNECT_WAIT_S = 0.2
END_S = 1.0
WATCH_S = 0.2
FIRST_KNOCK_S = 1.0
LONGEST_KNOCK_S = 2.8  # the server itself gives up at 3 s

_REFUSED = "authorization violation"

MessageHandler = Callable[[Msg], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Ear:
    subject: str
    handler: MessageHandler
    most_pending: int


class Connection:
    """A nats client that is made anew should it ever close, with all its subscriptions.

    nats-py's own reconnecting gives up for good on some errors, knocks five times a second where
    it was refused, and leaves the socket of each try open: it is not used.
    """

    def __init__(self, access: BusAccess, name: str) -> None:
        self._access = access
        self._name = name
        self._tls: ssl.SSLContext | None = None
        self._client: Client | None = None
        self._ears: list[_Ear] = []
        self._answers = Answers(self.new_inbox())
        self._closing = False
        self._waits_for = "bus"
        self._refused = asyncio.Event()
        self._stirred = asyncio.Event()
        self._said: str = ""
        self._knocks = 0
        self._on_up: list[Callable[[], None]] = []
        self._on_down: list[Callable[[], None]] = []
        self.pool = TaskPool()

    @property
    def where(self) -> str:
        """For sentences: host and port, never more."""
        return f"{self._access.host}:{self._access.port}"

    @property
    def _of_a_person(self) -> bool:
        """Whether the keeper is asked about this user."""
        return "@" in self._access.user

    @property
    def _patience_s(self) -> float:
        """After a restart of the bus the keeper may be back a moment later than the desks: the
        first knock is given up soon. Many desks at once wait for the proof of their passwords."""
        if not self._of_a_person:
            return 2.0
        return min(FIRST_KNOCK_S * (1 + self._knocks), LONGEST_KNOCK_S)

    @property
    def connected(self) -> bool:
        """Whether the socket stands and the server has answered its pings."""
        return self._client is not None and self._client.is_connected

    async def turned_away(self) -> None:
        """Returns once the server, asked again after a loss, does not let this user in."""
        await self._refused.wait()

    def on_up(self, callback: Callable[[], None]) -> None:
        """Call `callback` each time the connection is back."""
        self._on_up.append(callback)

    def on_down(self, callback: Callable[[], None]) -> None:
        """Call `callback` each time the connection is lost."""
        self._on_down.append(callback)

    def new_inbox(self) -> str:
        """A subject that only this connection hears."""
        return f"{inbox_of(self._access.user)}.{secrets.token_hex(8)}"

    async def open(self) -> None:
        """Connect. Raises NoAnswer after 10 s without a server, EntryRefused at once."""
        if self._access.problem:
            raise EntryRefused(self._access.problem)
        self._tls = _tls_of(self._access)
        self._ears.append(_Ear(self._answers.subject, self._answers.hear, 65_536))
        await self._open_within(CONNECT_WITHIN_S)

    async def close(self) -> None:
        """End every task, drain what is on its way, close."""
        self._closing = True
        await self.pool.close()
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(nats.errors.Error, OSError, TimeoutError):
            if client.is_connected:
                async with asyncio.timeout(2.0):
                    await client.flush()
        await client.close()
        self._lost()

    # -- speaking ----------------------------------------------------------------------------
    async def publish(
        self, subject: str, data: bytes, reply: str = "", headers: dict[str, str] | None = None
    ) -> bool:
        """Send; False when there is no connection and the message was dropped."""
        client = self._client
        if client is None or not client.is_connected:
            return False
        try:
            await client.publish(subject, data, reply=reply, headers=headers)
        except (nats.errors.Error, OSError) as error:
            log.warning("%s: not sent: %s", subject, error)
            return False
        return True

    async def request(
        self, subject: str, data: bytes, timeout_s: float, headers: dict[str, str] | None = None
    ) -> Msg:
        """The first answer. Raises NoAnswer, at once when nobody serves or the bus goes down."""
        answer: asyncio.Future[Msg | None] = asyncio.get_running_loop().create_future()

        def arrived(message: Msg | None) -> None:
            if not answer.done():
                answer.set_result(message)

        with self._answers.expected(arrived) as inbox:
            if not await self.publish(subject, data, inbox, headers):
                raise NoAnswer(f"The bus at {self.where} is down.")
            try:
                async with asyncio.timeout(timeout_s):
                    message = await answer
            except TimeoutError:
                raise NoAnswer(f"No answer on {subject} within {timeout_s:g} s.") from None
        return self._checked(subject, message)

    async def stream(
        self, subject: str, data: bytes, timeout_s: float
    ) -> AsyncGenerator[Msg, None]:
        """Every answer to one request, until the caller stops. Raises NoAnswer after a silence."""
        answers: asyncio.Queue[Msg | None] = asyncio.Queue()
        with self._answers.expected(answers.put_nowait) as inbox:
            if not await self.publish(subject, data, inbox):
                raise NoAnswer(f"The bus at {self.where} is down.")
            while True:
                try:
                    async with asyncio.timeout(timeout_s):
                        message = await answers.get()
                except TimeoutError:
                    raise NoAnswer(f"No answer on {subject} within {timeout_s:g} s.") from None
                yield self._checked(subject, message)

    async def round_trip_s(self, timeout_s: float = 2.0) -> float:
        """One ping to the server, in seconds. Raises NoAnswer."""
        client = self._client
        if client is None or not client.is_connected:
            raise NoAnswer(f"The bus at {self.where} is down.")
        # Shielded: nats-py's read loop dies when a pong meets a cancelled waiter.
        ping = self.pool.spawn(_ping(client), "ping")
        try:
            async with asyncio.timeout(timeout_s):
                seconds: float | None = await asyncio.shield(ping)
        except TimeoutError:
            seconds = None
        if seconds is None:
            raise NoAnswer(f"The bus at {self.where} did not answer within {timeout_s:g} s.")
        return seconds

    # -- listening ---------------------------------------------------------------------------
    async def subscribe(self, subject: str, handler: MessageHandler, most_pending: int) -> None:
        """Call `handler` for each message, now and after every reconnect.

        Returns once the server knows of it, or the bus is down.
        """
        ear = _Ear(subject, handler, most_pending)
        self._ears.append(ear)
        if self._client is not None and not self._client.is_closed:
            await self._attach(self._client, ear)
            with contextlib.suppress(NoAnswer):
                # nats-py's ping overtakes what waits to be sent: the second one cannot.
                await self.round_trip_s()
                await self.round_trip_s()

    async def _attach(self, client: Client, ear: _Ear) -> None:
        await client.subscribe(ear.subject, cb=ear.handler, pending_msgs_limit=ear.most_pending)

    def _lost(self) -> None:
        self._answers.lost()
        for callback in tuple(self._on_down):
            callback()

    def _checked(self, subject: str, message: Msg | None) -> Msg:
        if message is None:
            raise NoAnswer(f"The bus at {self.where} went down before {subject} was answered.")
        if not message.data and message.headers and message.headers.get("Status") == "503":
            raise NoAnswer(f"Nobody answers on {subject}.")
        return message

    # -- staying up --------------------------------------------------------------------------
    async def _open_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._open()
        except TimeoutError:
            raise NoAnswer(f"No {self._waits_for} at {self.where} within {seconds:g} s.") from None

    async def _open(self) -> None:
        while True:
            self._waits_for = "bus"
            # A refused connect costs nats-py its whole back-off: wait for the port first.
            await wait_for_port(self._access.host, self._access.port, CONNECT_WITHIN_S)
            self._waits_for = "keeper to let anybody in" if self._of_a_person else "answer"
            client = await self._try_open()
            if client is not None:
                break
            self._knocks += 1
            await asyncio.sleep(RECONNECT_WAIT_S)
        self._client = client
        self.pool.spawn(self._watch(client), "watching the bus")
        await self._up()

    async def _try_open(self) -> Client | None:
        client = Client()
        try:
            await client.connect(
                f"nats://{self.where}",
                name=self._name,
                user=self._access.user,
                password=self._access.password,
                tls=self._tls,  # None: in the clear, on this machine
                tls_hostname=self._access.host if self._tls else None,
                tls_handshake_first=self._tls is not None,
                inbox_prefix=inbox_of(self._access.user),
                ping_interval=PING_S,
                max_outstanding_pings=2,
                reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type]  # slept, so may be
                max_reconnect_attempts=-1,
                connect_timeout=self._patience_s,  # type: ignore[arg-type]  # waited, so may be
                allow_reconnect=False,
                dont_randomize=True,
                error_cb=self._error,
                disconnected_cb=self._look,
                closed_cb=self._look,
            )
            if not client.is_connected:  # nats-py takes the server's own ping for a yes
                await _end(client)
                return None
            for ear in self._ears:
                await self._attach(client, ear)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            await _end(client)
            if isinstance(error, ssl.SSLError):
                raise EntryRefused(_not_trusted(self.where, error)) from None
            if _REFUSED in str(error).lower():
                self._refused.set()
                raise EntryRefused(
                    f"The bus at {self.where} refused user {self._access.user!r}: "
                    "the password in the access file is not its password."
                ) from None
            return None
        except asyncio.CancelledError:
            await _end(client)
            raise
        return None if client.is_closed else client

    async def _up(self) -> None:
        self._said = ""
        self._knocks = 0
        self._refused.clear()
        for callback in tuple(self._on_up):
            callback()

    async def _look(self) -> None:
        self._stirred.set()

    async def _watch(self, client: Client) -> None:
        """Until it is lost. nats-py's own call at the end is not made when its last write fails."""
        while not client.is_closed:
            self._stirred.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WATCH_S):
                    await self._stirred.wait()
        if self._closing or self._client is not client:
            return
        self._client = None
        log.warning("the bus at %s is down; reconnecting", self.where)
        self._lost()
        await _end(client)
        await self._reopen()

    async def _reopen(self) -> None:
        while not self._closing:
            try:
                await self._open_within(CONNECT_WITHIN_S)
                log.info("the bus at %s: connected anew", self.where)
                break
            except NoAnswer as error:
                self._say(logging.WARNING, str(error))
                await asyncio.sleep(1.0)

    async def _error(self, error: Exception) -> None:
        """What nats-py reports: a lost socket is seen by `_watch`, a forbidden subject here."""
        text = f"{type(error).__name__}: {error}"
        level = logging.WARNING if "permissions violation" in text.lower() else logging.INFO
        self._say(level, text)

    def _say(self, level: int, text: str) -> None:
        """Log each thing once until another comes or the connection is back."""
        if text != self._said:
            self._said = text
            log.log(level, "the bus at %s: %s", self.where, text)


async def _ping(client: Client) -> float | None:
    try:
        return await client.rtt()
    except (nats.errors.Error, OSError):
        return None


async def _end(client: Client) -> None:
    """A transport whose TLS handshake failed never says that it is closed: not waited for."""
    with contextlib.suppress(nats.errors.Error, OSError, AttributeError, TimeoutError):
        async with asyncio.timeout(END_S):
            await client.close()
    # It leaves the socket open where it was interrupted: by a lost server, by a cancel.
    if client._transport is not None:
        client._transport.close()  # type: ignore[no-untyped-call]


def _tls_of(access: BusAccess) -> ssl.SSLContext | None:
    """What the server's certificate is checked with; None without TLS. Raises EntryRefused."""
    if not access.ca:
        return None
    try:
        context = ssl.create_default_context(cafile=access.ca)
    except OSError as error:
        raise EntryRefused(f"{access.ca}: not a certificate authority's file: {error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _not_trusted(where: str, error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"What answers at {where} is not the bus that is named here: "
            f"{error.verify_message}. Nothing is sent there."
        )
    return f"What answers at {where} does not speak TLS 1.3: nothing is sent there."
