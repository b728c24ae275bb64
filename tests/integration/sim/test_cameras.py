"""The cameras' streams as they come over loopback UDP: decoded, believed, and with faults."""

import asyncio
import io
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import av
import pytest

from gcs.model.feed import FeedKind, FeedSource, SensorMetadata
from gcs.runtime.clock import SystemClock
from gcs.sim.cameras.rig import CameraRig
from gcs.sim.cameras.sender import DATAGRAM_BYTES
from gcs.sim.cameras.shot import CameraFault
from gcs.sim.drone.camera_pose import CameraPose
from gcs.video.klv import decode_metadata
from gcs.video.transport import KLV_PID, SYNC, TS_PACKET, VIDEO_PID
from tests.unit.sim.cameras import places

DRONE, CAMERA = "T-01", "CAM-1"
DEADLINE_S = 15.0
POSE = CameraPose(places.at(120.0, 60.0), 90.0, 60.0, 30.0, -8.0, 5.0, -45.0, 20.0, 1.0, True)


class Ear:
    """A socket where one feed's datagrams come in."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])
        self.datagrams: list[bytes] = []

    def hear(self) -> list[bytes]:
        """Everything that came so far."""
        try:
            while True:
                self.datagrams.append(self._socket.recv(65_536))
        except BlockingIOError:
            return self.datagrams

    def forget(self) -> None:
        self.hear()
        self.datagrams.clear()

    def close(self) -> None:
        self._socket.close()

    def pids(self) -> set[int]:
        data = b"".join(self.hear())
        packets = [data[at : at + TS_PACKET] for at in range(0, len(data), TS_PACKET)]
        return {(p[1] & 0x1F) << 8 | p[2] for p in packets}


@dataclass
class Decoded:
    sizes: list[tuple[int, int]]
    told: list[SensorMetadata]


def decoded(datagrams: list[bytes]) -> Decoded:
    """By PyAV, and each picture's metadata."""
    found = Decoded([], [])
    stream = io.BytesIO(b"".join(datagrams))
    with av.open(stream, "r", format="mpegts") as container:
        for packet in container.demux():
            if not packet.size:
                continue
            if packet.stream.type == "video":
                frames_now = packet.decode()
                pictures = [f for f in frames_now if isinstance(f, av.VideoFrame)]
                found.sizes += [(f.width, f.height) for f in pictures]
            else:
                found.told.append(decode_metadata(bytes(packet)))
    return found


@pytest.fixture
def ears() -> Iterator[dict[str, Ear]]:
    both = {DRONE: Ear(), CAMERA: Ear()}
    yield both
    for ear in both.values():
        ear.close()


async def until(what: Callable[[], bool], sentence: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not what():
        assert time.monotonic() < deadline, sentence
        await asyncio.sleep(0.02)


@asynccontextmanager
async def running(
    ears: dict[str, Ear], pose: Callable[[], CameraPose | None], truth: Path | None = None
) -> AsyncIterator[CameraRig]:
    feeds = (
        FeedSource(DRONE, FeedKind.DRONE, ears[DRONE].port),
        FeedSource(CAMERA, FeedKind.FIXED, ears[CAMERA].port),
    )
    rig = CameraRig(places.site(), places.town(), lambda _: pose(), feeds, SystemClock(), 5, truth)
    task = asyncio.create_task(rig.run())
    try:
        await asyncio.wait_for(rig.wait_running(), DEADLINE_S)
        yield rig
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


def frames(rig: CameraRig, feed: str) -> int:
    return next(f.frames for f in rig.figures() if f.feed == feed)


async def test_a_stream_is_decoded_and_its_place_is_the_pose(ears: dict[str, Ear]) -> None:
    async with running(ears, lambda: POSE) as rig:
        await until(lambda: frames(rig, DRONE) >= 12, "the drone's camera sends too little")
        datagrams = ears[DRONE].hear()
    assert max(map(len, datagrams)) <= DATAGRAM_BYTES == 1316
    assert all(len(d) % TS_PACKET == 0 and d[0] == SYNC for d in datagrams)
    found = decoded(datagrams)
    assert set(found.sizes) == {(320, 180)} and len(found.sizes) >= 11
    for told in found.told:
        assert told.platform == DRONE and told.position is not None
        assert told.position.lat_deg == pytest.approx(POSE.position.lat_deg, abs=1e-6)
        assert told.position.lon_deg == pytest.approx(POSE.position.lon_deg, abs=1e-6)
        assert told.altitude_amsl_m == pytest.approx(90.0, abs=0.4)
        assert told.heading_deg == pytest.approx(30.0, abs=0.01)
        assert told.horizontal_fov_deg == pytest.approx(70.0, abs=0.01)
        assert told.slant_range_m == pytest.approx(84.85, abs=0.1)


async def test_zoom_shows_in_the_metadata_of_the_next_frames(ears: dict[str, Ear]) -> None:
    pose = POSE
    async with running(ears, lambda: pose) as rig:
        await until(lambda: frames(rig, DRONE) >= 3, "the drone's camera sends too little")
        pose = replace(POSE, zoom=4.0)
        seen = frames(rig, DRONE)
        await until(lambda: frames(rig, DRONE) >= seen + 4, "the drone's camera stopped")
        told = decoded(ears[DRONE].hear()).told
    first, last = told[0].horizontal_fov_deg, told[-1].horizontal_fov_deg
    assert first == pytest.approx(70.0, abs=0.01) and last == pytest.approx(19.86, abs=0.05)


async def test_capture_times_are_even_and_now(ears: dict[str, Ear]) -> None:
    clock = SystemClock()
    began_us = clock.utc_ms() * 1000
    async with running(ears, lambda: POSE) as rig:
        await until(lambda: frames(rig, CAMERA) >= 20, "the fixed camera sends too little")
        times = [t.capture_utc_us for t in decoded(ears[CAMERA].hear()).told]
    assert began_us <= times[0] and times[-1] <= clock.utc_ms() * 1000 + 1000
    gaps = sorted(b - a for a, b in pairwise(times))
    assert gaps[len(gaps) // 2] == pytest.approx(66_667, abs=8_000)


async def test_a_docked_drone_sends_its_lower_rate(ears: dict[str, Ear]) -> None:
    docked = replace(POSE, airborne=False)
    async with running(ears, lambda: docked) as rig:
        await until(lambda: frames(rig, DRONE) >= 5, "the docked camera sends too little")
        times = [t.capture_utc_us for t in decoded(ears[DRONE].hear()).told]
    gaps = sorted(b - a for a, b in pairwise(times))
    assert gaps[len(gaps) // 2] == pytest.approx(200_000, abs=12_000)


async def test_the_shot_is_what_was_sent_last(ears: dict[str, Ear]) -> None:
    async with running(ears, lambda: POSE) as rig:
        await until(lambda: rig.shot(CAMERA) is not None, "no shot of the fixed camera")
        await until(lambda: bool((s := rig.shot(CAMERA)) and s.people), "nobody in the picture")
        shot = rig.shot(CAMERA)
        assert shot is not None and shot.image.shape == (180, 320, 3)
        await until(lambda: frames(rig, CAMERA) >= 3, "the fixed camera stopped")
        times = {t.capture_utc_us for t in decoded(ears[CAMERA].hear()).told}
    assert shot.capture_utc_us in times
    assert rig.shot("nobody") is None
    with pytest.raises(KeyError):
        rig.fault("nobody", CameraFault.STOP)


async def test_a_stopped_camera_sends_nothing_and_then_again(ears: dict[str, Ear]) -> None:
    async with running(ears, lambda: POSE) as rig:
        await until(lambda: frames(rig, CAMERA) >= 2, "the fixed camera sends too little")
        rig.fault(CAMERA, CameraFault.STOP)
        before = frames(rig, DRONE)
        await until(lambda: frames(rig, DRONE) >= before + 2, "the other camera stopped too")
        ears[CAMERA].forget()
        before = frames(rig, DRONE)
        await until(lambda: frames(rig, DRONE) >= before + 4, "the other camera stopped too")
        assert not ears[CAMERA].hear()
        rig.fault(CAMERA, None)
        await until(lambda: bool(ears[CAMERA].hear()), "it did not come back")


async def test_garbage_is_no_transport_stream(ears: dict[str, Ear]) -> None:
    async with running(ears, lambda: POSE) as rig:
        rig.fault(CAMERA, CameraFault.GARBAGE)
        await until(lambda: bool(ears[CAMERA].hear()), "nothing came")
        ears[CAMERA].forget()
        await until(lambda: len(ears[CAMERA].hear()) >= 5, "too little came")
    for datagram in ears[CAMERA].datagrams:
        assert any(datagram[at] != SYNC for at in range(0, len(datagram), TS_PACKET))


async def test_without_klv_the_pictures_still_come(ears: dict[str, Ear]) -> None:
    async with running(ears, lambda: POSE) as rig:
        await until(lambda: KLV_PID in ears[CAMERA].pids(), "no metadata came at first")
        rig.fault(CAMERA, CameraFault.NO_KLV)
        before = frames(rig, CAMERA)
        await until(lambda: frames(rig, CAMERA) >= before + 2, "the camera stopped")
        ears[CAMERA].forget()
        await until(lambda: len(ears[CAMERA].hear()) >= 8, "the pictures stopped")
        pids = ears[CAMERA].pids()
    assert VIDEO_PID in pids and KLV_PID not in pids


async def test_a_frozen_camera_keeps_sending_an_old_moment(ears: dict[str, Ear]) -> None:
    async with running(ears, lambda: POSE) as rig:
        await until(lambda: frames(rig, CAMERA) >= 4, "the camera sends too little")
        rig.fault(CAMERA, CameraFault.FREEZE)
        seen = frames(rig, DRONE)
        await until(lambda: frames(rig, DRONE) >= seen + 10, "the other camera stopped")
        times = [t.capture_utc_us for t in decoded(ears[CAMERA].hear()).told]
    assert len(times) >= 10
    assert all(b - a < 100 for a, b in pairwise(times[-5:]))


async def test_another_size_is_a_stream_of_that_size(ears: dict[str, Ear]) -> None:
    async with running(ears, lambda: POSE) as rig:
        await until(lambda: frames(rig, CAMERA) >= 2, "the camera sends too little")
        rig.fault(CAMERA, CameraFault.RESIZE)
        before = frames(rig, CAMERA)
        await until(lambda: frames(rig, CAMERA) >= before + 2, "the camera stopped")
        ears[CAMERA].forget()
        before = frames(rig, CAMERA)
        await until(lambda: frames(rig, CAMERA) >= before + 20, "the camera stopped")
        sizes = set(decoded(ears[CAMERA].hear()).sizes)
    assert sizes == {(160, 90)}


async def test_the_truth_file_has_a_line_for_each_frame(
    ears: dict[str, Ear], tmp_path: Path
) -> None:
    path = tmp_path / "truth.jsonl"
    async with running(ears, lambda: POSE, path) as rig:
        await until(lambda: frames(rig, CAMERA) >= 5, "the camera sends too little")
        told = {t.capture_utc_us for t in decoded(ears[CAMERA].hear()).told}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    mine = [line for line in lines if line["feed"] == CAMERA]
    assert told <= {line["capture_utc_us"] for line in mine}
    assert any(line["people"] for line in mine)
    for person in (p for line in mine for p in line["people"]):
        left, top, width, height = person["box"]
        assert person["id"] and 0 <= left <= left + width <= 1.00001 and top + height <= 1.00001


async def test_a_drone_without_a_pose_sends_nothing_and_the_others_do(
    ears: dict[str, Ear],
) -> None:
    async with running(ears, lambda: None) as rig:
        await until(lambda: frames(rig, CAMERA) >= 5, "the fixed camera stopped")
        assert frames(rig, DRONE) == 0 and not ears[DRONE].hear()
