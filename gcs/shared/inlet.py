"""Where bytes become values: a malformed message is counted and told, and goes no further."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from gcs.shared.codec import BadMessage, decode

log = logging.getLogger(__name__)

T = TypeVar("T")

_REMEMBER = 1000


class Inlet:
    """Decodes for one bus."""

    def __init__(self) -> None:
        self.bad_messages = 0
        self.on_bad_message: Callable[[str], None] | None = None
        self._logged: set[str] = set()

    def take(self, subject: str, data: bytes, kind: type[T]) -> T | None:
        """The value, or None for a malformed message."""
        try:
            return decode(data, kind, subject)
        except BadMessage as error:
            self.refuse(subject, str(error))
            return None

    def refuse(self, subject: str, sentence: str) -> None:
        """Count a malformed message; log the first of each subject."""
        self.bad_messages += 1
        if subject not in self._logged and len(self._logged) < _REMEMBER:
            self._logged.add(subject)
            log.warning("a message was left out: %s", sentence)
        if self.on_bad_message is not None:
            self.hand(self.on_bad_message, sentence)

    def hand(self, handler: Callable[..., None], *arguments: Any) -> None:
        """Call a handler; its failure is logged and does not stop what follows."""
        try:
            handler(*arguments)
        except Exception:
            log.exception("a message handler failed")
