"""The desk with its windows, assembled in the order it starts: data, core, map, window, bus."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from gcs.apps import files
from gcs.apps.desk import DeskSession, serve_station_report
from gcs.apps.town import AIRSPACE, BOROUGHS, load_town
from gcs.geo.airspace import AirspaceVolume, load_airspace
from gcs.geo.boroughs import Boroughs, load_boroughs
from gcs.geo.town_layers import town_layers
from gcs.model.event import Severity
from gcs.model.place import Position
from gcs.model.report import MapFigures, StationReport
from gcs.runtime import memory
from gcs.runtime.log import ErrorKeeper
from gcs.station.actions import Outcome
from gcs.station.wall import FeedWall
from ui.collector import Collector
from ui.commands import OperatorCommands
from ui.demo import ScriptedOperator
from ui.lag import LagProbe
from ui.layout_store import LayoutStore, MuteStore
from ui.leaving import Leaving
from ui.map.view import MapView
from ui.selection import Selection
from ui.sign_on_desk import DeskSignOn
from ui.sounds_desk import DeskSounds
from ui.sounds_player import SoundPlayer
from ui.theme import DARK, dress
from ui.wall import Sights
from ui.window import DeskWindow

logger = logging.getLogger(__name__)

PAN_S = 5.0
SCENE_ZOOM = 17
PULSE_S = 0.1
CONFIG_FOLDER = "desk"
FULL_HD = QSize(1920, 1080)
StreetAt = Callable[[Position], str]


class Station:
    """One desk with windows; `run` ends when its window is closed or `end` is called."""

    def __init__(
        self, config: files.JoinFile, errors: ErrorKeeper, demo: bool, screenshot: Path | None
    ) -> None:
        self._config = config
        self._errors = errors
        self._screenshot = screenshot
        self._session = DeskSession(config)
        self._ended = asyncio.Event()
        self._page_up = asyncio.Event()
        self._usable_utc_ms: int | None = None
        self._figures: MapFigures | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._selection = Selection()
        self._sights = Sights()
        self._wall = FeedWall(config.relay, self._session.state, self._session.clock)
        self._session.readiness.video_age_s = self._wall.live_age_s
        self._lag = LagProbe(self._session.clock)
        self._collector = Collector()
        self._commands = OperatorCommands(
            self._session.desk, self._session.state, self._selection, self._start
        )
        self._demo = (
            ScriptedOperator(
                self._session.state,
                self._commands,
                self._selection,
                self._look_at,
                self._see_alert,
                self._snap,
            )
            if demo
            else None
        )
        self._map: MapView
        self._window: DeskWindow
        self._leaving: Leaving

    def end(self) -> None:
        """End the desk: its window closes and `run` returns."""
        self._ended.set()

    async def run(self) -> None:
        """Build, show, work, close. Raises BadSettings for data that cannot be used."""
        self._collector.start()
        await self._build()
        self._show()
        logger.info("the window is shown")
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            background = [
                tasks.create_task(self._session.run(self._connected)),
                tasks.create_task(self._become_usable()),
            ]
            await self._ended.wait()
            self._map.end()
            self._leaving.free = True
            self._window.close()
            self._wall.close()
            self._collector.stop()
            for task in background:
                task.cancel()

    async def _build(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        sheet = dress(application, DARK, files.RESOURCES)
        town, boroughs, airspace, street_at = await asyncio.to_thread(self._load)
        self._map = MapView(
            self._session.state,
            self._selection,
            town,
            boroughs,
            airspace,
            files.RESOURCES,
            self._sights,
        )
        self._map.page_ready.connect(self._page_up.set)
        self._map.problem.connect(
            lambda sentence: self._session.state.notice(Severity.CAUTION, sentence)
        )
        config_folder = self._config.folder.parent / CONFIG_FOLDER
        person = self._config.holder.person
        self._window = DeskWindow(
            self._session.state,
            self._commands,
            self._selection,
            self._map,
            self._session.clock,
            LayoutStore(config_folder, person),
            wall=self._wall,
            street_at=street_at,
            sights=self._sights,
        )
        self._window.setStyleSheet(sheet)
        player = SoundPlayer(self._session.clock)
        sign_on = self._session.sign_on
        muted = MuteStore(config_folder, person)
        sounds = DeskSounds(self._window, player, muted, lambda: bool(sign_on.person))
        asks = not self._config.person
        door = DeskSignOn(self._window, sign_on, self._start, asks)
        arranger = self._window.arranger
        door.person_changed.connect(lambda who: sounds.use(MuteStore(config_folder, who)))
        door.person_changed.connect(lambda who: arranger.use(LayoutStore(config_folder, who)))
        turn = self._window.strip.camera.turn
        self._session.readiness.neutral = lambda _drone: turn.neutral
        self._leaving = Leaving(self._window, self._session.state)
        self._window.closed.connect(self._ended.set)
        self._window.place_wanted.connect(lambda _drone, question: self._map.choose_place(question))
        self._window.place_dropped.connect(self._map.cancel_choice)
        self._map.place_chosen.connect(self._window.place_chosen)
        self._window.drafts.sketch_wanted.connect(self._map.show_sketch)
        self._map.sketched.connect(self._window.drafts.act)
        self._map.choice_cancelled.connect(self._window.strip.bar.escape)

    def _show(self) -> None:
        if QApplication.platformName() == "offscreen":  # its screen is smaller than any desk's
            self._window.resize(FULL_HD)
        self._window.show()

    def _load(self) -> tuple[bytes, Boroughs, tuple[AirspaceVolume, ...], StreetAt]:
        site = self._config.site
        town = load_town(site)
        town.street_at(site.docks[0].position)  # the first question is dear
        volumes = load_airspace(AIRSPACE)
        return town_layers(town), load_boroughs(BOROUGHS), volumes, town.street_at

    def _start(self, work: Coroutine[Any, Any, Outcome]) -> "asyncio.Task[Outcome]":
        """Where acts run: held by the station's own task group."""
        assert self._tasks is not None
        return self._tasks.create_task(work)

    # -- the shift's questions ---------------------------------------------------------------
    async def _connected(self, bus: Any) -> None:
        if self._config.desk == files.FIRST_DESK:
            await serve_station_report(bus, self._config.site, self._report)

    async def _become_usable(self) -> None:
        state = self._session.state
        await self._page_up.wait()
        memory.settle()
        logger.info("the map is up")
        while not state.fleet.drones or state.role is None:  # noqa: ASYNC110  (three sources)
            await asyncio.sleep(PULSE_S)
        self._usable_utc_ms = self._session.clock.utc_ms()
        self._lag.start()
        self._wall.reset_figures()
        if self._demo is not None:
            await self._demo.run()

    async def _report(self, final: bool) -> StationReport:
        if final:
            frames = await self._map.scripted_pan(PAN_S)
            self._figures = replace(await self._map.figures(), frames_per_second=frames)
            if self._screenshot is not None and not self._screenshot.exists():
                await self._snap()
        lag = self._lag.percentile(0.99)
        return StationReport(
            usable_utc_ms=self._usable_utc_ms,
            demo_over=self._demo is not None and self._demo.over,
            map=self._figures,
            lag_ms_p99=0.0 if lag is None else lag * 1000,
            errors=self._errors.sentences,
            feeds=self._wall.figures(),
            alerts_drawn=self._wall.alerts_drawn,
        )

    def _look_at(self, place: Position) -> None:
        self._map.look_at(place, SCENE_ZOOM)

    def _see_alert(self, alert: str) -> int | None:
        """Bring a possible match before the operator; when its images were first painted."""
        panel = self._window.alerts
        if panel.queue.chosen != alert:
            self._window.show_alert(alert)
        return panel.seen_utc_ms(alert)

    async def _snap(self) -> None:
        """Write the picture of the whole desk, as it stands."""
        if self._screenshot is None:
            return
        await asyncio.sleep(PULSE_S)
        if not self._window.grab().save(str(self._screenshot)):
            logger.error("%s: the picture could not be written", self._screenshot)
