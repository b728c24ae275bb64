"""Who may hold a drone here: asked wherever somebody would become its holder."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.gateway.qualified import Qualified
from gcs.model.control import ControlAct, ControlRecord
from gcs.model.control import ControlState as S
from gcs.model.people import Holder, Person, Role
from tests.support.people import presence_of
from tests.unit.gateway.handed import CHIEF, Handed, handed
from tests.unit.gateway.stage import DRONE, A, B


def becomes(shift: Handed, person: Person) -> None:
    """His entry in the directory from now on."""
    shift.parts.directory.note(presence_of(person))


@pytest.mark.parametrize(
    ("state", "by", "act"),
    [
        (S.UNOWNED, B, ControlAct.TAKE),
        (S.OFFERED, B, ControlAct.OPEN),
        (S.ARMED, B, ControlAct.ASSUME),
        (S.OWNED, B, ControlAct.REQUEST),
        (S.OWNED, CHIEF, ControlAct.FORCE),
        (S.OWNED, A, ControlAct.OFFER),
    ],
)
async def test_who_flies_elsewhere_gets_no_control_by_any_act(
    state: S, by: Holder, act: ControlAct
) -> None:
    async with handed() as shift:
        if state is S.UNOWNED:
            shift.alive = [B]
            await shift.turn(6.0)
        else:
            await shift.bring(state)
        before = shift.record
        who = B if act is ControlAct.OFFER else by
        role = Role.SUPERVISOR if who == CHIEF else Role.PILOT
        becomes(shift, Person(who.person, who.name, role, boroughs=("camden",)))
        more: dict[str, Any] = {"reason": "nearer"}
        reply = await shift.ask(by, act, **more)
        assert not reply.ok and "flies in camden, not in islington" in reply.text
        assert shift.record == before


async def test_one_drone_too_many_is_refused_in_the_air_and_at_a_launch() -> None:
    async with handed() as shift:
        parts = shift.parts
        other = replace(parts.drone, spec=replace(parts.drone.spec, id="ISL-02"))
        flying = ControlRecord("ISL-02", S.OWNED, 4, 0, holder=B, incident="MPS-1")
        records = {"ISL-02": flying, DRONE: parts.record}
        drones = {DRONE: parts.drone, "ISL-02": other}
        asked = Qualified(parts.directory, drones, records.__getitem__, parts.site.id)
        becomes(shift, Person(B.person, B.name, Role.PILOT, most_drones=1))
        found = asked.against(B.person, DRONE)
        assert found is not None and "holds 1 drones in the air, at most 1" in found.text
        parts.drone.phase, parts.drone.flown = type(parts.drone.phase).DOCKED, False
        assert asked.against(B.person, DRONE) is None, "one that stands in its dock flies nobody"
        assert asked.against(B.person, DRONE, flies=True) is not None
        records["ISL-02"] = replace(flying, holder=A)
        assert asked.against(B.person, DRONE, flies=True) is None


async def test_a_stranger_and_an_observer_are_refused() -> None:
    async with handed() as shift:
        for person in ("nobody", "observer-d"):
            assert shift.parts.qualified.against(person, DRONE) is not None
