"""The log: one JSON object a line, whatever is logged, and no trace that could hold what somebody typed."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import Iterator

import pytest

from inotrope.access.logs import Lines, begin, log


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a process logs is set for this test alone."""
    root, ours = logging.getLogger(), logging.getLogger("inotrope")
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(logging, "raiseExceptions", True)
    levels = root.level, ours.level
    yield
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_what_happened_is_one_line_with_its_fields(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    begin()
    log("login", who="adams", outcome="done", wait_s=3, address="10.0.0.1\n{}")
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "info",
        "source": "inotrope.access",
        "event": "login",
        "who": "adams",
        "outcome": "done",
        "wait_s": 3,
        "address": "10.0.0.1 {}",
    }


def test_what_failed_is_named_by_its_kind_alone(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    begin()
    try:
        raise KeyError("Adams, 82 kg")
    except KeyError:
        logging.getLogger("somebody.else").exception("it\nfailed")
    logging.getLogger("somebody.else").info("chatter")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["failed"] == "KeyError"
    assert json.loads(line)["event"] == "it failed"
    assert "Adams" not in line
    assert "Traceback" not in line


def test_what_nobody_waited_for_is_told_without_its_text(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    """As asyncio tells it where a task failed after whoever asked had gone."""
    begin()

    async def lost() -> None:
        async def fails() -> None:
            raise ValueError("Adams, 82 kg")

        task = asyncio.ensure_future(fails())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(lost())
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(item["event"], item["failed"]) for item in told] == [("Task exception was never retrieved", "ValueError")]
    assert "Adams" not in str(told)


def test_a_line_is_plain_ascii() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "\u2028\x1b[2J ü", None, None)
    assert Lines().format(record).isascii()
