"""The town's cache: the same town, made once; never a reason to fail."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.geo.town import Town
from gcs.geo.town_cache import CachedTown, cache_folder
from gcs.geo.training_town import TrainingTown
from tests.unit.geo import places

SOURCE = TrainingTown(places.small_borough(), places.SMALL_DOCKS, 8)


@pytest.fixture(scope="module")
def town() -> Town:
    return SOURCE.load()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds of the towns that were generated, not read."""
    seeds: list[int] = []
    load = TrainingTown.load

    def counted(self: TrainingTown) -> Town:
        seeds.append(self.seed)
        return load(self)

    monkeypatch.setattr(TrainingTown, "load", counted)
    return seeds


def test_the_second_load_is_read_and_equal(tmp_path: Path, town: Town, made: list[int]) -> None:
    assert CachedTown(SOURCE, tmp_path / "new").load() == town
    assert CachedTown(SOURCE, tmp_path / "new").load() == town
    assert made == [8]
    assert [p.suffix for p in (tmp_path / "new").iterdir()] == [".msgpack"]


def test_what_decides_the_town_decides_the_file(tmp_path: Path, made: list[int]) -> None:
    higher = (replace(places.SMALL_DOCKS[0], roof_height_m=21.0), places.SMALL_DOCKS[1])
    for source in (SOURCE, replace(SOURCE, seed=9), replace(SOURCE, docks=higher)):
        CachedTown(source, tmp_path).load()
    assert made == [8, 9, 8]


@pytest.mark.parametrize("content", [b"", b"\xc1 not msgpack", b"\x80"])
def test_a_spoilt_file_is_replaced(
    tmp_path: Path, town: Town, made: list[int], content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    CachedTown(SOURCE, tmp_path).load()
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert CachedTown(SOURCE, tmp_path).load() == town
    assert "cannot be used" in caplog.text
    assert CachedTown(SOURCE, tmp_path).load() == town
    assert made == [8, 8]


def test_a_folder_that_cannot_be_written_is_no_failure(
    tmp_path: Path, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert CachedTown(SOURCE, blocked / "towns").load() == town
    assert "not kept" in caplog.text


def test_only_the_newest_few_are_kept(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"town-{number}.msgpack").write_bytes(b"old")
    CachedTown(SOURCE, tmp_path).load()
    assert len(list(tmp_path.iterdir())) == 4


def test_the_users_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/drone-desk")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert cache_folder() == Path("/local/drone-desk")
