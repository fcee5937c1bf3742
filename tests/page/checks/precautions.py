"""Who must not get it, with what not, and what to be careful with."""

from __future__ import annotations

from inotrope.drug import Drug
from inotrope.plan import PlanStatus, make_plan
from tests.page.people import adult, found, plan_page, silent, staff_page

WOMAN = {"sex": "female", "born": "1990-05-01"}


def the_page_lists_the_rules(drug: Drug) -> None:
    assert "## Safety rules " in staff_page(drug)


def an_allergy_to_milrinone_stops_for_good(drug: Drug) -> None:
    finding = found(drug, "hypersensitivity-milrinone", adult(allergies=["milrinone"]))
    assert (finding.severity, finding.override_allowed) == ("stop", False)


def an_allergy_to_inamrinone_stops_but_may_be_overridden(drug: Drug) -> None:
    finding = found(drug, "hypersensitivity-inamrinone", adult(allergies=["amrinone"]))
    assert (finding.severity, finding.override_allowed) == ("stop", True)
    assert "The label does not forbid milrinone here" in finding.advice


def the_uk_forbids_it_in_severe_hypovolemia(drug: Drug) -> None:
    finding = found(drug, "severe-hypovolemia", adult(conditions={"severe hypovolemia": "present"}))
    assert (finding.severity, finding.override_allowed) == ("stop", False)


def anagrelide_is_to_be_avoided(drug: Drug) -> None:
    finding = found(drug, "anagrelide", adult(medicines=["anagrelide"]))
    assert finding.severity == "warn"
    assert "same enzyme (PDE3)" in finding.says


def a_beta_blocker_is_told(drug: Drug) -> None:
    assert "metoprolol" in found(drug, "beta-blocker", adult(medicines=["metoprolol"])).says


def riociguat_is_told(drug: Drug) -> None:
    assert "may fall too low" in found(drug, "riociguat", adult(medicines=["riociguat"])).says


def disopyramide_is_told(drug: Drug) -> None:
    assert "may fall too low" in found(drug, "disopyramide", adult(medicines=["disopyramide"])).says


def furosemide_must_not_share_the_line(drug: Drug) -> None:
    case = adult(lines=[{"with": ["furosemide"]}])
    assert "solid particles" in found(drug, "loop-diuretic-same-line", case).says


def a_medicine_that_nobody_knows_is_named_as_not_checked(drug: Drug) -> None:
    assert "grandmother's drops" in found(drug, "not-checked", adult(medicines=["grandmother's drops"])).says


def atrial_fibrillation_needs_its_rate_under_control(drug: Drug) -> None:
    conditions = {"atrial flutter": "present", "ventricular rate control": "absent"}
    assert "flutter" in found(drug, "atrial-fibrillation-without-rate-control", adult(conditions=conditions)).says


def an_obstructed_outflow_stops(drug: Drug) -> None:
    conditions = {"hypertrophic obstructive cardiomyopathy": "present"}
    assert found(drug, "hypertrophic-obstruction", adult(conditions=conditions)).severity == "stop"


def potassium_is_corrected_first(drug: Drug) -> None:
    finding = found(drug, "potassium-low", adult(measured={"serum potassium": "3.2 mmol/L"}))
    assert "3.2 mmol/L, below 3.5 mmol/L" in finding.says


def magnesium_is_looked_at_as_well(drug: Drug) -> None:
    assert "below" in found(drug, "magnesium-low", adult(measured={"serum magnesium": "0.5 mmol/L"})).says


def digitalis_makes_a_low_potassium_worse(drug: Drug) -> None:
    case = adult(medicines=["digoxin"], measured={"serum potassium": "3.8 mmol/L"})
    assert "3.8 mmol/L" in found(drug, "digoxin-with-low-potassium", case).says


def at_a_low_pressure_a_running_infusion_is_stopped(drug: Drug) -> None:
    plan = make_plan(adult(running=6, measured={"mean arterial pressure": "58 mmHg"}), forecast=False, drug=drug)
    assert plan.status is PlanStatus.STOPPED
    assert silent(drug, "low-pressure-while-running", adult(running=6))


def a_recent_infarction_is_told(drug: Drug) -> None:
    case = adult(conditions={"acute myocardial infarction": "present"})
    assert found(drug, "acute-myocardial-infarction", case).severity == "warn"


def impaired_kidneys_hold_the_rate_down(drug: Drug) -> None:
    rate = make_plan(adult(measured={"serum creatinine": "2.8 mg/dL"}), forecast=False, drug=drug).maintenance
    assert rate is not None
    highest = rate.maximum.in_unit("mcg/kg/min")
    assert highest < rate.minimum.in_unit("mcg/kg/min"), "the printed table holds the rate below the label's minimum"


def breastfeeding_is_said_on_the_plan(drug: Drug) -> None:
    finding = found(drug, "breastfeeding", adult(patient=WOMAN, conditions={"breastfeeding": "present"}))
    assert finding.severity == "inform"


def lost_fluid_is_told(drug: Drug) -> None:
    case = adult(conditions={"recent vigorous diuresis": "present"})
    assert "may not fill well enough" in found(drug, "low-filling-after-diuresis", case).says


def heart_rate_and_pressure_are_watched_every_hour(drug: Drug) -> None:
    watched = {item.what: item.how_often for item in make_plan(adult(), forecast=False, drug=drug).monitoring}
    assert watched.get("blood pressure and heart rate after the first hour") == "every hour"


def the_ecg_runs_all_the_time(drug: Drug) -> None:
    assert "| ECG | continuously, with facilities to treat an arrhythmia at hand |" in plan_page(drug, adult())


def a_fall_of_the_systolic_pressure_stops(drug: Drug) -> None:
    pressures = [
        {"what": "systolic blood pressure", "value": value, "at": at}
        for value, at in (("138 mmHg", "2026-11-22T05:00:00+01:00"), ("104 mmHg", "2026-11-22T07:50:00+01:00"))
    ]
    creatinine = [
        {"what": "serum creatinine", "value": "1.1 mg/dL", "at": at}
        for at in ("2026-11-21T06:00:00+01:00", "2026-11-22T06:00:00+01:00")
    ]
    finding = found(drug, "systolic-fall", adult(running=6, measurements=[*creatinine, *pressures]))
    assert (finding.severity, "34 mmHg" in finding.says) == ("stop", True)


def a_change_of_the_heart_rate_is_told(drug: Drug) -> None:
    rates = [
        {"what": "heart rate", "value": value, "at": at}
        for value, at in (("80 /min", "2026-11-22T05:00:00+01:00"), ("112 /min", "2026-11-22T07:50:00+01:00"))
    ]
    assert "32" in found(drug, "heart-rate-change", adult(running=6, measurements=rates)).says


def the_letter_of_pregnancy_is_dated_and_the_animals_are_told(drug: Drug) -> None:
    finding = found(drug, "pregnancy", adult(patient=WOMAN, conditions={"pregnancy": "present"}))
    assert "animals" in finding.evidence["consequences"]
    assert "a letter that is retired" in finding.evidence["classification"]


def pregnancy_is_weighed_and_not_forbidden(drug: Drug) -> None:
    plan = make_plan(adult(patient=WOMAN, conditions={"pregnancy": "present"}), forecast=False, drug=drug)
    advice = [item.advice for item in plan.findings if item.rule == "pregnancy"]
    assert advice, "nothing is said about the pregnancy"
    assert "benefit" in advice[0]
    assert plan.status is PlanStatus.PLAN


def whether_it_goes_into_milk_is_not_known(drug: Drug) -> None:
    finding = found(drug, "breastfeeding", adult(patient=WOMAN, conditions={"breastfeeding": "present"}))
    assert "not known" in f"{finding.says} {finding.advice}"
