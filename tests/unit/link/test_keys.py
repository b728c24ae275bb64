"""Keys at rest: file modes, the key store before the file, and time stamps from run to run."""

import asyncio
import contextlib
import logging
from pathlib import Path

import pytest

from gcs.link.keys import BadKeyStore, FileKeys, Keys, KeyStore, keys_of, new_key
from gcs.link.signing import TICKS_PER_S, SigningKey, VehicleSigning
from gcs.link.time_stamps import AHEAD_TICKS, TimeStampFile
from gcs.runtime.clock import ManualClock
from tests.support.nats import until


class Memory:
    """A key store that works, or does not."""

    where = "the memory"

    def __init__(self, broken: bool = False) -> None:
        self.keys: dict[str, SigningKey] = {}
        self.broken = broken

    def _use(self) -> dict[str, SigningKey]:
        if self.broken:
            raise BadKeyStore("the memory is broken")
        return self.keys

    def read(self, drone: str) -> SigningKey | None:
        return self._use().get(drone)

    def write(self, drone: str, key: SigningKey) -> None:
        self._use()[drone] = key

    def remove(self, drone: str) -> None:
        self._use().pop(drone, None)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    keys, key = keys_of("islington", tmp_path, system=False), new_key()
    assert keys.read("ISL-01") is None
    where = keys.write("ISL-01", key)
    path = tmp_path / "keys/islington.json"
    assert str(path) in where
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    read = keys.read("ISL-01")
    assert read is not None and read.secret == key.secret
    assert keys.read("ISL-02") is None
    keys.remove("ISL-01")
    assert keys.read("ISL-01") is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    keys = FileKeys("islington", tmp_path)
    keys.write("ISL-01", new_key())
    (tmp_path / "islington.json").chmod(mode)
    with pytest.raises(BadKeyStore, match=r"others can read it; set its mode to 0600"):
        keys.read("ISL-01")
    with pytest.raises(BadKeyStore, match=r"others can read it; set its mode to 0600"):
        keys.write("ISL-02", new_key())


@pytest.mark.parametrize("content", ["{", '{"ISL-01": 5}', '{"ISL-01": "abcdef012345"}', "[]"])
def test_a_broken_file_is_one_sentence_without_its_content(tmp_path: Path, content: str) -> None:
    path = tmp_path / "islington.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(BadKeyStore) as refused:
        FileKeys("islington", tmp_path).read("ISL-01")
    assert "\n" not in str(refused.value) and "abcdef" not in str(refused.value)


@pytest.mark.parametrize("broken", [False, True])
def test_the_system_comes_first_and_the_file_where_it_fails(tmp_path: Path, broken: bool) -> None:
    system, file = Memory(broken), FileKeys("islington", tmp_path)
    first: KeyStore = system
    keys, key = Keys(first, file), new_key()
    where = keys.write("ISL-01", key)
    assert where == (file.where if broken else system.where)
    read = keys.read("ISL-01")
    assert read is not None and read.secret == key.secret
    keys.remove("ISL-01")
    assert keys.read("ISL-01") is None


def test_a_restart_never_uses_a_time_stamp_again(tmp_path: Path) -> None:
    clock, path = ManualClock(), tmp_path / "stamps.json"
    key = new_key()
    before = VehicleSigning("ISL-01", key, clock)
    before.stamps.heard = 10**13
    before.stamps.streams["1.1.0"] = 10**13
    used = [before.next_stamp() for _ in range(3)]
    TimeStampFile(path).save({"ISL-01": before})
    used += [before.next_stamp() for _ in range(1000)]  # after the save: it dies without a word
    assert path.stat().st_mode & 0o777 == 0o600
    assert key.secret.hex() not in path.read_text()
    loaded = TimeStampFile(path).load()["ISL-01"]
    assert loaded.streams == {"1.1.0": 10**13}
    stored = loaded.sent
    after = VehicleSigning("ISL-01", key, clock, loaded)
    assert after.next_stamp() > max(used)
    older = VehicleSigning("ISL-01", key, clock)
    TimeStampFile(path).save({"ISL-01": older})
    assert TimeStampFile(path).load()["ISL-01"].sent >= stored, "it only moves forward"


async def test_stamps_are_saved_at_the_end_too(tmp_path: Path) -> None:
    file = TimeStampFile(tmp_path / "deep/stamps.json")
    signing = VehicleSigning("ISL-01", new_key(), ManualClock())
    task = asyncio.ensure_future(file.run({"ISL-01": signing}))
    await until((tmp_path / "deep/stamps.json").exists, 5.0, "the first save")
    last = signing.next_stamp()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert file.load()["ISL-01"].sent > last


def test_an_heir_signs_later_than_the_one_it_follows(tmp_path: Path) -> None:
    """The first one's stamps ran ahead with the vehicle's clock; the stand-by sent nothing yet."""
    key, clock, path = new_key(), ManualClock(), tmp_path / "stamps.json"
    first, heir = (VehicleSigning("ISL-01", key, clock) for _ in range(2))
    speaks, stands_by = TimeStampFile(path), TimeStampFile(path)
    first.stamps.heard = first.next_stamp() + 60 * TICKS_PER_S
    for _ in range(3):
        used = [first.next_stamp() for _ in range(100)]
        speaks.learn({"ISL-01": first}, speaks.load())
        speaks.save({"ISL-01": first})
        stands_by.learn({"ISL-01": heir}, stands_by.load())
        stands_by.save({"ISL-01": heir})
    assert heir.next_stamp() > max(used)
    far = first.stamps.sent + 3 * AHEAD_TICKS
    for _ in range(20):  # the first one's vehicle is not heard: its stamps do not run away
        speaks.learn({"ISL-01": first}, speaks.load())
        speaks.save({"ISL-01": first})
    assert first.stamps.sent < far


def test_unreadable_stamps_are_said_and_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "stamps.json"
    path.write_text("{")
    path.chmod(0o600)
    with caplog.at_level(logging.WARNING):
        assert TimeStampFile(path).load() == {}
    assert "time stamps are not known" in caplog.text
