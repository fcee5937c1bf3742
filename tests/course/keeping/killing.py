"""Writers that are killed at any moment, and what they were told before."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from inotrope.course import Draft, open_store
from inotrope.course.chain import name_of
from inotrope.errors import CourseError

_LOADED = (
    "inotrope.course.keeping.store",
    "inotrope.course.keeping.postgresql_server",
    "sqlalchemy.dialects.postgresql.pg8000",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
"""What a writer would load at its start: it begins by a fork of a process that has."""
WRITERS = 3
LONGEST_S = 0.25
"""Seconds that the writers of a round live at most."""
Told = tuple[int, str, str]
"""Number, hash and text of an event that a writer was told is kept."""


def write(where: str, course: str, name: str, told: Connection) -> None:
    """Append without end, and say of each event that it is kept once the store has said so."""
    with open_store(where) as store:
        seen, turn = store.course(course).number, 0
        told.send(None)
        while True:
            turn += 1
            says = f"{name} {turn}"
            document = says * (turn % 7)
            body = {"text": says, "document": name_of(document)}
            done = store.append(course, Draft("noted", datetime.now(UTC), name, body, (document,)), seen)
            seen = done.event.number
            told.send((done.event.number, done.event.hash, says))


def kill_writers(where: str, rounds: int, seed: int, between: Callable[[], None] | None = None) -> tuple[int, int]:
    """Let writers write and kill them at a moment that chance picks, again and again, in one course.

    Args:
        where: The store's address.
        rounds: How often.
        seed: Of the moments.
        between: Done while the writers of a round write, just before they are killed.

    Returns:
        How many events were acknowledged, and how many are kept: a few more, whose writer died before it was told.
    """
    chance = random.Random(seed)
    starting = multiprocessing.get_context("forkserver")
    starting.set_forkserver_preload([__name__, *_LOADED])
    acknowledged: list[Told] = []
    with open_store(where) as store:
        store.new("bed 4", "ada", "bed-4")
    for turn in range(rounds):
        lines = [starting.Pipe(duplex=False) for _ in range(WRITERS)]
        writers = [
            starting.Process(target=write, args=(where, "bed-4", f"{turn}.{one}", ours), daemon=True)
            for one, (_, ours) in enumerate(lines)
        ]
        for writer, (_, ours) in zip(writers, lines, strict=True):
            writer.start()
            ours.close()
        for listening, _ in lines:
            listening.recv()  # it is about to write
        time.sleep(chance.uniform(0, LONGEST_S))
        if between is not None:
            between()
        for writer in chance.sample(writers, WRITERS):
            writer.kill()
        for writer, (listening, _) in zip(writers, lines, strict=True):
            acknowledged += _heard(listening)
            writer.join()
            writer.close()
        _prove(where, acknowledged)
    with open_store(where) as store:
        return len(acknowledged), store.course("bed-4").number - 1


def _heard(listening: Connection) -> list[Told]:
    found = []
    try:
        while True:
            found.append(listening.recv())
    except (EOFError, OSError):  # a word that was not spoken to its end was not spoken
        listening.close()
        return found


def _prove(where: str, acknowledged: list[Told]) -> None:
    with open_store(where) as store:
        kept = {(event.number, event.hash, event.body.get("text")) for event in store.events("bed-4")}
        lost = set(acknowledged) - kept
        if lost:
            raise CourseError(f"Acknowledged and lost: {sorted(lost)}")
        if broken := store.verify().breaks:
            raise CourseError(f"Broken: {broken}")
