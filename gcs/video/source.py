"""One feed's bytes from the relay over HTTP. The token goes in a header; it decodes nothing.

Blocking, for a receiver's own thread; only `stop` may be called from another one.
"""

import contextlib
import http.client
import socket
import threading
from urllib.parse import urlsplit

from gcs.model.feed import RelayAccess

CONNECT_S = 3.0
# A stream that says nothing for this long is asked for anew.
SILENT_S = 6.0
_READ_BYTES = 1 << 17
_UNAUTHORISED, _UNKNOWN = 401, 404


class FeedLost(Exception):
    """The stream ended or cannot be had now; the sentence says why."""


class FeedRefused(FeedLost):
    """The relay answers, and will not give this feed."""


class RelaySource:
    """Opens a feed at the relay and reads it, once; a new try is a new source."""

    def __init__(self, feed: str, access: RelayAccess) -> None:
        self._feed = feed
        self._access = access
        self._connection = http.client.HTTPConnection(access.host, access.port, timeout=CONNECT_S)
        self._response: http.client.HTTPResponse | None = None
        self._socket: socket.socket | None = None
        self._stopped = threading.Event()

    def open(self) -> None:
        """Ask for the stream. Raises FeedLost or FeedRefused."""
        path = urlsplit(self._access.url(self._feed)).path
        headers = {"Authorization": f"Bearer {self._access.token}"}
        try:
            self._connection.request("GET", path, headers=headers)
            self._socket = self._connection.sock
            if self._stopped.is_set():
                raise FeedLost(f"Feed {self._feed} was closed.")
            response = self._connection.getresponse()
            self._socket.settimeout(SILENT_S)
        except (OSError, http.client.HTTPException):
            where = f"{self._access.host}:{self._access.port}"
            raise FeedLost(f"Feed {self._feed}: the relay at {where} cannot be reached.") from None
        if response.status != http.client.OK:
            raise FeedRefused(self._refusal(response.status))
        self._response = response

    def read(self) -> bytes:
        """What has come, at least one byte; waits for it. Raises FeedLost at the end."""
        assert self._response is not None
        try:
            data = self._response.read1(_READ_BYTES)
        except TimeoutError:
            raise FeedLost(
                f"Feed {self._feed}: the relay has sent nothing for {SILENT_S:.0f} s."
            ) from None
        except (OSError, ValueError, http.client.HTTPException):
            data = b""
        if not data:
            raise FeedLost(f"Feed {self._feed}: the relay has ended the stream.")
        return data

    def stop(self) -> None:
        """End a read that waits. From any thread; harmless to repeat."""
        self._stopped.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Free the connection; by the thread that reads."""
        if self._response is not None:
            self._response.close()
        self._connection.close()

    def _refusal(self, status: int) -> str:
        if status == _UNAUTHORISED:
            return f"Feed {self._feed}: the relay refuses this desk's token."
        if status == _UNKNOWN:
            return f"Feed {self._feed} is not known to the relay."
        return f"Feed {self._feed}: the relay answers with status {status}."
