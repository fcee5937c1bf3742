"""The facts before a dose, each with its arithmetic by hand, and what is asked where one is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inotrope.dosing import history
from inotrope.findings import Refusal, Truth
from inotrope.patient import assess_kidney
from inotrope.safety import case_facts, unchecked_names, unjudged_records
from inotrope.units import Quantity

AT = "2026-11-22T06:00:00+00:00"
BABY = {"born": "2026-11-12"}
AT_TERM = {**BABY, "gestational_age": "37 weeks"}
PRETERM = {**BABY, "gestational_age": "36+6"}


@pytest.fixture
def facts_of(milrinone, make_case):
    def compute(*, with_entry: bool = True, kidney: dict[str, Any] | None = None, **keys: Any):
        case = make_case(**keys)
        entry = milrinone.entries[0] if with_entry else None
        assessed = replace(assess_kidney(case), **(kidney or {}))
        return case_facts(milrinone, case, assessed, history(case, drug="milrinone"), entry)

    return compute


def measured(what: str, value: str, at: str = AT, **more: str) -> dict[str, str]:
    return {"what": what, "value": value, "at": at, **more}


def given(start: str, **what: str) -> dict[str, str]:
    return {"of": "milrinone", "start": start, **what}


def test_weight_and_height(facts_of) -> None:
    facts, needs = facts_of()
    assert (str(facts["weight"]), str(facts["height"])) == ("80 kg", "170 cm")
    assert needs["height"] == ("height",)


def test_a_height_that_nobody_wrote_down_is_missing(milrinone) -> None:
    from inotrope.patient import read_case

    case = read_case(
        {
            "drug": "milrinone",
            "indication": "acute decompensated heart failure",
            "now": "2026-11-22T08:00:00+00:00",
            "patient": {"age": "68 years", "sex": "female", "weight": "80 kg"},
        }
    )
    facts, needs = case_facts(milrinone, case, assess_kidney(case), history(case, drug="milrinone"), None)
    assert "height" not in facts and needs["height"] == ("height",)


def test_without_a_second_weight_there_is_nothing_to_compare(facts_of) -> None:
    facts, _ = facts_of()
    assert {facts[name] for name in ("weight change", "weight ratio", "dry weight difference")} == {Truth.ABSENT}


@pytest.mark.parametrize(
    ("last", "change", "ratio"),
    [
        ("80 kg", "0", "1"),
        ("100 kg", "25", "1.25"),  # 20 / 80, in % of the lighter one, whichever came first; 100 / 80
        ("64 kg", "25", "1.25"),  # 16 / 64; 80 / 64
        ("8 kg", "900", "10"),
        ("200 kg", "150", "2.5"),  # 120 / 80
    ],
)
def test_the_weight_against_the_last_one_measured(facts_of, last: str, change: str, ratio: str) -> None:
    older = measured("body weight", "50 kg", at="2026-11-20T06:00:00+00:00")
    facts, _ = facts_of(measurements=[older, measured("body weight", last)])
    assert facts["weight change"] == Quantity(Decimal(change), "%")
    assert facts["weight ratio"] == Decimal(ratio)


@pytest.mark.parametrize(("dry", "difference"), [("72 kg", "10"), ("88 kg", "10"), ("80 kg", "0"), ("60 kg", "25")])
def test_the_dry_weight_differs_in_percent_of_the_weight(facts_of, dry: str, difference: str) -> None:
    facts, _ = facts_of(measurements=[measured("dry weight", dry)])
    assert facts["dry weight difference"] == Quantity(Decimal(difference), "%")


def test_the_kidney_as_assessed(facts_of) -> None:
    clearance, percent = Quantity(Decimal(41), "mL/min/1.73 m2"), Quantity(Decimal(12), "%")
    facts, needs = facts_of(
        measurements=[measured("eGFR", "40 mL/min/1.73 m2"), measured("serum creatinine", "1.4 mg/dL")],
        kidney={
            "clearance": clearance,
            "difference_between_estimates": percent,
            "difference_from_reported": percent,
            "changing": Truth.UNKNOWN,
            "changing_needs": ("oliguria",),
            "refusals": (),
        },
    )
    assert facts["kidney clearance"] is clearance
    assert facts["difference between estimates"] is percent
    assert facts["difference from reported eGFR"] is percent
    assert (facts["creatinine is changing"], needs["creatinine is changing"]) == (Truth.UNKNOWN, ("oliguria",))
    assert needs["kidney clearance"] == ("serum creatinine",)


def test_a_refused_kidney_asks_for_what_it_lacks(facts_of) -> None:
    refusals = (Refusal("height-absent", "No height.", ("height",)), Refusal("x", "x", ("height", "serum creatinine")))
    facts, needs = facts_of(
        kidney={
            "clearance": None,
            "difference_between_estimates": None,
            "difference_from_reported": None,
            "reported_egfr": None,
            "refusals": refusals,
        }
    )
    assert "kidney clearance" not in facts and "difference between estimates" not in facts
    assert needs["kidney clearance"] == needs["difference between estimates"] == ("height", "serum creatinine")
    assert facts["difference from reported eGFR"] is Truth.ABSENT  # nothing reported, nothing to compare


def test_a_reported_egfr_without_a_creatinine_is_unknown(facts_of) -> None:
    facts, needs = facts_of(measurements=[measured("eGFR", "40 mL/min/1.73 m2")])
    assert "difference from reported eGFR" not in facts
    assert needs["difference from reported eGFR"] == ("serum creatinine",)


def test_nothing_recorded_of_what_was_given(facts_of) -> None:
    facts, needs = facts_of()
    assert facts["infusion is running"] is facts["milrinone was given before"] is Truth.UNKNOWN
    for name in ("given 24 h", "running rate", "running for"):
        assert name not in facts and needs[name] == ("administrations",)
    assert facts["load is due"] is Truth.PRESENT  # it is planned, so a low pressure must be able to withhold it


def test_nothing_given(facts_of) -> None:
    facts, _ = facts_of(administrations=[given("2026-11-22T06:00:00+00:00", rate="0 mcg/kg/min")])
    assert facts["infusion is running"] is Truth.ABSENT
    assert facts["running rate"] is facts["running for"] is Truth.ABSENT
    assert facts["load is due"] is Truth.PRESENT


def test_an_infusion_that_runs(facts_of) -> None:
    # 0.5 mcg/kg/min for 10 h = 300 mcg/kg = 0.3 mg/kg
    facts, _ = facts_of(administrations=[given("2026-11-21T22:00:00+00:00", rate="0.5 mcg/kg/min")])
    assert facts["infusion is running"] is facts["milrinone was given before"] is Truth.PRESENT
    assert facts["running rate"] == Quantity(Decimal("0.5"), "mcg/kg/min")
    assert facts["running for"] == Quantity(Decimal(10), "h")
    assert facts["given 24 h"] == Quantity(Decimal("0.3"), "mg/kg")
    assert facts["load is due"] is Truth.ABSENT


def test_what_was_given_before_and_stopped(facts_of) -> None:
    bolus = given("2026-11-21T22:00:00+00:00", dose="50 mcg/kg", duration="10 min")
    facts, _ = facts_of(administrations=[bolus])
    assert (facts["infusion is running"], facts["milrinone was given before"]) == (Truth.ABSENT, Truth.PRESENT)
    assert facts["load is due"] is facts["running rate"] is Truth.ABSENT


def test_without_an_entry_or_its_load_no_load_is_due(facts_of, milrinone, make_case) -> None:
    facts, _ = facts_of(with_entry=False)
    assert facts["load is due"] is Truth.ABSENT
    case = make_case()
    entry = replace(milrinone.entries[0], load=None)
    facts, _ = case_facts(milrinone, case, assess_kidney(case), history(case, drug="milrinone"), entry)
    assert facts["load is due"] is Truth.ABSENT


def test_the_concentration_on_the_pump(facts_of) -> None:
    facts, needs = facts_of(preparation={"amount": "20 mg", "volume": "100 mL"})
    assert facts["preparation concentration"] == Quantity(Decimal("0.2"), "mg/mL")
    facts, needs = facts_of()
    assert "preparation concentration" not in facts and needs["preparation concentration"] == ("preparation",)


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ({}, ()),
        ({"medicines": ["glimmerazole", " Glimmer  azole ", "glimmerazole"]}, ("glimmerazole", "Glimmer azole")),
        ({"allergies": ["beeswax"]}, ("beeswax",)),
        # heparin is known, and named by the rule for line partners
        ({"lines": [{"with": ["glimmerazole"]}, {"with": ["heparin", "furosemide"]}]}, ("glimmerazole",)),
        ({"medicines": ["Lipitor", "Lasix", "Primacor", "sodium bicarbonate", "cilostazol"]}, ("Lipitor",)),
        ({"allergies": ["milrinone", "inamrinone", "furosemide"]}, ("furosemide",)),
        ({"preparation": {"diluent": "D5W"}}, ()),
        ({"preparation": {"diluent": "sodium bicarbonate"}}, ()),
        ({"preparation": {"diluent": "tap water"}}, ("tap water",)),
        (
            {
                "administrations": [
                    {"of": "norepinephrine", "start": AT, "rate": "0.05 mcg/kg/min"},
                    {"of": "milrinone", "start": AT, "rate": "0.5 mcg/kg/min"},
                ]
            },
            ("norepinephrine",),
        ),
    ],
)
def test_names_that_no_rule_reads(milrinone, make_case, keys: dict[str, Any], names: tuple[str, ...]) -> None:
    assert unchecked_names(milrinone, make_case(**keys)) == names


def test_records_that_no_rule_reads(milrinone, make_case) -> None:
    read = [
        measured("serum creatinine", "1 mg/dL"),
        measured("baseline creatinine", "1 mg/dL"),
        measured("eGFR", "60 mL/min/1.73 m2"),
        measured("urine output", "1 mL/kg/h"),
        measured("body weight", "80 kg"),
        measured("dry weight", "80 kg"),
        measured("height", "170 cm"),
        measured("heart rate", "80 /min"),
        measured("serum potassium", "4 mmol/L"),
        measured("concentration", "200 ng/mL", of="milrinone"),
    ]
    unread = [
        measured("cardiac output", "4 L/min"),
        {**measured("cardiac output", "5 L/min"), "at": "2026-11-22T05:00:00+01:00"},
        measured("concentration", "1.2 ng/mL", of="digoxin"),
    ]
    assert unjudged_records(milrinone, make_case(measurements=read)) == ()
    found = unjudged_records(milrinone, make_case(measurements=[*read, *unread]))
    assert set(found) == {"cardiac output 4 L/min", "concentration of digoxin 1.2 ng/mL"}


def test_events_and_machines_that_no_rule_reads(milrinone, make_case) -> None:
    fewer = replace(
        milrinone, rules=tuple(r for r in milrinone.rules if r.id not in ("bleeding", "earlier-bleeding", "ecmo"))
    )
    events = [{"what": "bleeding", "at": AT}, {"what": "ventricular tachycardia", "at": AT}]
    machines = [{"what": "ECMO", "start": AT}, {"what": "CRRT", "start": AT}]
    case = make_case(events=events, support=machines)
    assert unjudged_records(milrinone, case) == ()
    assert unjudged_records(fewer, case) == ("bleeding", "ECMO")


@pytest.mark.parametrize(
    ("what", "at", "named"),
    [
        ("bleeding", "2026-11-15T08:00:00+00:00", False),  # 7 days, the wider of two windows
        ("bleeding", "2026-11-15T07:59:00+00:00", True),
        ("chest pain", "2026-11-20T08:00:00+00:00", False),
        ("chest pain", "2026-11-20T07:59:00+00:00", True),
        ("ventricular tachycardia", "2025-11-20T08:00:00+00:00", False),  # one rule reads it at any time
    ],
)
def test_an_event_further_back_than_every_rule_looks_is_named(milrinone, make_case, what, at, named: bool) -> None:
    case = make_case(events=[{"what": what, "at": at}])
    day, minute = at[:10], at[11:16]
    says = f"{what} of {day} {minute}+00:00, which lies too far back for any rule"
    assert unjudged_records(milrinone, case) == ((says,) if named else ())


def test_the_names_become_facts(facts_of) -> None:
    facts, _ = facts_of(medicines=["glimmerazole"], measurements=[measured("cardiac output", "4 L/min")])
    assert (facts["unchecked names"], facts["unjudged records"]) == (("glimmerazole",), ("cardiac output 4 L/min",))


@pytest.mark.hazard("electrolytes-and-company")
def test_names_that_are_near_to_known_ones_and_names_with_a_strength_become_facts(facts_of) -> None:
    facts, _ = facts_of(
        medicines=["furosemid", "Lasix  40 mg", "digoxin", "glimmerazole"],
        allergies=["amrinon", "furosemid"],
        lines=[{"with": ["bumetanid", "Lasix 40 mg"]}],
        administrations=[{"of": "anagrelid", "start": AT, "rate": "1 mg/h"}],
        preparation={"product": "vial", "diluent": "dextros 5 %"},
    )
    assert facts["names near to known ones"] == (
        "'furosemid' (did you mean furosemide?)",
        "'anagrelid' (did you mean anagrelide?)",
        "'amrinon' (did you mean amrinone (inamrinone)?)",
        "'bumetanid' (did you mean bumetanide?)",
        "'dextros 5 %' (did you mean dextrose 5 %?)",
    )
    assert facts["names read without their strength"] == ("'Lasix 40 mg' as furosemide",)


@pytest.mark.hazard("concentration-entry")
@pytest.mark.parametrize(
    ("preparation", "false_premix", "undiluted"),
    [
        (None, Truth.ABSENT, Truth.ABSENT),
        ({"concentration": "50 mcg/mL"}, Truth.ABSENT, Truth.ABSENT),
        ({"product": "premix"}, Truth.ABSENT, Truth.ABSENT),
        ({"product": "premix", "concentration": "0.2 mg/mL"}, Truth.ABSENT, Truth.ABSENT),
        ({"product": "premix", "concentration": "50 mcg/mL"}, Truth.PRESENT, Truth.ABSENT),
        ({"product": "vial", "concentration": "200 mcg/mL"}, Truth.ABSENT, Truth.ABSENT),
        ({"product": "vial", "concentration": "1000 mcg/mL"}, Truth.ABSENT, Truth.PRESENT),
    ],
)
def test_products_have_their_own_strength(facts_of, preparation, false_premix: Truth, undiluted: Truth) -> None:
    facts, _ = facts_of(**({} if preparation is None else {"preparation": preparation}))
    assert facts["premix strength is not a real one"] is false_premix
    assert facts["vial is undiluted"] is undiluted


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (None, ()),
        ([], ()),
        ([{"with": ["furosemide", "blood", "D5W", "Primacor"]}], ()),  # a row of the drug's lines names each
        ([{"with": ["heparin"]}, {"with": ["Glimmer  azole", "heparin"]}], ("heparin", "Glimmer azole")),
    ],
)
def test_line_partners_without_a_row(facts_of, lines, names: tuple[str, ...]) -> None:
    facts, _ = facts_of(**({} if lines is None else {"lines": lines}))
    assert facts["line partners not known"] == names


@pytest.mark.parametrize(
    ("preparation", "names"),
    [
        (None, ()),
        ({"product": "vial"}, ()),
        ({"product": "vial", "diluent": "normal saline"}, ()),
        ({"product": "vial", "diluent": "sodium bicarbonate"}, ()),  # has a rule of its own
        ({"product": "vial", "diluent": "lactated Ringer's"}, ("lactated Ringer's",)),
        ({"diluent": "tap water"}, ("tap water",)),  # what is diluted came from a vial
        ({"product": "premix", "diluent": "tap water"}, ()),
    ],
)
def test_a_diluent_that_the_label_does_not_name(facts_of, preparation, names: tuple[str, ...]) -> None:
    facts, _ = facts_of(**({} if preparation is None else {"preparation": preparation}))
    assert facts["diluent is not on the label"] == names


@pytest.mark.parametrize(
    ("patient", "adult", "newborn", "unusual"),
    [
        ({"born": "1958-03-02"}, Truth.PRESENT, Truth.ABSENT, Truth.ABSENT),
        ({"born": "1958-03-02", "weight": "20 kg"}, Truth.PRESENT, Truth.ABSENT, Truth.ABSENT),  # the adult's own rule
        ({"born": "2021-11-22", "weight": "13 kg"}, Truth.ABSENT, Truth.ABSENT, Truth.ABSENT),  # 5 years: 13 to 30 kg
        ({"born": "2021-11-22", "weight": "12.9 kg"}, Truth.ABSENT, Truth.ABSENT, Truth.PRESENT),
        ({"born": "2021-11-22", "weight": "30.1 kg"}, Truth.ABSENT, Truth.ABSENT, Truth.PRESENT),
        ({"born": "2023-11-22", "weight": "9.9 kg"}, Truth.ABSENT, Truth.ABSENT, Truth.PRESENT),  # 3 years: from 10 kg
        ({**BABY, "weight": "3 kg"}, Truth.ABSENT, Truth.PRESENT, Truth.ABSENT),
        ({**BABY, "weight": "1.9 kg"}, Truth.ABSENT, Truth.PRESENT, Truth.PRESENT),
        ({**AT_TERM, "weight": "1.9 kg"}, Truth.ABSENT, Truth.PRESENT, Truth.PRESENT),
        ({**PRETERM, "weight": "0.9 kg"}, Truth.ABSENT, Truth.PRESENT, Truth.ABSENT),
        ({"born": "2026-09-22", "weight": "4 kg"}, Truth.ABSENT, Truth.UNKNOWN, Truth.ABSENT),  # 61 days
    ],
)
def test_who_the_patient_is_by_age(facts_of, patient, adult: Truth, newborn: Truth, unusual: Truth) -> None:
    facts, needs = facts_of(patient=patient)
    assert facts["patient is an adult"] is adult
    assert facts["patient is a newborn"] is newborn
    assert facts["weight is unusual for the age"] is unusual
    assert needs["patient is a newborn"] == ("gestational age",)


def test_below_the_age_of_an_equation_there_is_no_clearance_to_compare(facts_of) -> None:
    infant = {"born": "2026-05-01", "weight": "6 kg", "gestational_age": "39 weeks"}
    facts, _ = facts_of(patient=infant, conditions={"renal impairment": "absent", "oliguria": "absent"})
    assert facts["kidney clearance"] is Truth.ABSENT
    assert facts["difference between estimates"] is Truth.ABSENT
    facts, needs = facts_of(patient=infant)
    assert "kidney clearance" not in facts and needs["kidney clearance"] == ("renal impairment",)


ESTIMATES = ("kidney clearance", "difference between estimates", "difference from reported eGFR")
CHANGING = (
    measured("serum creatinine", "1.6 mg/dL"),
    measured("serum creatinine", "1.0 mg/dL", at="2026-11-21T19:00:00+00:00"),
    measured("eGFR", "40 mL/min/1.73 m2"),
)


@pytest.mark.parametrize(
    ("hours", "replaced"), [(None, True), (1, True), (47, True), (48, False)], ids=["works", "1 h", "47 h", "48 h"]
)
def test_no_estimate_holds_beside_a_machine_and_for_two_days_after_it(
    facts_of, hours: int | None, replaced: bool
) -> None:
    now = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
    machine = {"what": "CRRT", "start": (now - timedelta(hours=60)).isoformat()}
    if hours is not None:
        machine["end"] = (now - timedelta(hours=hours)).isoformat()
    facts, _ = facts_of(now=now.isoformat(), measurements=list(CHANGING), support=[machine])
    steady, _ = facts_of(now=now.isoformat(), measurements=list(CHANGING), support=[])
    assert steady["kidney clearance"].in_unit("mL/min/1.73 m2") > 0
    for name in ESTIMATES:
        assert facts[name] == (Truth.ABSENT if replaced else steady[name])
    # A baseline would give the lowest estimate: it is asked for only where that estimate would hold.
    assert facts["kinetic estimate is the lowest"] is (Truth.ABSENT if replaced else Truth.UNKNOWN)


def test_a_folder_without_the_rule_of_machines_knows_only_those_that_work(milrinone, make_case) -> None:
    others = tuple(rule for rule in milrinone.rules if rule.id != "kidney-replacement")
    folder = replace(milrinone, rules=others)
    ended = {"what": "CRRT", "start": "2026-11-22T01:00:00+00:00", "end": "2026-11-22T02:00:00+00:00"}
    for machine, absent in ((ended, False), ({**ended, "end": None}, True)):
        kept = {key: value for key, value in machine.items() if value}
        case = make_case(measurements=list(CHANGING), support=[kept])
        entry = folder.entries[0]
        facts, _ = case_facts(folder, case, assess_kidney(case), history(case, drug="milrinone"), entry)
        assert (facts["kidney clearance"] is Truth.ABSENT) is absent


@pytest.mark.parametrize(("born", "grown"), [("2016-11-22", Truth.PRESENT), ("2016-11-23", Truth.ABSENT)])
def test_childhood_ends_with_the_tenth_birthday(facts_of, born: str, grown: Truth) -> None:
    facts, _ = facts_of(patient={"born": born, "sex": "female", "weight": "30 kg", "height": "135 cm"})
    assert facts["patient is past childhood"] is grown


@pytest.mark.parametrize(
    ("doses", "together"),
    [
        (("22T02:00", "22T04:00"), "100"),
        (("22T04:00",), None),  # one alone repeats nothing
        (("21T07:50", "22T04:00"), None),  # the first ended 24 h ago
        (("21T07:51", "22T04:00", "22T06:00"), "150"),
    ],
)
def test_single_doses_of_a_day_are_added_up(facts_of, doses, together) -> None:
    entries = [given(f"2026-11-{at}:00+00:00", dose="50 mcg/kg", duration="10 min") for at in doses]
    facts, needs = facts_of(administrations=entries)
    expected = Truth.ABSENT if together is None else Quantity(Decimal(together), "mcg/kg")
    assert facts["doses given in 24 h"] == expected
    assert needs["doses given in 24 h"] == ("administrations",)


@pytest.mark.parametrize(
    ("entries", "with_entry", "truth"),
    [
        (None, True, Truth.ABSENT),  # a load is due
        ([], False, Truth.ABSENT),  # no entry, no start
        ([given("2026-11-22T06:00:00+00:00", rate="0.375 mcg/kg/min")], True, Truth.ABSENT),  # it runs
        ([given("2026-11-22T05:00:00+00:00", dose="50 mcg/kg", duration="10 min")], True, Truth.PRESENT),  # resumption
    ],
)
def test_a_start_without_a_load(facts_of, entries, with_entry, truth) -> None:
    recorded = {} if entries is None else {"administrations": entries}
    facts, _ = facts_of(with_entry=with_entry, **recorded)
    assert facts["start without a load is due"] is truth


@pytest.mark.parametrize(
    ("preparation", "hangs"),
    [
        ({"product": "vial", "concentration": "0.2 mg/mL"}, "74"),
        ({"product": "vial"}, "74"),
        ({"product": "vial", "concentration": "1 mg/mL"}, None),
        ({"product": "premix"}, None),
    ],
)
def test_a_diluted_bag_has_hung_since_it_was_started(facts_of, preparation, hangs) -> None:
    facts, _ = facts_of(preparation={**preparation, "hung": "2026-11-19T06:00:00+00:00"})
    expected = Truth.ABSENT if hangs is None else Quantity(Decimal(hangs), "h")
    assert facts["bag hangs since"] == expected
    facts, _ = facts_of(preparation=preparation)
    assert facts["bag hangs since"] is Truth.ABSENT
