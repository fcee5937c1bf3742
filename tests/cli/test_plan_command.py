"""`inotrope plan` and `inotrope screen`: what comes out, where it goes, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from inotrope.plan import NOTICE, plan_schema, screening_schema

from .conftest import CASES, ROOT, Run

ENDS = {
    "sound-adult": ("plan", 0),
    "reduced-kidneys": ("plan", 0),
    "rising-creatinine": ("plan", 0),
    "severe-aortic-stenosis": ("stopped", 3),
    "measured-level": ("plan", 0),
    "right-heart-catheter": ("plan", 0),
    "no-creatinine": ("refused", 4),
    "low-pressure": ("stopped", 3),
    "running-since-yesterday": ("plan", 0),
    "dialysis": ("refused", 4),
    "almost-nothing-known": ("plan", 0),
    "bridge-to-transplant": ("plan", 0),
    "child-after-surgery": ("plan", 0),
    "falling-platelets": ("plan", 0),
    "paused-infusion": ("plan", 0),
    "preterm-baby": ("plan", 0),
}
"""Each example's status by the table in ARCHITECTURE.md; 0 plan, 3 stopped, 4 refused."""

HEADS = {
    "sound-adult": "[+] PLAN  A rate is proposed",
    "reduced-kidneys": "[+] PLAN  A rate is proposed",
    "rising-creatinine": "[!] PLAN WITH WARNINGS  Do not start before the physician has decided: little",
    "low-pressure": "[X] STOP  A stop rule fires: no dose is shown",
    "running-since-yesterday": "[!] PLAN WITH WARNINGS  A rate is proposed",
    "almost-nothing-known": "[?] PLAN, INCOMPLETE: ",
}
"""What stands at the head of each plan: a warning or an open question is said there first."""

FIRES = {
    "reduced-kidneys": "renal-reduction",
    "rising-creatinine": "creatinine-changing",
    "severe-aortic-stenosis": "severe-valve-obstruction",
    "low-pressure": "low-pressure-at-start",
    "running-since-yesterday": "already-running",
    "dialysis": "kidney-replacement",
}
"""The question that each example is there to ask."""


def test_every_shipped_example_is_named_here() -> None:
    assert {path.stem for path in CASES.glob("*.json")} == set(ENDS)


@pytest.mark.parametrize("name", ENDS)
def test_an_example_ends_as_the_architecture_says(run: Run, name: str) -> None:
    status, code = ENDS[name]
    ended = run("plan", name, "--json")
    assert (ended.json["status"], ended.code, ended.err) == (status, code, "")
    fired = {item["rule"] for item in ended.json["findings"] if item["state"] == "fires"}
    assert FIRES.get(name, next(iter(fired), "")) in fired | {""}


@pytest.mark.parametrize("name", ENDS)
def test_json_keeps_to_the_published_schemas(run: Run, name: str) -> None:
    Draft202012Validator(plan_schema()).validate(run("plan", name, "--json").json)
    Draft202012Validator(screening_schema()).validate(run("screen", name, "--json").json)


def test_nothing_fires_and_nothing_is_asked_for_the_sound_adult(run: Run) -> None:
    plan = run("plan", "sound-adult", "--json").json
    assert plan["findings"] == []
    assert plan["missing"] == []


@pytest.mark.hazard("taken-for-authority")
@pytest.mark.parametrize("name", ENDS)
def test_text_carries_status_and_notice(run: Run, name: str) -> None:
    ended = run("plan", name)
    assert ended.code == ENDS[name][1]
    assert HEADS.get(name, {"stopped": "[X] STOP", "refused": "[-] REFUSED"}.get(ENDS[name][0], "none")) in ended.out
    assert " ".join(NOTICE.split()) in " ".join(ended.out.split())


@pytest.mark.parametrize("name", ENDS)
def test_a_screening_shows_no_dose_and_ends_with_0_or_3(run: Run, name: str) -> None:
    ended = run("screen", name)
    assert ended.code == (3 if ENDS[name][0] == "stopped" else 0)
    assert "Set the pump" not in ended.out


def test_a_case_comes_from_a_file_from_standard_input_or_from_the_library(run: Run, tmp_path: Path) -> None:
    content = (CASES / "sound-adult.json").read_bytes()
    path = tmp_path / "a case.json"
    path.write_bytes(content)
    named = run("plan", "sound-adult")
    assert run("plan", str(path)).out == run("plan", "-", given=content).out == named.out


def test_a_file_goes_before_an_example_of_the_same_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sound-adult").write_bytes((CASES / "dialysis.json").read_bytes())
    (tmp_path / "dialysis").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run("plan", "sound-adult").code == 4
    assert run("plan", "dialysis").code == 4


def test_an_override_gives_the_dose_with_its_reason(run: Run) -> None:
    reason = "bridge to valve surgery tonight, Dr. A = B"
    words = ("plan", "severe-aortic-stenosis", "--override", f"severe-valve-obstruction={reason}")
    ended = run(*words)
    assert ended.code == 0
    assert reason in ended.out
    (finding,) = (item for item in run(*words, "--json").json["findings"] if item["state"] == "overridden")
    assert finding["override_reason"] == reason


@pytest.mark.hazard("stale-or-changing-creatinine")
def test_an_assumed_kidney_gives_a_rate_and_says_so(run: Run) -> None:
    ended = run("plan", "no-creatinine", "--assume-kidney", "60 mL/min/1.73 m2")
    assert ended.code == 0
    assert "ASSUMED" in ended.out


def test_no_assumption_lifts_a_dialysis(run: Run) -> None:
    for assumed, code in (("10 mL/min/1.73 m2", 4), ("60 mL/min/1.73 m2", 3)):  # 60 lies far above the measured one
        ended = run("plan", "dialysis", "--assume-kidney", assumed)
        assert ended.code == code
        assert "Set the pump" not in ended.out


def test_a_site_is_hashed_into_the_plan(run: Run, tmp_path: Path) -> None:
    import hashlib

    site = tmp_path / "site.toml"
    site.write_text('[pump]\nstep = "0.1 mL/h"\n', encoding="utf-8")
    plan = run("plan", "sound-adult", "--json", "--site", str(site)).json
    assert plan["versions"]["site"] == hashlib.sha256(site.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ENDS)
def test_a_page_is_written_beside_the_text_whatever_the_status(run: Run, tmp_path: Path, name: str) -> None:
    page = tmp_path / "plan.html"
    ended = run("plan", name, "--html", str(page))
    assert ended.code == ENDS[name][1]
    assert ended.out == run("plan", name).out + f"\nPage written: {page}\n"
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert text.endswith("</html>\n")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.html"]


def test_a_page_replaces_an_older_one_and_can_go_with_json(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    page.write_text("<!DOCTYPE html>old", encoding="utf-8")
    page.chmod(0o600)
    kept = run("plan", "sound-adult", "--html", str(page))
    assert kept.code == 2 and kept.is_one_line() and "exists already and is left alone" in kept.err
    assert page.read_text(encoding="utf-8") == "<!DOCTYPE html>old"
    assert run("plan", "sound-adult", "--json", "--html", str(page), "--overwrite").json["status"] == "plan"
    assert "old" not in page.read_text(encoding="utf-8")[:20]
    assert page.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "my thesis", "<!DOCTYPE htm", " <!DOCTYPE html>"])
def test_a_page_never_overwrites_what_is_no_page(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "thesis.html"
    path.write_text(content, encoding="utf-8")
    for words in ((), ("--overwrite",)):
        ended = run("plan", "sound-adult", "--html", str(path), *words)
        assert ended.code == 2
        assert ended.is_one_line()
        assert "is left alone" in ended.err
    assert path.read_text(encoding="utf-8") == content


def test_a_page_never_overwrites_the_site_or_what_standard_input_reads(run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[pump]\nstep = "0.1 mL/h"\n', encoding="utf-8")
    (tmp_path / "link").symlink_to(site)
    for where in ("site.toml", "link"):
        ended = run("plan", "sound-adult", "--site", str(site), "--html", str(tmp_path / where))
        assert ended.code == 2
        assert ended.is_one_line()
        assert "the site's own file" in ended.err
    assert site.read_text(encoding="utf-8").startswith("[pump]")
    case = tmp_path / "case.json"
    case.write_bytes((CASES / "sound-adult.json").read_bytes())
    words = [sys.executable, "-m", "inotrope", "plan", "-", "--html", str(case)]
    with case.open("rb") as stream:
        done = subprocess.run(words, cwd=ROOT, stdin=stream, capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert b"the case itself" in done.stderr
    assert case.read_bytes() == (CASES / "sound-adult.json").read_bytes()


@pytest.mark.parametrize("where", ["nowhere/plan.html", ".", "", "-"])
def test_a_page_without_a_place_is_an_error_before_anything_is_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("plan", "sound-adult", "--html", where)
    assert ended.code == 2
    assert ended.is_one_line()
    assert list(tmp_path.iterdir()) == []


def test_a_page_never_overwrites_the_case_or_a_device(run: Run, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    content = (CASES / "sound-adult.json").read_bytes()
    case.write_bytes(content)
    for where in (str(case), "/dev/null"):
        ended = run("plan", str(case), "--html", where)
        assert ended.code == 2
        assert ended.is_one_line()
    assert case.read_bytes() == content
    assert not Path("/dev/null").is_file()


@pytest.mark.hazard("half-an-answer")
def test_a_page_that_fails_half_way_leaves_the_older_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "plan.html"
    page.write_text("<!DOCTYPE html>old", encoding="utf-8")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    ended = run("plan", "sound-adult", "--html", str(page), "--overwrite")
    assert ended.code == 2
    assert ended.is_one_line()
    assert "No space left" in ended.err
    assert page.read_text(encoding="utf-8") == "<!DOCTYPE html>old"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.html"]


@pytest.mark.hazard("half-an-answer")
def test_a_case_that_is_wrong_writes_no_page(run: Run, tmp_path: Path, sound: dict[str, Any]) -> None:
    del sound["patient"]["weight"]
    page = tmp_path / "plan.html"
    ended = run("plan", "-", "--html", str(page), given=json.dumps(sound).encode())
    assert ended.code == 2
    assert not page.exists()


def test_the_text_ends_with_where_the_page_is_and_json_and_stderr_say_nothing_of_it(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "evil\x1b[2J plan.html"
    ended = run("plan", "sound-adult", "--html", str(page))
    assert ended.out.splitlines()[-1] == f"Page written: {tmp_path}/evil\\x1b[2J plan.html"
    assert ended.err == ""
    bare = run("plan", "sound-adult")
    assert ended.out.startswith(bare.out)
    assert "Page written" not in bare.out
    plain = run("plan", "sound-adult", "--json", "--html", str(page), "--overwrite")
    assert (plain.out, plain.err) == (run("plan", "sound-adult", "--json").out, "")


def test_the_text_is_brief_and_full_on_demand_and_the_page_and_json_hold_all(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    brief = run("plan", "sound-adult", "--html", str(page)).out
    full = run("plan", "sound-adult", "--full").out
    for words in ("Where it differs", "-- Side effects to watch for", "-- Sources"):
        assert words not in brief
        assert words in full
    assert "'inotrope plan ... --full'" in brief
    assert " ".join(NOTICE.split()) in " ".join(brief.split())
    whole = page.read_text(encoding="utf-8")
    assert "Side effects to watch for" in whole
    assert "Where it differs" in whole
    told = json.loads(run("plan", "sound-adult", "--json").out)
    assert told["watch_list"] and told["beside"] and told["sources"]


def test_a_change_is_supposed_beside_the_plan(run: Run) -> None:
    ended = run("plan", "sound-adult", "--what-if", "pause 2 h after 6 h", "--what-if", "kidney=30 mL/min/1.73 m2")
    assert ended.code == 0
    assert "What if: pause 2 h after 6 h" in ended.out and "At 8 h, then" in ended.out
    found = run("plan", "sound-adult", "--json", "--what-if", "rate 0.5 mcg/kg/min").json["forecast"]["what_if"]
    assert [item["asked"] for item in found] == ["rate 0.5 mcg/kg/min from now on"]


def test_a_change_that_is_none_is_bad_input(run: Run) -> None:
    ended = run("plan", "sound-adult", "--what-if", "stop")
    assert ended.code == 2 and "no change that can be supposed" in ended.err and ended.out == ""
