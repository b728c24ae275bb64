"""An alert's images at the keeper: fetched from the central service, shown to desks, erased.

An image is believed only by its SHA-256. Who was shown which alert's images is on record, and
so is their erasure; the images themselves never are.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from gcs.alerts.retention import delete_image_utc_ms
from gcs.audit.log import AuditUnavailable
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.disk import DiskThread
from gcs.keeper.image_store import ImageStore, Kept
from gcs.keeper.missions import Refused
from gcs.keeper.record import Record
from gcs.keeper.roster import Roster, not_the_same
from gcs.model.alert import (
    Alert,
    AlertImage,
    AlertRecord,
    ImageRef,
    ImageReply,
    ImageRequest,
)
from gcs.model.audit import AuditAction
from gcs.model.people import Holder
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects

log = logging.getLogger(__name__)

FETCH_S = 2.0
FETCH_TRIES = 2
MOST_BYTES = 600_000
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the central service gave, and in words what it did not."""

    images: dict[AlertImage, bytes]
    missing: dict[AlertImage, str]


class AlertImages:
    """The keeper's images. `open` before anything else."""

    def __init__(
        self,
        bus: Bus,
        names: Subjects,
        store: ImageStore,
        record: Record,
        book: AuditBook,
        roster: Roster,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._names = names
        self._store = store
        self._record = record
        self._book = book
        self._roster = roster
        self._clock = clock
        self._disk = DiskThread()
        self._clocks_late = False

    async def open(self) -> None:
        """Take up the store with the record's clocks. Raises OSError."""
        held = self._held(self._record.alerts.values)
        strays = await self._disk.run(lambda: self._store.open(held))
        if strays:
            text = f"{strays} images that no alert holds were erased."
            await self._book.write(Act(AuditAction.IMAGE_ERASED, "images", text))

    # -- from the central service ----------------------------------------------------------------
    async def fetch(self, alert: Alert) -> Fetched:
        """Ask for every image of the alert."""
        refs = alert.images
        answers = await asyncio.gather(*(self._fetch(ref) for ref in refs.values()))
        both = list(zip(refs, answers, strict=True))
        return Fetched(
            {image: answer for image, answer in both if isinstance(answer, bytes)},
            {image: answer for image, answer in both if isinstance(answer, str)},
        )

    async def _fetch(self, ref: ImageRef) -> bytes | str:
        answer: bytes | str = ""
        for _ in range(FETCH_TRIES):
            answer = await self._ask(ref)
            if isinstance(answer, bytes):
                break
        return answer

    async def _ask(self, ref: ImageRef) -> bytes | str:
        request = ImageRequest(reference=ref.reference)
        try:
            reply = await self._bus.request(self._names.central_image, request, ImageReply, FETCH_S)
        except (NoAnswer, BadMessage) as error:
            return str(error)
        if not reply.ok:
            return reply.text[:200]
        if len(reply.data) > MOST_BYTES:
            return f"it has {len(reply.data)} bytes, at most {MOST_BYTES} are taken"
        if hashlib.sha256(reply.data).hexdigest() != ref.sha256:
            return "its SHA-256 is not the one in the alert"
        if not reply.data.startswith(_STARTS):
            return "it is neither JPEG nor PNG"
        return reply.data

    async def keep(self, record: AlertRecord, fetched: Fetched) -> None:
        """Store what was fetched for a record that is about to be written. Raises OSError."""
        kept = {each.image: each for each in self._held([record])}

        def work() -> None:
            for image, data in fetched.images.items():
                self._store.keep(kept[image], data)

        await self._disk.run(work)

    # -- to the desks ----------------------------------------------------------------------------
    async def serve(self, subject: str, request: ImageRequest) -> ImageReply:
        """Answer a desk; that its person saw the alert's images is on record before."""
        person, desk = subject.split(".")[-2:]
        by = request.by and self._roster.by_directory(request.by)
        what = f"image of alert {request.alert[:64]}"
        if request.by is None or request.by.person != person:
            return await self._refuse(None, what, f"{person} may not ask as another person.")
        if request.by.desk != desk:
            return await self._refuse(None, what, not_the_same(request.by, person, desk))
        if by is None:
            return await self._refuse(None, what, f"{person} is not in this site's directory.")
        may_not = self._roster.may_fly(by)
        if isinstance(may_not, Refused):
            return await self._refuse(by, what, may_not.text)
        if request.image is None or self._record.alerts.get(request.alert) is None:
            return ImageReply(False, f"There is no alert {request.alert!r}.")
        try:
            return await self._show(by, request.alert, request.image)
        except AuditUnavailable as error:
            return ImageReply(False, f"Refused, because it cannot be put on record. {error}")
        except OSError as error:
            return ImageReply(False, f"The image cannot be read: {error.strerror}.")

    async def _show(self, by: Holder, alert: str, image: AlertImage) -> ImageReply:
        found = await self._disk.run(lambda: self._store.read(alert, image))
        if found is None:
            return ImageReply(False, f"Alert {alert}: its {image.value} image is not there.")
        text = f"The images of alert {alert} were shown to {by.label}."
        shown = Act(AuditAction.IMAGE_SHOWN, alert, text, by, once=f"shown {alert} {by.person}")
        await self._book.write(shown)
        data, sha256 = found
        return ImageReply(True, text, data, sha256)

    async def _refuse(self, by: Holder | None, what: str, text: str) -> ImageReply:
        try:
            await self._book.write(Act(AuditAction.REFUSAL, what, text, by))
        except AuditUnavailable as error:
            log.error("a refusal is not on record: %s", error)
        return ImageReply(False, text)

    # -- their clocks ----------------------------------------------------------------------------
    async def set_clocks(self, record: AlertRecord) -> None:
        """The record changed, and with it how long its images are kept. Never raises OSError."""
        held = self._held([record])
        try:
            await self._disk.run(lambda: self._store.set_clocks(held))
        except OSError as error:
            self._clocks_late = True
            log.warning("deletion times of alert %s not stored yet: %s", record.alert.id, error)

    async def erase_due(self) -> None:
        """Erase what is due: first on record, then from the disk. Raises OSError."""
        if self._clocks_late:
            held = self._held(self._record.alerts.values)
            await self._disk.run(lambda: self._store.set_clocks(held))
            self._clocks_late = False
        for kept in self._store.due(self._clock.utc_ms()):
            await self._erase(kept)

    async def erase_all(self, alert: str) -> None:
        """Erase everything of an alert whose record goes. Raises OSError."""
        for kept in self._store.of(alert):
            await self._erase(kept)

    async def _erase(self, kept: Kept) -> None:
        text = f"The {kept.image.value} image of alert {kept.alert} is erased: its time is over."
        once = f"erased {kept.alert} {kept.image} {kept.sha256}"
        await self._book.write(Act(AuditAction.IMAGE_ERASED, kept.alert, text, once=once))
        await self._disk.run(lambda: self._store.erase(kept))

    def _held(self, records: Iterable[AlertRecord]) -> list[Kept]:
        """Every image the records name, with its deletion time."""
        held: list[Kept] = []
        for record in records:
            deployment = self._record.deployments.get(record.alert.deployment)
            if deployment is None:
                continue  # its images keep the clock they have
            held += [
                Kept(
                    record.alert.id,
                    image,
                    ref.sha256,
                    delete_image_utc_ms(record, image, deployment),
                )
                for image, ref in record.alert.images.items()
            ]
        return held
