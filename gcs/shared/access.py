"""How a process reaches the bus, and where answers to it go."""

from dataclasses import dataclass, replace
from ipaddress import ip_address

INBOX = "_INBOX_"


@dataclass(frozen=True, slots=True)
class BusAccess:
    """How one process reaches the bus; read from its 0600 file. `repr` hides the password.

    `ca`: the file of the authority that signed the server's certificate; empty without TLS, which
    is for this machine alone.
    """

    host: str
    port: int
    user: str
    password: str
    ca: str = ""

    def __repr__(self) -> str:
        return f"BusAccess({self.host}:{self.port}, {self.user}, password hidden)"

    @property
    def problem(self) -> str:
        """Why nothing may be sent there, in a sentence; empty when it may."""
        if self.ca or is_loopback(self.host):
            return ""
        return (
            f"The bus at {self.host}:{self.port} is another machine and no certificate authority "
            "is named for it (ca): without TLS nothing is sent there."
        )


def is_loopback(host: str) -> bool:
    """Whether what is sent there stays on this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def inbox_of(user: str) -> str:
    """Where answers to this user go; nobody else may subscribe there."""
    return f"{INBOX}{user}"


# -- a person at a desk ------------------------------------------------------------------------
def sign_on_name(person: str, desk: str) -> str:
    """The bus's name of a person at a desk; without a person: of the desk itself."""
    return f"{person}@{desk}"


def signed_by(desk: BusAccess, person: str, password: str) -> BusAccess:
    """The access of `person` at a desk, whose own access (`desk`) carries the desk's secret."""
    user = sign_on_name(person, desk.user.removeprefix("@"))
    return replace(desk, user=user, password=f"{desk.password} {password}")
