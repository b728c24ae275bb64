"""The directory's file, the proof of a password and what is remembered of it."""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from gcs.keeper.people import DRAWN, PASSWORDS, People, directory_of, write_directory
from gcs.model.people import Person, Role
from gcs.runtime.settings import BadSettings
from tests.support.nats import until

ANN = Person("ann", "Ann", Role.PILOT)
BEN = Person("ben", "Ben", Role.OBSERVER)


def written(path: Path, *people: Person, password: str = "right") -> Path:
    passwords = {person.id: f"{password} {person.id}" for person in people}
    directory = directory_of(people, passwords, {"desk-1": "secret of desk-1"}, DRAWN)
    return write_directory(path / "directory.json", directory)


async def test_a_password_is_proved_against_its_hash_alone(tmp_path: Path) -> None:
    path = written(tmp_path, ANN, BEN)
    people = People(path)
    assert await people.proves("ann", "right ann", "desk-1")
    for wrong in ("right ben", "", "right ann ", "Right ann"):
        assert not await people.proves("ann", wrong, "desk-1")
    assert not await people.proves("carl", "right ann", "desk-1")
    text = path.read_text()
    assert "right" not in text
    assert "secret of desk-1" not in text
    assert "$argon2id$" in text


def test_people_cost_what_the_rfc_asks_and_drawn_secrets_less() -> None:
    assert PASSWORDS.memory_cost >= 64 * 1024
    assert PASSWORDS.time_cost >= 3
    assert DRAWN.memory_cost < 64


async def test_what_was_proved_is_remembered_until_the_entry_changes(tmp_path: Path) -> None:
    people = People(written(tmp_path, ANN, BEN))
    assert not people.remembers("ann", "right ann", "desk-1")
    assert await people.proves("ann", "right ann", "desk-1")
    assert people.remembers("ann", "right ann", "desk-1")
    assert not people.remembers("ann", "right ann", "desk-2"), "a guesser elsewhere gains nothing"
    assert not people.remembers("ann", "right ben", "desk-1")
    assert not people.remembers("ben", "right ann", "desk-1")
    written(tmp_path, ANN, BEN, password="new")
    assert people.read_again()
    assert not people.remembers("ann", "right ann", "desk-1")
    assert await people.proves("ann", "new ann", "desk-1")


async def test_one_proof_runs_for_all_that_ask_it_again_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = People(written(tmp_path, ANN))
    begun: list[str] = []
    go_on = threading.Event()

    def slow(known: str, password: str) -> bool:
        begun.append(password)
        assert go_on.wait(10)
        return password == "right ann"

    monkeypatch.setattr("gcs.keeper.people._verify", slow)
    asked = [asyncio.ensure_future(people.proves("ann", "right ann", "d1")) for _ in range(9)]
    await until(lambda: begun)
    assert people.looks_into("ann", "right ann", "d1")
    assert not people.looks_into("ann", "guess", "d1")
    asked.pop().cancel()  # one that gives up takes the others' answer with it in no case
    go_on.set()
    assert all(await asyncio.gather(*asked))
    assert begun == ["right ann"]
    assert not people.looks_into("ann", "right ann", "d1")
    assert await people.proves("ann", "right ann", "d1")
    assert begun == ["right ann"], "known by now"


def test_desks_are_known_by_their_own_secret(tmp_path: Path) -> None:
    people = People(written(tmp_path, ANN))
    assert people.knows_desk("desk-1", "secret of desk-1")
    for desk, secret in (("desk-1", "x"), ("desk-1", ""), ("desk-2", "secret of desk-1"), ("", "")):
        assert not people.knows_desk(desk, secret)


def test_it_is_read_again_only_when_it_changed_and_a_bad_one_changes_nothing(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, ANN, BEN)
    people = People(path)
    assert not people.read_again()
    written(tmp_path, replace(ANN, name="Anna"))
    assert people.read_again()
    assert people.person("ann") == replace(ANN, name="Anna")
    assert people.person("ben") is None
    path.unlink()
    with pytest.raises(BadSettings, match="cannot be read"):
        people.read_again()
    path.write_text("{")
    path.chmod(0o600)
    with pytest.raises(BadSettings, match="not valid JSON"):
        people.read_again()
    assert people.person("ann") is not None


def test_a_directory_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ANN)
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o644)
    with pytest.raises(BadSettings, match="0600"):
        People(path)


def test_a_person_named_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'ann' is used twice"):
        written(tmp_path, ANN, replace(ANN, name="Another"))
