"""The chain and its verification: whatever is done to the file is found, and named."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gcs.audit.chain import NO_PREVIOUS, Link, line_of, seal
from gcs.audit.head import head_path
from gcs.audit.log import AuditLog
from gcs.audit.verify import verify
from gcs.model.audit import AuditAction, AuditDraft
from gcs.runtime.clock import ManualClock


def draft(number: int, reason: str = "") -> AuditDraft:
    return AuditDraft(
        id=f"d{number}",
        source="gw1",
        build="1",
        utc_ms=1000 + number,
        monotonic_ms=number,
        action=AuditAction.COMMAND,
        object="ISL-01",
        outcome="observed",
        reason=reason,
    )


def written(folder: Path, count: int) -> Path:
    path = folder / "audit.jsonl"
    log = AuditLog(path, ManualClock())
    log.append([draft(n, 'Ünïcode ⚓ "quoted"\n') for n in range(1, count + 1)])
    log.close()
    return path


def test_an_entry_takes_up_the_one_before() -> None:
    first = seal(draft(1), Link(), 5)
    second = seal(draft(2), Link(1, first.hash), 6)
    assert (first.sequence, first.previous) == (1, NO_PREVIOUS)
    assert (second.sequence, second.previous) == (2, first.hash)
    assert first.hash != seal(draft(1), Link(), 6).hash
    assert line_of(first).endswith(b"\n")


def test_a_whole_chain_holds(tmp_path: Path) -> None:
    result = verify(written(tmp_path, 5))
    assert (result.ok, result.entries, result.first_broken) == (True, 5, None)


def test_an_empty_chain_holds(tmp_path: Path) -> None:
    assert verify(written(tmp_path, 0)).ok


@pytest.mark.parametrize(
    ("name", "change", "first_broken"),
    [
        ("edited", lambda ls: [*ls[:2], ls[2].replace(b"ISL-01", b"ISL-02"), *ls[3:]], 3),
        ("deleted", lambda ls: [*ls[:1], *ls[2:]], 2),
        ("first deleted", lambda ls: ls[1:], 1),
        ("reordered", lambda ls: [ls[0], ls[2], ls[1], *ls[3:]], 2),
        ("inserted twice", lambda ls: [*ls[:3], ls[2], *ls[3:]], 4),
        ("blank line", lambda ls: [*ls[:3], b"\n", *ls[3:]], 4),
        ("a space more", lambda ls: [*ls[:3], ls[3].replace(b",", b", ", 1), *ls[4:]], 4),
        ("last deleted", lambda ls: ls[:-1], 5),
        ("all deleted", lambda ls: [], 1),
        ("last cut", lambda ls: [*ls[:-1], ls[-1][:40]], 5),
        ("not text", lambda ls: [*ls[:1], b"\xff\xfe\x00\n", *ls[2:]], 2),
        ("deep", lambda ls: [*ls[:1], b"[" * 100_000 + b"\n", *ls[2:]], 2),
    ],
)
def test_what_is_done_to_it_is_found(
    tmp_path: Path, name: str, change: object, first_broken: int
) -> None:
    path = written(tmp_path, 5)
    assert callable(change)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    result = verify(path)
    assert not result.ok
    assert result.first_broken == first_broken, name
    assert f"entry {first_broken}" in result.sentence
    assert str(path) in result.sentence


def test_an_entry_forged_with_a_right_hash_is_found_by_its_successor(tmp_path: Path) -> None:
    path = written(tmp_path, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    forged = seal(draft(99), Link(), 1)
    path.write_bytes(line_of(forged) + b"".join(lines[1:]))
    assert verify(path).first_broken == 2


def test_a_chain_written_anew_is_found_by_the_head(tmp_path: Path) -> None:
    path = written(tmp_path, 2)
    first = seal(draft(7), Link(), 1)
    second = seal(draft(8), Link(1, first.hash), 1)
    path.write_bytes(line_of(first) + line_of(second))
    result = verify(path)
    assert not result.ok
    assert result.first_broken == 2


def test_a_missing_head_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, 3)
    head_path(path).unlink()
    result = verify(path)
    assert (result.ok, result.entries, result.first_broken) == (False, 3, None)
    assert "head" in result.sentence


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    result = verify(tmp_path / "none.jsonl")
    assert not result.ok
    assert "none.jsonl" in result.sentence


def test_a_head_behind_the_chain_is_a_crash_not_a_break(tmp_path: Path) -> None:
    path = written(tmp_path, 2)
    old = head_path(path).read_bytes()
    log = AuditLog(path, ManualClock())
    log.append([draft(3)])
    log.close()
    head_path(path).write_bytes(old)
    result = verify(path)
    assert result.ok
    assert "later than its head" in result.sentence


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("original"), 4)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_single_byte_change_is_found(original: Path, data: st.DataObject) -> None:
    files = {path: path.read_bytes() for path in (original, head_path(original))}
    victim = data.draw(st.sampled_from(list(files)))
    content = bytearray(files[victim])
    where = data.draw(st.integers(0, len(content) - 1))
    kind = data.draw(st.sampled_from(["change", "delete", "insert"]))
    byte = data.draw(st.integers(0, 255))
    if kind == "change":
        content[where] ^= byte or 1
    elif kind == "delete":
        del content[where]
    else:
        content.insert(where, byte)
    victim.write_bytes(content)
    try:
        assert verify(original).ok == (bytes(content) == files[victim])
    finally:
        victim.write_bytes(files[victim])
