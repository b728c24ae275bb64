"""A chain begun before entries told of the second person of a hand-over goes on and holds."""

from pathlib import Path

from gcs.audit.chain import NO_PREVIOUS, Link, canonical, digest
from gcs.audit.head import write_head
from gcs.audit.log import AuditLog
from gcs.audit.verify import verify
from gcs.model.audit import AuditAction, AuditDraft
from gcs.runtime.clock import ManualClock

OLD = {
    "id": "d1",
    "source": "gw1",
    "build": "1",
    "utc_ms": 1001,
    "monotonic_ms": 1,
    "action": "handoff",
    "object": "ISL-01",
    "outcome": "accept",
    "person": "pilot-b",
    "role": "pilot",
    "desk": "desk-2",
    "reason": "",
    "incident": "",
    "before": "",
    "after": "",
}


def test_an_old_chain_goes_on_with_entries_that_tell_more(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    fields = {"sequence": 1, "previous": NO_PREVIOUS, "written_utc_ms": 5, "draft": OLD}
    line = canonical({**fields, "hash": digest(fields)})
    path.write_bytes(line + b"\n")
    write_head(path, Link(1, digest(fields)))
    log = AuditLog(path, ManualClock())
    more = AuditDraft(
        id="d2",
        source="gw1",
        build="2",
        utc_ms=1002,
        monotonic_ms=2,
        action=AuditAction.HANDOFF,
        object="ISL-01",
        outcome="assume",
        person="pilot-b",
        other="pilot-a",
        other_desk="desk-1",
        epoch=2,
        brief="0123456789abcdef",
    )
    log.append([more])
    log.close()
    assert path.read_bytes().startswith(line + b"\n")
    result = verify(path)
    assert (result.ok, result.entries) == (True, 2), result.sentence
