"""Joins STATUSTEXT chunks into whole texts. MAVLink: `id` 0 = a text of one packet."""

from gcs.link.reports import Text

CHUNK_CHARACTERS = 50
MOST_CHUNKS = 8


class TextJoiner:
    """The chunks of one vehicle's texts."""

    def __init__(self) -> None:
        self._parts: dict[int, list[str]] = {}

    def take(self, packet: Text) -> str | None:
        """The whole text once its last chunk is here, else None."""
        if packet.id == 0:
            return packet.text
        if packet.chunk == 0:
            self._parts = {packet.id: []}
        parts = self._parts.get(packet.id)
        if parts is None or packet.chunk != len(parts):
            return None
        parts.append(packet.text)
        if len(packet.text) >= CHUNK_CHARACTERS and len(parts) < MOST_CHUNKS:
            return None
        del self._parts[packet.id]
        return "".join(parts)
