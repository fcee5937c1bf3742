"""A case read: what comes out, and for each kind of bad input the sentence with its value and what is accepted."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.errors import CaseError, FileError, InotropeError, UnitError
from inotrope.findings import Truth
from inotrope.patient import Case, Named, read_case
from inotrope.units import Quantity

NOW = "2026-11-22T08:00:00+01:00"


def q(value: str, unit: str) -> Quantity:
    return Quantity(Decimal(value), unit)


def measurement(what: str, value: Any, at: str = "2026-11-22T06:00:00+01:00", **more: Any) -> dict[str, Any]:
    return {"what": what, "value": value, "at": at, **more}


def given_drug(**keys: Any) -> list[dict[str, Any]]:
    return [{"of": "milrinone", "start": "2026-11-22T06:00:00+01:00", **keys}]


def wrong(document: dict[str, Any], kind: type[InotropeError] = CaseError) -> InotropeError:
    with pytest.raises(kind) as caught:
        read_case(document)
    error = caught.value
    assert type(error) is kind
    assert "\n" not in str(error)
    return error


# --- what comes out


def test_every_key_is_read(document) -> None:
    case = read_case(
        document(
            patient__age="60 years",
            conditions={"AF": "present", "pregnancy": "absent", "edema": "unknown"},
            medicines=["Lasix", "wonder  drug"],
            allergies=[],
            measurements=[
                measurement("creatinine", "88.4 umol/L", site="laboratory"),
                measurement("level", "<20 ng/mL", of="Primacor", site="arterial line"),
            ],
            administrations=[
                *given_drug(dose="50 mcg/kg", duration="10 min"),
                *given_drug(rate="0.5 mcg/kg/min", end="2026-11-23T06:00:00+01:00"),
                *given_drug(rate="0 mcg/min"),
            ],
            support=[{"what": "crrt", "start": "2026-11-22T01:00:00+01:00", "effluent": "2000 mL/h"}],
            events=[{"what": "VT", "at": "2026-11-22T05:30:00+01:00"}],
            lines=[{"with": ["furosemide"]}],
            preparation={"product": "vial", "amount": "20 mg", "volume": "100 mL", "diluent": "sodium bicarbonate"},
            pump={"step": "0.1 mL/h", "minimum": "0.5 mL/h"},
        )
    )
    assert (case.drug, case.indication) == ("milrinone", "acute decompensated heart failure")
    assert case.now == datetime(2026, 11, 22, 7, tzinfo=UTC)
    assert (case.patient.born, case.patient.age, case.patient.sex) == (date(1966, 1, 1), q("60", "year"), "male")
    assert (case.patient.weight, case.patient.height) == (q("80", "kg"), q("180", "cm"))
    assert case.conditions == {
        "atrial fibrillation": Truth.PRESENT,
        "pregnancy": Truth.ABSENT,
        "edema": Truth.UNKNOWN,
    }
    assert case.medicines == (Named("furosemide", True, "Lasix"), Named("wonder drug", False, "wonder  drug"))
    assert case.allergies == ()
    creatinine, level = case.measurements
    assert (creatinine.what, creatinine.as_written, creatinine.site) == (
        "serum creatinine",
        "88.4 umol/L",
        "laboratory",
    )
    assert creatinine.value.unit == "mg/dL"
    assert float(creatinine.value.value) == pytest.approx(1, abs=1e-4)  # facts: 1 mg/dL = 88.4 umol/L
    assert (level.what, level.of, level.value, level.below) == ("concentration", "milrinone", q("20", "ng/mL"), True)
    assert case.administrations is not None
    bolus, infusion, pause = case.administrations
    assert bolus.dose == q("50", "mcg/kg")
    assert bolus.end == datetime(2026, 11, 22, 5, 10, tzinfo=UTC)  # start 05:00 UTC and 10 min
    assert infusion.rate == q("0.5", "mcg/kg/min")
    assert infusion.end == datetime(2026, 11, 23, 5, tzinfo=UTC)  # planned, after now
    assert (pause.rate, pause.end) == (q("0", "mcg/min"), None)
    assert case.support is not None
    assert (case.support[0].what, case.support[0].effluent) == ("CRRT", q("2000", "mL/h"))
    assert case.events is not None
    assert case.events[0].what == "ventricular tachycardia"
    assert case.lines is not None
    assert case.lines[0].with_ == (Named("furosemide", True, "furosemide"),)
    assert case.preparation is not None
    assert case.preparation.diluent == Named("sodium bicarbonate", True, "sodium bicarbonate")
    assert case.pump is not None
    assert (case.pump.step, case.pump.minimum) == (q("0.1", "mL/h"), q("0.5", "mL/h"))


@pytest.mark.hazard("unknown-taken-for-absent")
def test_what_is_absent_stays_unknown(build) -> None:
    case = build(measurements=...)
    assert case.measurements == ()
    assert [case.conditions, case.medicines, case.allergies, case.administrations, case.support] == [None] * 5
    assert [case.events, case.lines, case.preparation, case.pump] == [None] * 4
    assert build(preparation={}, pump={}).preparation.concentration is None


def test_an_unknown_drug_keeps_its_name(build) -> None:
    assert build(drug="Wonder  Drug").drug == "wonder drug"


def test_path_bytes_and_table_are_one(document, tmp_path: Path) -> None:
    text = json.dumps(document())
    file = tmp_path / "case.json"
    file.write_text(text, encoding="utf-8")
    cases = [read_case(file), read_case(str(file)), read_case(text.encode()), read_case(document())]
    assert all(case == cases[0] for case in cases)


# --- files


def test_errors_name_file_and_key(document, tmp_path: Path) -> None:
    content = json.dumps(document(patient__weight="82")).encode()
    file = tmp_path / "mine.json"
    file.write_bytes(content)
    for source, name, shown in ((file, None, "mine.json"), (content, None, "case"), (content, "standard input", None)):
        with pytest.raises(UnitError) as caught:
            read_case(source, name=name)
        assert caught.value.where == f"{shown or name}: patient.weight"
    assert str(wrong(document(patient__weight="82"), UnitError)).startswith("patient.weight: Weight '82' has no unit.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b'{"drug": "milrinone", "now"', "is not JSON"),
        (b'{"drug": "a", "drug": "b"}', "'drug' stands twice"),
        (b'{"drug": NaN}', "'NaN' is not a number"),
        (b'{"drug": "\xff"}', "not UTF-8"),
        (b"[" * 3000, "levels deep"),
        (b" " * 5_000_001, "5,000,000 bytes"),
    ],
)
def test_what_is_no_text_of_a_case(content: bytes, says: str) -> None:
    with pytest.raises(FileError) as caught:
        read_case(content, name="bad.json")
    assert says in str(caught.value)
    assert caught.value.where is not None and caught.value.where.startswith("bad.json")


def test_a_file_that_is_absent_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.json.* does not exist"):
        read_case(tmp_path / "none.json")
    large = tmp_path / "large.json"
    with large.open("wb") as stream:
        stream.truncate(100_000_000)
    with pytest.raises(FileError, match="100,000,000 bytes"):
        read_case(large)


# --- the patient


@pytest.mark.hazard("wrong-weight")
@pytest.mark.parametrize(
    ("key", "value", "says", "accepted"),
    [
        ("weight", 82, "Weight '82' has no unit", "kg"),
        ("weight", "82", "Weight '82' has no unit", "kg"),
        ("weight", "180 lb", "Weight '180 lb'", "kg"),
        ("weight", "82000 g", "Weight '82000 g'", "kg"),
        ("weight", "82 kgs", "unknown unit 'kgs'", "kg"),
        ("weight", "82 u", "'u' can mean units or micro", "kg"),
        ("weight", "0 kg", "Weight '0 kg' must be above zero", "a number above 0 in kg"),
        ("weight", "-82 kg", "Weight '-82 kg' must be above zero", "a number above 0 in kg"),
        ("weight", "NaN kg", "Weight 'NaN kg' is not a number with a unit", "kg"),
        ("weight", "1e308 kg", "Weight '1e308 kg' is no value of a patient", "a number of ordinary size in kg"),
        ("weight", True, "Weight 'True' has no unit", "kg"),
        ("weight", "178 cm", "'cm', which measures length", "kg"),
        ("height", "178", "Height '178' has no unit", "cm, m"),
        ("height", "70 in", "lengths are read in cm or m", "cm, m"),
        ("age", "60", "Age '60' has no unit", "year, month, week, day, h"),
        ("age", "600 min", "Age '600 min'", "year, month, week, day, h"),
    ],
)
def test_quantities_of_the_patient(document, key: str, value: Any, says: str, accepted: str) -> None:
    error = wrong(document(**{f"patient__{key}": value}), UnitError)
    assert says in error.says
    assert error.accepted == accepted
    assert error.where == f"patient.{key}"
    assert error.value == str(value)


@pytest.mark.hazard("wrong-weight")
@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        ("weight", "500 kg", "0.3 kg to 400 kg"),
        ("weight", "0.2 kg", "0.3 kg to 400 kg"),
        ("height", "3 m", "30 cm to 260 cm"),
        ("height", "29 cm", "30 cm to 260 cm"),
    ],
)
def test_impossible_bodies(document, key: str, value: str, accepted: str) -> None:
    error = wrong(document(**{f"patient__{key}": value}))
    assert error.says == (
        f"{key.capitalize()} '{value}' is impossible. Accepted: {accepted}. Check the number and the unit."
    )
    assert (error.value, error.accepted, error.where) == (value, accepted, f"patient.{key}")


@pytest.mark.parametrize(("key", "value"), [("weight", "0.3 kg"), ("weight", "400 kg"), ("height", "2.6 m")])
def test_the_last_possible_bodies(build, key: str, value: str) -> None:
    assert isinstance(build(**{f"patient__{key}": value}), Case)


@pytest.mark.parametrize("key", ["drug", "indication", "now", "patient", "patient__sex", "patient__weight"])
def test_missing_keys(document, key: str) -> None:
    error = wrong(document(**{key: ...}))
    assert " is missing. Write " in error.says and "'" not in error.says.partition(" is missing")[0].replace("'s", "")
    assert error.where == key.replace("__", ".")
    assert error.accepted is not None and error.accepted in error.says


def test_a_missing_age(document) -> None:
    error = wrong(document(patient__born=...))
    assert error.says == (
        "The age is missing. Write the date of birth, such as '1958-03-02', or the age, such as '68 years'."
    )
    assert error.where == "patient.born"


@pytest.mark.parametrize("sex", ["M", "Female", "unknown", "", 1])
def test_sex(document, sex: Any) -> None:
    error = wrong(document(patient__sex=sex))
    assert error.says == f"'{sex}' is not accepted here. Accepted: male, female."
    assert (error.accepted, error.where) == ("male, female", "patient.sex")


@pytest.mark.parametrize(
    ("born", "says", "accepted"),
    [
        ("2026-11-23", "'2026-11-23' is after the time of the case, 2026-11-22", "a date up to 2026-11-22"),
        ("1895-01-01", "1895-01-01", "a year from 1900 to 2199"),
        ("1966", "'1966' is not a date", "a date such as 1958-03-02"),
        ("1966-02-30", "'1966-02-30' is not a date", "a date such as 1958-03-02"),
        (1966, "'1966' is not a date", "a date such as 1958-03-02"),
    ],
)
def test_dates_of_birth(document, born: Any, says: str, accepted: str) -> None:
    error = wrong(document(patient__born=born))
    assert says in error.says
    assert error.accepted is not None and accepted in error.accepted
    assert error.where == "patient.born"


@pytest.mark.parametrize("age", ["131 years", "-1 years"])
def test_ages_outside_a_life(document, age: str) -> None:
    error = wrong(document(patient__born=..., patient__age=age))
    assert error.says == f"'{age}' makes an age outside 0 to 130 years. Check the number."
    assert (error.accepted, error.where) == ("an age from 0 to 130 years", "patient.age")


def test_born_130_years_before_a_later_now(document) -> None:
    error = wrong(document(now="2040-01-01T00:00:00Z", patient__born="1905-01-01", measurements=[]))
    assert "'1905-01-01' makes an age outside 0 to 130 years" in error.says


@pytest.mark.parametrize(
    ("age", "agrees"),
    [
        ("59.9 years", True),
        ("60 years", True),
        ("61 years", True),
        ("62 years", False),
        ("59 years", False),
        ("6 years", False),
    ],
)
def test_birth_and_age_together(document, age: str, agrees: bool) -> None:
    # born 1966-01-01, now 2026-11-22: 60 years and 325 days
    table = document(patient__age=age)
    if agrees:
        assert read_case(table).age_years == 60
        return
    error = wrong(table)
    assert error.says == (
        f"Age '{age}' contradicts the date of birth 1966-01-01, which makes 60 years. Leave the wrong one out."
    )
    assert (error.accepted, error.where) == ("60 years", "patient.age")


def test_on_the_birthday_a_year_apart_is_a_contradiction(document) -> None:
    assert "which makes 61 years" in wrong(document(patient__born="1965-11-22", patient__age="60 years")).says
    assert read_case(document(patient__born="1965-11-23", patient__age="60 years")).age_years == 60


# --- times


@pytest.mark.hazard("wrong-clock")
@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("2026-11-22T08:00:00", "has no time zone. Write '2026-11-22T08:00:00Z' or an offset such as +01:00."),
        ("2026-11-22", "is not a date and time with its zone"),
        ("yesterday", "is not a date and time with its zone"),
        (20261122, "is not a date and time with its zone"),
    ],
)
def test_now(document, now: Any, says: str) -> None:
    error = wrong(document(now=now))
    assert f"Time '{now}'" in error.says and says in error.says
    assert error.accepted == "a date and time with its zone, such as 2026-11-22T08:00:00+01:00"
    assert error.where == "now"


FUTURE = "2026-11-22T07:00:01Z"  # a second after 08:00:00+01:00, though the clock shows an earlier hour


@pytest.mark.hazard("wrong-clock")
@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("measurements", [measurement("lactate", "2 mmol/L", FUTURE)], "measurements[0].at"),
        ("events", [{"what": "VT", "at": FUTURE}], "events[0].at"),
        ("support", [{"what": "CRRT", "start": FUTURE}], "support[0].start"),
        ("administrations", [{"of": "x", "start": FUTURE, "rate": "1 mcg/min"}], "administrations[0].start"),
    ],
)
def test_times_in_the_future(document, key: str, value: Any, where: str) -> None:
    error = wrong(document(**{key: value}))
    assert error.says == (f"Time '{FUTURE}' is after the time of the case, {NOW}. Check date and zone of both.")
    assert (error.value, error.accepted, error.where) == (FUTURE, f"a time up to {NOW}", where)


@pytest.mark.hazard("wrong-clock")
@pytest.mark.parametrize("end", ["2026-11-22T05:59:59+01:00", "2026-11-22T06:00:00+01:00"])
@pytest.mark.parametrize("key", ["administrations", "support"])
def test_reversed_times(document, key: str, end: str) -> None:
    item = {"start": "2026-11-22T06:00:00+01:00", "end": end}
    item |= {"of": "milrinone", "rate": "1 mcg/min"} if key == "administrations" else {"what": "CRRT"}
    error = wrong(document(**{key: [item]}))
    assert error.says == f"End '{end}' is not after the start, 2026-11-22T06:00:00+01:00. Check both."
    assert error.accepted == "a time after 2026-11-22T06:00:00+01:00"
    assert error.where == f"{key}[0].end"


# --- what was given


@pytest.mark.parametrize(
    ("keys", "kind", "says", "where"),
    [
        ({"dose": "50 mcg/kg"}, CaseError, "Dose '50 mcg/kg' has no duration. Write over how long", ".duration"),
        ({}, CaseError, "Neither a dose nor a rate is given", ""),
        ({"dose": "1 mg", "rate": "1 mg/h", "duration": "1 h"}, CaseError, "A dose and a rate are both given", ""),
        (
            {"dose": "1 mg", "duration": "1 h", "end": "2026-11-22T07:00:00+01:00"},
            CaseError,
            "A duration and an end are both given. Keep one.",
            ".duration",
        ),
        ({"rate": "0.5 mcg/kg"}, UnitError, "has no time: a rate needs one", ".rate"),
        ({"dose": "0.5 mcg/kg/min", "duration": "1 h"}, UnitError, "a dose is an amount, without a time", ".dose"),
        (
            {"rate": "10 mL/h"},
            UnitError,
            "Rate '10 mL/h' is a flow, and what it gives depends on bag and weight",
            ".rate",
        ),
        (
            {"rate": "-0.5 mcg/kg/min"},
            CaseError,
            "Rate '-0.5 mcg/kg/min' is below zero. Write '0 mcg/kg/min' for a pause.",
            ".rate",
        ),
        ({"dose": "0 mg", "duration": "1 h"}, UnitError, "Dose '0 mg' must be above zero", ".dose"),
        ({"dose": "1 mg", "duration": "0 min"}, UnitError, "Duration '0 min' must be above zero", ".duration"),
        ({"dose": "1 mg", "duration": "1e-9 ms"}, CaseError, "is too short to measure", ".duration"),
        ({"rate": "1 mg/h", "duration": "1e11 year"}, CaseError, "leads out of the calendar", ".duration"),
        ({"rate": 0.5}, UnitError, "Rate '0.5' has no unit", ".rate"),
    ],
)
def test_administrations(document, keys: Any, kind: Any, says: str, where: str) -> None:
    error = wrong(document(administrations=given_drug(**keys)), kind)
    assert says in error.says
    assert error.where == f"administrations[0]{where}"
    assert error.accepted or "calendar" in says


def test_a_dose_of_something_else_needs_no_duration(build) -> None:
    (tablet,) = build(administrations=[{"of": "anagrelide", "start": NOW, "dose": "0.5 mg"}]).administrations
    assert (tablet.dose, tablet.end) == (q("0.5", "mg"), None)


def test_a_fluid_is_given_in_milliliters_and_a_drug_is_not(build, document) -> None:
    fluid = {"of": "lactated Ringer's", "start": NOW, "dose": "500 mL"}
    assert build(administrations=[fluid]).administrations[0].dose == q("500", "mL")
    for of in ("anagrelide", "milrinone", "something new"):
        error = wrong(document(administrations=[{**fluid, "of": of, "duration": "1 h"}]), UnitError)
        assert "'500 mL' is in 'mL', which measures volume" in error.says


# --- measurements


@pytest.mark.parametrize(
    ("what", "value", "kind", "says", "accepted"),
    [
        ("serum creatinine", "90", UnitError, "Serum creatinine '90' has no unit", "mg/dL, umol/L, mg/L, mmol/L"),
        ("serum creatinine", "0.01 mg/dL", CaseError, "'0.01 mg/dL' is impossible", "0.05 mg/dL to 40 mg/dL"),
        ("serum creatinine", "124 mg/dL", CaseError, "'124 mg/dL' is impossible", "0.05 mg/dL to 40 mg/dL"),
        ("serum creatinine", "4 umol/L", CaseError, "'4 umol/L' is impossible", "0.05 mg/dL to 40 mg/dL"),
        ("serum creatinine", "0 mg/dL", CaseError, "'0 mg/dL' is impossible", "0.05 mg/dL to 40 mg/dL"),
        ("serum creatinine", "-1 mg/dL", CaseError, "'-1 mg/dL' is impossible", "0.05 mg/dL to 40 mg/dL"),
        ("serum potassium", "41 mmol/L", CaseError, "Serum potassium '41 mmol/L'", "1 mmol/L to 12 mmol/L"),
        ("serum magnesium", "9 mmol/L", CaseError, "Serum magnesium '9 mmol/L'", "0.1 mmol/L to 8 mmol/L"),
        ("platelets", "0 10^9/L", CaseError, "Platelets '0 10^9/L' is impossible", "above zero"),
        ("urine output", "-1 mL/h", CaseError, "Urine output '-1 mL/h' is impossible", "zero or more"),
        ("LVEF", "0 %", CaseError, "'0 %' is impossible", "above 0 % and below 100 %"),
        ("LVEF", "100 %", CaseError, "'100 %' is impossible", "above 0 % and below 100 %"),
        ("LVEF", "0.35", UnitError, "'0.35' has no unit", "%"),
        ("central venous pressure", "-11 mmHg", CaseError, "'-11 mmHg' is impossible", "-10 mmHg to 60 mmHg"),
        ("eGFR", "60 mL/min", UnitError, "EGFR '60 mL/min'", "mL/min/1.73 m2"),
        ("serum potassium", "<3.5 mmol/L", CaseError, "'<' is read only before a drug's concentration", "its unit"),
        ("mean arterial pressure", "74 mg", UnitError, "'mg', which measures mass", "mmHg, kPa"),
    ],
)
def test_measured_values(document, *, what: str, value: str, kind: Any, says: str, accepted: str) -> None:
    error = wrong(document(measurements=[measurement(what, value)]), kind)
    assert says in error.says
    assert error.accepted is not None and accepted in error.accepted
    assert (error.where, error.value) == ("measurements[0].value", value)


@pytest.mark.parametrize(
    ("what", "value", "expected"),
    [
        ("central venous pressure", "-3 mmHg", "-3 mmHg"),
        ("central venous pressure", "0 mmHg", "0 mmHg"),
        ("pulmonary capillary wedge pressure", "0 mmHg", "0 mmHg"),
        ("urine output", "0 mL/h", "0 mL/kg/h"),
        ("urine output", "40 mL/h", "0.5 mL/kg/h"),  # 40 / 80 kg
        ("urine output", "0.5 mL/kg/h", "0.5 mL/kg/h"),
        ("serum potassium", "4.1 mEq/L", "4.1 mmol/L"),  # one charge
        ("serum magnesium", "1.4 mEq/L", "0.7 mmol/L"),  # two charges: 1.4 / 2
        ("serum magnesium", "2.4305 mg/dL", "1 mmol/L"),  # 24.305 mg/L over 24.305 g/mol
        ("heart rate", "88 bpm", "88 /min"),
        ("QTc", "0.48 s", "480 ms"),
        ("mean arterial pressure", "74 mmHg", "74 mmHg"),
    ],
)
def test_values_come_out_in_the_vocabularys_unit(build, what: str, value: str, expected: str) -> None:
    (found,) = build(measurements=[measurement(what, value)]).measurements
    assert str(found.value) == expected
    assert found.as_written == value
    assert not found.below


def test_of_belongs_to_concentrations(document) -> None:
    error = wrong(document(measurements=[measurement("concentration", "100 ng/mL")]))
    assert error.says == "A concentration needs 'of'. Write of which drug."
    assert error.where == "measurements[0].of"
    error = wrong(document(measurements=[measurement("lactate", "2 mmol/L", of="milrinone")]))
    assert error.says.startswith("'milrinone' is not accepted: only a concentration is 'of' a drug.")


def test_a_level_of_an_unknown_drug_keeps_its_name(build) -> None:
    (found,) = build(measurements=[measurement("level", "0 ng/mL", of="wonder drug")]).measurements
    assert (found.of, found.value) == ("wonder drug", q("0", "ng/mL"))


def test_two_values_of_one_moment_are_both_kept(build) -> None:
    both = [measurement("serum creatinine", "1 mg/dL"), measurement("serum creatinine", "2 mg/dL")]
    assert len(build(measurements=both).measurements) == 2


# --- names


@pytest.mark.parametrize(
    ("key", "value", "says", "where"),
    [
        (
            "conditions",
            {"atrial fibrilation": "present"},
            "'atrial fibrilation' is not a known condition; the nearest known: 'atrial fibrillation'",
            "conditions.atrial fibrilation",
        ),
        (
            "measurements",
            [measurement("serum creatine", "1 mg/dL")],
            "'serum creatine' is not a known measurement; the nearest known: 'serum creatinine'",
            "measurements[0].what",
        ),
        (
            "support",
            [{"what": "CRT", "start": NOW}],
            "'CRT' is not a known support; the nearest known: 'CRRT'",
            "support[0].what",
        ),
        (
            "events",
            [{"what": "bleed", "at": NOW}],
            "'bleed' is not a known event; the nearest known: 'bleeding'",
            "events[0].what",
        ),
    ],
)
def test_unknown_names(document, key: str, value: Any, says: str, where: str) -> None:
    error = wrong(document(**{key: value}))
    assert says in error.says
    assert error.where == where
    assert error.accepted


@pytest.mark.parametrize("truth", ["yes", "Present", "", True])
def test_truths(document, truth: Any) -> None:
    error = wrong(document(conditions={"edema": truth}))
    assert error.says == f"'{truth}' is not accepted here. Accepted: present, absent, unknown."
    assert error.where == "conditions.edema"


def test_one_condition_under_two_names(document) -> None:
    error = wrong(document(conditions={"AF": "present", "atrial fibrillation": "absent"}))
    assert error.says == (
        "'atrial fibrillation' says that atrial fibrillation is absent, and another key says present. Keep one."
    )
    twice = read_case(document(conditions={"AF": "present", "atrial fibrillation": "present"}))
    assert twice.conditions == {"atrial fibrillation": Truth.PRESENT}


@pytest.mark.hazard("wrong-weight")
@pytest.mark.parametrize(
    "text", ["0", "82", "kg", "82 kg\x00", "8" * 500, "82 kg 3", "∞ kg", "८२ kg", "1,000 kg", "-0 kg"]
)
def test_strange_weights_are_one_line(document, text: str) -> None:
    with pytest.raises(InotropeError) as caught:
        read_case(document(patient__weight=text))
    assert "\n" not in str(caught.value) and "\x00" not in str(caught.value)
    assert len(str(caught.value)) < 400


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "drug",
    "indication",
    "now",
    "patient",
    "conditions",
    "medicines",
    "allergies",
    "measurements",
    "administrations",
    "support",
    "events",
    "lines",
    "preparation",
    "pump",
    "patient__weight",
    "patient__sex",
    "patient__born",
    "patient__age",
    "patient__height",
    "novel",
)


@given(key=st.sampled_from(KEYS), value=anything)
def test_anything_is_a_case_or_one_error(key: str, value: Any) -> None:
    table: dict[str, Any] = {
        "drug": "milrinone",
        "indication": "heart failure",
        "now": NOW,
        "patient": {"born": "1966-01-01", "sex": "male", "weight": "80 kg"},
    }
    *above, last = key.split("__")
    (table["patient"] if above else table)[last] = value
    try:
        read_case(table)
    except InotropeError as error:
        assert "\n" not in str(error)
