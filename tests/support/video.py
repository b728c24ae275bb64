"""Real H.264 over real HTTP for tests: a small server that stands for the relay, and pictures."""

import queue
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import cv2
import numpy as np

from gcs.model.feed import RelayAccess, SensorMetadata
from gcs.video.encoder import FeedEncoder
from gcs.video.frame import Pixels

TOKEN = "a-token-for-tests"


class StreamServer:
    """Serves `/feeds/<id>.ts` to whoever has the token; `send` gives bytes to all clients."""

    def __init__(self, *feeds: str, port: int = 0) -> None:
        self._clients: dict[str, list[queue.Queue[bytes | None]]] = {feed: [] for feed in feeds}
        self._preroll: dict[str, bytes] = dict.fromkeys(feeds, b"")
        self._lock = threading.Lock()
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> "StreamServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def access(self, token: str = TOKEN) -> RelayAccess:
        return RelayAccess("127.0.0.1", self.port, token)

    def clients(self, feed: str) -> int:
        with self._lock:
            return len(self._clients[feed])

    def preroll(self, feed: str, data: bytes) -> None:
        """What a client that joins gets at once."""
        self._preroll[feed] = data

    def send(self, feed: str, data: bytes) -> None:
        with self._lock:
            for client in self._clients[feed]:
                client.put(data)

    def cut(self) -> None:
        """End every stream."""
        with self._lock:
            for clients in self._clients.values():
                for client in clients:
                    client.put(None)

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        feed = request.path.removeprefix("/feeds/").removesuffix(".ts")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            request.send_error(401)
            return
        if feed not in self._clients:
            request.send_error(404)
            return
        request.send_response(200)
        request.end_headers()
        mine: queue.Queue[bytes | None] = queue.Queue()
        with self._lock:
            mine.put(self._preroll[feed])
            self._clients[feed].append(mine)
        try:
            while (data := mine.get()) is not None:
                request.wfile.write(data)
        except OSError:
            pass
        finally:
            with self._lock:
                self._clients[feed].remove(mine)


def scene(width: int = 640, height: int = 360, seed: int = 1) -> Pixels:
    """A still background with some texture."""
    noise = np.random.default_rng(seed).integers(0, 255, (height // 8, width // 8, 3), np.uint8)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


class Camera:
    """Encodes a moving square over a scene and hands the bytes on."""

    def __init__(
        self, sink: Callable[[bytes], None], width: int = 640, height: int = 360, fps: float = 15
    ) -> None:
        self._encoder = FeedEncoder(width, height, fps, sink)
        self._scene = scene(width, height)
        self._step = 0

    def shoot(self, utc_us: int, *, still: bool = False, heading_deg: float = 10.0) -> None:
        """One picture, taken at `utc_us`."""
        image = self._scene.copy()
        if not still:
            self._step += 1
        x = 10 + 7 * self._step % (image.shape[1] - 60)
        cv2.rectangle(image, (x, 40), (x + 30, 70), (20, 20, 230), -1)
        metadata = SensorMetadata(utc_us, platform="ISL-01", heading_deg=heading_deg)
        self._encoder.encode(image, metadata)
