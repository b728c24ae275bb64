"""The site's directory: who there is, what they may do, and the proof of their passwords.

A 0600 file of the keeper alone. It is read again when it changes, so that who is taken out of it
is out within a second or two, without a restart.
"""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gcs.model import check
from gcs.model.people import Person
from gcs.runtime.settings import BadSettings, load_secret_json, save_secret_json

log = logging.getLogger(__name__)

# What argon2id costs for real people; RFC 9106's second choice, as the library sets it.
PASSWORDS = PasswordHasher()
# For secrets that a machine drew at random, of an exercise: there is nothing to guess.
DRAWN = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
# A disk read and a hash take a thread each; more at once only take the processor.
HASHES_AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A person and the argon2id hash of their password."""

    person: Person
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Directory:
    """The file. `desks`: each desk of the site and the SHA-256 of its own (drawn) secret."""

    people: tuple[Entry, ...]
    desks: dict[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        ids = [entry.person.id for entry in self.people]
        for twice in {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"people: {twice!r} is used twice")
        for desk in self.desks:
            check.token("desks", desk)


def directory_of(
    people: Iterable[Person],
    passwords: Mapping[str, str],
    desks: Mapping[str, str],
    hasher: PasswordHasher = PASSWORDS,
) -> Directory:
    """A directory from passwords (by person) and desks' secrets, neither of which it holds."""
    return Directory(
        tuple(Entry(person, hasher.hash(passwords[person.id])) for person in people),
        {desk: _digest(secret) for desk, secret in desks.items()},
    )


def write_directory(path: Path, directory: Directory) -> Path:
    """Write it, readable by its owner alone."""
    save_secret_json(path, directory)
    return path


class People:
    """The directory in use. Raises BadSettings when the first reading fails."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._entries: dict[str, Entry] = {}
        self._desks: dict[str, str] = {}
        self._hashing = asyncio.Semaphore(HASHES_AT_A_TIME)
        # What was proved once is known again without the cost of argon2: a bus that restarts
        # lets a whole shift in at once. In memory only, under a key of this process.
        # By person and desk: a guesser at another desk learns nothing from it.
        self._known: dict[tuple[str, str], tuple[str, bytes]] = {}
        self._running: dict[tuple[str, str, bytes], asyncio.Task[bool]] = {}
        self._key = secrets.token_bytes(32)
        self.read_again()

    def read_again(self) -> bool:
        """Take the file in if it has changed; True if it did. Raises BadSettings."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise BadSettings(f"{self._path}: cannot be read: {error.strerror}") from None
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._stamp:
            return False
        directory = load_secret_json(self._path, Directory)
        self._entries = {entry.person.id: entry for entry in directory.people}
        self._desks = directory.desks
        self._stamp = stamp
        return True

    def person(self, person: str) -> Person | None:
        """The directory's entry; None for a stranger."""
        entry = self._entries.get(person)
        return entry.person if entry else None

    def knows_desk(self, desk: str, secret: str) -> bool:
        """Whether this is a desk of the site, by its own secret."""
        expected = self._desks.get(desk, "")
        return hmac.compare_digest(expected, _digest(secret))

    def remembers(self, person: str, password: str, desk: str) -> bool:
        """Whether this password was proved before at this desk, and the entry is the same since."""
        entry = self._entries.get(person)
        known = self._known.get((person, desk))
        if entry is None or known is None or known[0] != entry.password:
            return False
        return hmac.compare_digest(known[1], self._seal(password))

    def looks_into(self, person: str, password: str, desk: str) -> bool:
        """Whether this very password of this person is being proved for this desk just now."""
        return (person, desk, self._seal(password)) in self._running

    async def proves(self, person: str, password: str, desk: str) -> bool:
        """Whether this is the person's password. Takes the time of an argon2 hash; who asks
        again meanwhile waits for the same one."""
        key = (person, desk, self._seal(password))
        running = self._running.get(key)
        if running is None:
            running = asyncio.ensure_future(self._prove(person, password, desk))
            self._running[key] = running
            running.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(running)

    async def _prove(self, person: str, password: str, desk: str) -> bool:
        async with self._hashing:
            entry = self._entries.get(person)
            if entry is None:
                return False
            if self.remembers(person, password, desk):
                return True
            right = await asyncio.to_thread(_verify, entry.password, password)
        if right:
            self._known[person, desk] = (entry.password, self._seal(password))
        return right

    def _seal(self, password: str) -> bytes:
        return hmac.digest(self._key, password.encode(), "sha256")


def _verify(known: str, password: str) -> bool:
    try:
        return PASSWORDS.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
