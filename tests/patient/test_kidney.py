"""Which estimate doses whom. The man of these tests: 60 years, 80 kg, body surface 2 m2. Arithmetic is by hand.

Cockcroft-Gault at 1 mg/dL = 80 x 80 / 72 = 88.888889 mL/min; x 1.73 / 2 = 76.888889 mL/min/1.73 m2.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.errors import UnitError
from inotrope.findings import Truth
from inotrope.patient import assess_kidney
from inotrope.patient.vocabulary import vocabulary
from inotrope.units import Quantity

INDEXED = "mL/min/1.73 m2"
CREATININE, BASELINE = "serum creatinine", "baseline creatinine"


def q(value: str, unit: str = INDEXED) -> Quantity:
    return Quantity(Decimal(value), unit)


def ids(kidney) -> list[str]:
    return [refusal.id for refusal in kidney.refusals]


def names(kidney) -> list[str]:
    return [estimate.equation for estimate in kidney.estimates]


# --- stable


def test_a_stable_adult_is_dosed_by_cockcroft_gault(build) -> None:
    kidney = assess_kidney(build())
    assert (kidney.clearance, kidney.equation, kidney.assumed) == (q("76.888889"), "cockcroft_gault", False)
    assert names(kidney) == ["cockcroft_gault", "ckd_epi_2021"]
    assert kidney.estimates[0].unindexed == q("88.888889", "mL/min")
    assert kidney.arithmetic[0] == (
        "Cockcroft-Gault, indexed: (140 - 60) x 80 kg / (72 x 1 mg/dL) = 88.9 mL/min; "
        "x 1.73 / 2 m2 = 76.9 mL/min/1.73 m2"
    )
    assert kidney.arithmetic[1].startswith("CKD-EPI 2021: 142 x min(1 / 0.9, 1)^-0.302 x max(1 / 0.9, 1)^-1.2")
    assert (kidney.refusals, kidney.changing, kidney.kdigo_stage) == ((), Truth.UNKNOWN, None)
    assert kidney.changing_needs == ("serum creatinine", "oliguria")
    assert kidney.creatinine_age == Quantity(Decimal(2), "h")
    assert kidney.because.startswith("Cockcroft-Gault on the actual weight, indexed to 1.73 m2, sets the rate")
    assert "whether the kidney is changing is not known" in kidney.because
    assert {source.id for source in kidney.sources} >= {"cockcroft-gault-1976", "ckd-epi-2021", "inotrope-judgement"}
    assert kidney.estimates[0].citation == "Nephron 16:31"


def test_a_woman(build) -> None:
    kidney = assess_kidney(build(patient__sex="female"))
    assert kidney.clearance == q("65.355556")  # 88.888889 x 0.85 = 75.555556; x 1.73 / 2 = 65.355556
    assert "x 0.85 =" in kidney.arithmetic[0]
    assert kidney.arithmetic[1].endswith("x 1.012 = " + kidney.estimates[1].value.shown(1))


def test_stable_with_something_to_compare(measured) -> None:
    items = [(CREATININE, "1 mg/dL", 2), (BASELINE, "1 mg/dL", 500)]
    kidney = assess_kidney(measured(*items, conditions={"oliguria": "absent"}))
    assert "nothing speaks for a changing kidney" in kidney.because
    assert (kidney.changing, kidney.changing_needs) == (Truth.ABSENT, ())
    assert kidney.kdigo_stage == 0


def test_the_unit_makes_no_difference(measured) -> None:
    # 1 mg/dL = 10,000 / 113.12 = 88.4017 umol/L
    one = assess_kidney(measured((CREATININE, "1 mg/dL", 2))).clearance
    other = assess_kidney(measured((CREATININE, "88.4017 umol/L", 2))).clearance
    assert one is not None and other is not None
    assert float(one.value) == pytest.approx(float(other.value), abs=1e-3)


def test_difference_between_estimates_is_of_cockcroft_gault(build) -> None:
    kidney = assess_kidney(build())
    gault, ckd_epi = (estimate.value.value for estimate in kidney.estimates)
    assert kidney.difference_between_estimates is not None
    assert float(kidney.difference_between_estimates.in_unit("%")) == pytest.approx(
        100 * abs(float(ckd_epi) / float(gault) - 1), abs=1e-5
    )


# --- changing


def test_a_rising_creatinine_takes_the_lowest(measured) -> None:
    # 1 -> 1.5 in 12 h, mean 1.25. Cockcroft-Gault at 1.5: 59.259259 x 0.865 = 51.259259.
    # Jelliffe: (29.3 - 0.203 x 60) x 80 = 1369.6; x (1.035 - 0.0337 x 1.25) = 1359.8416; - 4 x 80 x 0.5 / 0.5 day
    # = 1039.8416; / (14.4 x 1.25) = 57.768978; x 0.865 = 49.970166. CKD-EPI at 1.5 is 52.96.
    kidney = assess_kidney(measured((CREATININE, "1 mg/dL", 14), (CREATININE, "1.5 mg/dL", 2)))
    values = {estimate.equation: estimate.value for estimate in kidney.estimates}
    assert values["cockcroft_gault"] == q("51.259259")
    assert values["jelliffe_2002"] == q("49.970166")
    assert float(values["ckd_epi_2021"].value) == pytest.approx(52.96, abs=0.01)
    assert (kidney.clearance, kidney.equation) == (q("49.970166"), "jelliffe_2002")
    assert (kidney.changing, kidney.kdigo_stage) == (Truth.PRESENT, 1)
    assert "so the lowest of 3 estimates sets the rate: Jelliffe, indexed." in kidney.because
    assert kidney.arithmetic[2] == (
        "Jelliffe, indexed: ((29.3 - 0.203 x 60) x 80 kg x (1.035 - 0.0337 x 1.25) - 4 x 80 kg x (1.5 - 1) / 0.5 days)"
        " / (14.4 x 1.25) = 57.8 mL/min; x 1.73 / 2 m2 = 50 mL/min/1.73 m2"
    )


def test_a_baseline_adds_the_kinetic_gfr(measured) -> None:
    # baseline 1 mg/dL: 76.888889 indexed. 1 x 76.888889 / 1.25 = 61.511111; x (1 - 24 x 0.5 / (12 x 1.5)) = 20.503704
    kidney = assess_kidney(
        measured((BASELINE, "1 mg/dL", 999), (CREATININE, "1 mg/dL", 14), (CREATININE, "1.5 mg/dL", 2))
    )
    assert (kidney.clearance, kidney.equation) == (q("20.503704"), "kinetic_gfr")
    assert kidney.arithmetic[3] == (
        "Kinetic GFR: (1 mg/dL x 76.9 mL/min/1.73 m2 / 1.25 mg/dL) x (1 - 24 x 0.5 / (12 x 1.5)) = 20.5 mL/min/1.73 m2"
    )


def test_a_falling_creatinine_takes_the_lowest_too(measured) -> None:
    kidney = assess_kidney(measured((CREATININE, "2 mg/dL", 14), (CREATININE, "1 mg/dL", 2)))
    assert kidney.changing is Truth.PRESENT
    assert kidney.clearance == min(estimate.value for estimate in kidney.estimates)
    assert kidney.clearance == q("76.888889")


def test_oliguria_takes_the_lowest_of_two(build) -> None:
    kidney = assess_kidney(build(conditions={"oliguria": "present"}))
    assert (kidney.changing, kidney.equation) == (Truth.PRESENT, "cockcroft_gault")
    assert "the lowest of 2 estimates" in kidney.because


# --- a reported eGFR


@pytest.mark.parametrize(
    ("reported", "equation"),
    [
        ("50", "reported_egfr"),  # CKD-EPI at 1 mg/dL is 86.16: 42 % apart, and the lower one
        ("61", "cockcroft_gault"),  # 29 % apart
        ("120", "cockcroft_gault"),  # 39 % apart, and the higher one
    ],
)
def test_a_reported_egfr(measured, reported: str, equation: str) -> None:
    kidney = assess_kidney(measured((CREATININE, "1 mg/dL", 2), ("eGFR", f"{reported} {INDEXED}", 2)))
    assert kidney.equation == equation
    assert kidney.clearance == (q(reported) if equation == "reported_egfr" else q("76.888889"))
    # second implementation of CKD-EPI in floats
    own = 142 * (1 / 0.9) ** -1.2 * 0.9938**60
    assert kidney.difference_from_reported is not None
    assert float(kidney.difference_from_reported.value) == pytest.approx(100 * abs(float(reported) / own - 1), abs=1e-4)
    if equation == "reported_egfr":
        assert "reported eGFR, 50 mL/min/1.73 m2, differs by 42 %" in kidney.because


def test_a_reported_egfr_is_compared_with_the_creatinine_beside_it(measured) -> None:
    items = [(CREATININE, "1 mg/dL", 11), ("eGFR", f"86 {INDEXED}", 11), (CREATININE, "1.6 mg/dL", 1)]
    kidney = assess_kidney(measured(*items))
    assert kidney.difference_from_reported is not None
    assert kidney.difference_from_reported < Quantity(Decimal(1), "%")  # 86 against 86.2, not against the value after


def test_a_stale_reported_egfr_is_left_out(measured) -> None:
    kidney = assess_kidney(measured((CREATININE, "1 mg/dL", 2), ("eGFR", f"50 {INDEXED}", 25)))
    assert (kidney.reported_egfr, kidney.difference_from_reported) == (None, None)
    assert kidney.equation == "cockcroft_gault"


def test_a_reported_egfr_alone_does_not_dose(measured) -> None:
    kidney = assess_kidney(measured(("eGFR", f"50 {INDEXED}", 2)))
    assert kidney.reported_egfr is not None
    assert (kidney.clearance, kidney.difference_from_reported, ids(kidney)) == (None, None, ["creatinine-absent"])


# --- refused


def test_creatinine_absent(build) -> None:
    kidney = assess_kidney(build(measurements=[]))
    assert (kidney.clearance, kidney.equation, kidney.estimates) == (None, None, ())
    (refusal,) = kidney.refusals
    assert (refusal.id, refusal.needs) == ("creatinine-absent", (CREATININE,))
    assert (
        refusal.says == kidney.because == ("No creatinine is recorded. One that is not older than 24 h sets the rate.")
    )
    assert kidney.changing is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("items", "stale"),
    [
        ([(CREATININE, "1 mg/dL", 24)], False),
        ([(CREATININE, "1 mg/dL", 24.01)], True),
        ([(CREATININE, "1 mg/dL", 24), (CREATININE, "2 mg/dL", 12)], False),  # changing: 12 h
        ([(CREATININE, "1 mg/dL", 24), (CREATININE, "2 mg/dL", 12.01)], True),
    ],
)
def test_creatinine_stale(measured, items, stale: bool) -> None:
    kidney = assess_kidney(measured(*items))
    assert ids(kidney) == (["creatinine-stale"] if stale else [])
    assert (kidney.clearance is None) is stale
    if stale:
        (refusal,) = kidney.refusals
        assert refusal.needs == (CREATININE,)
        limit = "12 h are accepted while it is changing" if len(items) == 2 else "24 h are accepted."
        assert limit in refusal.says
        assert (kidney.estimates, kidney.difference_between_estimates) == ((), None)


def test_height_absent(build) -> None:
    kidney = assess_kidney(build(patient__height=...))
    assert (kidney.clearance, names(kidney)) == (None, ["ckd_epi_2021"])
    (refusal,) = kidney.refusals
    assert (refusal.id, refusal.needs) == ("height-absent", ("height",))
    assert refusal.says == "Without a height the clearance cannot be indexed to 1.73 m2. Add the height."
    assert kidney.difference_between_estimates is None
    assert kidney.estimates[0].unindexed is None


def test_both_absent(build) -> None:
    assert ids(assess_kidney(build(measurements=[], patient__height=...))) == ["creatinine-absent", "height-absent"]


def test_conflicting_creatinines(measured) -> None:
    case = measured((CREATININE, "1.0 mg/dL", 2), (CREATININE, "2.4 mg/dL", 2))
    kidney = assess_kidney(case)
    (refusal,) = kidney.refusals
    assert (refusal.id, refusal.needs) == ("conflicting-data", (CREATININE,))
    assert "1.0 mg/dL and 2.4 mg/dL" in refusal.says
    assert "2026-11-22T06:00:00+01:00" in refusal.says
    assert (kidney.clearance, kidney.estimates) == (None, ())
    assert kidney.creatinine is not None and kidney.creatinine.as_written == "2.4 mg/dL"
    # an assumption does not settle it
    assert ids(assess_kidney(case, assumed=q("60"))) == ["conflicting-data"]


# --- assumed


@pytest.mark.parametrize(
    "changes", [{"measurements": []}, {"patient__height": ...}, {"now": "2026-11-24T08:00:00+01:00"}]
)
def test_an_assumption_replaces_the_value(build, changes) -> None:
    kidney = assess_kidney(build(**changes), assumed=q("60"))
    assert (kidney.clearance, kidney.equation, kidney.assumed) == (q("60"), "assumed", True)
    assert kidney.refusals == ()
    assert kidney.measured is None
    expected = "60 mL/min/1.73 m2 was assumed explicitly and sets the rate; the record gives no usable one."
    assert kidney.because == expected


def test_an_assumption_stands_beside_what_the_record_gives(build) -> None:
    measured = assess_kidney(build())
    kidney = assess_kidney(build(), assumed=q("60"))
    assert measured.measured == measured.clearance == kidney.measured
    assert measured.clearance is not None
    assert kidney.because.endswith(f"the record gives {measured.clearance.shown(1)}.")


def test_an_assumption_in_another_unit(build) -> None:
    kidney = assess_kidney(build(), assumed=q("0.06", "L/min/m2"))
    assert kidney.clearance == q("103.8")  # 60 mL/min/m2 x 1.73
    assert kidney.clearance.unit == INDEXED


@pytest.mark.parametrize("assumed", [q("60", "mL/min"), q("0"), q("-5")])
def test_an_assumption_that_is_none(build, assumed: Quantity) -> None:
    with pytest.raises(UnitError) as caught:
        assess_kidney(build(), assumed=assumed)
    assert f"'{assumed}' is not accepted" in str(caught.value)
    assert caught.value.accepted == "a value above zero and at most 250 mL/min/1.73 m2"


# --- children


CHILD = {"patient__born": "2016-11-22", "patient__height": "140 cm", "patient__weight": "32 kg"}
INFANT = {"patient__born": "2026-06-01", "patient__weight": "6 kg", "patient__height": "64 cm"}
RECORDED = {"conditions": {"renal impairment": "absent", "oliguria": "absent"}}


def test_a_child_is_judged_by_the_bedside_schwartz_estimate(measured) -> None:
    kidney = assess_kidney(measured((CREATININE, "0.5 mg/dL", 2), **CHILD))
    (estimate,) = kidney.estimates
    assert (estimate.equation, estimate.value) == ("schwartz_2009", q("115.64"))  # 0.413 x 140 / 0.5
    assert estimate.arithmetic == "0.413 x 140 cm / 0.5 mg/dL = 115.6 mL/min/1.73 m2"
    assert (kidney.clearance, kidney.equation, ids(kidney)) == (q("115.64"), "schwartz_2009", [])
    assert kidney.measured == q("115.64")
    assumed = assess_kidney(measured((CREATININE, "0.5 mg/dL", 2), **CHILD), assumed=q("60"))
    assert (assumed.clearance, ids(assumed)) == (q("60"), [])


def test_a_child_needs_a_fresh_creatinine_and_a_height_as_an_adult_does(build, measured) -> None:
    assert ids(assess_kidney(measured(**CHILD))) == ["creatinine-absent"]
    assert ids(assess_kidney(measured((CREATININE, "0.5 mg/dL", 25), **CHILD))) == ["creatinine-stale"]
    short = assess_kidney(build(patient__born="2016-11-22", patient__height=...))
    assert (short.estimates, short.clearance, ids(short)) == ((), None, ["height-absent"])


def test_a_childs_kidney_is_impaired_when_the_record_says_so_or_it_changes(measured) -> None:
    lone = (CREATININE, "0.5 mg/dL", 2)
    before = (CREATININE, "0.5 mg/dL", 14)
    open_ = assess_kidney(measured(lone, **CHILD))
    assert open_.impaired is Truth.UNKNOWN
    assert open_.impaired_needs == ("renal impairment", "serum creatinine", "oliguria")
    partly = assess_kidney(measured(lone, conditions={"renal impairment": "absent"}, **CHILD))
    assert (partly.impaired, partly.impaired_needs) == (Truth.UNKNOWN, ("serum creatinine", "oliguria"))
    assert assess_kidney(measured(lone, before, **RECORDED, **CHILD)).impaired is Truth.ABSENT
    said = assess_kidney(measured(lone, conditions={"CKD": "present"}, **CHILD))
    assert (said.impaired, said.impaired_needs) == (Truth.PRESENT, ())
    # 0.5 to 0.9 mg/dL in 12 h is more than 20 %: the kidney is not in a steady state.
    rising = assess_kidney(measured((CREATININE, "0.9 mg/dL", 2), before, **RECORDED, **CHILD))
    assert rising.impaired is Truth.PRESENT
    assert rising.because.startswith("The bedside Schwartz estimate is the one for 1 to 18 years. The kidney is not in")


def test_below_one_year_no_equation_holds_and_the_record_must_say(build) -> None:
    unknown = assess_kidney(build(**INFANT))
    assert (unknown.estimates, unknown.clearance, ids(unknown)) == ((), None, ["kidney-function-unknown"])
    assert unknown.refusals[0].needs == ("renal impairment",)
    sound = assess_kidney(build(**INFANT, **RECORDED))
    assert (sound.clearance, ids(sound)) == (None, [])
    # one creatinine alone does not tell whether it changes
    assert sound.because == "No equation for kidney function holds below 1 year; the record leaves it open."
    assumed = assess_kidney(build(**INFANT), assumed=q("60"))
    assert (assumed.clearance, ids(assumed)) == (q("60"), ["kidney-function-unknown"])


def test_a_reported_egfr_of_a_child_is_held_against_schwartz(measured) -> None:
    creatinine = (CREATININE, "0.5 mg/dL", 2)  # Schwartz 115.64
    lower = assess_kidney(measured(creatinine, ("eGFR", "60 mL/min/1.73 m2", 2), **CHILD))
    assert (lower.clearance, lower.equation) == (q("60"), "reported_egfr")
    assert lower.difference_from_reported is not None
    assert lower.difference_from_reported.shown(1) == "48.1 %"  # (115.64 - 60) / 115.64
    near = assess_kidney(measured(creatinine, ("eGFR", "100 mL/min/1.73 m2", 2), **CHILD))
    assert near.clearance == q("115.64")
    infant = assess_kidney(measured(creatinine, ("eGFR", "100 mL/min/1.73 m2", 2), **INFANT, **RECORDED))
    assert infant.difference_from_reported is None


def test_on_the_18th_birthday_the_adult_equations_begin(build) -> None:
    assert names(assess_kidney(build(patient__born="2008-11-23"))) == ["schwartz_2009"]
    assert names(assess_kidney(build(patient__born="2008-11-22"))) == ["cockcroft_gault", "ckd_epi_2021"]


def test_every_equation_has_a_source() -> None:
    from inotrope.patient.kidney_estimates import _TITLES

    assert {source for _, source in _TITLES.values()} <= set(vocabulary().sources)
