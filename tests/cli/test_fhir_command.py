"""`inotrope fhir read`, and every other command on a FHIR Bundle in place of a case."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from inotrope.fhir.reading import Kind
from tests.cli.conftest import Run

DECK = Path(__file__).parents[1] / "fhir" / "deck"
NOW = ("--now", "2026-11-22T08:00:00+01:00")
SOUND = "001-sound-adult"


def bundle(name: str) -> str:
    return str(next(DECK.glob(f"{name}*")) / "bundle.json")


def test_a_record_is_shown_with_its_three_lists(run: Run) -> None:
    ended = run("fhir", "read", bundle("051"), *NOW)
    assert ended.code == 0
    for words in ("In conflict", "The case that it makes", "Used", "Left out", "eGFR", "creatinine-1"):
        assert words in ended.out


def test_json_names_every_kind_by_a_word_of_the_list(run: Run) -> None:
    ended = run("fhir", "read", bundle("019"), *NOW, "--json")
    assert ended.code == 0
    assert ended.json.keys() == {"case", "open", "used", "left_out", "conflicts", "notes"}
    assert {item["kind"] for item in ended.json["left_out"]} <= {kind.value for kind in Kind}


def test_the_case_alone_is_a_case(run: Run) -> None:
    ended = run("fhir", "read", bundle(SOUND), *NOW, "--case")
    jsonschema.validate(ended.json, run("schema", "case").json)
    planned = run("plan", "-", "--json", given=ended.out.encode())
    assert planned.code == 0
    assert planned.json["maintenance"]["rate"] == {"value": 0.375, "unit": "mcg/kg/min"}


def test_a_bundle_is_planned_like_the_case_that_it_makes(run: Run) -> None:
    case = run("fhir", "read", bundle(SOUND), *NOW, "--case").out
    of_the_case = run("plan", "-", "--json", given=case.encode())
    of_the_bundle = run("plan", bundle(SOUND), *NOW, "--json")
    assert of_the_bundle.json == of_the_case.json
    assert "from a FHIR record: 16 used, 0 left out, 0 in conflict" in of_the_bundle.err
    assert of_the_case.err == ""


def test_a_bundle_on_standard_input_is_recognized(run: Run) -> None:
    ended = run("plan", "-", *NOW, "--json", given=Path(bundle(SOUND)).read_bytes())
    assert ended.code == 0
    assert ended.json["status"] == "plan"


def test_a_plan_says_what_became_of_the_record(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    ended = run("plan", bundle("082"), *NOW, "--html", str(page))
    assert ended.code == 0
    for text in (ended.out, page.read_text("utf-8")):
        assert "The record" in text
        assert "adm-nocode" in text
        assert "has no UCUM code" in " ".join(text.split())


def test_what_is_left_out_stands_beside_the_plan_or_is_counted(run: Run) -> None:
    shown = " ".join(run("plan", bundle("053"), *NOW).out.split())
    assert "Condition/cond-hocm" in shown
    counted = " ".join(run("plan", bundle("107"), *NOW).out.split())
    assert "2 more are not read" in counted
    assert "imm-1" not in counted


def test_a_conflict_stands_before_the_dose(run: Run) -> None:
    out = run("plan", bundle("051"), *NOW).out
    assert out.index("The record contradicts itself") < out.index("Maintenance")


def test_other_commands_name_the_conflicts_on_stderr(run: Run) -> None:
    ended = run("screen", bundle("051"), *NOW, "--json")
    assert "in conflict: The reported eGFR" in ended.err
    assert any(finding["rule"] == "egfr-conflict" for finding in ended.json["findings"])


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("014", 2, "weight"),
        ("016", 2, "birth date"),
        ("100", 2, "2 Patients"),
        ("079", 4, "12 mL/h says no dose"),
        ("103", 4, "next page"),
    ],
)
def test_a_record_that_makes_no_case_ends_in_one_sentence(run: Run, name: str, code: int, words: str) -> None:
    ended = run("plan", bundle(name), *NOW)
    assert ended.code == code
    assert ended.is_one_line()
    assert words in ended.err
    assert "--case" in ended.err
    as_json = run("plan", bundle(name), *NOW, "--json")
    assert as_json.code == code
    assert as_json.json["error"]["kind"] == "record"
    assert run("fhir", "read", bundle(name), *NOW).code == code


def test_what_is_asked_can_be_said_on_the_command_line(run: Run) -> None:
    one = run("fhir", "read", bundle("100"), *NOW, "--patient", "pat-b", "--case")
    assert one.code == 0
    assert one.json["patient"]["weight"] == "55 kg"
    assert one.json["conditions"] == {"hypertrophic obstructive cardiomyopathy": "present"}
    other = run("fhir", "read", bundle("100"), *NOW, "--patient", "pat-a", "--case")
    assert other.json["patient"]["weight"] == "80 kg"
    assert "conditions" not in other.json
    named = run(
        "fhir", "read", bundle("090"), *NOW, "--drug", "dobutamine", "--indication", "cardiogenic shock", "--case"
    )
    assert (named.json["drug"], named.json["indication"]) == ("dobutamine", "cardiogenic shock")


def test_without_a_moment_it_is_this_minute(run: Run) -> None:
    ended = run("fhir", "read", bundle(SOUND), "--json")
    assert ended.json["case"]["now"] > "2026-11-22T08:00:00"
    assert ended.json["case"]["now"].endswith(":00", 16, 19)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "sound-adult", *NOW), "A case says its own"),
        (("fhir", "read", "sound.json"), "does not exist"),
        (("fhir", "read", bundle(SOUND), "--now", "today"), "--now 'today'"),
        (("fhir",), "Say what 'inotrope fhir' should do"),
    ],
)
def test_bad_input_ends_in_one_line(run: Run, words: tuple[str, ...], says: str) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert says in ended.err


def test_what_is_no_bundle_is_said_to_be_none(run: Run) -> None:
    ended = run("fhir", "read", "-", given=json.dumps({"resourceType": "Patient"}).encode())
    assert ended.code == 2
    assert "no FHIR Bundle" in ended.err
