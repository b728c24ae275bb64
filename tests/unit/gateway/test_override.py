"""A supervisor's waiver: on record first, named, for one launch, for a while."""

import asyncio

import pytest

from gcs.gateway.ledger import Ledger
from gcs.gateway.override import LASTS_S, TAKES_OFF_S, Overrides
from gcs.model.audit import AuditAction
from gcs.model.command import Command, CommandKind, ReceiptState, Waiver
from gcs.model.telemetry import Phase
from tests.support.people import signed_on
from tests.unit.gateway.stage import DRONE, Stage, stage

NOW = 1_790_000_000_000


class Parts:
    def __init__(self, found: Stage) -> None:
        directory = signed_on(found.site.people)
        self.ledger = Ledger(directory, found.events, found.auditor, found.clock)
        self.overrides = Overrides(
            directory, found.auditor, self.ledger, found.clock, {DRONE: found.drone}
        )

    def allow(self, name: str, waiver: Waiver = Waiver.VOLUME) -> Command:
        command = Command(
            name,
            CommandKind.ALLOW,
            DRONE,
            "super-c",
            "desk-3",
            0,
            NOW,
            NOW + 5000,
            waiver=waiver,
            reason="life at risk",
        )
        self.ledger.open(command)
        return command


async def test_it_is_on_record_before_it_counts_and_names_who_and_why() -> None:
    async with stage() as found:
        parts = Parts(found)
        command = parts.allow("c1")
        assert parts.overrides.kinds == {CommandKind.ALLOW}
        assert parts.overrides.reasons_against(found.drone, command) == ()
        found.streams.down = True
        work = asyncio.ensure_future(parts.overrides.carry_out(found.drone, command))
        await found.settle()
        assert parts.overrides.now(DRONE) == frozenset()
        found.streams.down = False
        await asyncio.wait_for(work, 5.0)
        assert parts.overrides.now(DRONE) == {Waiver.VOLUME}
        said = "the authorised volumes waived by Supervisor C: life at risk"
        assert parts.overrides.words(DRONE) == said
        await found.settle()
        (draft,) = [d for d in found.streams.drafts if d.action is AuditAction.OVERRIDE]
        assert (draft.person, draft.role, draft.object) == ("super-c", "supervisor", DRONE)
        assert draft.reason == "life at risk"
        receipt = await parts.ledger.present(command)
        assert receipt.state is ReceiptState.OBSERVED


async def test_the_launch_uses_it_up_and_time_ends_it() -> None:
    async with stage() as found:
        parts = Parts(found)
        await parts.overrides.carry_out(found.drone, parts.allow("c1"))
        found.clock.advance(LASTS_S - 1.0)
        await parts.overrides.carry_out(found.drone, parts.allow("c2", Waiver.RETURN_HEIGHT))
        assert parts.overrides.now(DRONE) == set(Waiver)
        found.clock.advance(2.0)
        assert parts.overrides.now(DRONE) == {Waiver.RETURN_HEIGHT}
        parts.overrides.consume(DRONE)
        assert parts.overrides.now(DRONE) == frozenset()
        assert parts.overrides.words(DRONE) == ""


async def test_without_the_audit_nothing_is_waived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gcs.gateway.auditor.STORE_S", 0.05)
    async with stage() as found:
        parts = Parts(found)
        found.streams.down = True
        command = parts.allow("c1")
        await parts.overrides.carry_out(found.drone, command)
        assert parts.overrides.now(DRONE) == frozenset()
        assert (await parts.ledger.present(command)).state is ReceiptState.FAILED


async def test_none_is_laid_ready_for_a_drone_in_the_air() -> None:
    async with stage() as found:
        parts = Parts(found)
        found.drone.phase = Phase.ON_SCENE
        (reason,) = parts.overrides.reasons_against(found.drone, parts.allow("c1"))
        assert "a waiver is for a launch" in reason


async def test_it_holds_for_the_flight_it_was_used_for_until_the_drone_is_down() -> None:
    async with stage() as found:
        parts = Parts(found)
        overrides = parts.overrides
        found.drone.phase = Phase.DOCKED
        await overrides.carry_out(found.drone, parts.allow("c1"))
        assert overrides.of_flight(DRONE) == frozenset(), "no launch has begun"
        overrides.consume(DRONE)
        overrides.look()
        assert overrides.of_flight(DRONE) == {Waiver.VOLUME}, "it climbs out under it"
        for phase in (Phase.CLIMBING, Phase.ON_SCENE, Phase.SILENT, Phase.RETURNING):
            found.drone.phase = phase
            found.clock.advance(LASTS_S)
            found.drone.flown = True
            overrides.look()
            assert overrides.of_flight(DRONE) == {Waiver.VOLUME}, phase
        said = "the authorised volumes waived by Supervisor C: life at risk (for this flight)"
        assert overrides.report(DRONE) == said
        assert overrides.words(DRONE) == "", "nothing of it is left for another launch"
        found.drone.phase = Phase.DOCKED
        overrides.look()
        assert overrides.of_flight(DRONE) == frozenset()
        assert overrides.report(DRONE) == ""


async def test_it_does_not_outlive_a_launch_that_never_left_the_ground() -> None:
    async with stage() as found:
        parts = Parts(found)
        found.drone.phase = Phase.DOCKED
        await parts.overrides.carry_out(found.drone, parts.allow("c1"))
        parts.overrides.consume(DRONE)
        found.clock.advance(TAKES_OFF_S + 1.0)
        parts.overrides.look()
        assert parts.overrides.of_flight(DRONE) == frozenset()


async def test_the_next_launch_does_not_fly_under_the_one_before() -> None:
    async with stage() as found:
        parts = Parts(found)
        await parts.overrides.carry_out(found.drone, parts.allow("c1"))
        parts.overrides.consume(DRONE)
        parts.overrides.consume(DRONE)
        assert parts.overrides.of_flight(DRONE) == frozenset()
