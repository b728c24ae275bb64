"""The window signs on at a real keeper over a real bus: refused, let in, held back, replaced."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gcs.apps.desk import DeskSession
from gcs.apps.files import JoinFile
from gcs.model.control import ControlRecord, ControlState
from tests.integration.keeper.bench import B, KeeperBench, keeper_bench
from tests.support.gui import Runner
from tests.support.nats import password_of, until
from ui.commands import OperatorCommands
from ui.layout_store import LayoutStore
from ui.selection import Selection
from ui.sign_on_desk import DeskSignOn
from ui.theme import DARK
from ui.window import DeskWindow


class Seat:
    """A desk with its window, and the keeper it asks."""

    def __init__(self, bench: KeeperBench, folder: Path) -> None:
        own = bench.server.sign_on_access("", "desk-2")
        self.session = DeskSession(JoinFile(bench.site, own, str(folder), desk="desk-2"))
        state, selection = self.session.state, Selection()
        commands = OperatorCommands(self.session.desk, state, selection, asyncio.ensure_future)
        self.window = DeskWindow(
            state, commands, selection, QLabel("map"), self.session.clock,
            LayoutStore(folder, "nobody"), DARK,
        )  # fmt: skip
        door = DeskSignOn(self.window, self.session.sign_on, asyncio.ensure_future, asks=True)
        self.sheet = door.sheet
        self.window.show()

    @property
    def bar(self) -> str:
        return self.window.status.person.text()

    def type(self, person: str, password: str) -> None:
        self.sheet.person.clear()
        QTest.keyClicks(self.sheet.person, person)
        QTest.keyClicks(self.sheet.password, password)
        self.sheet.enter.click()

    async def told(self, part: str) -> None:
        await until(lambda: part in self.sheet.words.text, 10.0, f"{part!r} in the form")

    async def shows(self, part: str) -> None:
        await until(lambda: part in self.bar, 10.0, f"{part!r} in the bar")


@asynccontextmanager
async def seat(folder: Path) -> AsyncIterator[tuple[KeeperBench, Seat]]:
    async with keeper_bench(folder) as bench, bench.keeper():
        made = Seat(bench, folder)
        running = asyncio.ensure_future(made.session.run())
        try:
            yield bench, made
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            made.window.close()
            made.window.deleteLater()


def test_a_shift_of_people_at_one_desk(
    dressed: QApplication,
    run_async: Runner,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def people() -> None:
        async with seat(tmp_path) as (bench, desk):
            await until(lambda: desk.sheet.isVisible() and desk.sheet.covers)
            desk.type("pilot-b", "a wrong password")
            await desk.told("password")
            assert desk.sheet.covers and desk.session.sign_on.person == ""

            desk.type("pilot-b", password_of("pilot-b"))
            await desk.shows("Pilot B · pilot · desk-2")
            assert desk.sheet.isHidden()

            held = ControlRecord("ISL-01", ControlState.OWNED, 3, 1, B)
            await bench.control(held)
            await until(lambda: desk.session.state.control("ISL-01") is not None)
            desk.window.activateWindow()
            next(a for a in desk.window.menu.actions() if "Sign off" in a.text()).trigger()
            desk.sheet.off.click()
            await desk.told("You hold ISL-01")
            refused = await desk.session.sign_on.off()  # the keeper says so, too
            assert not refused.ok and "ISL-01" in refused.text
            assert "Pilot B · pilot" in desk.bar

            await bench.control(ControlRecord("ISL-01", ControlState.UNOWNED, 4, 1))
            await until(lambda: desk.session.state.control("ISL-01") != held)
            desk.type("observer-d", password_of("observer-d"))
            await desk.shows("Observer D · observer · desk-2")
            assert desk.window.status.observes.isVisible() and desk.sheet.isHidden()

            next(a for a in desk.window.menu.actions() if "Sign off" in a.text()).trigger()
            desk.sheet.off.click()
            await desk.shows("not signed on")
            assert desk.sheet.isVisible() and desk.sheet.covers

    with caplog.at_level(logging.INFO):
        run_async(people())
    for person in ("pilot-b", "observer-d"):
        assert password_of(person) not in caplog.text
