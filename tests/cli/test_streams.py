"""Streams that are closed, full, empty or hold bytes that are no text: one line or the command's own code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Ended, Run

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")


def shell(line: str, where: Path, given: bytes = b"") -> Ended:
    """Run `inotrope` in a shell, which can close a stream or point it somewhere."""
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m inotrope {line}'],
        cwd=where,
        input=given,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=120,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("plan sound-adult >&-", 0),
        ("plan sound-adult --json >&-", 0),
        ("plan severe-aortic-stenosis >&-", 3),
        ("plan sound-adult <&- >&- 2>&-", 0),
        ("schema case >&-", 0),
        ("plan nix --json >&-", 2),
        ("plan nix 2>&-", 2),
        pytest.param("plan nix --json >/dev/full", 2, marks=FULL),
        pytest.param("plan nix 2>/dev/full", 2, marks=FULL),
        pytest.param("plan sound-adult >/dev/full 2>/dev/full", 2, marks=FULL),
    ],
)
def test_a_stream_that_takes_nothing_changes_no_exit_code(tmp_path: Path, line: str, code: int) -> None:
    ended = shell(line, tmp_path)
    assert (ended.code, ended.out, ended.err) == (code, "", "")


@pytest.mark.parametrize(
    "line",
    [
        "plan - <&-",
        "new x.json <&-",
        "new x.json >&-",
        "new x.json <&- >&-",
        pytest.param("new x.json >/dev/full", marks=FULL),
    ],
)
def test_a_stream_that_gives_nothing_is_one_line(tmp_path: Path, line: str) -> None:
    ended = shell(line, tmp_path)
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert ended.err.startswith("inotrope: ")
    assert list(tmp_path.iterdir()) == []


def test_a_byte_that_is_no_character_is_shown_as_a_code(tmp_path: Path) -> None:
    ended = shell("new x.json", tmp_path, b"milr\xff\n")
    assert ended.code == 2
    assert "'milr\\xff' is not a drug" in ended.out
    assert len(ended.err.splitlines()) == 1


def test_a_pipe_in_which_nothing_is_yet_is_empty() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    try:
        words = [sys.executable, "-m", "inotrope", "plan", "-"]
        done = subprocess.run(words, cwd=ROOT, stdin=reading, capture_output=True, check=False, timeout=60)
    finally:
        os.close(reading)
        os.close(writing)
    assert done.returncode == 2
    assert done.stderr.startswith(b"inotrope: standard input: The file is empty")


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "severe-aortic-stenosis", "--override", "severe-valve-obstruction=bridge to \udce9 tonight"),
        ("plan", "caf\udce9.json"),
        ("plan", "sound-adult", "--override", "ed\ud800ema=bridge to surgery"),
        ("dose", "--table", "--drug", "\udfff"),
    ],
)
def test_half_a_character_on_the_command_line_is_refused(run: Run, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert ended.is_one_line()
    assert "UTF-8" in ended.err
    json.dumps(run(*words, "--json").json, ensure_ascii=False).encode()


def test_any_whole_character_is_let_through(run: Run) -> None:
    ended = run("plan", "severe-aortic-stenosis", "--override", "severe-valve-obstruction=pont à la chirurgie 手術 🫀")
    assert ended.code == 0
    assert "手術 🫀" in ended.out
