"""Whose dose a plan is made by, what must be known of it, and what others say beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from inotrope.display import plan_sheet, to_text
from inotrope.drug import Entry, load_drug
from inotrope.findings import Status
from inotrope.patient import Case, read_case
from inotrope.plan import Plan, PlanStatus, make_plan, to_plain
from inotrope.plan.answers import answers
from inotrope.plan.authorities import beside, cap, entry_summary, longest, on_whose_label
from inotrope.plan.decks import build_case
from inotrope.units import Quantity, read_quantity
from tests.worked_cases import worked_cases

Maker = Callable[..., Case]
ADHF = "adult-acute-decompensated-heart-failure"
DRUG = load_drug("milrinone")


def entry(id_: str) -> Entry:
    (found,) = [item for item in DRUG.entries if item.id == id_]
    return found


def plan_for(base: str, **changes: Any) -> Plan:
    """Return the plan of a base of the worked cases with changes by dotted path."""
    bases, _ = worked_cases()
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    return make_plan(read_case(build_case(bases, {"base": base, "set": dotted}), name=base))


def rate(text: str) -> Quantity:
    return read_quantity(text, what="Rate", dimensions=("rate per body weight",))


@pytest.mark.parametrize(
    ("id_", "capped", "runs"),
    [
        (ADHF, "1.13 mg/kg in any 24 h, the load counted", "no controlled experience beyond 48 h"),
        (
            f"{ADHF}-uk",
            "1.13 mg/kg in any 24 h, the load counted",
            "at most 5 days; no controlled experience beyond 48 h",
        ),
        ("child-low-output-prevention-uk", "none: no cap is sourced for this use", "at most 35 h"),
        (
            "child-septic-shock",
            "none: no cap is sourced for this use",
            "none: no longest duration is sourced for this use",
        ),
        (
            "preterm-first-day-paradisis",
            "none: no cap is sourced for this use",
            "at most 18 h; until the age of 18 h",
        ),
    ],
)
def test_cap_and_longest_time_in_words(id_: str, capped: str, runs: str) -> None:
    assert (cap(entry(id_)), longest(entry(id_))) == (capped, runs)


def test_what_is_the_same_beside_is_not_told() -> None:
    # 48 h of controlled experience on both sides; only the longest time differs, and where the dose ends at an age.
    (uk,) = beside(entry(ADHF), (entry(f"{ADHF}-uk"),))
    assert uk.differs == ("may run: at most 5 days, here no longest time",)
    (preterm,) = beside(entry("newborn-below-30-weeks-kemh"), (entry("preterm-first-day-paradisis"),))
    assert preterm.differs == (
        "may run: at most 18 h, here usually up to 72 h",
        "ends: at the age of 18 h, here at no age",
    )


def test_a_use_is_on_somebody_s_label() -> None:
    assert on_whose_label("US label") == "on the US label"
    assert on_whose_label("UK text") == "on the UK label"
    assert on_whose_label("Swissmedic") == "on the label of: Swissmedic"


def test_the_guideline_stands_beside_the_label_with_what_differs() -> None:
    (other,) = beside(entry(ADHF), (entry(f"{ADHF}-guideline"),))
    assert (other.id, other.authority, other.on_label) == (f"{ADHF}-guideline", "ACCF/AHA guideline table", False)
    assert other.differs == (
        "load: none, here 50 mcg/kg over 10 min",
        "start: 0.125 mcg/kg/min, here 0.375 mcg/kg/min",
    )
    assert other.says.startswith("load none; start 0.125 mcg/kg/min; highest rate 0.75 mcg/kg/min; 24 h cap 1.13 mg/kg")


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("child-acute-heart-failure-uk", "load 50 to 75 mcg/kg over 30 to 60 min; start 0.25 mcg/kg/min; highest rate"),
        (
            "newborn-from-30-weeks-kemh",
            "load 0.4 to 1.25 mcg/kg/min for 60 min; start 0.25 mcg/kg/min; highest rate 0.75",
        ),
        (
            "preterm-after-duct-ligation-hallik",
            "load 0.73 mcg/kg/min for 3 h; start 0.16 mcg/kg/min; highest rate the same, the only one",
        ),
    ],
)
def test_a_load_in_words(id_: str, says: str) -> None:
    (other,) = beside(entry(ADHF), (entry(id_),))
    assert other.says.startswith(says)


def test_a_remark_names_its_source_and_how_sure_it_is() -> None:
    remarks = entry_summary(entry("child-septic-shock"), doses=True).remarks
    assert any(
        "five equal parts of 10 min" in item and item.endswith("(Milrinone drug summary (PDR))") for item in remarks
    )
    assert any(item.endswith("(The lay drug page that this project starts from, unconfirmed)") for item in remarks)
    impaired = [item for item in remarks if item.startswith("Impaired kidneys: ")]
    assert ["25 to 50 %" in impaired[0], "50 to 75 %" in impaired[1], "not recommended" in impaired[2]] == [True] * 3
    assert entry_summary(entry("child-septic-shock"), doses=False).remarks == ()


def test_a_rate_above_what_is_allowed_is_held_against_the_text_that_limits_it(make_case: Maker) -> None:
    """At a creatinine of 3.5 mg/dL the renal line binds, else the cap.

    21 h at 0.8 and 1 h at 0.75 mcg/kg/min are 1.053 of 1.13 mg/kg; what is left for 2 h, when the first of it leaves,
    is 0.64 mcg/kg/min.
    """
    high = [
        {"what": "serum creatinine", "value": "3.5 mg/dL", "at": f"2026-11-2{day}T06:10:00+01:00"} for day in (1, 2)
    ]
    runs = [{"of": "milrinone", "start": "2026-11-22T06:00:00+01:00", "rate": "0.375 mcg/kg/min"}]
    ran = {"of": "milrinone", "start": "2026-11-21T10:00:00+01:00", "end": "2026-11-22T07:00:00+01:00"}
    then = {"of": "milrinone", "start": "2026-11-22T07:00:00+01:00", "rate": "0.75 mcg/kg/min"}
    fast = [{**ran, "rate": "0.8 mcg/kg/min"}, then]
    overrides = dict.fromkeys(("earlier-rate-above-maximum", "fast-infusion-above-load"), "checked with the pump's log")
    for case, reasons, path in (
        (make_case(measurements=high, administrations=runs), {}, "renal.upper"),
        (
            make_case(indication="support after heart transplant", administrations=fast),
            overrides,
            "total_24_h.maximum",
        ),
    ):
        plan = make_plan(case, overrides=reasons)
        assert plan.entry is not None, plan.refusals
        (found,) = (item for item in plan.findings if item.rule == "running-rate-above-allowed")
        assert found.sources[0].id == entry(plan.entry.id).numbers[path].source.id
        assert {item.id for item in found.sources[1:]} <= {"taniguchi-2000", "inotrope-judgement"}


def test_a_plan_says_whose_dose_it_is_and_proposes_none_of_the_others(make_case: Maker) -> None:
    plan = make_plan(make_case())
    assert plan.entry is not None and plan.entry.authority == "US label"
    assert [item.id for item in plan.beside] == [f"{ADHF}-uk", f"{ADHF}-guideline"]
    assert plan.maintenance is not None and plan.maintenance.rate == rate("0.375 mcg/kg/min")
    assert {source.id for source in plan.sources} >= {"accf-aha-card", "pfizer-us-label"}
    plain = to_plain(plan)
    assert plain["entry"]["cap"] == "1.13 mg/kg in any 24 h, the load counted"
    assert set(plain["beside"][0]) == {"id", "authority", "on_label", "says", "differs"}


def test_what_is_the_label_s_is_not_told_as_another_authority_s(make_case: Maker) -> None:
    shock = make_plan(make_case(indication="cardiogenic shock"))
    assert shock.entry is not None and shock.entry.authority == "DOREMI trial protocol"
    cap, hours = shock.entry.not_its_own
    assert cap.startswith("the cap is none of DOREMI trial protocol: ") and cap.endswith("(judgement)")
    assert hours.startswith("the 48 h are none of DOREMI trial protocol, but of: ") and "US label" in hours
    text = " ".join(to_text(plan_sheet(shock)).split())
    assert "Not its own The 48 h are none of DOREMI" in text
    label = make_plan(make_case())
    assert label.entry is not None and label.entry.not_its_own == ()
    lines = next(item for item in answers().answers if item.id == "how-long").computed
    assert any("DOREMI trial protocol" in line and "(US label))" in line for line in lines)
    assert not any("US label, adult" in line and "so:" in line for line in lines)


def test_a_stop_shows_no_other_authority_s_dose_either(make_case: Maker) -> None:
    plan = make_plan(make_case(allergies=["milrinone"]))
    assert plan.status is PlanStatus.STOPPED
    assert plan.entry is not None
    assert (plan.beside, plan.entry.remarks) == ((), ())


def test_the_guideline_gives_no_load_and_says_so(make_case: Maker) -> None:
    plan = make_plan(make_case(authority="ACCF/AHA guideline table"))
    assert plan.loading_dose is not None
    assert (plan.loading_dose.given, plan.loading_dose.because) == (False, "the dosing entry has no load")
    assert plan.maintenance is not None and plan.maintenance.standard is None


def test_a_newborn_s_load_runs_on_the_pump() -> None:
    plan = plan_for("term-newborn")
    if plan.status is PlanStatus.STOPPED:  # the worked cases tell which rule stops it
        pytest.fail(str([item.rule for item in plan.findings]))
    load = plan.loading_dose
    assert load is not None and load.given
    # 0.4 x 3.2 x 60 / 192 = 0.4 mL/h for 60 min
    assert (load.rate, load.pump_rate) == (
        rate("0.4 mcg/kg/min"),
        read_quantity("0.4 mL/h", what="x", dimensions=("flow",)),
    )
    assert load.because == "the load of: KEMH neonatal guideline; the kidney does not change it"


def test_while_a_load_goes_in_the_running_rate_is_the_load_s() -> None:
    given = [{"of": "milrinone", "start": "2026-11-22T07:30:00+01:00", "rate": "1 mcg/kg/min"}]
    running = plan_for("term-newborn", administrations=given).running
    assert running is not None
    assert running.loading_until == datetime.fromisoformat("2026-11-22T08:30:00+01:00")
    assert not running.above_allowed
    assert running.says.startswith("The loading dose is still going in, until 08:30.")


@pytest.mark.parametrize(
    ("patient", "age", "pregnancy"),
    [
        ({"born": "1966-03-02"}, "60 year", None),
        ({"born": "2024-11-22"}, "2 year", None),
        ({"born": "2024-11-23"}, "23 month", None),  # 729 days are 23.95 months
        ({"born": "2026-06-07"}, "5 month", None),  # 168 days are 24 weeks: no longer counted in weeks; 5.52 months
        ({"born": "2026-06-08", "gestational_age": "39 weeks"}, "23 week", "62.857"),  # 167 days: 23 weeks 6 days
        ({"born": "2026-10-25", "gestational_age": "40 weeks"}, "4 week", "44"),  # 28 days
        ({"born": "2026-10-26", "gestational_age": "40 weeks"}, "27 day", "43.857"),
        ({"born": "2026-11-21", "gestational_age": "26+3"}, "1 day", "26.571"),
        ({"born": "2026-11-21T21:00:00+01:00", "gestational_age": "26+3"}, "11 h", "26.494"),
        ({"born": "2026-11-19T08:00:00+01:00", "gestational_age": "26+3"}, "3 day", "26.857"),
    ],
)
def test_an_age_is_said_in_the_unit_of_its_group(patient: dict[str, str], age: str, pregnancy: str | None) -> None:
    base = "adult-70" if "gestational_age" not in patient else "term-newborn"
    # Nothing is measured: some of these are younger than the measurements of the case that they start from.
    shown = plan_for(base, measurements=[], **{f"patient__{key}": value for key, value in patient.items()}).patient
    assert str(shown.age) == age
    found = shown.postmenstrual_age
    assert (None if found is None else found.shown(3)) == (None if pregnancy is None else f"{pregnancy} week")


def test_a_sentence_that_names_the_uk_text_cites_a_uk_text() -> None:
    """Second reading 1.2: the sentence on children's kidneys was read in the label's Brazilian print, not in the UK."""
    told = [item for each in DRUG.entries if each.kidney is not None for item in each.kidney.practices]
    told += [item for each in DRUG.entries for item in each.remarks]
    named = [item for item in told if item.says.startswith(("UK text", "The UK text"))]
    assert named
    assert all(item.source.id.startswith("uk-") for item in named)
    brazil = {item.says for item in told if item.source.id == "brazil-primacor"}
    assert brazil and all("Brazilian" in says for says in brazil)
    rule = DRUG.rule("child-renal-impairment")
    recalled = next(source for source in rule.sources if source.id == "uk-spc-recalled")
    assert recalled.status is Status.UNCONFIRMED
    assert "Brazilian" in rule.advice and "UK" not in rule.advice
