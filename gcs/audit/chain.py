"""The hash chain, pure: an entry from a draft and its predecessor, and whether a line holds.

What is hashed is the line as it stands in the file, without its hash: JSON with sorted keys
and no spaces. A line is checked byte by byte against that form, so no change to it is too
small to be seen. The chain shows that something was changed; it cannot show by whom, and
whoever can write the file and its head anew can make another chain that holds.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from gcs.model.audit import AuditDraft, AuditEntry

NO_PREVIOUS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """Where a chain stands: how many entries, and the last one's hash."""

    count: int = 0
    hash: str = NO_PREVIOUS


def seal(draft: AuditDraft, after: Link, written_utc_ms: int) -> AuditEntry:
    """The next entry of the chain."""
    fields = _fields(after.count + 1, after.hash, written_utc_ms, draft)
    return AuditEntry(after.count + 1, after.hash, written_utc_ms, draft, digest(fields))


def line_of(entry: AuditEntry) -> bytes:
    """The entry as it stands in the file, newline included."""
    fields = _fields(entry.sequence, entry.previous, entry.written_utc_ms, entry.draft)
    return canonical({**fields, "hash": entry.hash}) + b"\n"


def canonical(fields: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: one value, one form."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def digest(fields: Mapping[str, Any]) -> str:
    """SHA-256 over everything of an entry but its hash."""
    return hashlib.sha256(canonical(fields)).hexdigest()


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that holds: where the chain stands after it, and the id of its draft."""

    link: Link
    draft_id: str


def check(line: bytes, after: Link) -> Checked | str:
    """What a line (without newline) adds to the chain, or in words why it does not hold."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return "is not JSON"
    if not isinstance(fields, dict) or canonical(fields) != line:
        return "is not in the form it was written in"
    claimed = fields.pop("hash", None)
    if digest(fields) != claimed:
        return "does not match its own hash"
    if fields.get("previous") != after.hash:
        return f"does not follow the entry before it (it is number {fields.get('sequence')})"
    if fields.get("sequence") != after.count + 1:
        return f"is numbered {fields.get('sequence')}"
    draft = fields.get("draft")
    if not isinstance(draft, dict) or not isinstance(draft.get("id"), str):
        return "has no draft"
    return Checked(Link(after.count + 1, claimed), draft["id"])


def _fields(sequence: int, previous: str, written_utc_ms: int, draft: AuditDraft) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "previous": previous,
        "written_utc_ms": written_utc_ms,
        "draft": msgspec.to_builtins(draft),
    }
