"""The log's own promises: on disk before it returns, nothing twice, nothing half."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gcs.audit.log import AuditLog, AuditUnavailable, ChainFile, DiskFile
from gcs.audit.verify import verify
from gcs.runtime.clock import ManualClock
from tests.support.disk import SmallDisk
from tests.unit.audit.test_chain import draft

_opened: list[AuditLog] = []


@pytest.fixture(autouse=True)
def close_logs() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def open_log(folder: Path, opener: Callable[[Path], ChainFile] = DiskFile) -> AuditLog:
    log = AuditLog(folder / "audit.jsonl", ManualClock(), opener)
    _opened.append(log)
    return log


def test_an_entry_is_in_the_file_when_append_returns(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    (entry,) = log.append([draft(1)])
    assert entry.hash.encode() in log.path.read_bytes()
    assert verify(log.path).entries == 1


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    log.append([draft(1), draft(2)])
    log.close()
    again = open_log(tmp_path)
    assert again.entries == 2
    again.append([draft(3)])
    assert verify(again.path).entries == 3


def test_a_draft_that_is_there_is_not_added_again(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    log.append([draft(1)])
    assert log.append([draft(1), draft(2), draft(2)])[0].draft.id == "d2"
    log.close()
    again = open_log(tmp_path)
    assert again.append([draft(1), draft(2)]) == []
    assert verify(again.path).entries == 2


def test_a_torn_last_line_is_set_aside(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    log.append([draft(1)])
    log.close()
    with log.path.open("ab") as file:
        file.write(b'{"draft":{"action":"com')
    again = open_log(tmp_path)
    assert again.entries == 1
    assert b'{"draft":{"action":"com' in log.path.with_name("audit.jsonl.torn").read_bytes()
    again.append([draft(2)])
    assert verify(log.path).entries == 2


def test_a_whole_line_cut_at_its_end_is_not_taken_for_a_torn_one(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    log.append([draft(1), draft(2)])
    log.close()
    log.path.write_bytes(log.path.read_bytes()[:-1])
    with pytest.raises(AuditUnavailable, match="entry 2"):
        open_log(tmp_path)


@pytest.mark.parametrize("left", [0, 1, 100, 400])
def test_a_full_disk_adds_nothing_and_can_be_tried_again(tmp_path: Path, left: int) -> None:
    disk = SmallDisk(10_000)
    log = open_log(tmp_path, disk)
    log.append([draft(1)])
    disk.left = left
    with pytest.raises(AuditUnavailable, match=r"audit\.jsonl cannot be written: No space left"):
        log.append([draft(2), draft(3)])
    assert log.entries == 1
    assert "No space left" in log.problem
    assert verify(log.path).entries == 1
    disk.left = 10_000
    log.append([draft(2), draft(3)])
    assert log.problem == ""
    assert verify(log.path).entries == 3


def test_it_can_be_seen_that_there_is_room_again(tmp_path: Path) -> None:
    disk = SmallDisk(10_000)
    log = open_log(tmp_path, disk)
    log.append([draft(1)])
    disk.left = 100
    with pytest.raises(AuditUnavailable):
        log.append([draft(2)])
    assert not log.probe()
    assert "No space left" in log.problem
    disk.left = 100_000
    assert log.probe()
    assert log.problem == ""
    log.append([draft(2)])
    assert verify(log.path).entries == 2


def test_two_logs_cannot_write_one_chain(tmp_path: Path) -> None:
    first = open_log(tmp_path)
    with pytest.raises(AuditUnavailable, match="another keeper"):
        open_log(tmp_path)
    first.close()
    open_log(tmp_path).close()


def test_a_broken_chain_is_not_written_on(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    log.append([draft(1), draft(2)])
    log.close()
    log.path.write_bytes(log.path.read_bytes().replace(b"ISL-01", b"ISL-09", 1))
    with pytest.raises(AuditUnavailable, match="entry 1 is broken"):
        open_log(tmp_path)


def test_a_cut_chain_is_not_written_on(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    log.append([draft(1), draft(2)])
    log.close()
    log.path.write_bytes(log.path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(AuditUnavailable, match="cut off"):
        open_log(tmp_path)
    log.path.unlink()
    with pytest.raises(AuditUnavailable):
        open_log(tmp_path)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditUnavailable, match="cannot be written"):
        AuditLog(tmp_path / "file" / "audit.jsonl", ManualClock())
