"""The curves of a few subjects pass where their numbers are, and the subjects are not picked."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.estimation.many import Subject
from inotrope.evaluation import TableFit
from inotrope.evaluation.agreement import agreement, residuals
from inotrope.evaluation.curves import some_curves
from inotrope.evaluation.levels import Deviating
from inotrope.evaluation.simulated import Anew, levels_at
from inotrope.kinetics import Timeline
from tests.evaluation.drawn_tables import a_model, table_of


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> TableFit:
    return table_of(a_model(tmp_path_factory.mktemp("model")), subjects=12, searched=True)


def test_the_curves_pass_through_the_predictions(fit: TableFit) -> None:
    for curve in some_curves(fit):
        rows = curve.level
        assert (fit.rows.subject[rows] == curve.subject).all()
        for line, predicted in ((curve.typical_ng_per_ml, fit.rows.pred), (curve.own_ng_per_ml, fit.rows.ipred)):
            between = np.interp(fit.rows.time_h[rows], curve.time_h, line)
            assert between == pytest.approx(predicted[rows], rel=0.01)
        assert (np.diff(curve.time_h) >= 0).all() and {1 / 6, 24.0} <= set(curve.time_h.tolist())


def test_six_are_chosen_from_the_best_to_the_worst(fit: TableFit) -> None:
    curves = some_curves(fit)
    weighted = fit.rows.weighted.reshape(12, 4)
    rms = np.sqrt((weighted**2).mean(axis=1))
    assert len(curves) == 6 and [curve.rms for curve in curves] == sorted(curve.rms for curve in curves)
    assert curves[0].rms == pytest.approx(rms.min()) and curves[-1].rms == pytest.approx(rms.max())
    assert curves[0].subject == rms.argmin()
    assert len(some_curves(fit, most=2)) == 2 and len(some_curves(fit, most=40)) == 12


def test_who_has_no_answer_or_no_level_is_not_shown(fit: TableFit) -> None:
    converged = np.ones(12, dtype=bool)
    converged[3] = False
    below = fit.rows.subject == 5
    some = replace(fit, modes=replace(fit.modes, converged=converged), rows=replace(fit.rows, below=below))
    shown = {curve.subject for curve in some_curves(some, most=40)}
    assert shown == set(range(12)) - {3, 5}
    assert some_curves(replace(fit, modes=replace(fit.modes, converged=~np.ones(12, dtype=bool)))) == ()


def test_a_bolus_is_a_jump_and_one_level_with_the_dose_has_a_curve(fit: TableFit) -> None:
    own = fit.subjects[0]
    bolus = Subject(Timeline.of_rates([0.0, 6.0], [0.0, 0.0], [4000.0, 4000.0]), own.typical, own.levels)
    curve = next(one for one in some_curves(replace(fit, subjects=(bolus,) * 12), most=40) if one.subject == 0)
    at = np.searchsorted(curve.time_h, 6.0)
    assert curve.typical_ng_per_ml[at] - curve.typical_ng_per_ml[at - 1] == pytest.approx(
        4000 / float(own.typical["volume"][0]), rel=1e-6
    )
    first = fit.rows.subject * 4 == np.arange(48)
    few = {one.name: getattr(fit.rows, one.name)[first] for one in fields(fit.rows)}
    alone = replace(fit, rows=type(fit.rows)(**(few | {"time_h": np.zeros(12)})))
    assert some_curves(alone)[0].time_h[-1] == 1.0


def test_an_occasion_has_its_own_deviation(tmp_path: Path) -> None:
    model = a_model(tmp_path, occasions={"clearance": 0.2})
    fit = table_of(model, subjects=2)
    typical = {name: np.repeat(value, 3) for name, value in fit.subjects[0].typical.items()}
    rows = np.array([0, 1, 2])
    line = Timeline.of_rates([0.0, 1 / 6, 24.0], fit.subjects[0].timeline.rate_mcg_per_h, row=rows)
    own = Subject(line, typical, fit.subjects[0].levels)
    told = replace(fit, subjects=(own, own), occasions=(np.array([0, 0, 1]),) * 2)
    etas = np.zeros((2, 6))  # four of the patient, and his clearance on two occasions
    etas[1, 5] = 0.5
    before, changed = levels_at(Deviating(model, told.occasions), own, 0, etas=etas, time_h=np.array([20.0, 30.0]))
    assert changed[0] == before[0] and changed[1] < before[1]
    drawn = Anew(told, seed=1).draw(np.arange(3))
    assert drawn.shape == (3, 8) and (drawn != Anew(fit, seed=1).draw(np.arange(3))).any()


def test_agreement_by_hand(fit: TableFit) -> None:
    dv, pred = np.array([100.0, 200.0, 0.0, 50.0]), np.array([110.0, 160.0, 5.0, 60.0])
    below = np.array([False, False, False, True])
    subject, sd, early = np.zeros(4, dtype=np.int64), np.full(4, 10.0), np.zeros(4, dtype=bool)
    few = type(fit.rows)(subject, np.arange(4.0), dv, below, pred, pred, sd, early)
    some = replace(fit, rows=few)
    found = agreement(some, pred)
    assert found is not None and found.levels == 2  # the errors are +10 % and -20 %
    assert found.median_error == pytest.approx(-0.05) and found.median_absolute_error == pytest.approx(0.15)
    assert found.rms_error == pytest.approx(np.sqrt((0.01 + 0.04) / 2))
    assert agreement(some, np.full(4, np.nan)) is None
    # The weighted residuals are -1, 4 and -0.5.
    weighted = residuals(some)
    assert weighted is not None and (weighted.levels, weighted.beyond) == (3, pytest.approx(1 / 3))
    assert weighted.mean == pytest.approx(2.5 / 3)
    assert weighted.sd == pytest.approx(np.sqrt(((1 + 2.5 / 3) ** 2 + (4 - 2.5 / 3) ** 2 + (0.5 + 2.5 / 3) ** 2) / 2))
    assert residuals(replace(fit, rows=replace(few, below=np.array([True, True, False, True])))) is None


def test_a_subject_without_levels_takes_no_part(fit: TableFit) -> None:
    kept = fit.rows.subject != 4
    rows = type(fit.rows)(**{one.name: getattr(fit.rows, one.name)[kept] for one in fields(fit.rows)})
    drawn, whole = (Anew(one, seed=2).draw(np.arange(5)) for one in (replace(fit, rows=rows), fit))
    assert (drawn == whole[:, kept]).all()  # and nobody else's numbers change
    assert 4 not in {curve.subject for curve in some_curves(replace(fit, rows=rows), most=40)}
