"""Signing on in a shift of real processes: by the join file, by hand, and after losses."""

import asyncio
import json
import time
from pathlib import Path

from gcs.apps.shift import lay_out
from gcs.model.people import Person
from tests.support.line_desk import LineDesk
from tests.support.world import BUS, World, crew_of, site_of, until, world

CREW: tuple[Person, ...] = crew_of(2, 1)
LEASE_AND_ONE_S = 6.0
ASKS = "desk-3"


def passwords(found: World) -> dict[str, str]:
    lines = found.shift.passwords.read_text().splitlines()
    return {line.split()[0]: line.split()[1] for line in lines}


async def role(desk: LineDesk) -> tuple[str, str] | None:
    """Who is signed on at a desk, as what; None when nobody is, or it does not answer."""
    shown = await desk.ask("show", within_s=2.0)
    return (shown["person"], shown["role"]) if shown and shown["role"] else None


async def comes_to(desk: LineDesk, person: str, as_what: str, within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while await role(desk) != (person, as_what):
        assert time.monotonic() < deadline, f"not {person} as {as_what}"
        await asyncio.sleep(0.05)


def test_the_directory_goes_to_the_keeper_alone(tmp_path: Path) -> None:
    shift = lay_out(site_of([0], CREW), tmp_path, None)
    for name, path in shift.join.items():
        text = path.read_text()
        told = json.loads(text)
        assert told["site"]["people"] == []
        assert (told["sign_on"] is not None) is (name == "keeper")
        for person in CREW:
            own = told["person"] == person.id
            assert (person.id in text) is own, (name, person.id)
    everything = [p for p in shift.folder.rglob("*") if p.is_file()]
    assert len(everything) > 6
    for path in everything:
        assert path.stat().st_mode & 0o077 == 0, path
    assert (shift.folder / "keeper").stat().st_mode & 0o077 == 0
    assert shift.join[ASKS].exists()
    assert json.loads(shift.join[ASKS].read_text())["person"] == ""


async def test_by_the_file_and_by_hand(tmp_path: Path) -> None:
    async with world(site_of([0], CREW), tmp_path, "keeper", "desk-1", ASKS) as found:
        one, asks = found.desks["desk-1"], found.desks[ASKS]
        word = passwords(found)
        await comes_to(one, "flyer-1", "pilot")
        assert await role(asks) is None
        wrong = await asks.ask("sign_on", person="flyer-2", password="guess")
        assert wrong is not None
        assert (wrong["ok"], wrong["text"]) == (False, "This is not Flyer 2's password.")
        odd = await asks.ask("sign_on", person="no such person", password="guess")
        assert odd is not None and "Nobody has such a name" in odd["text"]
        half = await asks.ask("sign_on", password="guess")
        assert half is not None and "guess" not in half["text"]
        # The same person at a second desk observes there; another in their place flies.
        second = await asks.done("sign_on", person="flyer-1", password=word["flyer-1"])
        assert second["text"] == "Flyer 1 is signed on at desk-1: desk-3 observes."
        await comes_to(asks, "flyer-1", "observer")
        await asks.done("sign_on", person="flyer-2", password=word["flyer-2"])
        await comes_to(asks, "flyer-2", "supervisor")
        # Who signed off by hand is not signed on again by the file.
        await one.done("sign_off")
        assert await role(one) is None
        await asks.done("sign_off")
        await one.done("sign_on", person="flyer-2", password=word["flyer-2"])
        await comes_to(one, "flyer-2", "supervisor")
        found.kill("desk-1")
        found.start("desk-1")
        await asyncio.sleep(0)
        said = b"".join(p.read_bytes() for p in found.shift.folder.rglob("*.out"))
        said += b"".join(p.read_bytes() for p in found.shift.folder.rglob("*.log"))
        said += (found.shift.folder / "audit.jsonl").read_bytes()
        for secret in word.values():
            assert secret.encode() not in said
        assert b"guess" not in said


async def test_everybody_is_back_within_the_lease_when_bus_and_keeper_were_lost(
    tmp_path: Path,
) -> None:
    async with world(site_of([0], CREW), tmp_path, "keeper", "gateway", "desk-1", "desk-2") as w:
        desks = [w.desks["desk-1"], w.desks["desk-2"]]
        await comes_to(desks[0], "flyer-1", "pilot")
        await comes_to(desks[1], "flyer-2", "supervisor")
        w.kill(BUS)
        w.start(BUS)
        for desk in desks:
            await until(lambda d=desk: _asked(d), "a desk to be back", LEASE_AND_ONE_S)  # type: ignore[misc]
        # Both lost: nobody comes in while the keeper is away, everybody soon after.
        w.kill(BUS)
        w.kill("keeper")
        w.start(BUS)
        await w.bus_up()
        refused = await desks[0].ask("take_incident", incident="X")
        assert refused is not None and not refused["ok"]
        w.start("keeper")
        began = time.monotonic()
        await until(lambda: _asked(desks[0]), "desk-1 to be back", LEASE_AND_ONE_S + 4.0)
        await until(lambda: _asked(desks[1]), "desk-2 to be back", LEASE_AND_ONE_S)
        assert time.monotonic() - began < LEASE_AND_ONE_S + 4.0  # the keeper's own start in it


async def _asked(desk: LineDesk) -> bool:
    """Whether the keeper answers a desk as somebody who may ask."""
    answer = await desk.ask("take_incident", within_s=3.0, incident="X")
    return answer is not None and answer["text"] == "There is no incident 'X'."
