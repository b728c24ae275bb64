"""Where signing keys are kept: the OS key store, or where it cannot, a file for its owner alone.

Nothing else of the system writes a key anywhere. What is said in errors and logs names the drone
and the place, never the key.
"""

import logging
import os
from pathlib import Path
from typing import Protocol

from gcs.link.signing import SigningKey
from gcs.runtime.settings import BadSettings, load_secret_json, save_secret_json

SERVICE = "drone-desk signing"

log = logging.getLogger(__name__)


class KeyStore(Protocol):
    """Keys by site and drone. Each method raises BadKeyStore where it cannot."""

    where: str

    def read(self, drone: str) -> SigningKey | None: ...

    def write(self, drone: str, key: SigningKey) -> None: ...

    def remove(self, drone: str) -> None: ...


class BadKeyStore(BadSettings):
    """A key store that cannot be used; `str()` is one sentence."""


class SystemKeys:
    """The OS key store: Windows Credential Manager, macOS Keychain, Secret Service."""

    where = "the system's key store"

    def __init__(self, site: str) -> None:
        self._site = site

    def read(self, drone: str) -> SigningKey | None:
        """The drone's key, None if it has none."""
        text = self._ask("get_password", self._name(drone))
        return None if text is None else _key(text, drone, self.where)

    def write(self, drone: str, key: SigningKey) -> None:
        """Keep a key."""
        self._ask("set_password", self._name(drone), key.secret.hex())

    def remove(self, drone: str) -> None:
        """Forget a key, if there is one."""
        if self._ask("get_password", self._name(drone)) is not None:
            self._ask("delete_password", self._name(drone))

    def _name(self, drone: str) -> str:
        return f"{self._site}/{drone}"

    def _ask(self, call: str, *arguments: str) -> str | None:
        try:
            import keyring  # slow to load, and needed only where packets are signed

            answer = getattr(keyring, call)(SERVICE, *arguments)
        except Exception as error:  # each system's own kinds; their texts could repeat the key
            kind = type(error).__name__
            raise BadKeyStore(f"the system's key store cannot be used ({kind})") from None
        return answer if isinstance(answer, str) else None


class FileKeys:
    """A JSON file of mode 0600 in a folder of mode 0700."""

    def __init__(self, site: str, folder: Path) -> None:
        self._path = folder / f"{site}.json"
        self.where = f"the file {self._path}"

    def read(self, drone: str) -> SigningKey | None:
        """The drone's key, None if it has none."""
        text = self._all().get(drone)
        return None if text is None else _key(text, drone, self.where)

    def write(self, drone: str, key: SigningKey) -> None:
        """Keep a key."""
        self._save({**self._all(), drone: key.secret.hex()})

    def remove(self, drone: str) -> None:
        """Forget a key, if there is one."""
        kept = self._all()
        if kept.pop(drone, None) is not None:
            self._save(kept)

    def _all(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        try:
            return load_secret_json(self._path, dict[str, str])
        except BadSettings as error:
            # what a JSON error quotes could be a key: only who may read it is told in full
            wide = "others can read it" in str(error)
            why = str(error) if wide else f"{self._path}: it is not a file of keys"
            raise BadKeyStore(why) from None

    def _save(self, keys: dict[str, str]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            save_secret_json(self._path, keys)
        except OSError as error:
            raise BadKeyStore(f"{self._path}: cannot be written: {error.strerror}") from None


class Keys:
    """The OS key store first, then the file."""

    def __init__(self, *stores: KeyStore) -> None:
        self._stores = stores

    def read(self, drone: str) -> SigningKey | None:
        """The drone's key, None if no store has one. Raises BadKeyStore when the last one that
        could have it cannot be read."""
        for store in self._stores[:-1]:
            try:
                key = store.read(drone)
            except BadKeyStore as error:
                log.info("%s; looking in the next place", error)
                continue
            if key is not None:
                return key
        return self._stores[-1].read(drone)

    def write(self, drone: str, key: SigningKey) -> str:
        """Keep a key in the first store that takes it and gives it back; says where."""
        for store in self._stores[:-1]:
            try:
                store.write(drone, key)
                kept = store.read(drone)
            except BadKeyStore as error:
                log.info("%s; using the next place", error)
                continue
            if kept is not None and kept.secret == key.secret:
                return store.where
        self._stores[-1].write(drone, key)
        return self._stores[-1].where

    def remove(self, drone: str) -> None:
        """Forget it everywhere."""
        for store in self._stores[:-1]:
            try:
                store.remove(drone)
            except BadKeyStore as error:
                log.info("%s", error)
        self._stores[-1].remove(drone)


def keys_of(site: str, data: Path, system: bool = True) -> Keys:
    """The key store of a site. `system` False: its file alone."""
    file = FileKeys(site, data / "keys")
    return Keys(SystemKeys(site), file) if system else Keys(file)


def new_key() -> SigningKey:
    """A fresh key from the system's source of randomness."""
    return SigningKey(os.urandom(32))


def _key(text: str, drone: str, where: str) -> SigningKey:
    try:
        return SigningKey(bytes.fromhex(text))
    except ValueError:
        raise BadKeyStore(f"{where}: what is kept for {drone} is not a key") from None
