"""A model set up for a patient: stretches, covariates on them, and what stands in their place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inotrope.dosing import history
from inotrope.drug import load_drug
from inotrope.population import Circumstances, Remark, Standing, few_rows, load_models, series_of_case, set_up
from inotrope.population.giving import Flow, changes, timeline
from tests.forecast.persons import adult, kidney

DRUG = load_drug("milrinone")
LABEL = next(model for model in load_models(DRUG) if model.name == "milrinone/label_adult")
FLOWS = (Flow(-6.0, np.inf, 1800.0), Flow(-2.0, -1.0, 600.0))


def circumstances() -> Circumstances:
    case = adult()
    assert history(case, drug="milrinone").conflict is None
    return Circumstances.of_case(case, DRUG, flowing=FLOWS, kidney=kidney(case))


def test_flows_that_overlap_add_up() -> None:
    begin = changes(FLOWS)
    assert begin.tolist() == [-6.0, -2.0, -1.0, 0.0]
    assert timeline(FLOWS, begin, 0).rate_mcg_per_h.tolist() == [1800.0, 2400.0, 1800.0, 1800.0]


def test_a_covariate_that_moves_stands_in_the_place_of_the_case_s() -> None:
    patient = circumstances()
    series = series_of_case(LABEL, patient.case, kidney=patient.kidney)
    held = set_up(LABEL, patient, series, until_h=24.0, cuts_h=(-3.0, -9.0))
    assert held.begin_h.tolist() == [-6.0, -3.0, -2.0, -1.0, 0.0]  # nothing begins before the first dose
    assert held.domain.answers and held.timeline(0).begin_h.tolist() == held.begin_h.tolist()
    moving = {"creatinine clearance": lambda begin: 80.0 + 0 * begin, "height": lambda begin: begin}
    at_80 = set_up(LABEL, patient, series, until_h=24.0, moving=moving)
    assert "height" not in at_80.values  # the label's model does not ask for it
    # At a clearance of 80 the label's own 0.14 L/kg/h holds, and at 40 it is 0.17 + 0.83 / 2 of it.
    weight = float(patient.case.patient.weight.in_unit("kg"))
    assert np.allclose(at_80.typical()["clearance"], 0.14 * weight, rtol=1e-12)
    halved = at_80.typical({"creatinine clearance": np.array([[80.0], [40.0]])})["clearance"]
    assert halved.shape == (2, at_80.begin_h.size)
    assert np.allclose(halved[1] / halved[0], 0.17 + 0.83 / 2, rtol=1e-12)


def test_what_speaks_against_it_is_a_refusal() -> None:
    patient = circumstances()
    series = series_of_case(LABEL, patient.case, kidney=patient.kidney)
    against = Remark("kidneys", Standing.REFUSAL, "No.")
    found = set_up(LABEL, patient, series, until_h=1.0, refused=[against])
    assert found.domain.standing is Standing.REFUSAL and found.domain.remarks[0] == against
    just_off = set_up(LABEL, replace(patient, not_yet="Not yet."), series, until_h=1.0)
    assert not just_off.domain.answers and just_off.domain.remarks[0].says == "Not yet."


def test_rows_that_are_alike_are_one() -> None:
    begins, row, rows = few_rows(np.array([0.0, 1.0, 2.0]), {"clearance": np.array([1.0, 1.0, 2.0])})
    assert begins.tolist() == [0.0, 2.0] and row.tolist() == [0, 0, 1] and rows["clearance"].tolist() == [1.0, 2.0]
