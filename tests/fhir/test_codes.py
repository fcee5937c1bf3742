"""The codes of a record: each stands for a name that is known, once, with a source that is listed."""

from __future__ import annotations

import tomllib

import pytest

from inotrope.drug import load_drug
from inotrope.fhir.reading.codes import KINDS, codes, read_concept
from inotrope.findings import Status
from inotrope.patient.vocabulary import FOLDER, vocabulary
from inotrope.units import find_unit

CODES = tomllib.loads((FOLDER / "codes.toml").read_text("utf-8"))


@pytest.mark.parametrize("entry", CODES["code"], ids=lambda entry: f"{entry['system']} {entry['code']}")
def test_a_code_stands_for_a_name_that_is_known(entry: dict[str, str]):
    words, name, kind = vocabulary(), entry["name"], entry["kind"]
    assert kind in KINDS
    known = {
        "condition": words.condition,
        "event": words.event,
        "support": words.support,
        "medicine": words.medicine,
        "indication": load_drug("milrinone").entries_by_indication.get,
        "severity": {"mild": 1, "moderate": 2, "severe": 3}.get,
        "no allergy": {"no known allergy": 1}.get,
    }[kind](name)
    assert known is not None
    if kind in ("condition", "event", "support", "medicine"):
        assert known.name == name
    source, colon, place = entry["source"].partition(":")
    assert colon and place
    words.cite(source, place, Status(entry["status"]))
    assert (source == "codes-recalled") is (entry["status"] == "unconfirmed")


def test_no_code_stands_twice():
    told = [(entry["system"], entry["code"], entry["kind"]) for entry in CODES["code"]]
    assert len(set(told)) == len(told)
    assert {system for system, _, _ in told} <= set(CODES["systems"].values())


def test_what_is_graded_is_a_condition_called_severe():
    for entry in CODES["graded"]:
        known = vocabulary().condition(entry["name"])
        assert known is not None
        assert entry["name"].startswith("severe ")
        for word in entry["words"]:  # the severe form of each word is the name, or is not known at all
            severe = vocabulary().condition(f"severe {word}")
            assert severe is None or severe.name == entry["name"]
    assert {entry["name"] for entry in CODES["code"] if entry.get("graded")} <= set(codes().graded.values())


def test_units_of_a_body_have_their_exact_factor():
    factors = {(entry["of"], entry["code"]): entry["factor"] for entry in CODES["ucum"]}
    assert factors["body weight", "[lb_av]"] == "0.45359237"  # the international pound of 1959, exact
    assert factors["height", "[in_i]"] == "2.54"  # the international inch of 1959, exact
    for name in CODES["ucum_alike"].values():
        assert find_unit(name) is not None


def test_a_judgement_says_that_it_is_one():
    for key, entry in CODES["reading"].items():
        if key != "estimated":
            assert entry["status"] == "judgement"
            assert entry["source"].startswith("inotrope-judgement:")


def test_words_beside_a_code_make_it_count():
    concept = {"coding": [{"system": "http://snomed.info/sct", "code": "45227007", "display": "HOCM"}]}
    by_words = lambda text: "hypertrophic obstructive cardiomyopathy" if text == "HOCM" else None  # noqa: E731
    assert read_concept(concept, "condition", by_words).name == "hypertrophic obstructive cardiomyopathy"
    bare = {"coding": [{"system": "http://snomed.info/sct", "code": "45227007"}]}
    found = read_concept(bare, "condition", by_words)
    assert (found.name, found.doubtful, found.shown) == (None, ("hypertrophic obstructive cardiomyopathy",), "45227007")
    assert read_concept(None, "condition", by_words).shown == "without a name"
