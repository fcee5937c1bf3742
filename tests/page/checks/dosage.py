"""How much, how fast, for whom, and what changes it."""

from __future__ import annotations

from datetime import timedelta

from inotrope.drug import Drug
from inotrope.plan import PlanStatus, check_order, make_plan
from inotrope.units import read_quantity
from tests.page.people import NOW, adult, ago, amount, child, found, in_plan, plan_page, silent, staff_page


def the_page_has_a_part_on_the_dose(drug: Drug) -> None:
    assert "## Dose " in staff_page(drug)


def an_order_by_mouth_is_stopped(drug: Drug) -> None:
    order = {"drug": "milrinone", "text": "milrinone 0.5 mcg/kg/min", "weight": "70 kg", "route": "oral"}
    answer = check_order(order, drug=drug)
    assert "route-not-intravenous" in [item.rule for item in answer.findings]
    assert answer.status == "stopped"


def the_page_tells_how_the_trial_by_mouth_ended(drug: Drug) -> None:
    assert "In a trial of oral milrinone in 1,088 patients symptoms did not improve" in staff_page(drug)


def the_dose_depends_on_the_condition(drug: Drug) -> None:
    rates = {}
    for indication in ("acute decompensated heart failure", "cardiogenic shock"):
        plan = make_plan(adult(indication=indication), forecast=False, drug=drug)
        assert plan.maintenance is not None, f"no dose for {indication}"
        rates[indication] = amount(plan.maintenance.rate, "mcg/kg/min")
    assert rates == {"acute decompensated heart failure": 0.375, "cardiogenic shock": 0.125}


def the_rate_is_raised_by_effect_in_steps(drug: Drug) -> None:
    steps = make_plan(adult(), forecast=False, drug=drug).titration
    assert [(amount(step.rate, "mcg/kg/min"), f"{step.not_before:%H:%M}") for step in steps] == [
        (0.5, "08:40"),  # a load of 10 min, then 30 min
        (0.75, "09:10"),
    ]


def the_next_step_up_waits_for_the_last_one(drug: Drug) -> None:
    running = make_plan(adult(running=0.25), forecast=False, drug=drug).running
    assert running is not None
    assert running.next_up is not None, "no next step"
    assert amount(running.next_up.rate, "mcg/kg/min") == 0.75
    assert running.next_up.not_before == NOW + timedelta(minutes=15)  # 30 min after the start


def weaning_goes_down_to_nothing_in_printed_steps(drug: Drug) -> None:
    running = make_plan(adult(running=6), forecast=False, drug=drug).running
    assert running is not None
    assert [amount(step.rate, "mcg/kg/min") for step in running.weaning] == [0.375, 0]


def vital_signs_are_watched_closely_at_the_start(drug: Drug) -> None:
    assert "every 15 min for the first hour" in plan_page(drug, adult())


def an_adult_is_eighteen(drug: Drug) -> None:
    for age, authority in (("17 years", "UK text"), ("18 years", "US label")):
        plan = make_plan(adult(patient={"born": None, "age": age}), forecast=False, drug=drug)
        assert plan.entry is not None, f"no entry at {age}"
        assert plan.entry.authority == authority


def the_load_is_50_mcg_per_kg_over_10_min(drug: Drug) -> None:
    load = make_plan(adult(), forecast=False, drug=drug).loading_dose
    assert load is not None
    assert load.given, load.because
    assert amount(load.dose, "mg") == 4.1  # 0.05 mg/kg x 82 kg
    assert amount(load.duration, "min") == 10


def the_infusion_is_from_0375_to_075(drug: Drug) -> None:
    rate = make_plan(adult(), forecast=False, drug=drug).maintenance
    assert rate is not None
    assert amount(rate.rate, "mcg/kg/min") == amount(rate.minimum, "mcg/kg/min") == 0.375
    assert amount(rate.maximum, "mcg/kg/min") == 0.75


def the_guideline_without_a_bolus_stands_beside_the_label(drug: Drug) -> None:
    beside = {item.authority: item.differs for item in make_plan(adult(), forecast=False, drug=drug).beside}
    assert "ACCF/AHA guideline table" in beside
    assert any("load" in line for line in beside["ACCF/AHA guideline table"])


def the_daily_total_counts_the_load(drug: Drug) -> None:
    total = make_plan(adult(), forecast=False, drug=drug).total_24_h
    assert total is not None
    per_weight = amount(total.per_weight, "mg/kg")
    assert per_weight is not None
    assert abs(per_weight - (0.374 * 1.44 + 0.05)) < 0.001  # 9.2 mL/h of 0.2 mg/mL for 82 kg is 0.374 mcg/kg/min
    assert amount(total.maximum, "mg/kg") == 1.13


def the_daily_total_is_no_rate(drug: Drug) -> None:
    read_as_a_rate = {"of": "milrinone", "start": ago(1), "rate": "0.785 mcg/kg/min"}  # 1.13 mg/kg in 1,440 min
    finding = found(drug, "running-rate-above-maximum", adult(administrations=[read_as_a_rate]))
    assert finding.severity == "stop"


def what_was_given_leaves_the_rest_of_the_daily_total(drug: Drug) -> None:
    given = make_plan(adult(running=10), forecast=False, drug=drug).given
    assert given is not None
    assert amount(given.in_24_h, "mg/kg") == 0.3  # 0.5 mcg/kg/min x 600 min
    assert amount(given.left_24_h, "mg/kg") == 0.83  # 1.13 - 0.3


def outside_the_label_the_rate_climbs_from_0125_by_effect(drug: Drug) -> None:
    plan = make_plan(adult(indication="support after heart transplant"), forecast=False, drug=drug)
    assert plan.maintenance is not None, "no dose for support after a transplant"
    rates = [plan.maintenance.rate, *(step.rate for step in plan.titration)]
    assert [amount(rate, "mcg/kg/min") for rate in rates] == [0.125, 0.25, 0.375, 0.5, 0.75]


def the_plan_says_that_a_low_rate_did_not_hold(drug: Drug) -> None:
    assert "0.25 mcg/kg/min did not hold the effect" in plan_page(drug, adult(indication="bridge to heart transplant"))


def children_have_their_own_part(drug: Drug) -> None:
    assert "- Children: " in staff_page(drug)


def a_child_gets_the_practice_that_the_page_prints(drug: Drug) -> None:
    plan = make_plan(child(), forecast=False, drug=drug)
    assert plan.loading_dose is not None
    assert plan.loading_dose.given, plan.loading_dose.because
    assert amount(plan.loading_dose.dose, "mg") == 0.6  # 0.05 mg/kg x 12 kg
    assert (amount(plan.loading_dose.duration, "min"), plan.loading_dose.duration_range) == (60, "10 min to 60 min")
    assert plan.maintenance is not None
    assert amount(plan.maintenance.rate, "mcg/kg/min") == 0.25
    assert amount(plan.maintenance.maximum, "mcg/kg/min") == 0.75


def the_uk_text_gives_a_child_another_load(drug: Drug) -> None:
    plan = make_plan(child(indication="low cardiac output after cardiac surgery"), forecast=False, drug=drug)
    assert plan.entry is not None
    assert (plan.entry.authority, plan.entry.longest) == ("UK text", "at most 35 h")
    assert plan.loading_dose is not None
    assert plan.loading_dose.dose_range == "50 mcg/kg to 75 mcg/kg"
    assert plan.loading_dose.duration_range == "30 min to 60 min"


def a_preterm_newborn_has_a_regimen_of_its_own(drug: Drug) -> None:
    baby = {"born": ago(30), "sex": "female", "weight": "0.9 kg", "height": None, "gestational_age": "27+3"}
    case = child(
        patient=baby, conditions={"renal impairment": "absent", "oliguria": "absent"}, measurements=[], preparation=None
    )
    plan = make_plan(case, forecast=False, drug=drug)
    assert plan.maintenance is not None, [refusal.says for refusal in plan.refusals]
    assert amount(plan.maintenance.rate, "mcg/kg/min") == 0.2
    assert plan.loading_dose is not None
    assert amount(plan.loading_dose.rate, "mcg/kg/min") == 0.75
    assert amount(plan.loading_dose.duration, "h") == 3


def the_program_leaves_the_blood_pressure_of_a_child_to_the_specialist(drug: Drug) -> None:
    finding = found(drug, "pressure-limits-of-a-child", child())
    assert "no limit for a low blood pressure at this age" in finding.says


def impaired_kidneys_are_told(drug: Drug) -> None:
    finding = found(drug, "renal-reduction", adult(measured={"serum creatinine": "2.2 mg/dL"}))
    assert "limits the rate" in finding.says
    assert silent(drug, "renal-reduction", adult())


def the_ceiling_lies_on_the_line_between_the_printed_points(drug: Drug) -> None:
    highest = {}
    for clearance in ("35 mL/min/1.73 m2", "41 mL/min/1.73 m2"):
        kidney = read_quantity(clearance, what="Kidney", dimensions=("flow per body surface area",))
        case = adult(measurements=[])
        rate = make_plan(case, assume_kidney=kidney, forecast=False, drug=drug).maintenance
        assert rate is not None
        highest[clearance] = amount(rate.maximum, "mcg/kg/min")
    # facts/milrinone.md 7, row 8: 0.355; at 41 a band "below 50" would give 0.43 instead of 0.385
    assert highest == {"35 mL/min/1.73 m2": 0.355, "41 mL/min/1.73 m2": 0.385}


def without_a_kidney_function_no_rate_is_proposed(drug: Drug) -> None:
    plan = make_plan(adult(measurements=[]), forecast=False, drug=drug)
    assert plan.status is PlanStatus.REFUSED
    assert plan.maintenance is None
    assert [item.id for item in plan.refusals] == ["creatinine-absent"]


def below_the_table_no_rate_is_proposed(drug: Drug) -> None:
    kidney = read_quantity("4 mL/min/1.73 m2", what="Kidney", dimensions=("flow per body surface area",))
    plan = make_plan(adult(measurements=[]), assume_kidney=kidney, forecast=False, drug=drug)
    assert in_plan(plan, "creatinine-clearance-below-5").effect == "no rate"
    assert plan.maintenance is None


def the_liver_changes_no_rate_and_nobody_studied_it(drug: Drug) -> None:
    case = adult(conditions={"hepatic impairment": "present"})
    assert "none was studied as far as known" in found(drug, "hepatic-impairment", case).says
    rate = make_plan(case, forecast=False, drug=drug).maintenance
    assert rate is not None
    assert amount(rate.rate, "mcg/kg/min") == 0.375
