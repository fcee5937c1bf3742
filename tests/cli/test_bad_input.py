"""Every kind of bad input: one line, exit 2, nothing half-written, no traceback; with --json the error object."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import CASES, ROOT, Run

Case = dict[str, Any]


def put(*path: Any, value: Any) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        table: Any = case
        for key in path[:-1]:
            table = table[key]
        table[path[-1]] = value

    return change


def drop(*path: Any) -> Callable[[Case], None]:
    def change(case: Case) -> None:
        table: Any = case
        for key in path[:-1]:
            table = table[key]
        del table[path[-1]]

    return change


CREATININE = ("measurements", 1, "value")
MEASURED_AT = ("measurements", 1, "at")
EVENT = {"what": "ventricular tachycardia", "at": "2026-11-22T09:00:00+01:00"}
REVERSED = {
    "of": "milrinone",
    "start": "2026-11-22T06:00:00+01:00",
    "end": "2026-11-22T05:00:00+01:00",
    "rate": "0.5 mcg/kg/min",
}

CHANGES: dict[str, tuple[Callable[[Case], None], str]] = {
    "weight without a unit": (put("patient", "weight", value="82"), "82"),
    "weight as a number": (put("patient", "weight", value=82), "82"),
    "weight in pounds": (put("patient", "weight", value="180 lb"), "180 lb"),
    "creatinine without a unit": (put(*CREATININE, value="1.1"), "1.1"),
    "unknown unit": (put(*CREATININE, value="1.1 mg/dX"), "mg/dX"),
    "wrong dimension": (put(*CREATININE, value="1.1 mmHg"), "mmHg"),
    "no sex": (drop("patient", "sex"), "sex"),
    "unknown sex": (put("patient", "sex", value="m"), "sex"),
    "no weight": (drop("patient", "weight"), "weight"),
    "no birth and no age": (drop("patient", "born"), "born"),
    "no time zone": (put("now", value="2026-11-22T08:00:00"), "2026-11-22T08:00:00"),
    "no zone on a measurement": (put(*MEASURED_AT, value="2026-11-22T06:10:00"), "zone"),
    "negative": (put("patient", "weight", value="-82 kg"), "-82 kg"),
    "zero": (put(*CREATININE, value="0 mg/dL"), "0 mg/dL"),
    "NaN as text": (put(*CREATININE, value="NaN mg/dL"), "NaN mg/dL"),
    "1e308": (put("patient", "weight", value="1e308 kg"), "1e308 kg"),
    "a 500 kg adult": (put("patient", "weight", value="500 kg"), "500 kg"),
    "creatinine 0.01": (put(*CREATININE, value="0.01 mg/dL"), "0.01 mg/dL"),
    "a measurement in the future": (put(*MEASURED_AT, value="2026-11-22T09:00:00+01:00"), "09:00"),
    "an event in the future": (put("events", value=[EVENT]), "09:00"),
    "born tomorrow": (put("patient", "born", value="2026-11-23"), "2026-11-23"),
    "reversed times": (put("administrations", value=[REVERSED]), "05:00"),
    "unknown key": (put("wieght", value="82 kg"), "wieght"),
    "unknown key of the patient": (put("patient", "heigth", value="178 cm"), "'height'"),
    "unknown condition": (put("conditions", "severe aortic stenosi", value="present"), "'severe aortic stenosis'"),
    "unknown measurement": (put("measurements", 1, "what", value="serum creatinin"), "'serum creatinine'"),
    "unknown drug": (put("drug", value="milrinon"), "'milrinone'"),
    "a condition that is neither": (put("conditions", "edema", value="maybe"), "maybe"),
    "a list where a table belongs": (put("patient", value=[]), "patient"),
}


@pytest.mark.hazard("half-an-answer")
@pytest.mark.parametrize("name", CHANGES)
def test_a_case_that_says_something_meaningless(run: Run, sound: Case, tmp_path: Path, name: str) -> None:
    change, named = CHANGES[name]
    case = copy.deepcopy(sound)
    change(case)
    path, page = tmp_path / "case.json", tmp_path / "plan.html"
    path.write_text(json.dumps(case), encoding="utf-8")
    ended = run("plan", str(path), "--html", str(page))
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
    assert named in ended.err
    assert "case.json" in ended.err or name == "unknown drug"
    assert not page.exists()
    as_json = run("screen", str(path), "--json")
    assert as_json.code == 2
    assert as_json.err == ""
    assert set(as_json.json) == {"error"}
    assert set(as_json.json["error"]) == {"kind", "says", "value", "accepted", "where"}


SOUND = (CASES / "sound-adult.json").read_bytes()
WHY = "bridge to valve surgery tonight"
TEXTS: dict[str, bytes] = {
    "empty": b"",
    "only blanks": b" \n\t",
    "truncated": SOUND[: len(SOUND) // 2],
    "not JSON": b"weight: 82 kg",
    "no object": b"[]",
    "a number": b"82",
    "invalid UTF-8": SOUND.replace(b"milrinone", b"milrin\xffone", 1),
    "duplicate key": SOUND.replace(b'"drug": "milrinone"', b'"drug": "milrinone", "drug": "milrinone"', 1),
    "NaN": SOUND.replace(b'"82 kg"', b"NaN", 1),
    "Infinity": SOUND.replace(b'"82 kg"', b"-Infinity", 1),
    "nested deeply": b"[" * 100_000 + b"]" * 100_000,
    "nested objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "huge": b" " * 100_000_000,
    "a million digits": SOUND.replace(b'"82 kg"', b"9" * 1_000_000, 1),
}


@pytest.mark.hazard("half-an-answer")
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_no_case(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(TEXTS[name])
    for ended in (run("plan", str(path)), run("plan", "-", given=TEXTS[name])):
        assert ended.code == 2
        assert ended.is_one_line(), ended.err[:300]
        assert len(ended.err) < 600


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("plan", "sound-adlt"), "'sound-adult'"),
        (("plan", "nowhere.json"), "nowhere.json"),
        (("plan", "/"), "/"),
        (("plan", "x" * 5000), "x"),
        (("plan", ""), "''"),
        (("plan", "sound-adult", "--override", "edema"), "'edema'"),
        (("plan", "sound-adult", "--override", "edema="), "'edema='"),
        (("plan", "sound-adult", "--override", "edmea=why it is set aside"), "'edema'"),
        (
            ("plan", "severe-aortic-stenosis", "--override", f"severe-valve-obstructio={WHY}"),
            "severe-valve-obstruction",
        ),
        (("plan", "sound-adult", "--override", f"edema={WHY}", "--override", f"edema={WHY}"), "twice"),
        (("plan", "severe-aortic-stenosis", "--override", "severe-valve-obstruction=needed"), "who decided"),
        (("plan", "severe-aortic-stenosis", "--override", "severe-valve-obstruction=reason"), "who decided"),
        (("screen", "severe-aortic-stenosis", "--override", "severe-valve-obstruction=<reason>"), "who decided"),
        (("screen", "severe-aortic-stenosis", "--override", "severe-valve-obstruction=1234567"), "'1234567'"),
        (("plan", "no-creatinine", "--assume-kidney", "60"), "'60'"),
        (("plan", "no-creatinine", "--assume-kidney", "60 mL/min"), "60 mL/min"),
        (("plan", "no-creatinine", "--assume-kidney", "-1 mL/min/1.73 m2"), "-1"),
        (("plan", "sound-adult", "--site", "nowhere.toml"), "nowhere.toml"),
        (("plan",), "CASE"),
        (("plan", "sound-adult", "--jsn"), "--jsn"),
        (("plan", "sound-adult", "--over", "edema=x"), "--over"),
        (("plann", "sound-adult"), "'plan'"),
        ((), "plan"),
        (("schema", "cases"), "'case'"),
        (("drug", "shwo"), "'show'"),
        (("drug", "show", "milrinon"), "'milrinone'"),
        (("drug", "show", "./nowhere"), "nowhere"),
        (("drug", "check", "nowhere"), "nowhere"),
        (("drug", "check", "tests"), "tests"),
        (("dose", "--rate", "0.5 mcg/kg/min", "--weight", "70 kg"), "--concentration"),
        (("dose", "--concentration", "200 mcg/mL"), "--rate"),
    ],
)
def test_a_request_that_cannot_be_met(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], named: str
) -> None:
    monkeypatch.chdir(ROOT)
    ended = run(*words)
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
    assert named in ended.err
    assert len(ended.err) < 600


def test_a_wrong_command_line_is_the_error_object_too(run: Run) -> None:
    ended = run("plan", "--json")
    assert (ended.code, ended.err) == (2, "")
    assert ended.json["error"]["kind"] == "request"


def test_a_wrong_file_is_one_line_in_a_real_process(process: Run) -> None:
    ended = process("plan", "-", given=b'{"drug": "milrinone"}')
    assert ended.code == 2
    assert ended.is_one_line(), ended.err
