"""The people of a training shift: passwords drawn for them, and who sits at which desk."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gcs.keeper.people import DRAWN, directory_of, write_directory
from gcs.model.people import Person, Role

# For the keeper alone, as its own folder is.
KEEPERS_FOLDER = "keeper"


@dataclass(frozen=True, slots=True)
class Seat:
    """A desk, its own secret and who signs on there by itself; nobody: it asks."""

    secret: str = field(repr=False)
    person: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody's password and every desk's seat."""

    people: tuple[Person, ...]
    passwords: dict[str, str] = field(repr=False)
    desks: dict[str, Seat]

    @classmethod
    def drawn(cls, people: Sequence[Person]) -> "Staff":
        """A desk for each who flies, and one more that asks."""
        passwords = {person.id: secrets.token_urlsafe(12) for person in people}
        flying = [person.id for person in people if person.role is not Role.OBSERVER]
        seats = [Seat(secrets.token_urlsafe(24), who, passwords[who]) for who in flying]
        seats.append(Seat(secrets.token_urlsafe(24)))
        desks = {f"desk-{number}": seat for number, seat in enumerate(seats, start=1)}
        return cls(tuple(people), passwords, desks)

    def write(self, shift: Path) -> Path:
        """The keeper's directory: hashes, no passwords."""
        folder = shift / KEEPERS_FOLDER
        folder.mkdir(mode=0o700)
        desks = {desk: seat.secret for desk, seat in self.desks.items()}
        directory = directory_of(self.people, self.passwords, desks, DRAWN)
        return write_directory(folder / "directory.json", directory)

    def write_passwords(self, shift: Path) -> Path:
        """Everybody's password in the clear, which only an exercise has; 0600."""
        path = shift / "passwords.txt"
        lines = [f"{p.id}  {self.passwords[p.id]}  ({p.name}, {p.role.value})" for p in self.people]
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path
