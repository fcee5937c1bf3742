"""What the drug is, and what it is used for."""

from __future__ import annotations

from datetime import timedelta

from inotrope.display import drug_sheet, to_markdown
from inotrope.drug import Drug
from inotrope.plan import PlanStatus, make_plan
from tests.page.people import NOW, adult, amount, child, family_page, found, plan_page, silent, staff_page


def the_page_is_written_in_markdown(drug: Drug) -> None:
    assert to_markdown(drug_sheet(drug)).startswith("# milrinone: drug page\n")


def every_volume_names_the_drug_and_its_strength(drug: Drug) -> None:
    page = plan_page(drug, adult())
    assert "4.1 mL of milrinone 1 mg/mL vial" in page
    assert "9.2 mL/h of milrinone premix 200 mcg/mL" in page


def the_page_names_the_brands(drug: Drug) -> None:
    assert "Brands: Primacor, Corotrop, Corotrope" in staff_page(drug)


def the_strength_of_the_salt_is_no_strength_of_milrinone(drug: Drug) -> None:
    finding = found(drug, "salt-strength", adult(preparation={"product": "vial", "concentration": "1.42 mg/mL"}))
    assert finding.severity == "stop"
    assert "holds 1 mg/mL of milrinone" in finding.says


def a_brand_among_the_medicines_is_milrinone(drug: Drug) -> None:
    plan = make_plan(adult(medicines=["Primacor"]), forecast=False, drug=drug)
    assert plan.loading_dose is not None
    assert not plan.loading_dose.given, "a second load beside the same drug under its brand"


def the_page_says_what_it_is_for(drug: Drug) -> None:
    assert "What it is for: Short-term treatment, into a vein, of acute decompensated heart failure" in staff_page(drug)


def acute_decompensated_heart_failure_has_the_dose_of_the_label(drug: Drug) -> None:
    plan = make_plan(adult(indication="ADHF"), forecast=False, drug=drug)
    assert plan.status is PlanStatus.PLAN
    assert plan.entry is not None
    assert (plan.entry.authority, plan.entry.on_label) == ("US label", True)


def short_term_ends_where_the_controlled_experience_ends(drug: Drug) -> None:
    finding = found(drug, "beyond-48-h", adult(running=48))
    assert "48 h" in finding.says
    assert silent(drug, "beyond-48-h", adult(running=47))


def a_plan_says_when_48_h_are_reached(drug: Drug) -> None:
    running = make_plan(adult(running=40), forecast=False, drug=drug).running
    assert running is not None
    assert running.limit_reached_at == NOW + timedelta(hours=8)


def the_dose_of_the_label_is_for_adults(drug: Drug) -> None:
    plan = make_plan(child(indication="acute decompensated heart failure"), forecast=False, drug=drug)
    assert plan.entry is not None
    assert plan.entry.authority == "UK text", "the US label has no dose below 18 years"


def it_is_for_acute_heart_failure_in_plain_words(drug: Drug) -> None:
    assert "it is given into a vein for a short time in acute heart failure." in family_page(drug)


def it_makes_the_heart_contract_more_strongly(drug: Drug) -> None:
    assert "Is: Milrinone makes the heart contract more strongly" in staff_page(drug)


def it_widens_the_vessels_so_the_pressure_is_watched_during_the_load(drug: Drug) -> None:
    watched = [item for item in make_plan(adult(), forecast=False, drug=drug).monitoring if "loading dose" in item.what]
    assert [item.how_often for item in watched] == ["every 5 min"]
    assert "widens the blood vessels" in watched[0].why


def a_bridge_to_transplant_starts_low_and_without_a_load(drug: Drug) -> None:
    plan = make_plan(adult(indication="bridge to transplant"), forecast=False, drug=drug)
    assert plan.maintenance is not None, "no dose for a bridge to transplant"
    assert amount(plan.maintenance.rate, "mcg/kg/min") == 0.125
    assert plan.loading_dose is not None
    assert not plan.loading_dose.given


def support_after_transplant_has_a_dose(drug: Drug) -> None:
    plan = make_plan(adult(indication="after heart transplant"), forecast=False, drug=drug)
    assert plan.maintenance is not None, "no dose for support after a transplant"
    assert amount(plan.maintenance.rate, "mcg/kg/min") == 0.125


def low_output_in_a_child_has_a_dose(drug: Drug) -> None:
    plan = make_plan(child(indication="low cardiac output syndrome"), forecast=False, drug=drug)
    assert plan.entry is not None, "no dose for low output in a child"
    assert not plan.entry.on_label


def septic_shock_in_a_child_has_a_dose(drug: Drug) -> None:
    plan = make_plan(child(indication="septic shock"), forecast=False, drug=drug)
    assert plan.entry is not None, "no dose for septic shock in a child"
    assert not plan.entry.on_label


def a_plan_for_a_child_says_that_nothing_is_established(drug: Drug) -> None:
    finding = found(drug, "child", child())
    assert "safety and efficacy of milrinone are not established" in finding.says
    assert silent(drug, "child", adult())


def a_use_outside_the_label_is_called_so(drug: Drug) -> None:
    assert "off label" in plan_page(drug, adult(indication="bridge to heart transplant"))
