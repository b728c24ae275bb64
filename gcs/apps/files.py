"""The 0600 file by which a process joins a shift: its site, its bus user, its desk.

No secret ever travels by argv, a URL or a log.
"""

from dataclasses import dataclass, field
from pathlib import Path

from gcs.model.alert import Deployment
from gcs.model.feed import FeedSource, RelayAccess
from gcs.model.people import Holder
from gcs.model.scenario import Scenario
from gcs.model.site import Site
from gcs.runtime.settings import load_secret_json, save_secret_json
from gcs.shared.bus import BusAccess

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
FIRST_DESK = "desk-1"
AUDIT_FILE = "audit.jsonl"


@dataclass(frozen=True, slots=True)
class SignOnFile:
    """What the keeper lets people in with. `seed`: the key whose word the bus takes; `warden`: its
    second user; `directory`: the file of people and desks.
    """

    seed: str = field(repr=False)
    warden: BusAccess
    directory: str


@dataclass(frozen=True, slots=True)
class JoinFile:
    """Everything one process of a shift needs to know. `desk`, `person` and `password` for desks
    only: a desk without a person asks who sits there. `sign_on`: for the keeper.

    `relay`: for desks, with their own token. `relay_port` and `relay_tokens` (desk to the
    SHA-256 of its token): for the relay. `feeds`: for the relay and the cameras.
    """

    site: Site
    bus: BusAccess
    shift: str
    person: str = ""
    password: str = field(default="", repr=False)
    desk: str = ""
    sign_on: SignOnFile | None = None
    scenario: Scenario | None = None
    feeds: tuple[FeedSource, ...] = ()
    relay: RelayAccess | None = None
    relay_port: int = 0
    relay_tokens: dict[str, str] = field(default_factory=dict)
    deployments: tuple[Deployment, ...] = ()

    @property
    def folder(self) -> Path:
        """The shift's own folder: audit, logs, join files."""
        return Path(self.shift)

    @property
    def holder(self) -> Holder:
        """Who is to sit at this desk, as far as its file says; the record has the name."""
        return Holder(self.person or "nobody", self.person or "Nobody", self.desk or "no-desk")


def read(path: Path) -> JoinFile:
    """The join file at `path`. Raises BadSettings."""
    return load_secret_json(path, JoinFile)


def write(path: Path, value: JoinFile) -> Path:
    """Write it, readable by its owner alone."""
    save_secret_json(path, value)
    return path
