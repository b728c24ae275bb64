"""The retention store on a real folder: whole files, clocks that survive, nothing without one."""

import hashlib
import stat
from pathlib import Path

import pytest

from gcs.keeper.image_store import INDEX, ImageStore, Kept
from gcs.model.alert import AlertImage

PROBE, CANDIDATE = AlertImage.PROBE, AlertImage.CANDIDATE


def kept(alert: str, image: AlertImage, data: bytes, until: int = 1000) -> Kept:
    return Kept(alert, image, hashlib.sha256(data).hexdigest(), until)


def opened(folder: Path, *held: Kept) -> ImageStore:
    store = ImageStore(folder)
    store.open(held)
    return store


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {INDEX}


def test_an_image_comes_back_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    store = opened(folder)
    probe = kept("A1", PROBE, b"probe")
    store.keep(probe, b"probe")
    assert store.read("A1", PROBE) == (b"probe", probe.sha256)
    assert store.read("A1", CANDIDATE) is None
    assert store.read("A2", PROBE) is None
    assert files(folder) == {probe.sha256}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())


def test_other_content_is_not_taken(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(ValueError, match="alert A1"):
        store.keep(kept("A1", PROBE, b"probe"), b"another")
    assert files(tmp_path) == set()


def test_a_changed_file_is_not_shown(tmp_path: Path) -> None:
    store = opened(tmp_path)
    probe = kept("A1", PROBE, b"probe")
    store.keep(probe, b"probe")
    (tmp_path / probe.sha256).write_bytes(b"forged")
    assert store.read("A1", PROBE) is None


def test_what_is_due_goes_and_a_shared_file_with_its_last_holder(tmp_path: Path) -> None:
    store = opened(tmp_path)
    first, second = kept("A1", CANDIDATE, b"face", 500), kept("A2", CANDIDATE, b"face", 900)
    for each in (first, second):
        store.keep(each, b"face")
    assert store.due(499) == []
    assert store.due(500) == [first]
    store.erase(first)
    assert store.read("A1", CANDIDATE) is None
    assert store.read("A2", CANDIDATE) == (b"face", second.sha256)
    assert store.due(900) == [second]
    store.erase(second)
    store.erase(second)
    assert files(tmp_path) == set()


def test_clocks_survive_and_change(tmp_path: Path) -> None:
    opened(tmp_path).keep(kept("A1", PROBE, b"probe", 1000), b"probe")
    store = opened(tmp_path)
    assert store.due(1000) == [kept("A1", PROBE, b"probe", 1000)]
    store.set_clocks([kept("A1", PROBE, b"probe", 2000), kept("A9", PROBE, b"none", 1)])
    again = opened(tmp_path)
    assert again.due(1999) == []
    assert again.of("A1") == again.due(2000) == [kept("A1", PROBE, b"probe", 2000)]


def test_another_image_of_the_same_alert_takes_the_place_of_the_first(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.keep(kept("A1", PROBE, b"one"), b"one")
    second = kept("A1", PROBE, b"two")
    store.keep(second, b"two")
    assert files(tmp_path) == {second.sha256}


def test_what_no_alert_holds_is_erased_at_the_start(tmp_path: Path) -> None:
    opened(tmp_path).keep(kept("A1", PROBE, b"probe"), b"probe")
    (tmp_path / ("a" * 64)).write_bytes(b"stray")
    (tmp_path / ("b" * 64 + ".new")).write_bytes(b"torn")
    assert ImageStore(tmp_path).open([]) == 2
    assert files(tmp_path) == {kept("A1", PROBE, b"probe").sha256}


def test_a_lost_index_is_made_anew_from_the_record(tmp_path: Path) -> None:
    one, two = kept("A1", PROBE, b"one"), kept("A2", PROBE, b"two")
    store = opened(tmp_path)
    store.keep(one, b"one")
    store.keep(two, b"two")
    (tmp_path / INDEX).write_text("[{")
    again = ImageStore(tmp_path)
    assert again.open([one]) == 1
    assert again.read("A1", PROBE) == (b"one", one.sha256)
    assert files(tmp_path) == {one.sha256}
