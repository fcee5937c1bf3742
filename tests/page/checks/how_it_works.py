"""The mechanism, as far as it is said, and what of it a patient's plan shows."""

from __future__ import annotations

from inotrope.drug import Drug
from inotrope.plan import make_plan
from tests.page.people import adult, child, found, staff_page


def the_page_has_a_paragraph_on_how_it_works(drug: Drug) -> None:
    assert "How it works: " in staff_page(drug)


def it_inhibits_pde3_which_breaks_down_cyclic_amp(drug: Drug) -> None:
    assert "inhibits the enzyme phosphodiesterase 3 (PDE3), which breaks down cyclic AMP" in staff_page(drug)


def another_pde3_inhibitor_is_found_by_its_class(drug: Drug) -> None:
    finding = found(drug, "other-pde3-inhibitor", adult(medicines=["cilostazol"]))
    assert "acts on the same enzyme (PDE3)" in finding.says


def more_cyclic_amp_acts_within_minutes(drug: Drug) -> None:
    assert "The effect begins within 5 to 15 min." in staff_page(drug)


def stronger_contractions_and_wider_vessels_stand_on_the_page(drug: Drug) -> None:
    assert "makes the heart contract more strongly and widens the blood vessels. The effect" in staff_page(drug)


def wider_vessels_are_why_no_load_is_given_at_a_low_pressure(drug: Drug) -> None:
    reason = {"low-pressure-at-start": "shock, its pressure held by norepinephrine"}  # without one nothing is started
    load = make_plan(
        adult(measured={"mean arterial pressure": "62 mmHg"}), forecast=False, drug=drug, overrides=reason
    ).loading_dose
    assert load is not None
    assert not load.given
    assert "below 65 mmHg. No loading dose is planned" in load.because  # the stop that was set aside withholds it too


def it_does_not_help_where_the_outflow_is_blocked(drug: Drug) -> None:
    finding = found(drug, "severe-valve-obstruction", adult(conditions={"severe aortic stenosis": "present"}))
    assert finding.severity == "stop"


def low_output_shows_in_the_lactate_of_a_child(drug: Drug) -> None:
    lactate = [{"what": "lactate", "value": "3.1 mmol/L", "at": "2026-11-22T07:00:00+01:00"}]
    finding = found(drug, "high-lactate-in-a-child", child(measurements=lactate))
    assert "3.1 mmol/L" in finding.says
