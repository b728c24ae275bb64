"""Checks a chain against itself and its head, offline; names the first broken entry."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gcs.audit.chain import Checked, Link, check
from gcs.audit.head import head_path, read_head

# A last line without its end may be one that is being written just now: look again after this.
WRITING_S = 0.05


@dataclass(frozen=True, slots=True)
class Verification:
    """`entries` hold from the start; `first_broken` is the number of the first that does not.

    Not `ok` without a broken entry: the file, its head or its tail is missing.
    """

    entries: int
    ok: bool
    first_broken: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk along a chain: where it stands, every draft's id, and where and why it ended.

    `torn` is a last line without its newline; `size` is the length of what holds, in bytes.
    `head_hash` is the hash of the entry the head counts to, when the walk came past it.
    """

    link: Link
    ids: frozenset[str]
    size: int
    broken: str | None
    torn: bytes
    head_hash: str | None


def walk(path: Path, head_count: int | None = None) -> Walk:
    """Follow the chain as far as it holds. Raises OSError."""
    link, size, torn, broken = Link(), 0, b"", None
    ids: set[str] = set()
    head_hash = link.hash if head_count == 0 else None
    for line in _lines(path):
        if not line.endswith(b"\n"):
            torn = line
            break
        result = check(line[:-1], link)
        if not isinstance(result, Checked):
            broken = result
            break
        link, size = result.link, size + len(line)
        ids.add(result.draft_id)
        if link.count == head_count:
            head_hash = link.hash
    return Walk(link, frozenset(ids), size, broken, torn, head_hash)


def verify(path: Path) -> Verification:
    """Whether the chain in `path` holds; never raises for what it finds there."""
    try:
        head = read_head(path)  # before the chain: a keeper may be writing both
        found = walk(path, head.count if head else None)
        if found.torn:
            time.sleep(WRITING_S)
            found = walk(path, head.count if head else None)
    except OSError as error:
        why = error.strerror or str(error)
        return Verification(0, False, None, f"{path}: the chain cannot be read: {why}.")
    except ValueError as error:
        found = walk(path)
        return _lost(path, found, f"its head {head_path(path).name} {error}: it was changed")
    broken = found.broken or ("is cut off in the middle" if found.torn else None)
    if broken is not None:
        number = found.link.count + 1
        return Verification(
            found.link.count, False, number, f"{path}: entry {number} is broken: it {broken}."
        )
    return _against_head(path, found, head)


def _against_head(path: Path, found: Walk, head: Link | None) -> Verification:
    count = found.link.count
    if head is None:
        return _lost(
            path,
            found,
            f"its head {head_path(path).name} is missing: entries may have been cut from its end",
        )
    if head.count > count:
        number = count + 1
        return Verification(
            count,
            False,
            number,
            f"{path}: entry {number} is missing: {count} are there, its head counts {head.count}; "
            "the end was cut off.",
        )
    if found.head_hash != head.hash:
        return Verification(
            count,
            False,
            head.count,
            f"{path}: entry {head.count} is not the one its head names: "
            "the chain was written anew or the head was changed.",
        )
    later = count - head.count
    note = f", {later} of them later than its head (a crash while writing)" if later else ""
    return Verification(count, True, None, f"{path}: {count} entries, the chain holds{note}.")


def _lost(path: Path, found: Walk, why: str) -> Verification:
    count = found.link.count
    return Verification(count, False, None, f"{path}: {count} entries hold, but {why}.")


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file
