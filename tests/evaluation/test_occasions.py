"""Occasions of a table: told apart by a column, as a problem that is built by hand tells them apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inotrope.estimation import Levels, find_mode, problem_of
from inotrope.evaluation import fit_table, foresee
from inotrope.evaluation.writing import subject_columns
from inotrope.kinetics import Timeline
from inotrope.population import typical_values

from .tables import columns_of, model_of

TEXT = """ID,TIME,EVID,AMT,RATE,WT,DV,OCC
1,0,1,4000,0,70,.,5
1,2,0,.,.,70,60,5
1,12,1,4000,0,70,.,9
1,14,0,.,.,70,90,9
2,0,1,4000,0,70,.,3
2,2,0,.,.,70,60,3
"""
NAMED = {"OCC": "occasion"}
OCCASIONS = {"occasions": {"clearance": 0.2, "volume": 0.1}}


def test_they_are_told_apart_where_a_column_names_them(tmp_path: Path) -> None:
    model = model_of(tmp_path, **OCCASIONS)
    fit = fit_table(model, columns_of(TEXT), columns=NAMED)
    timeline = Timeline.of_rates([0.0, 12.0], [0.0, 0.0], [4000.0, 4000.0], row=[0, 1])
    # From the row of 12 h on the second occasion holds, so the dose of 12 h is cleared by it.
    problem = problem_of(
        model,
        timeline=timeline,
        typical=typical_values(model, {"weight": np.full(2, 70.0)}),
        levels=Levels.of([2.0, 14.0], [60.0, 90.0]),
        row_of_occasion=[0, 1],
    )
    wanted = find_mode(problem)
    assert fit.modes.names == problem.names
    assert fit.modes.etas[0] == pytest.approx(wanted.etas, abs=1e-9)
    assert fit.modes.covariance[0] == pytest.approx(wanted.covariance, abs=1e-9)
    assert [own.max() for own in fit.occasions] == [1, 0]
    assert np.isnan(fit.modes.etas[1]).tolist() == [False] * 6 + [True] * 2
    assert "Occasions are told apart, up to 2 occasions of a subject, in the order in which they come." in fit.says
    columns = subject_columns(fit)
    assert "ETA_clearance_OCC2" in columns and np.isnan(columns["COV_8_8"]).tolist() == [False, True]
    own = typical_values(model, {"weight": np.array([70.0])})["clearance"] * np.exp(
        wanted.etas[0] + wanted.etas[problem.names.index("clearance, occasion 1")]
    )
    assert fit.parameters["clearance"][0] == pytest.approx(own[0], rel=1e-9)


def test_an_occasion_that_comes_back_is_the_same_one(tmp_path: Path) -> None:
    """5, 9, 5: two occasions, and the third stretch deviates as the first."""
    text = TEXT.replace("2,0,1,4000,0,70,.,3\n2,2,0,.,.,70,60,3\n", "1,24,1,4000,0,70,.,5\n1,26,0,.,.,70,80,5\n")
    fit = fit_table(model_of(tmp_path, **OCCASIONS), columns_of(text), columns=NAMED)
    assert len(fit.modes.names) == 4 + 2 * 2
    assert sorted(set(fit.occasions[0].tolist())) == [0, 1]


def test_without_a_column_they_are_not_told_apart(tmp_path: Path) -> None:
    fit = fit_table(model_of(tmp_path, **OCCASIONS), columns_of(TEXT))
    assert fit.modes.names == ("clearance", "volume", "q2", "v2") and fit.occasions == ()
    assert "Occasions are not told apart. A table names them: --column OCC=occasion." in fit.says


def test_later_occasions_are_foreseen_with_their_spread(tmp_path: Path) -> None:
    """From the first level alone the second occasion's deviation is unknown, and widens the interval."""
    model = model_of(tmp_path, **OCCASIONS)
    apart, same = (
        foresee(fit_table(model, columns_of(text), columns=NAMED)) for text in (TEXT, TEXT.replace(",9\n", ",5\n"))
    )
    assert [item.levels for item in apart.by_used] == [3, 1]
    width = [found.rows.high_ng_per_ml[-1] - found.rows.low_ng_per_ml[-1] for found in (apart, same)]
    assert width[0] > width[1]
