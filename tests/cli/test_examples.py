"""The scripts of examples/ run as they stand, and the README names each."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import CASES, ROOT

SCRIPTS = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_an_example_runs(script: os.PathLike[str]) -> None:
    words = [sys.executable, "-W", "error", os.fspath(script)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_readme_names_every_script_and_every_case() -> None:
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert SCRIPTS
    for path in (*SCRIPTS, *CASES.glob("*.json")):
        assert f"`{path.name if path.suffix == '.py' else path.stem}`" in text
