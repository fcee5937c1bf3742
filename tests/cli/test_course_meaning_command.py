"""`inotrope course`: what is written into a course, and what it says, from the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inotrope.course import open_store
from tests.cli.conftest import Ended, Run

AT = "2026-11-22T09:00:00+01:00"
NOON = "2026-11-22T12:00:00+01:00"
Course = Callable[..., Ended]


@pytest.fixture
def course(run: Run, tmp_path: Path) -> Course:
    """Call a verb on the course 'bed7', which holds the shipped adult: opened (1), case (2)."""
    where = str(tmp_path / "courses.sqlite")
    assert run("course", "new", "bed 7", "--id", "bed7", "--by", "Adams", "--database", where).code == 0

    def call(verb: str, *words: str, given: bytes | None = None) -> Ended:
        return run("course", verb, "bed7", *words, "--database", where, given=given)

    assert call("case", "sound-adult", "--by", "Adams").code == 0
    return call


def entry_of(ended: Ended) -> Any:
    assert ended.code == 0, ended.err
    body = ended.json["event"]["body"]
    return body.get("entry", body)


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        (("rate", "0.375 mcg/kg/min"), {"of": "milrinone", "start": AT, "rate": "0.375 mcg/kg/min"}),
        (
            ("dose", "50 mcg/kg", "--over", "10 min"),
            {"of": "milrinone", "start": AT, "duration": "10 min", "dose": "50 mcg/kg"},
        ),
        (
            ("level", "212 ng/mL", "--from", "arterial line"),
            {"what": "concentration", "of": "milrinone", "value": "212 ng/mL", "at": AT, "site": "arterial line"},
        ),
        (("reading", "serum creatinine", "1.4 mg/dL"), {"what": "serum creatinine", "value": "1.4 mg/dL", "at": AT}),
        (("event", "ventricular ectopy"), {"what": "ventricular ectopy", "at": AT}),
        (
            ("support", "CRRT", "--until", NOON, "--effluent", "2000 mL/h"),
            {"what": "CRRT", "start": AT, "end": NOON, "effluent": "2000 mL/h"},
        ),
        (("condition", "oliguria", "present"), {"oliguria": "present"}),
        (("medicine", "digoxin"), "digoxin"),
        (("line", "furosemide", "heparin"), {"with": ["furosemide", "heparin"]}),
        (("bag", '{"product": "premix"}'), {"hung": AT, "product": "premix"}),
        (("note", "family informed"), {"text": "family informed"}),
    ],
)
def test_a_few_words_are_the_entry_of_a_case(course: Course, words: tuple[str, ...], entry: Any) -> None:
    assert entry_of(course("add", *words, "--at", AT, "--by", "Baker", "--json")) == entry


def test_what_came_meanwhile_is_told(course: Course) -> None:
    course("add", "rate", "0.375 mcg/kg/min", "--at", AT, "--by", "Baker", "--seen", "2")
    ended = course("add", "event", "ventricular ectopy", "--at", NOON, "--by", "Clark", "--seen", "2")
    assert ended.out.splitlines() == [
        "Event 4: ventricular ectopy.",
        "Meanwhile:",
        "  3, Baker: milrinone 0.375 mcg/kg/min",
    ]


def test_a_pump_that_was_set_for_another_bag_is_told_above_the_plan(course: Course) -> None:
    course("add", "rate", "0.375 mcg/kg/min", "--at", AT)
    course("add", "bag", '{"product": "vial", "concentration": "1 mg/mL"}', "--at", NOON)
    shown = course("plan", "--look").out
    assert shown.index("THE PUMP  Look at the pump.") < shown.index("RUNS NOW")
    asked = course("plan", "--look", "--json")
    assert asked.err.startswith("Look at the pump.") and asked.json["running"]["rate"]


def test_a_plan_says_what_was_written_while_it_was_made(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    from inotrope.course.meaning import as_of

    make = as_of.make_course_plan

    def slowly(*asked: Any, **options: Any) -> Any:
        course("add", "reading", "serum potassium", "6.4 mmol/L", "--at", NOON, "--by", "Baker")
        course("add", "note", "and a note, which changes nothing", "--by", "Baker")
        return make(*asked, **options)

    monkeypatch.setattr(as_of, "make_course_plan", slowly)
    shown = " ".join(course("plan").out.split())
    assert "Written while this plan was made, and not in it: event 3, Baker: serum potassium 6.4 mmol/L." in shown
    assert "Recorded as event 5." in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "reading", "serum creatinine"), "'reading' takes 2 texts, and 1 came."),
        (("add", "rate", "0.5"), "has no unit"),
        (("add", "dose", "50 mcg/kg"), "has no duration"),
        (("correct", "99", "--why", "slip", "--strike"), "no event 99"),
        (("correct", "1", "--why", "slip", "--value", "1"), "no value, rate or dose"),
        (("case", "sound-adult"), "--seen"),
        (("case", "nobody.json", "--seen", "2"), "nobody.json"),
        (("override", "no-such-rule", "bridge to surgery", "--seen", "2"), "'no-such-rule' is no rule"),
        (("replay",), "No plan was recorded"),
        (("replay", "2"), "Event 2 recorded no plan"),
        (("timeline", "--as-of", "2020-01-01T00:00:00Z"), "Nothing was recorded"),
        (("plan", "--as-of", "yesterday"), "is not a date and time"),
        (("bag", "[1]"), "bag"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(course: Course, words: tuple[str, ...], says: str) -> None:
    ended = course(words[0], *words[1:])
    assert ended.code == 2
    assert says in ended.err
    if words[0] != "bag":  # no such verb
        assert len(course("show", "--json").json["events"]) == 2


def test_a_slip_is_corrected_by_its_value_by_an_entry_or_struck_out(course: Course) -> None:
    course("add", "reading", "serum creatinine", "14 mg/dL", "--at", AT, "--by", "Baker")
    first = course("correct", "3", "--why", "the point was missed", "--value", "1.5 mg/dL", "--by", "Baker", "--json")
    assert first.json["event"]["body"]["instead"]["value"] == "1.5 mg/dL"
    again = course("correct", "4", "--why", "read anew", "--value", "1.4 mg/dL", "--by", "Clark")
    assert "event 4 corrected: read anew; now: serum creatinine 1.4 mg/dL" in again.out
    entry = json.dumps({"what": "serum creatinine", "value": "1.3 mg/dL", "at": AT})
    assert course("correct", "3", "--why", "other sample", "--entry", entry, "--by", "Clark").code == 0
    course("add", "note", "wrong bed")
    assert course("correct", "7", "--why", "it was bed 8", "--entry", "said of bed 8").code == 0
    assert course("correct", "7", "--why", "not here", "--strike").code == 0
    shown = course("show").out
    assert "1.3 mg/dL" in shown and "struck out" in shown


def test_a_case_is_written_out_edited_and_taken_in(course: Course, tmp_path: Path) -> None:
    out = course("case")
    assert "--seen 2" in out.err
    edited = tmp_path / "case.json"
    edited.write_text(out.out.replace('"weight": "82 kg"', '"weight": "84 kg"'), encoding="utf-8")
    course("add", "rate", "0.375 mcg/kg/min", "--at", AT)
    ended = course("case", str(edited), "--seen", "2")
    assert "Meanwhile:" in ended.out
    case = json.loads(course("case").out)
    assert case["patient"]["weight"] == "84 kg"
    assert case["administrations"] == [{"of": "milrinone", "start": AT, "rate": "0.375 mcg/kg/min"}]
    again = course("case", "-", "--seen", "4", given=json.dumps(case).encode())
    assert again.code == 0


def test_a_plan_is_recorded_as_it_is_shown_and_computed_anew(course: Course, tmp_path: Path) -> None:
    shown = course("plan", "--by", "Adams")
    assert "Recorded as event 3." in shown.out
    looked = course("plan", "--look", "--json")
    assert looked.code == shown.code
    assert looked.json["status"] in ("plan", "refused", "stopped")
    assert course("replay").out.splitlines() == ["Plan 3: the same to the digit.", "1 of 1 plans are the same."]
    assert "SAME" in course("replay", "3").out
    assert course("replay", "--json").json[0]["same"] is True
    site = tmp_path / "site.toml"
    shutil.copy(Path(__file__).parents[2] / "inotrope" / "library" / "sites" / "example-site.toml", site)
    assert "Recorded as event 4." in course("plan", "--site", str(site), "--html", str(tmp_path / "p.html")).out
    site.unlink()
    assert course("replay", "4").code == 0


def test_a_plan_that_is_another_today_ends_with_3(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course("plan", "--by", "Adams")
    monkeypatch.setattr("inotrope.plan.writing.NOTICE", "another notice")
    ended = course("replay", "3")
    assert ended.code == 3
    assert "notice" in ended.out
    assert "1 values differ" in course("replay").out


def test_a_stop_is_set_aside_and_stands_again_when_the_case_changes(course: Course) -> None:
    course("add", "condition", "severe aortic stenosis", "present")
    assert course("plan", "--look", "--json").json["status"] == "stopped"
    nothing = course("override", "severe-valve-obstruction", "bridge to surgery tonight, Dr. Adams")
    assert nothing.code == 2 and "No plan was shown in this course yet" in nothing.err
    course("plan")
    course("add", "note", "the surgeon was called")  # it changes nothing in the patient
    aside = course("override", "severe-valve-obstruction", "bridge to surgery tonight, Dr. Adams", "--by", "Adams")
    assert "set aside: bridge to surgery tonight" in aside.out
    rules = {item["rule"]: item["state"] for item in course("plan", "--look", "--json").json["findings"]}
    assert rules["severe-valve-obstruction"] == "overridden"
    course("add", "reading", "heart rate", "90 /min", "--at", AT)
    assert course("plan", "--look", "--json").json["status"] == "stopped"
    unseen = course("override", "severe-valve-obstruction", "bridge to surgery tonight, Dr. Adams")
    assert unseen.code == 2 and "for a case that has changed since" in unseen.err


def test_a_course_is_closed_and_opened_again(course: Course) -> None:
    assert course("close", "moved").code == 0
    assert course("plan").code == 2
    assert course("reopen", "came back").code == 0


def test_the_shipped_days_are_played_and_looked_at(run: Run, tmp_path: Path) -> None:
    where = str(tmp_path / "example.sqlite")
    played = run("course", "example", "--database", where)
    assert "no example of treatment" in played.out
    again = run("course", "example", "--database", where)
    assert again.code == 2 and "holds courses already" in again.err
    evening = ("three-days", "--as-of", "2026-11-23T20:21:00+01:00", "--database", where)
    page, plot = tmp_path / "handover.html", tmp_path / "course.svg"
    assert "0.25 mcg/kg/min, on the pump 6.2 mL/h" in run("course", "handover", *evening, "--html", str(page)).out
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run("course", "handover", *evening, "--json").json["plan"]["running"]["rate"]["value"] == 0.25
    drawn = run("course", "timeline", *evening, "--plot", str(plot))
    assert "Drawn: " in drawn.out and plot.read_text(encoding="utf-8").startswith("<svg")
    assert run("course", "timeline", *evening, "--json").json["levels"][0]["as_written"] == "231 ng/mL"
    moment = ("three-days", "--as-of", "2026-11-23T06:45:00+01:00", "--database", where)
    assert (
        "0 mL/min/1.73 m2" in run("course", "plan", *moment).out
    )  # the creatinine without its point, as it stood then
    assert "nobody could know" in " ".join(run("course", "plan", *moment, "--knowing", "since").out.split())
    with open_store(where) as store:
        assert store.course("three-days").number == 52


def test_an_example_needs_a_database_of_its_own(run: Run) -> None:
    assert "--database" in run("course", "example").err
    assert run("course", "example", "nobody", "--database", "x.sqlite").code == 2


def test_an_example_says_itself_as_json(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = {"id": "one", "label": "bed", "about": "short", "steps": []}
    script["steps"] = [{"at": AT, "by": "Adams", "do": "note", "text": "looked at"}]  # type: ignore[assignment]
    monkeypatch.setattr("inotrope.course.meaning.playing.read_script", lambda _: script)
    ended = run("course", "example", "--database", str(tmp_path / "x.sqlite"), "--json")
    assert ended.json == {"id": "one", "label": "bed", "events": 2, "about": "short"}
