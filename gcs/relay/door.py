"""The relay's HTTP door: GET /feeds/<id>.ts, with the desk's token in a header, never in the URL.

Keeps only the tokens' hashes. Logs no request: a header or a URL could hold a secret.
"""

import hashlib
import hmac
import logging
import socket
from collections.abc import Mapping

from aiohttp import web

from gcs.relay.feed import RelayFeed

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
MOST_CLIENTS = 32  # of one feed
# What the system itself may hold back for a slow desk: small, or it would watch the past.
_SEND_BUFFER_BYTES = 128 << 10
_SCHEME = "Bearer "


class Door:
    """Lets desks watch feeds."""

    def __init__(self, feeds: Mapping[str, RelayFeed], tokens: Mapping[str, str]) -> None:
        """`tokens`: desk to the SHA-256 of its token, in hex."""
        self._feeds = feeds
        self._tokens = dict(tokens)
        app = web.Application()
        app.router.add_get("/feeds/{name}", self._watch, allow_head=False)
        # A desk that goes away ends its answer at once, also while its feed has not begun.
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0
        )

    async def open(self, port: int) -> None:
        """Listen on loopback. Raises OSError with a sentence."""
        await self._runner.setup()
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
            tcp.bind((LOOPBACK, port))
        except OSError as error:
            tcp.close()
            raise OSError(f"port {port} on {LOOPBACK}: {error.strerror}") from None
        await web.SockSite(self._runner, tcp).start()

    async def close(self) -> None:
        """End every answer and stop listening."""
        for feed in self._feeds.values():
            feed.close()
        await self._runner.cleanup()

    def desk_of(self, header: str) -> str | None:
        """Whose token the Authorization header holds; takes the same time for any."""
        token = header[len(_SCHEME) :] if header.startswith(_SCHEME) else ""
        given = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
        found = None
        for desk, known in self._tokens.items():
            if hmac.compare_digest(given, known.lower()):
                found = desk
        return found if token else None

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        if request.query_string:
            return _refuse(401, "A token goes into the Authorization header, never into the URL.")
        if self.desk_of(request.headers.get("Authorization", "")) is None:
            return _refuse(401, "The relay needs the desk's own token: Authorization: Bearer.")
        name = request.match_info["name"]
        feed = self._feeds.get(name.removesuffix(".ts")) if name.endswith(".ts") else None
        if feed is None:
            return _refuse(404, "There is no such feed at this relay.")
        if feed.clients >= MOST_CLIENTS:
            return _refuse(503, f"Feed {feed.source.id} is watched by {MOST_CLIENTS} already.")
        return await self._stream(request, feed)

    async def _stream(self, request: web.Request, feed: RelayFeed) -> web.StreamResponse:
        answer = web.StreamResponse(
            headers={"Content-Type": "video/mp2t", "Cache-Control": "no-store"}
        )
        await answer.prepare(request)
        viewer = feed.join()
        try:
            while (chunk := await viewer.next()) is not None:
                await answer.write(chunk)
        except ConnectionError:
            log.info("feed %s: a desk went away", feed.source.id)
        finally:
            feed.leave(viewer)
        return answer


def _refuse(status: int, sentence: str) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return web.Response(status=status, text=sentence + "\n", headers=headers)
