"""`inotrope target`: a case in, the rate for a range out, as a page or JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inotrope.plan import NOTICE

from .conftest import CASES, ROOT, Run


def test_a_rate_is_named_with_its_chances(run: Run) -> None:
    ended = run("target", "measured-level")
    assert ended.code == 0
    for text in (
        "Ask the prescriber to ",
        "share of time in the range - 2 x share of time above it",
        "By all models together",
    ):
        assert text in " ".join(ended.out.split())
    words = " ".join(ended.out.split())
    assert "worsening" in words and "Draw the next level in" in words and "label_adult" in words
    assert "As it runs now: " in words and "Level above the range that was studied" in words
    assert "\n> " in ended.out and "below the range; # in it; ! above it" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert " ".join(NOTICE.split()) in " ".join(ended.out.split())


def test_without_a_level_every_model_has_its_part(run: Run) -> None:
    ended = run("target", "sound-adult", "--concentration", "150-250 ng/mL", "--penalty", "1", "--hours", "2 h, 6 h")
    assert ended.code == 0 and "never averaged" in ended.out and "as asked for" in ended.out
    assert "load of 50 mcg/kg over 10 min" in ended.out and "- 1 x share" in ended.out
    for name in ("label_adult", "label_adult_bolus", "prielipp_1996"):
        assert f"\n  {name} " in ended.out  # a line of the table of models
    assert ended.out.count("-- By ") == 2 and "At first" in ended.out
    full = run("target", "sound-adult", "--hours", "2 h, 6 h", "--result-after", "1 h", "--full").out
    for name in ("By label_adult", "By label_adult_bolus", "By prielipp_1996", "Models that do not count here"):
        assert f"-- {name} --" in full
    assert "\n  6 h, 14:00 " in full and "\n  6 h, 14:00 " not in ended.out.partition("By label_adult")[0]


def test_what_must_be_known_before_the_load_stands_at_the_answer(run: Run) -> None:
    ended = run("target", "almost-nothing-known")
    assert ended.code == 0 and "Only if" in ended.out.partition("What is searched")[0]


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [("low-pressure", 3, "[X] STOPPED"), ("dialysis", 4, "[-] REFUSED"), ("rising-creatinine", 4, "[-] REFUSED")],
)
def test_what_the_plan_withholds_is_withheld(run: Run, name: str, code: int, word: str) -> None:
    ended = run("target", name)
    assert ended.code == code and word in ended.out and "mL/h" not in ended.out
    assert " ".join(NOTICE.split()) in " ".join(ended.out.split())


def test_none_is_safe_and_none_reaches(run: Run) -> None:
    ended = run("target", "sound-adult", "--concentration", "100-101 ng/mL", "--penalty", "100")
    assert ended.code == 0 and "[!] NONE IS SAFE  No rate is named" in ended.out and "\n  named" not in ended.out
    assert "no reason to pause" in " ".join(ended.out.split())
    ended = run("target", "sound-adult", "--concentration", "20-30 mg/L")
    assert ended.code == 0 and "[?] NONE REACHES THE RANGE" in ended.out


def test_json_and_a_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "target.html"
    ended = run("target", "measured-level", "--json", "--html", str(page))
    assert ended.code == 0 and ended.json["status"] == "found" and ended.json["notice"] == NOTICE
    named = ended.json["named"]["candidate"]
    assert named["rate"]["unit"] == "mcg/kg/min" and named["pump_rate"]["unit"] == "mL/h"
    written = page.read_text(encoding="utf-8")
    assert "<svg" in written and "<rect" in written and "Time below, in and above" in written
    again = run("target", "measured-level", "--html", str(page))
    assert again.code == 2 and "add --overwrite" in again.err
    assert "Page written: " in run("target", "measured-level", "--html", str(page), "--overwrite").out
    case = tmp_path / "case.json"
    case.write_bytes((CASES / "measured-level.json").read_bytes())
    assert run("target", str(case), "--html", str(case)).code == 2


def test_a_pause_is_a_rate(run: Run, tmp_path: Path) -> None:
    """An hour after the infusion was begun, a range below what has gone in already: nothing more is best."""
    document = json.loads((CASES / "running-since-yesterday.json").read_text(encoding="utf-8"))
    case = tmp_path / "case.json"
    case.write_text(json.dumps(document), encoding="utf-8")
    ended = run("target", str(case), "--concentration", "1-100 ng/mL", "--penalty", "0.1")
    assert ended.code == 0 and "Ask the prescriber to pause the infusion" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    "words",
    [
        ("--concentration", "100"),
        ("--concentration", "300-100 ng/mL"),
        ("--penalty", "two"),
        ("--penalty", "-1"),
        ("--hours", "30 h"),
        ("--hours", "3"),
        ("--result-after", "1"),
        ("--result-after", "24 h"),
        ("--site", "no-such-file.toml"),
    ],
)
def test_what_is_no_range_no_penalty_or_no_hour_is_bad_input(run: Run, words: tuple[str, str]) -> None:
    ended = run("target", "sound-adult", *words)
    assert ended.code == 2 and ended.err.startswith("inotrope: ")


def test_a_site_lowers_what_is_searched(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    shipped = sorted((ROOT / "inotrope" / "library" / "sites").glob("*.toml"))
    assert shipped
    site.write_bytes(shipped[0].read_bytes())
    bare, here = (run("target", "sound-adult", "--json", *more).json for more in ((), ("--site", str(site))))
    assert here["allowed"]["highest"]["value"] <= bare["allowed"]["highest"]["value"]
    assert here["versions"]["site"] and not bare["versions"]["site"]
    assert "This site" in run("target", "sound-adult", "--site", str(site)).out


def test_it_waits_for_nothing_that_it_does_not_use() -> None:
    program = (
        "import sys, io; from inotrope.cli.main import main; real, sys.stdout = sys.stdout, io.StringIO();"
        " main(['target', 'measured-level']); sys.stdout = real; print(' '.join(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    loaded = set(done.stdout.split())
    assert "inotrope.plan.target.making" in loaded
    assert not loaded & {"scipy", "numba", "matplotlib", "pandas", "polars", "pint", "jinja2", "inotrope.simulation"}


def test_what_was_assumed_and_what_was_set_aside_stand_beside_the_answer(run: Run) -> None:
    ended = run("target", "no-creatinine", "--assume-kidney", "40 mL/min/1.73 m2")
    assert ended.code == 0 and "Kidney function is ASSUMED to be 40 mL/min/1.73 m2" in " ".join(ended.out.split())
    stop = ("target", "severe-aortic-stenosis")
    assert run(*stop).code == 3
    ended = run(*stop, "--override", "severe-valve-obstruction=valve surgery tonight, Dr. Adams")
    assert ended.code == 0 and "no load, and no step upward" in " ".join(ended.out.split())


@pytest.mark.parametrize("words", [("--override", "no-such-rule"), ("--assume-kidney", "40"), ("--range", "1-2 ng/mL")])
def test_doors_that_do_not_open(run: Run, words: tuple[str, str]) -> None:
    assert run("target", "sound-adult", *words).code == 2
