"""The room on the disk: each change is told once."""

from pathlib import Path

from gcs.apps.disk import DiskNews, DiskWatch

MIB = 1 << 20


def test_full_and_room_again_are_told_once_each() -> None:
    rooms = iter([500 * MIB, 10 * MIB, 5 * MIB, 30 * MIB, 100 * MIB, 90 * MIB, 1 * MIB])
    watch = DiskWatch(Path("/shift"), lambda _: next(rooms))
    assert [watch.look() for _ in range(7)] == [
        DiskNews.NOTHING,
        DiskNews.FULL,
        DiskNews.NOTHING,
        DiskNews.NOTHING,
        DiskNews.ROOM_AGAIN,
        DiskNews.NOTHING,
        DiskNews.FULL,
    ]


def test_a_disk_that_cannot_be_measured_changes_nothing() -> None:
    def gone(_: Path) -> int:
        raise OSError("gone")

    assert DiskWatch(Path("/shift"), gone).look() is DiskNews.NOTHING
