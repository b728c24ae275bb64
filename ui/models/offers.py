"""What became of this desk's offers, as sentences: the gateway tells the new state alone. Pure."""

from gcs.model.control import Offer
from gcs.station.state import DeskState


class Offers:
    """Remembers the offers that this desk has made; `look` tells how one of a drone has ended."""

    def __init__(self) -> None:
        self._mine: dict[str, Offer] = {}
        self._cancelled: set[str] = set()

    def cancelled(self, drone: str) -> None:
        """This desk took its own offer back."""
        self._cancelled.add(drone)

    def look(self, state: DeskState, drone: str) -> str:
        """One sentence, or empty when no offer of mine has just ended."""
        record = state.control(drone)
        before = self._mine.pop(drone, None)
        mine = record is not None and record.holder == state.me
        if record is not None and record.offer is not None and mine:
            self._mine[drone] = record.offer
            return ""
        cancelled = drone in self._cancelled
        self._cancelled.discard(drone)
        if before is None or record is None:
            return ""
        if not mine:
            return f"{before.to_name} accepted {drone}" if _theirs(state, drone, before) else ""
        if cancelled:
            return f"The offer of {drone} to {before.to_name} is taken back; you keep control"
        if state.clock.utc_ms() >= before.expires_utc_ms:
            return f"{before.to_name} did not answer the offer of {drone}; you keep control"
        return f"{before.to_name} declined {drone}; you keep control"


def _theirs(state: DeskState, drone: str, offer: Offer) -> bool:
    record = state.control(drone)
    holder = record.holder if record is not None else None
    return holder is not None and holder.person == offer.to_person
