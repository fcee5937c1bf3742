"""A byte of SQLite's file that is flipped, anywhere: it is found, or nothing that is read of the file has changed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from inotrope.course import open_store
from inotrope.course.chain import name_of
from inotrope.errors import CourseError
from tests.course.keeping.tampering import CASE, three_events


@pytest.fixture
def sound(sqlite_form: Path, tmp_path: Path) -> Path:
    path = tmp_path / "sound.sqlite"
    shutil.copy(sqlite_form, path)
    with open_store(path) as store:
        three_events(store, "bed-4")
        three_events(store, "bed-5")
    return path


def contents(path: Path) -> Any:
    """Everything of the courses that can be read."""
    with open_store(path) as store, store.reading() as reading:
        courses = reading.list()
        return courses, [reading.events(course.id) for course in courses], reading.document(name_of(CASE))


def found(path: Path) -> list[tuple[str | None, int | None]] | None:
    """What the proof finds, or None where the file cannot be opened as a store any more."""
    try:
        with open_store(path) as store:
            return [(item.course, item.number) for item in store.verify().breaks]
    except CourseError:
        return None


def flip(sound: Path, place: int, bit: int) -> Path:
    damaged = bytearray(sound.read_bytes())
    damaged[place] ^= 1 << bit
    path = sound.with_name("damaged.sqlite")
    for beside in sound.parent.glob("damaged.sqlite*"):
        beside.unlink()
    path.write_bytes(damaged)
    return path


def prove_places(sound: Path, places: list[int], seed: int) -> int:
    """Flip one bit at each place; return how many were found."""
    chance, was, count = random.Random(seed), contents(sound), 0
    for place in places:
        path = flip(sound, place, chance.randrange(8))
        if found(path) == []:
            assert contents(path) == was, f"byte {place} was flipped, and nobody noticed"
        else:
            count += 1
    return count


def bearing(sound: Path) -> list[int]:
    """The places that hold something: the others are room for more, nearly all of them."""
    return [place for place, byte in enumerate(sound.read_bytes()) if byte]


@pytest.mark.hazard("record-lost-or-changed")
def test_a_flipped_byte_is_found_or_changes_nothing(sound: Path, uncounted: None) -> None:
    chance = random.Random(4)
    assert prove_places(sound, chance.sample(bearing(sound), 150), seed=5) > 20
    prove_places(sound, chance.sample(range(sound.stat().st_size), 50), seed=6)


@pytest.mark.slow
def test_every_byte_that_holds_something_is_found_or_changes_nothing(sound: Path) -> None:
    prove_places(sound, bearing(sound), seed=7)


@pytest.mark.parametrize("course", ["bed-4", "bed-5"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_flipped_byte_within_an_event_names_it(sound: Path, course: str, number: int, uncounted: None) -> None:
    with open_store(sound) as store:
        event = store.events(course)[number - 1]
    content = sound.read_bytes()
    # The hash stands in this event, in the head or the event after it, and in no index.
    row = content.index(event.previous.encode() + event.hash.encode())
    for place in range(row - 40, row + 128, 9):
        named = found(flip(sound, place, 0))
        assert named
        assert named[0] == (course, number)


def test_a_flipped_byte_within_a_document_names_the_event_that_needs_it(sound: Path) -> None:
    import zlib

    place = sound.read_bytes().index(zlib.compress(CASE.encode()))
    for offset in range(2, 60, 7):
        assert found(flip(sound, place + offset, 3)) == [("bed-4", 2)]
