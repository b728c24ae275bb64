"""The drone of the simulated world. It does what it is told, whoever tells it, and keeps a log."""

from dataclasses import dataclass

from gcs.model.command import Command, CommandKind
from gcs.model.telemetry import FlightMode
from tests.property.kernel import Kernel, Op, Party, Wake

LAG_S = 0.3  # what is seen of it is so old
ANSWER_S = 0.7
MODES = {
    CommandKind.HOLD: FlightMode.HOLD,
    CommandKind.RETURN: FlightMode.RETURN,
    CommandKind.LAND: FlightMode.LAND,
    CommandKind.GO_TO: FlightMode.GUIDED,
    CommandKind.PLAN_RESUME: FlightMode.PLAN,
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order as it arrived, and the mode it met. `command` None: the gateway's own."""

    at: float
    gateway: str
    kind: CommandKind
    command: Command | None
    met: FlightMode


class Vehicle:
    """In the air for as long as the schedule lasts. `link_up`: it is heard and hears."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.link_up = True
        self.rough = 0.0
        self.log: list[Accepted] = []
        self.modes: list[tuple[float, FlightMode]] = [(kernel.now, FlightMode.HOLD)]
        self._arrives: dict[str, float] = {}

    @property
    def mode(self) -> FlightMode:
        return self.modes[-1][1]

    def turns(self, mode: FlightMode) -> None:
        if mode is not self.mode:
            self.modes.append((self.kernel.now, mode))

    def shown(self) -> FlightMode:
        """Its mode as telemetry tells it now."""
        limit = self.kernel.now - LAG_S
        return next((mode for at, mode in reversed(self.modes) if at <= limit), self.modes[0][1])

    def send(self, kind: CommandKind, command: Command | None) -> Op:
        """One packet and the wait for its answer: True or False. A link keeps its order."""
        kernel = self.kernel

        def op(party: Party, wake: Wake) -> None:
            party.after(ANSWER_S, lambda: wake(value=False))
            if not self.link_up or kernel.rng.random() < self.rough * 0.3:
                return
            slow = 0.3 if kernel.rng.random() < self.rough * 0.3 else 0.02
            soonest = kernel.now + kernel.rng.uniform(0.005, slow)
            arrives = max(soonest, self._arrives.get(party.name, 0.0))
            self._arrives[party.name] = arrives

            def there() -> None:
                self.log.append(Accepted(kernel.now, party.name, kind, command, self.mode))
                self.turns(MODES[kind])
                if kernel.rng.random() >= self.rough * 0.3:
                    kernel.at(0.01, lambda: wake(value=True))

            kernel.at(arrives - kernel.now, there)

        return op
