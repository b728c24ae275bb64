"""Stored messages that arrive where live ones are awaited: somebody had them sent there.

A server answers a read wherever the reader's reply points, also to what every desk hears. Such an
answer carries the server's own headers; nothing that is published live does.
"""

import logging
import time

from nats.aio.msg import Msg

log = logging.getLogger(__name__)

_OF_A_STORE = ("Nats-Stream", "Nats-Subject")
SAY_AGAIN_S = 60.0


class Echoes:
    """Tells them; counts them, and says so once a minute at most."""

    def __init__(self) -> None:
        self.left_out = 0
        self._said_s = -SAY_AGAIN_S

    def is_one(self, message: Msg) -> bool:
        """Whether the message is a stored one, to be left out."""
        headers = message.headers
        if not headers or not any(name in headers for name in _OF_A_STORE):
            return False
        self.left_out += 1
        now_s = time.monotonic()
        if now_s - self._said_s >= SAY_AGAIN_S:
            self._said_s = now_s
            log.warning(
                "%s: somebody had stored messages sent here: %d left out so far",
                message.subject,
                self.left_out,
            )
        return True
