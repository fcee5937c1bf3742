from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inotrope.cli.main import main

ROOT = Path(__file__).parents[2]
CASES = ROOT / "inotrope" / "library" / "cases"


@dataclass(frozen=True)
class Ended:
    """How one call of the command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def is_one_line(self) -> bool:
        lines = self.err.splitlines()
        return self.out == "" and len(lines) == 1 and lines[0].startswith("inotrope: ") and "Traceback" not in self.err


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command in this process, with bytes on standard input where they are given."""

    def call(*words: str, given: bytes | None = None) -> Ended:
        if given is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        capsys.readouterr()
        code = main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


@pytest.fixture
def process() -> Run:
    """Call the command in a process of its own."""

    def call(*words: str, given: bytes | None = None, **environment: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "inotrope", *words],
            cwd=ROOT,
            input=given or b"",
            capture_output=True,
            env={**os.environ, **environment},
            check=False,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def sound() -> dict[str, Any]:
    """Give the shipped sound adult as a table to change."""
    case: dict[str, Any] = json.loads((CASES / "sound-adult.json").read_text(encoding="utf-8"))
    return case
