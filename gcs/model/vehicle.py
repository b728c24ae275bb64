"""What a gateway knows of a vehicle beyond its flight: make, links, settings, fence, camera.

Published every 2 seconds and on a change; latest wins.
"""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.plan import PlanState


class SettingVerdict(StrEnum):
    """What a safety setting's value means. UNKNOWN: the vehicle did not tell."""

    GOOD = "good"
    CAUTION = "caution"
    WARNING = "warning"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Setting:
    """A vehicle setting that matters for safety: its parameter name there, and in words."""

    key: str
    name: str
    label: str
    value_text: str
    verdict: SettingVerdict
    text: str = ""


class FenceState(StrEnum):
    """How far the site's fence has come at a vehicle. Only ACTIVE protects."""

    UNKNOWN = "unknown"
    UPLOADING = "uploading"
    DIFFERS = "differs"  # read back, not the site's
    LOADED = "loaded"  # the site's, read back; not enabled
    ACTIVE = "active"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FenceReport:
    """`version` is of the FencePlan that was last sent or compared."""

    state: FenceState = FenceState.UNKNOWN
    version: int = 0
    items: int = 0
    rally: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlanReport:
    """`current` counts from 1; 0 = none."""

    state: PlanState = PlanState.NONE
    name: str = ""
    digest: str = ""
    items: int = 0
    current: int = 0
    text: str = ""


class SigningState(StrEnum):
    """MAVLink 2 signing of a vehicle."""

    OFF = "off"
    GOOD = "good"
    UNSIGNED = "unsigned"  # a key is set, and the vehicle does not sign
    REFUSED = "refused"  # what it sends is signed with another key, or replayed
    NO_KEY = "no_key"  # signing is required and no key is found


@dataclass(frozen=True, slots=True)
class LinkReport:
    """One way to a vehicle. `up`: heard in the last 5 s there; `used`: what is sent on it."""

    endpoint: str
    address: str
    up: bool
    used: bool
    age_s: float | None
    loss_percent: float | None


@dataclass(frozen=True, slots=True)
class CameraReport:
    """What camera and gimbal say of themselves. `manager`: gimbal manager v2 answers;
    `recording` None: no camera told so in the last 15 s."""

    manager: bool = False
    camera: str = ""
    can_zoom: bool = False
    most_zoom: float | None = None
    video_uri: str = ""
    recording: bool | None = None


@dataclass(frozen=True, slots=True)
class VehicleProfile:
    """One drone. `trouble` is a sentence when commands are refused for what the vehicle is
    (two vehicles with one system id, a key that is not taken); `slow_rates`: messages its link
    does not bring as often as asked, in words; `blocked`: what speaks against a launch now,
    whatever the target; `override`: what a supervisor waived for its next launch."""

    drone: str
    network: str
    system_id: int
    autopilot: str = ""
    firmware: str = ""
    trouble: str = ""
    links: tuple[LinkReport, ...] = ()
    signing: SigningState = SigningState.OFF
    signing_dropped: int = 0
    settings: tuple[Setting, ...] = ()
    settings_age_s: float | None = None
    slow_rates: tuple[str, ...] = ()
    fence: FenceReport = FenceReport()
    plan: PlanReport = PlanReport()
    camera: CameraReport = CameraReport()
    override: str = ""
    blocked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check.token("drone", self.drone)
        check.optional_finite("settings_age_s", self.settings_age_s, 0.0)


@dataclass(frozen=True, slots=True)
class VehicleProfiles:
    """All vehicles of one gateway instance."""

    gateway: str
    instance: str
    utc_ms: int
    profiles: tuple[VehicleProfile, ...]
