"""Threads that wait: so many at once whoever hangs up, and what was begun for somebody who has gone."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from inotrope.web.threads import Threads
from inotrope.web.working import Busy


def test_who_hangs_up_gives_no_place_back_that_a_thread_still_holds() -> None:
    """The limit is of threads: one that was begun goes on, whoever has gone, and holds its place to its end."""
    at, most = 0, 0
    lock, goes_on = threading.Lock(), threading.Event()

    def work() -> None:
        nonlocal at, most
        with lock:
            at += 1
            most = max(most, at)
        goes_on.wait(60)
        with lock:
            at -= 1

    async def ask() -> None:
        threads = Threads(2, 4)
        asked = [asyncio.create_task(threads.run(work)) for _ in range(2)]
        while at < 2:
            await asyncio.sleep(0.001)
        for task in asked:
            task.cancel()
        await asyncio.wait(asked)
        waits = [asyncio.create_task(threads.run(work)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await threads.run(work)
        waits[0].cancel()  # it had not begun: its place is free
        await asyncio.wait(waits[:1])
        fourth = asyncio.create_task(threads.run(work))
        await asyncio.sleep(0.01)
        goes_on.set()
        await asyncio.gather(waits[1], fourth)
        assert most == 2
        while threads._under_way:  # the two that nobody waits for end when they end
            await asyncio.sleep(0.001)

    asyncio.run(ask())


def test_what_must_be_done_is_done_whoever_has_gone() -> None:
    done: list[str] = []
    begun, goes_on = threading.Event(), threading.Event()

    def write(what: str) -> None:
        begun.set()
        goes_on.wait(60)
        done.append(what)

    async def ask() -> None:
        threads = Threads(1)
        first = asyncio.create_task(threads.run_to_its_end(write, "first"))
        second = asyncio.create_task(threads.run_to_its_end(write, "second"))  # it waits for the only thread
        while not begun.is_set():
            await asyncio.sleep(0.001)
        first.cancel()
        second.cancel()
        await asyncio.sleep(0)
        goes_on.set()
        for task in (first, second):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert done == ["first", "second"]

    asyncio.run(ask())


@pytest.mark.parametrize("how", ["run", "run_to_its_end"])
def test_what_fails_when_nobody_waits_any_longer_is_told_nowhere(how: str, caplog: pytest.LogCaptureFixture) -> None:
    goes_on = threading.Event()

    def fails() -> None:
        goes_on.wait(60)
        raise ValueError("Adams, 82 kg")

    async def ask() -> None:
        threads = Threads(1)
        task = asyncio.create_task(getattr(threads, how)(fails))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(0)
        goes_on.set()
        await asyncio.wait((task,))
        await threads.run(lambda: None)
        gc.collect()

    with caplog.at_level("DEBUG"):
        asyncio.run(ask())
        gc.collect()
    assert "Adams" not in caplog.text
