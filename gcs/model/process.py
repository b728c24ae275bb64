"""The processes of a shift, as their supervisor sees them."""

from dataclasses import dataclass
from enum import StrEnum


class ProcessState(StrEnum):
    """GIVEN_UP: the restart budget is spent; somebody must look."""

    STARTING = "starting"
    RUNNING = "running"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class ProcessHealth:
    """One watched process."""

    name: str
    state: ProcessState
    pid: int
    restarts: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class ProcessTable:
    """All of them, once a second, from the supervisor."""

    utc_ms: int
    processes: tuple[ProcessHealth, ...]
