"""Reading a record: what the deck has no case for, place by place."""

from __future__ import annotations

import copy
import json
import pickle
import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from inotrope.errors import RecordError
from inotrope.fhir.reading import Kind, Reading, is_bundle, read, read_bundle
from inotrope.fhir.reading.codes import codes
from inotrope.fhir.reading.completing import MOST_REFUSED
from inotrope.fhir.reading.resources import MOST
from inotrope.findings import Truth
from inotrope.patient import read_case
from inotrope.patient.plain_form import MOST_ITEMS
from inotrope.plan import make_plan
from tests.fhir.mutating import broken

DECK = Path(__file__).parent / "deck"
NOW = datetime.fromisoformat("2026-11-22T08:00:00+01:00")
AT = "2026-11-22T06:10:00+01:00"
UCUM, LOINC, SCT = "http://unitsofmeasure.org", "http://loinc.org", "http://snomed.info/sct"


def sound() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DECK / "001-sound-adult" / "bundle.json").read_text("utf-8"))
    return found


def observation(key: str, code: str, value: object, unit: str, at: str = AT, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": "Patient/pat-a"},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
    } | more


def condition(key: str, text: str = "", codings: tuple[tuple[str, str], ...] = (), **more: Any) -> dict[str, Any]:
    concept: dict[str, Any] = {"coding": [{"system": system, "code": code} for system, code in codings]}
    return {
        "resourceType": "Condition",
        "id": key,
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": concept | ({"text": text} if text else {}),
        "subject": {"reference": "Patient/pat-a"},
    } | more


def given(key: str, dosage: dict[str, Any], medicine: str = "milrinone", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationAdministration",
        "id": key,
        "status": "in-progress",
        "medicationCodeableConcept": {"text": medicine},
        "subject": {"reference": "Patient/pat-a"},
        "effectivePeriod": {"start": "2026-11-21T20:10:00+01:00"},
        "dosage": dosage,
    } | more


def rate(value: object = 0.5, code: str = "ug/kg/min", **more: Any) -> dict[str, Any]:
    return {"rateQuantity": {"value": value, "system": UCUM, "code": code}} | more


def read_with(*resources: Any, without: tuple[str, ...] = (), **more: Any) -> Reading:
    """The sound adult's record with some resources more, and some less."""
    bundle = sound()
    bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"]["id"] not in without]
    bundle["entry"] += [{"resource": resource} for resource in resources]
    return read_bundle(bundle, now=NOW, **more)


def why(reading: Reading, resource: str) -> set[Kind]:
    return {item.kind for item in reading.left_out if item.resource == resource}


def asked(reading: Reading) -> dict[str, str]:
    return {item.key: item.says for item in reading.open}


# --- the record as a whole --------------------------------------------------------------------------------------------


def test_a_bundle_is_told_from_a_case():
    assert is_bundle(sound())
    assert not any(map(is_bundle, ({"drug": "milrinone"}, [], None, "Bundle", {"resourceType": ["Bundle"]})))


def test_resources_bundles_lists_and_nulls_are_read_alike():
    resources = [entry["resource"] for entry in sound()["entry"]]
    patient, *others = resources
    one = read_bundle(sound(), now=NOW)
    assert read(patient, others, None, {"resourceType": "Bundle", "type": "searchset"}, now=NOW).case == one.case
    assert read({"resourceType": "Bundle", "entry": [{"resource": sound()}]}, now=NOW).case == one.case


def test_bundles_stand_in_each_other_only_so_deeply():
    bundle = sound()
    for _ in range(5):
        bundle = {"resourceType": "Bundle", "entry": [{"resource": bundle}]}
    reading = read_bundle(bundle, now=NOW)
    assert Kind.UNREADABLE in why(reading, "Bundle")
    assert "patient" in asked(reading)


def test_a_record_too_large_is_asked_for_in_parts():
    many = [{"resourceType": "Flag", "id": f"f{number}"} for number in range(MOST + 2)]
    assert "20,000 resources" in asked(read(sound(), many, now=NOW))["record"]


def test_more_values_than_a_case_takes_are_asked_for_in_parts():
    many = [
        observation(f"beats-{number}", "8867-4", 80, "/min", (NOW - timedelta(minutes=number)).isoformat())
        for number in range(MOST_ITEMS + 1)
    ]
    reading = read_with(*many)
    assert "5,009 measurements" in asked(reading)["record"]
    assert "measurements" not in reading.case


def test_the_newest_of_several_versions_is_read():
    newer = observation("creatinine-1", "2160-0", 2.0, "mg/dL", meta={"lastUpdated": "2026-11-22T07:45:00+01:00"})
    reading = read_with(newer)
    assert {item["value"] for item in reading.case["measurements"] if item["what"] == "serum creatinine"} == {"2 mg/dL"}
    assert why(reading, "Observation/creatinine-1") == {Kind.SUPERSEDED}


@pytest.mark.hazard("electronic-record-misread")
def test_versions_that_do_not_tell_which_is_newer_are_asked_about():
    reading = read_with(observation("creatinine-1", "2160-0", 2.0, "mg/dL"))
    assert "different content" in asked(reading)["record"]
    assert "serum creatinine" not in str(reading.case)
    same_time = observation("creatinine-1", "2160-0", 2.0, "mg/dL", meta={"lastUpdated": "2026-11-22T06:45:00+01:00"})
    assert "different content" in asked(read_with(same_time))["record"]
    outside = [{"resourceType": "Flag", "id": "f", "status": status} for status in ("active", "inactive")]
    assert read_with(*outside).open == ()


def test_an_entry_that_came_with_a_search_is_no_data():
    bundle = sound()
    bundle["entry"].append({"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}})
    assert read_bundle(bundle, now=NOW).left_out == ()
    assert why(read_with({"resourceType": "OperationOutcome", "id": "oo"}), "OperationOutcome/oo") == {Kind.UNREADABLE}


def test_one_entry_alone_and_entries_without_a_resource_are_named():
    reading = read_bundle({"resourceType": "Bundle", "entry": {"resource": {"resourceType": "Patient"}}}, now=NOW)
    assert asked(reading).keys() >= {"patient.born", "patient.sex", "patient.weight", "drug", "indication"}
    assert [item.kind for item in read(sound(), {"resourceType": "Bundle", "entry": [{}]}, now=NOW).left_out] == [
        Kind.UNREADABLE
    ]


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_nobody_and_somebody_else_are_asked_about():
    assert "no Patient" in asked(read(now=NOW))["patient"]
    assert "not in the record" in asked(read(sound(), now=NOW, patient="Patient/pat-z"))["patient"]


def test_a_subject_is_found_by_every_form_of_reference():
    for reference in ("https://ehr.example.org/fhir/Patient/pat-a", "Patient/pat-a/_history/3"):
        value = observation("k2", "2823-3", 3.9, "mmol/L", subject={"reference": reference})
        assert "3.9 mmol/L" in str(read_with(value).case)
    nobody = observation("k2", "2823-3", 3.9, "mmol/L")
    del nobody["subject"]
    assert "3.9 mmol/L" in str(read_with(nobody).case)
    elsewhere = observation("k2", "2823-3", 3.9, "mmol/L", subject={"reference": "https://other.example/Patient/pat-z"})
    assert why(read_with(elsewhere), "Observation/k2") == {Kind.OTHER_PATIENT}
    unsaid = observation("k2", "2823-3", 3.9, "mmol/L", subject={"display": "Testmann"})
    assert why(read_with(unsaid), "Observation/k2") == {Kind.UNREADABLE}


def test_of_two_patients_what_names_neither_is_read_of_neither():
    nobody = observation("k2", "2823-3", 3.9, "mmol/L")
    del nobody["subject"]
    other = {"resourceType": "Patient", "id": "pat-b", "gender": "female", "birthDate": "1950-01-01"}
    reading = read_with(other, nobody, patient="pat-a")
    assert why(reading, "Observation/k2") == {Kind.UNREADABLE}
    assert why(reading, "Patient/pat-b") == {Kind.OTHER_PATIENT}


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "pat-a", "gender": "male", "birthDate": "1966-11-22"} | more


def born_at(at: object, url: str = "http://hl7.org/fhir/StructureDefinition/patient-birthTime") -> dict[str, Any]:
    return {"extension": [{"url": url, "valueDateTime": at}]}


@pytest.mark.parametrize(
    ("more", "born"),
    [
        ({"birthDate": "2026-11-19", "_birthDate": born_at("2026-11-19T04:30:00+01:00")}, "2026-11-19T04:30:00+01:00"),
        ({"birthDate": "2026-11-19", "_birthDate": born_at("2026-11-18T04:30:00+01:00")}, "2026-11-19"),
        ({"birthDate": "2026-11-22", "_birthDate": born_at("2026-11-22T09:00:00+01:00")}, "2026-11-22"),
        ({"birthDate": "2026-11-19", "_birthDate": born_at("2026-11-19T04:30")}, "2026-11-19"),
        ({"birthDate": "2026-11-19", "_birthDate": born_at("2026-11-19T04:30:00+01:00", "other")}, "2026-11-19"),
        ({"birthDate": "1966-02-30"}, None),
        ({"birthDate": "1966-11"}, None),
        ({"birthDate": 19661122}, None),
    ],
)
def test_a_time_of_birth_counts_on_its_own_day(more: dict[str, Any], born: str | None):
    reading = read_with(patient(**more), without=("pat-a",))
    assert reading.case["patient"].get("born") == born
    assert ("patient.born" in asked(reading)) is (born is None)


def test_a_birth_that_lies_ahead_is_asked_about():
    assert "patient.born" in asked(read_with(patient(birthDate="2027-01-01"), without=("pat-a",)))


@pytest.mark.parametrize("more", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-11-22"}])
def test_who_died_is_not_planned_for(more: dict[str, Any]):
    assert "has died" in asked(read_with(patient(**more), without=("pat-a",)))["patient"]


# --- observations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (observation("o", "2823-3", 4000, "mmol/L"), Kind.IMPOSSIBLE),
        (observation("o", "2823-3", 4, "mmol/L", "2026-11-22T08:01:00+01:00"), Kind.AHEAD),
        (observation("o", "2823-3", True, "mmol/L"), Kind.NOT_A_NUMBER),
        (observation("o", "2823-3", float("nan"), "mmol/L"), Kind.NOT_A_NUMBER),
        (observation("o", "2823-3", Decimal("1e50"), "mmol/L"), Kind.NOT_A_NUMBER),
        (observation("o", "2823-3", None, "mmol/L"), Kind.NO_VALUE),
        (observation("o", "2823-3", 4, "mg/h"), Kind.IMPOSSIBLE),
        (observation("o", "2823-3", 4, "furlong"), Kind.NO_UNIT),
        (observation("o", "29463-7", 800, "kg"), Kind.IMPOSSIBLE),
        (observation("o", "29463-7", 80, "st"), Kind.NO_UNIT),
    ],
)
def test_a_value_that_cannot_be_is_named(value: dict[str, Any], kind: Kind):
    assert why(read_with(value), "Observation/o") == {kind}


def test_a_value_from_before_the_birth_is_taken_out_again():
    reading = read_with(observation("o", "2823-3", 4, "mmol/L", "1960-01-01T08:00:00+01:00"))
    assert why(reading, "Observation/o") == {Kind.IMPOSSIBLE}
    assert reading.open == ()
    assert "Observation/o" not in {item.resource for item in reading.used}


def test_an_unconfirmed_code_counts_beside_words_that_say_the_same(monkeypatch: pytest.MonkeyPatch):
    kind, rank, _ = codes().loinc["2524-7"]
    doubtful = replace(codes(), loinc=codes().loinc | {"2524-7": (kind, rank, False)})
    monkeypatch.setattr("inotrope.fhir.reading.observations.codes", lambda: doubtful)
    alone = observation("o", "2524-7", 1.6, "mmol/L")
    assert why(read_with(alone), "Observation/o") == {Kind.UNCONFIRMED_CODE}
    named = alone | {"code": alone["code"] | {"text": "Lactate"}}
    assert "lactate" in str(read_with(named).case)


def test_a_unit_of_another_system_is_no_code():
    value = observation("o", "2823-3", 4, "mmol/L")
    value["valueQuantity"]["system"] = SCT
    assert why(read_with(value), "Observation/o") == {Kind.NO_UNIT}


def test_the_newest_weight_and_height_are_the_patients():
    older = (
        observation("w0", "29463-7", 82, "kg", "2026-11-20T06:00:00+01:00"),
        observation("w1", "29463-7", 60, "kg", "2020-11-20T06:00:00+01:00"),
        observation("h1", "8302-2", 1.7, "m", "2019-11-20T06:00:00+01:00"),
    )
    reading = read_with(*older)
    assert (reading.case["patient"]["weight"], reading.case["patient"]["height"]) == ("80 kg", "178 cm")
    weights = [item["value"] for item in reading.case["measurements"] if item["what"] == "body weight"]
    assert weights == ["82 kg"]
    assert why(reading, "Observation/w1") == {Kind.TOO_OLD}
    assert why(reading, "Observation/h1") == {Kind.SUPERSEDED}
    assert reading.conflicts == ()


def test_an_old_weight_is_told_to_be_old():
    old = observation("w1", "29463-7", 60, "kg", "2020-11-20T06:00:00+01:00")
    reading = read_with(old, without=("weight-1",))
    assert reading.case["patient"]["weight"] == "60 kg"
    assert any("Weigh the patient again" in note for note in reading.notes)


def test_an_estimated_weight_is_remarked():
    estimated = observation("w1", "8335-2", 75, "kg", "2026-11-22T07:00:00+01:00")
    used = {item.resource: item.remark for item in read_with(estimated).used}
    assert "estimated" in used["Observation/w1"]


@pytest.mark.hazard("electronic-record-misread")
def test_of_two_weights_of_one_moment_neither_is_taken():
    reading = read_with(observation("w2", "29463-7", 90, "kg", "2026-11-22T06:00:00+01:00"))
    assert "weight" not in reading.case["patient"]
    assert "patient.weight" in asked(reading)
    assert why(reading, "Observation/w2") == why(reading, "Observation/weight-1") == {Kind.CONTRADICTED}


def test_of_two_creatinines_of_one_moment_the_plan_chooses_none():
    reading = read_with(observation("c2", "38483-4", 2.0, "mg/dL"))
    assert any("1 mg/dL and 2 mg/dL" in item.says for item in reading.conflicts)
    assert [i["value"] for i in reading.case["measurements"] if i["what"] == "serum creatinine"] == [
        "1 mg/dL",
        "2 mg/dL",
    ]


def test_one_value_in_two_units_is_one_value():
    reading = read_with(observation("c2", "14682-9", 88, "umol/L"))  # 88 / 88.4 = 0.995 mg/dL
    assert reading.conflicts == ()
    assert why(reading, "Observation/c2") == {Kind.DUPLICATE}


def test_a_panel_and_a_value_of_its_own_are_both_read():
    panel = observation("p", "2823-3", 4.1, "mmol/L", component=[observation("c", "19123-9", 2.0, "mg/dL")])
    told = {item.says.split(" of ")[0] for item in read_with(panel).used if item.resource == "Observation/p"}
    assert told == {"serum potassium 4.1 mmol/L", "serum magnesium 2 mg/dL"}


def test_a_condition_without_a_value_says_why():
    absent = observation("o", "2823-3", 4, "mmol/L")
    del absent["valueQuantity"]
    assert why(read_with(absent), "Observation/o") == {Kind.NO_VALUE}


# --- conditions and allergies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (condition("c", "HOCM"), "present"),
        (condition("c", codings=((SCT, "45227007"),)), "unknown"),
        (condition("c", "Hypertrophic obstructive cardiomyopathy", clinicalStatus=None), "present"),
        (condition("c", "HOCM", verificationStatus={"coding": [{"code": "differential"}]}), "present"),
        (condition("c", "HOCM", clinicalStatus={"text": "Resolved"}), "unknown"),
    ],
)
def test_a_name_or_a_confirmed_code_makes_a_condition_present(one: dict[str, Any], state: str):
    found = read_with(one).case.get("conditions", {})
    assert found.get("hypertrophic obstructive cardiomyopathy", "unknown") == state


def test_since_when_a_condition_is_stands_beside_it():
    old = condition("c", "Acute myocardial infarction", onsetDateTime="2016-02")
    assert {item.remark for item in read_with(old).used if item.resource == "Condition/c"} == {"Since 2016-02."}


@pytest.mark.hazard("electronic-record-misread")
def test_an_unconfirmed_code_alone_is_named_and_remains_unknown():
    reading = read_with(condition("c", codings=((SCT, "45227007"),)))
    assert why(reading, "Condition/c") == {Kind.UNCONFIRMED_CODE}
    assert "hypertrophic" in next(item.says for item in reading.left_out)


@pytest.mark.parametrize(
    ("text", "severity", "present"),
    [
        ("Severe aortic stenosis", None, True),
        ("Aortic stenosis", {"text": "Severe"}, True),
        ("Moderate to severe aortic valve stenosis", None, True),
        ("Aortic valve stenosis", {"coding": [{"system": SCT, "code": "24484000"}]}, True),
        ("Aortic valve stenosis", {"coding": [{"system": SCT, "code": "255604002", "display": "Mild"}]}, False),
        ("Aortic valve stenosis", {"coding": [{"system": SCT, "code": "255604002"}]}, False),
        ("Moderate aortic stenosis", None, False),
        ("Aortic valve stenosis", None, False),
    ],
)
def test_a_stenosis_stops_only_when_severe(text: str, severity: dict[str, Any] | None, present: bool):
    one = condition("c", text, ((SCT, "60573004"),), **({} if severity is None else {"severity": severity}))
    reading = read_with(one)
    assert ("severe aortic stenosis" in reading.case.get("conditions", {})) is present
    assert (why(reading, "Condition/c") == {Kind.NOT_SEVERE}) is not present
    unsaid = not present and "moderate" not in text.lower() and "Mild" not in str(severity)
    assert bool(reading.notes) is unsaid


def test_a_severity_that_contradicts_the_words_is_read_as_the_graver_one():
    reading = read_with(condition("c", "Mild aortic stenosis", severity={"text": "severe"}))
    assert reading.case["conditions"] == {"severe aortic stenosis": "present"}
    assert any("mild and severe" in item.says for item in reading.conflicts)


def test_code_and_words_that_name_two_conditions_are_both_read_and_told():
    reading = read_with(condition("c", "Pregnancy", ((SCT, "49436004"),)))
    assert reading.case["conditions"] == {"atrial fibrillation": "present", "pregnancy": "present"}
    assert any("name different conditions" in item.says for item in reading.conflicts)


@pytest.mark.parametrize(
    ("onset", "kind"),
    [
        ("2026-11-22T05:30:00+01:00", None),
        ("2026-11-22", Kind.NO_TIME),
        ("2026-11-22T09:30:00+01:00", Kind.AHEAD),
    ],
)
def test_an_arrhythmia_is_an_event_at_its_time(onset: str, kind: Kind | None):
    reading = read_with(condition("c", "Ventricular tachycardia", onsetDateTime=onset))
    assert why(reading, "Condition/c") == (set() if kind is None else {kind})
    assert ("events" in reading.case) is (kind is None)


def allergy(key: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": key,
        "code": {"text": text} if text else {},
        "patient": {"reference": "Patient/pat-a"},
    } | more


def test_an_allergy_beside_no_known_allergy_is_a_conflict():
    reading = read_with(allergy("a", "milrinone"))
    assert reading.case["allergies"] == ["milrinone"]
    assert any("no known allergy" in item.says for item in reading.conflicts)
    assert "AllergyIntolerance/nka" in {name for item in reading.conflicts for name in item.resources}


def test_an_allergy_that_cannot_be_read_leaves_the_allergies_unknown():
    reading = read_with(allergy("a"))
    assert "allergies" not in reading.case
    assert any("could not be read" in item.says for item in reading.conflicts)


def test_an_unknown_allergen_keeps_its_words_and_a_code_its_likely_name():
    coded = allergy("b", code={"coding": [{"system": "http://www.whocc.no/atc", "code": "C01CE01"}]})
    reading = read_with(allergy("a", "peanuts"), coded, without=("nka",))
    assert reading.case["allergies"] == ["peanuts", "inamrinone"]


@pytest.mark.hazard("electronic-record-misread")
def test_a_misspelled_allergy_to_the_drug_is_asked_about_and_never_dropped():
    reading = read_with(allergy("a", "Milrinon"), without=("nka",))
    assert "looks like milrinone" in asked(reading)["allergies"]


@pytest.mark.hazard("electronic-record-misread")
def test_what_a_record_does_not_name_is_unknown():
    vt = condition("c", "Ventricular tachycardia", onsetDateTime="2026-11-22T05:30:00+01:00")
    case = read_with(vt, use("u"), device("ECMO")).to_case()
    assert case.takes("furosemide") is Truth.PRESENT
    assert case.takes("digoxin") is Truth.UNKNOWN
    assert case.supported_by("ECMO") is Truth.PRESENT
    assert case.supported_by("CRRT") is Truth.UNKNOWN
    assert case.has_event("ventricular tachycardia") is Truth.PRESENT
    assert case.has_event("cardiac arrest") is Truth.UNKNOWN


# --- what was given ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dosage", "more", "kind"),
    [
        (rate(), {"effectivePeriod": {"start": "2026-11-21"}}, Kind.NO_TIME),
        (rate(), {"effectivePeriod": {"start": "2026-11-21T20:00:00+01:00", "end": "later"}}, Kind.NO_TIME),
        (rate(), {"effectivePeriod": {"start": "2026-11-22T20:00:00+01:00"}}, Kind.AHEAD),
        (
            rate(),
            {"effectivePeriod": {"start": "2026-11-21T20:00:00+01:00", "end": "2026-11-21T19:00:00+01:00"}},
            Kind.NO_TIME,
        ),
        (rate(), {"status": "completed"}, Kind.NO_TIME),
        (rate(), {"status": "unknown"}, Kind.UNREADABLE),
        ({}, {}, Kind.NO_VALUE),
        ({"text": "as ordered"}, {}, Kind.NO_VALUE),
        ({"text": "0.5 to 0.75 mcg/kg/min"}, {}, Kind.NO_VALUE),
        (rate("0.5"), {}, Kind.NOT_A_NUMBER),
        (rate(5, "kg"), {}, Kind.NO_UNIT),
        ({"dose": {"value": 4, "system": UCUM, "code": "mg"}}, {}, Kind.NO_DURATION),
        ({"dose": {"value": "4", "system": UCUM, "code": "mg"}}, {}, Kind.NOT_A_NUMBER),
        ({"rateRatio": {"numerator": {"value": 40}, "denominator": {"value": 1}}}, {}, Kind.NO_UNIT),
        (
            {
                "rateRatio": {
                    "numerator": {"value": 40, "system": UCUM, "code": "ug"},
                    "denominator": {"value": 0, "system": UCUM, "code": "min"},
                }
            },
            {},
            Kind.NO_UNIT,
        ),
    ],
)
def test_what_was_given_of_the_drug_and_cannot_be_told_is_asked_for(
    dosage: dict[str, Any], more: dict[str, Any], kind: Kind
):
    reading = read_with(given("a", dosage, **more))
    assert why(reading, "MedicationAdministration/a") == {kind}
    assert "MedicationAdministration/a" in asked(reading)["administrations"]


@pytest.mark.parametrize(
    ("dosage", "kind"),
    [
        ({}, Kind.NO_VALUE),
        ({"dose": {"value": 50, "system": UCUM, "code": "mL"}}, Kind.NO_CONCENTRATION),
        ({"dose": {"value": 50, "system": UCUM, "code": "%"}}, Kind.NO_UNIT),
        ({"dose": {"value": 5, "unit": "tablets"}}, Kind.NO_UNIT),
        (rate(5, "mL/h"), Kind.NO_CONCENTRATION),
    ],
)
def test_the_same_of_another_medicine_is_known_to_be_given_and_not_asked_for(dosage: dict[str, Any], kind: Kind):
    reading = read_with(given("a", dosage, "norepinephrine"))
    assert why(reading, "MedicationAdministration/a") == {kind}
    assert reading.case["medicines"] == ["furosemide", "norepinephrine"]
    assert reading.open == ()


def test_a_volume_of_a_fluid_or_of_blood_is_a_dose():
    reading = read_with(given("a", {"dose": {"value": 500, "system": UCUM, "code": "mL"}}, "normal saline"))
    assert reading.case["administrations"][0]["dose"] == "500 mL"


def test_what_is_given_beside_the_drug_raises_the_question_of_the_drug():
    reading = read_with(given("a", rate(0.05), "norepinephrine"))
    assert reading.case["incomplete"] == ["medicines", "administrations"]
    assert "administrations" in {item.name for item in make_plan(reading.to_case(), forecast=False).missing}
    assert read_with(given("a", rate())).case["incomplete"] == ["medicines"]


def test_a_ratio_over_several_minutes_is_a_rate_per_minute():
    part = {"system": UCUM, "code": "ug"}
    ratio = {"numerator": part | {"value": 400}, "denominator": {"value": 10, "system": UCUM, "code": "min"}}
    reading = read_with(given("a", {"rateRatio": ratio}))
    assert reading.case["administrations"][0]["rate"] == "40 mcg/min"


@pytest.mark.parametrize(
    ("dosage", "kept"),
    [
        (rate(0.5, text="milrinone 40 mcg/min"), True),  # 40 / 80 kg = 0.5
        (rate(0.5, text="milrinone 60 mcg/min"), False),
        (rate(40, "ug/min", text="milrinone 0.5 mcg/kg/min"), True),
        (rate(0.5, text="milrinone 12 mL/h"), True),  # a flow and a rate cannot be compared
    ],
)
def test_a_rate_is_held_against_its_text(dosage: dict[str, Any], kept: bool):
    reading = read_with(given("a", dosage))
    assert ("administrations" in reading.case) is kept
    assert bool(reading.conflicts) is not kept


def test_without_a_weight_two_forms_of_a_rate_cannot_be_compared():
    dosage = rate(0.5, text="milrinone 60 mcg/min")
    reading = read_with(given("a", dosage), without=("weight-1",))
    assert reading.conflicts == ()


def bag(**more: Any) -> dict[str, Any]:
    strength = {
        "numerator": {"value": 20, "system": UCUM, "code": "mg"},
        "denominator": {"value": 100, "system": UCUM, "code": "mL"},
    }
    item = {"itemCodeableConcept": {"text": "milrinone"}, "strength": strength}
    return {"resourceType": "Medication", "id": "bag", "ingredient": [item]} | more


def of_the_bag(dosage: dict[str, Any], medication: dict[str, Any], **more: Any) -> Reading:
    one = given("a", dosage, medicationReference={"reference": "Medication/bag"}, **more)
    del one["medicationCodeableConcept"]
    return read_with(one, medication)


def test_a_bag_is_named_by_its_only_active_ingredient():
    reading = of_the_bag(rate(12, "mL/h"), bag())  # 12 mL/h x 0.2 mg/mL = 2.4 mg/h
    assert reading.case["administrations"][0]["rate"] == "2.4 mg/h"
    nested = bag(ingredient=[{"itemReference": {"reference": "#inner"}}])
    one = given("a", rate(), contained=[bag(id="inner")], medicationReference={"reference": "Medication/bag"})
    del one["medicationCodeableConcept"]
    assert read_with(one, nested).case["administrations"][0]["of"] == "milrinone"
    for nameless in ([], [{"itemReference": {"reference": "Medication/none"}}], [{}]):
        assert Kind.UNREADABLE in why(of_the_bag(rate(), bag(ingredient=nameless)), "MedicationAdministration/a")


def test_a_volume_of_a_known_strength_is_a_dose():
    times = {"effectivePeriod": {"start": "2026-11-21T20:00:00+01:00", "end": "2026-11-21T20:10:00+01:00"}}
    reading = of_the_bag({"dose": {"value": 20, "system": UCUM, "code": "mL"}}, bag(), **times)
    assert reading.case["administrations"][0]["dose"] == "4 mg"  # 20 mL x 0.2 mg/mL


@pytest.mark.parametrize(
    "strength",
    [
        None,
        {"numerator": {"value": 20, "system": UCUM, "code": "mg"}, "denominator": {"value": 1}},
        {
            "numerator": {"value": 20, "system": UCUM, "code": "mg"},
            "denominator": {"value": 0, "system": UCUM, "code": "mL"},
        },
        {
            "numerator": {"value": 20, "system": UCUM, "code": "mL"},
            "denominator": {"value": 1, "system": UCUM, "code": "mL"},
        },
    ],
)
def test_a_strength_that_is_none_makes_no_dose_of_a_flow(strength: object):
    item = {"itemCodeableConcept": {"text": "milrinone"}, "strength": strength}
    reading = of_the_bag(rate(12, "mL/h"), bag(ingredient=[item]))
    assert why(reading, "MedicationAdministration/a") == {Kind.NO_CONCENTRATION}


def test_two_strengths_of_one_bag_make_no_dose():
    items = [copy.deepcopy(bag()["ingredient"][0]) for _ in range(2)]
    items[1]["strength"]["numerator"]["value"] = 40
    reading = of_the_bag(rate(12, "mL/h"), bag(code={"text": "milrinone"}, ingredient=items))
    assert why(reading, "MedicationAdministration/a") == {Kind.NO_CONCENTRATION}


def test_a_salt_by_the_code_of_the_base_is_the_base():
    concept = {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "52769"}],
        "text": "milrinone lactate",
    }
    item = bag()["ingredient"][0] | {"itemCodeableConcept": concept}
    assert of_the_bag(rate(12, "mL/h"), bag(ingredient=[item])).case["administrations"][0]["rate"] == "2.4 mg/h"


@pytest.mark.parametrize(
    ("concept", "kind"),
    [
        ({"coding": [{"system": SCT, "code": "373441005"}]}, Kind.UNCONFIRMED_CODE),
        ({"coding": [{"system": "local", "code": "M7"}]}, Kind.UNKNOWN_CODE),
        (
            {
                "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "52769"}],
                "text": "norepinephrine",
            },
            Kind.CODE_CONTRADICTS_NAME,
        ),
        ("milrinone", Kind.UNREADABLE),
    ],
)
def test_a_medicine_that_cannot_be_told_is_asked_for_where_it_runs(concept: object, kind: Kind):
    reading = read_with(given("a", rate(), medicationCodeableConcept=concept))
    assert why(reading, "MedicationAdministration/a") == {kind}
    assert "administrations" in asked(reading)


def test_an_unknown_medicine_keeps_its_name():
    reading = read_with(given("a", rate(), "omecamtiv"))
    assert reading.case["administrations"][0]["of"] == "omecamtiv"


def test_a_medicine_that_may_be_the_drug_misspelled_is_asked_about():
    reading = read_with(given("a", rate(), "Milrinon"))
    assert "looks like milrinone" in asked(reading)["administrations"]
    assert why(reading, "MedicationAdministration/a") == {Kind.IMPOSSIBLE}
    many = [given(f"a{number}", rate(), "Milrinon") for number in range(MOST_REFUSED + 1)]
    assert "Enter the case by hand" in asked(read_with(*many))["record"]


# --- orders -----------------------------------------------------------------------------------------------------------


def order(key: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": key,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": text},
        "subject": {"reference": "Patient/pat-a"},
    } | more


def test_an_order_not_to_give_and_one_of_nothing_are_no_medicines():
    reading = read_with(order("a", "digoxin", doNotPerform=True), order("b", "", medicationCodeableConcept={}))
    assert reading.case["medicines"] == ["furosemide"]
    assert why(reading, "MedicationRequest/a") == {Kind.PLANNED}
    assert why(reading, "MedicationRequest/b") == {Kind.UNKNOWN_CODE}


def test_a_misspelled_order_of_the_drug_is_asked_about():
    assert "medicines" in asked(read_with(order("a", "Milrinon")))


def test_what_the_drug_is_for_is_the_orders_reason_or_the_one_condition_that_can_be_it():
    assert read_with().case["indication"] == "acute decompensated heart failure"
    bare = order("m", "milrinone")
    assert read_with(bare, without=("mreq-milrinone",)).case["indication"] == "acute decompensated heart failure"
    for reason in ({"text": "low output"}, {"coding": [{"display": "low output"}]}):
        other = order("m", "milrinone", reasonCode=[reason])
        assert read_with(other, without=("mreq-milrinone",)).case["indication"] == "low output"
    nothing = read_with(bare, without=("mreq-milrinone", "cond-hf"))
    assert "indication" in asked(nothing)
    assert read_with(bare, without=("mreq-milrinone",), drug="dobutamine").case["drug"] == "dobutamine"


def test_two_drugs_of_the_library_are_asked_about(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("inotrope.fhir.reading.making.list_drugs", lambda: ("milrinone", "furosemide"))
    assert "furosemide and milrinone" in asked(read_with())["drug"]


# --- machines ---------------------------------------------------------------------------------------------------------


def use(key: str, device: str = "Device/d", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "DeviceUseStatement",
        "id": key,
        "status": "active",
        "subject": {"reference": "Patient/pat-a"},
        "timingPeriod": {"start": "2026-11-22T01:00:00+01:00"},
        "device": {"reference": device},
    } | more


def device(name: str = "CRRT", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Device", "id": "d", "status": "active", "deviceName": [{"name": name}]} | more


def test_a_machine_is_known_by_type_name_reason_or_code():
    crrt = [{"what": "CRRT", "start": "2026-11-22T01:00:00+01:00"}]
    assert read_with(use("u"), device()).case["support"] == crrt
    assert read_with(use("u", "Device/none", reasonCode=[{"text": "CVVHD"}])).case["support"] == crrt
    performed = {"performedPeriod": {"start": "2026-11-22T01:00:00+01:00"}}
    procedure = {"resourceType": "Procedure", "id": "p", "status": "in-progress", **performed}
    coded = procedure | {"code": {"coding": [{"system": SCT, "code": "714749008"}]}}
    reading = read_with(coded)
    assert reading.case["support"] == crrt
    assert "support" in reading.case["incomplete"]
    fistula = procedure | {"code": {"text": "Fistula"}, "reasonCode": [{"text": "hemodialysis"}]}
    assert why(read_with(fistula), "Procedure/p") == {Kind.OUTSIDE}


@pytest.mark.parametrize(
    ("more", "kind", "is_asked"),
    [
        ({"status": "entered-in-error"}, Kind.ENTERED_IN_ERROR, False),
        ({"status": "intended"}, Kind.PLANNED, False),
        ({"timingPeriod": {}}, Kind.NO_TIME, True),
        ({"timingPeriod": {"start": "2026-11-23T01:00:00+01:00"}}, Kind.AHEAD, False),
        ({"status": "completed"}, Kind.NO_TIME, True),
        ({"status": "completed", "timingPeriod": {"start": "2026-10-22T01:00:00+02:00"}}, Kind.TOO_OLD, False),
        ({"status": "on-hold"}, Kind.NO_TIME, True),
    ],
)
def test_a_machine_without_its_time_is_asked_for(more: dict[str, Any], kind: Kind, is_asked: bool):
    reading = read_with(use("u", **more), device())
    assert why(reading, "DeviceUseStatement/u") == {kind}
    assert ("support" in asked(reading)) is is_asked


def test_a_machine_that_ended_has_its_end():
    times = {"start": "2026-11-22T01:00:00+01:00", "end": "2026-11-22T05:00:00+01:00"}
    assert (
        read_with(use("u", status="completed", timingPeriod=times), device()).case["support"][0]["end"] == times["end"]
    )
    backward = {"start": "2026-11-22T05:00:00+01:00", "end": "2026-11-22T01:00:00+01:00"}
    assert "end" not in read_with(use("u", timingPeriod=backward), device()).case["support"][0]


def test_a_machine_that_nobody_says_is_in_use_is_asked_about():
    assert "names the machine" in asked(read_with(device()))["support"]
    for other in (device("Wheelchair"), device(status="inactive")):
        reading = read_with(other)
        assert why(reading, "Device/d") == {Kind.OUTSIDE}
        assert reading.open == ()


# --- the answer -------------------------------------------------------------------------------------------------------


def test_what_is_open_makes_no_case():
    with pytest.raises(RecordError, match="no weight") as lacking:
        read_with(without=("weight-1",)).to_case()
    assert lacking.value.incomplete
    assert pickle.loads(pickle.dumps(lacking.value)).incomplete
    with pytest.raises(RecordError, match="not FHIR R4") as unsettled:
        read_with({"resourceType": "MedicationOrder", "id": "o"}).to_case()
    assert not unsettled.value.incomplete


def test_the_answer_is_plain_json():
    plain = read_with(observation("o", "2823-3", Decimal("4.10"), "mmol/L")).to_plain()
    assert json.loads(json.dumps(plain)) == plain


RECORDS = [json.loads(path.read_text("utf-8")) for path in sorted(DECK.glob("*/bundle.json"))]


@pytest.mark.hazard("electronic-record-misread")
@pytest.mark.parametrize("seed", range(20))
def test_a_broken_record_is_read_all_the_same(seed: int):
    chance = random.Random(seed)
    for _ in range(20):
        reading = read_bundle(broken(chance.choice(RECORDS), chance), now=NOW)
        json.dumps(reading.to_plain())
        if not reading.open:
            assert reading.to_case() == read_case(reading.case)


@pytest.mark.slow
def test_ten_thousand_broken_records_are_read_all_the_same():
    chance = random.Random("records")
    for _ in range(10_000):
        reading = read_bundle(broken(chance.choice(RECORDS), chance), now=NOW)
        if not reading.open:
            reading.to_case()
