"""The alerts the simulated central service sends: good ones, and some that must be refused.

Pure. The same seed makes the same alerts but for their ids and times. Figures follow what is
published of real use: scores shortly above the threshold, faces of a few dozen pixels.
"""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from gcs.model.alert import (
    SCHEMA_VERSION,
    Alert,
    AlertStatus,
    AlertType,
    BoxKind,
    Deployment,
    ImageRef,
)
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.sim.central_images import LEAST_FACE_PX, AlertImages
from gcs.sim.central_shots import SeenPerson, Shot

LIFE_MS = 180_000
UNCERTAINTY_MS = 20.0
_DAY_MS = 86_400_000
_SCORE_ABOVE = 0.05  # the threshold, on average
_RESPONSES = (
    "Speak with the person, confirm who it is by document before anything else",
    "Observe, tell the officers on scene",
    "Speak with the person, two officers",
)


class MustRefuse(StrEnum):
    """Why a sent alert is not to pass the keeper's gate."""

    STATUS = "status"
    TIME = "time"
    AREA = "area"
    FEED = "feed"


# The first one, then the others in turn.
FIRST_REFUSED = MustRefuse.STATUS
LATER_REFUSED = (MustRefuse.TIME, MustRefuse.AREA, MustRefuse.FEED)


@dataclass(frozen=True, slots=True)
class MadeAlert:
    """An alert and its images by reference."""

    alert: Alert
    images: dict[str, bytes]


class AlertMaker:
    """Makes alerts for one run of the service; `began_utc_ms` tells its ids from another's."""

    def __init__(
        self,
        site: Site,
        deployments: Sequence[Deployment],
        dice: random.Random,
        began_utc_ms: int,
    ) -> None:
        self._site = site
        self._deployments = deployments
        self._dice = dice
        self._began_utc_ms = began_utc_ms
        self._made = 0

    def delay_s(self) -> float:
        """What the service takes from capture to alert."""
        return self._dice.uniform(0.3, 0.7)

    def gap_s(self, per_hour: float) -> float:
        """Seconds to the next alert: exponential, held to a tenth and four times the mean."""
        mean_s = 3600.0 / per_hour
        return min(4.0 * mean_s, max(0.1 * mean_s, self._dice.expovariate(1.0 / mean_s)))

    def deployment(self, feed: str) -> Deployment | None:
        """The deployment that covers a feed."""
        return next((d for d in self._deployments if feed in d.feeds), None)

    def good(self, shot: Shot, person: SeenPerson, images: AlertImages) -> MadeAlert:
        """An alert as the rules allow it. Raises ValueError when no deployment covers the feed."""
        deployment = self.deployment(shot.feed)
        if deployment is None:
            raise ValueError(f"no deployment covers {shot.feed}")
        face = person.face if person.face and images.face_px >= LEAST_FACE_PX else None
        refs, dice = self._refs(images), self._dice
        height, width = shot.image.shape[:2]
        captured_ms = shot.capture_utc_us // 1000
        score = deployment.threshold + dice.expovariate(1.0 / _SCORE_ABOVE)
        alert = Alert(
            schema=SCHEMA_VERSION,
            id=self._id(),
            status=AlertStatus.EXERCISE,
            type=AlertType.ALERT,
            deployment=deployment.id,
            feed=shot.feed,
            position=shot.position,
            capture_utc_us=shot.capture_utc_us,
            capture_source="ST 0601 precision time stamp",
            uncertainty_ms=UNCERTAINTY_MS,
            box=face or person.box,
            frame_width=int(width),
            frame_height=int(height),
            box_kind=BoxKind.FACE if face else BoxKind.PERSON,
            probe=refs["probe"],
            still=refs["still"],
            candidate=f"subject-{dice.getrandbits(32):08x}",
            candidate_image=refs["candidate"],
            candidate_image_utc_ms=captured_ms - dice.randrange(200, 3000) * _DAY_MS,
            category=dice.choice(deployment.categories),
            legal_basis="Exercise: simulated people, no person's data is processed",
            predefined_response=dice.choice(_RESPONSES),
            score=round(min(0.97, score) + 0.0005, 3),
            threshold=deployment.threshold,
            algorithm="simulated matcher",
            algorithm_version="1.0",
            probe_face_px=round(images.face_px, 1),
            probe_blur=round(images.blur, 3),
            probe_angle_deg=round(dice.uniform(5.0, 40.0), 1),
            sent_utc_ms=captured_ms,
            expires_utc_ms=captured_ms + LIFE_MS,
        )
        parts = {"probe": images.probe, "still": images.still, "candidate": images.candidate}
        return MadeAlert(alert, {refs[name].reference: data for name, data in parts.items()})

    def must_refuse(self, why: MustRefuse, like: Alert, now_utc_ms: int) -> Alert:
        """An alert that is good but for one thing."""
        deployment = self.deployment(like.feed)
        if deployment is None:
            raise ValueError(f"no deployment covers {like.feed}")
        fresh = replace(
            like,
            id=self._id(),
            capture_utc_us=(now_utc_ms - 500) * 1000,
            sent_utc_ms=now_utc_ms,
            expires_utc_ms=now_utc_ms + LIFE_MS,
        )
        return replace(fresh, **_WRONG[why](self._site, deployment))

    def _id(self) -> str:
        self._made += 1
        return f"A{self._began_utc_ms // 1000:x}-{self._made}"

    def _refs(self, images: AlertImages) -> dict[str, ImageRef]:
        return {
            name: ImageRef(f"{self._dice.getrandbits(96):024x}", hashlib.sha256(data).hexdigest())
            for name, data in (
                ("probe", images.probe),
                ("still", images.still),
                ("candidate", images.candidate),
            )
        }


def _status(site: Site, deployment: Deployment) -> dict[str, Any]:
    return {"status": AlertStatus.ACTUAL}


def _time(site: Site, deployment: Deployment) -> dict[str, Any]:
    return {"capture_utc_us": (deployment.start_utc_ms - 600_000) * 1000}


def _area(site: Site, deployment: Deployment) -> dict[str, Any]:
    north = max(deployment.area, key=lambda place: place.lat_deg)
    return {"position": Position(north.lat_deg + 0.05, north.lon_deg)}


def _feed(site: Site, deployment: Deployment) -> dict[str, Any]:
    others = [feed for feed in site.feeds if feed not in deployment.feeds]
    return {"feed": others[0] if others else "CAM-99"}


_WRONG: dict[MustRefuse, Callable[[Site, Deployment], dict[str, Any]]] = {
    MustRefuse.STATUS: _status,
    MustRefuse.TIME: _time,
    MustRefuse.AREA: _area,
    MustRefuse.FEED: _feed,
}
