"""A machine without a browser says which tests of the bedside page it left out; a checking machine fails there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = "tests/browser/test_plan_screen.py"


def run_without_a_browser(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run some tests of the page where no program is found by its name."""
    kept = {name: value for name, value in os.environ.items() if name != "INOTROPE_BROWSER_TESTS"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", TESTS],
        cwd=ROOT,
        env={**kept, "PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_tests_that_were_left_out_are_counted_and_named(tmp_path: Path) -> None:
    done = run_without_a_browser(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    count = int(done.stdout.rsplit(" skipped in ", 1)[0].split()[-1])
    assert f"{count} tests of the bedside page were left out: no browser" in done.stdout
    assert (
        "\ntest_plan_screen.py::test_an_example_is_planned_with_one_press_and_the_answer_leads[no-scripts]\n"
        in done.stdout
    )
    assert "apt-get install chromium" in done.stdout


def test_a_checking_machine_must_have_a_browser(tmp_path: Path) -> None:
    done = run_without_a_browser(tmp_path, INOTROPE_BROWSER_TESTS="required")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "no Chromium on this machine" in done.stdout
    assert "export INOTROPE_BROWSER_TESTS=required" in (ROOT / ".ci" / "run").read_text("utf-8")
