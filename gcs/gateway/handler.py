"""What a part of the gateway offers to carry out a kind of command."""

from typing import Protocol

from gcs.gateway.drone import Drone
from gcs.model.command import Command, CommandKind


class CommandHandler(Protocol):
    """Carries out some kinds of commands. `carry_out` writes every later receipt itself.

    `slot` names the activity: a newer one in the same slot of a drone ends the older one.
    """

    kinds: frozenset[CommandKind]

    def slot(self, command: Command) -> str: ...

    def reasons_against(self, drone: Drone, command: Command) -> tuple[str, ...]: ...

    async def carry_out(self, drone: Drone, command: Command) -> None: ...
