"""The notice that the page ends with, and what stands behind it."""

from __future__ import annotations

from inotrope.drug import Drug
from inotrope.plan import make_plan
from tests.page.people import adult, family_page, found, plan_page, staff_page


def every_plan_says_that_it_is_no_medical_advice(drug: Drug) -> None:
    assert "does not constitute medical advice" in plan_page(drug, adult())


def the_page_for_families_sends_to_a_professional(drug: Drug) -> None:
    assert "Always consult a healthcare professional for any health concerns" in family_page(drug)


def what_no_rule_reads_is_named(drug: Drug) -> None:
    finding = found(drug, "not-judged", adult(measured={"right ventricular ejection fraction": "38 %"}))
    assert "right ventricular ejection fraction 38 %" in finding.says


def the_page_for_staff_sends_to_the_prescribing_information(drug: Drug) -> None:
    assert "Always refer to the official prescribing information" in staff_page(drug)


def every_dose_names_the_text_it_is_taken_from(drug: Drug) -> None:
    plan = make_plan(adult(), forecast=False, drug=drug)
    assert plan.maintenance is not None
    assert [source.id for source in plan.maintenance.sources] == ["pfizer-us-label"]
