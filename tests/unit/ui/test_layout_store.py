"""A person's arrangement: kept whole, and a broken file is one sentence."""

from pathlib import Path

import pytest

from ui.layout_store import Arrangement, LayoutStore


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    store = LayoutStore(tmp_path / "config", "pilot-a")
    kept = Arrangement(b"\x00geometry", {"wide": b"\xff\x01", "folded": b""})
    assert store.save(kept) == ""
    assert store.load() == (kept, "")
    assert LayoutStore(tmp_path / "config", "pilot-b").load() == (None, "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{not json",
        b"\xff\xfe",
        b'{"version": 99, "geometry": "", "states": {}}',
        b'{"version": 2, "geometry": "***", "states": {}}',
        b'{"version": 2, "geometry": "", "states": {"wide": 3}}',
        b'{"version": 2, "geometry": "", "states": {}, "more": 1}',
    ],
)
def test_a_broken_file_gives_one_sentence_that_names_it(tmp_path: Path, content: bytes) -> None:
    store = LayoutStore(tmp_path, "pilot-a")
    store.path.write_bytes(content)
    kept, told = store.load()
    assert kept is None
    assert str(store.path) in told and told.endswith("default arrangement.")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    told = LayoutStore(tmp_path / "config", "pilot-a").save(Arrangement())
    assert told.startswith("Your arrangement was not kept: ")


def test_forgetting_is_safe_when_there_is_nothing(tmp_path: Path) -> None:
    store = LayoutStore(tmp_path, "pilot-a")
    store.forget()
    store.save(Arrangement(b"x"))
    store.forget()
    assert store.load() == (None, "")
