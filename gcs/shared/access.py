"""How a process reaches the bus, and where answers to it go."""

from dataclasses import dataclass

INBOX = "_INBOX_"


@dataclass(frozen=True, slots=True)
class BusAccess:
    """How one process reaches the bus; read from its 0600 file. `repr` hides the password."""

    host: str
    port: int
    user: str
    password: str

    def __repr__(self) -> str:
        return f"BusAccess({self.host}:{self.port}, {self.user}, password hidden)"


def inbox_of(user: str) -> str:
    """Where answers to this user go; nobody else may subscribe there."""
    return f"{INBOX}{user}"
