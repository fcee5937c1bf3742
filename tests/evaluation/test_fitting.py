"""Fits of a table: against the reference set, against problems built by hand, and what a fit must not depend on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel, Levels, find_mode, problem_of
from inotrope.evaluation import fit_table, fitting, searching
from inotrope.kinetics import Timeline
from inotrope.population import ResidualForm, typical_values
from tests.estimation.models import SUM
from tests.estimation.reference import Reference

from .tables import HEAD, REFERENCE, SOUND, columns_of, model_of, subjects_turned, with_columns, written_model


@pytest.mark.parametrize("machine_code", [False, True])
def test_the_reference_set_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine_code: bool) -> None:
    """25 patients of `map_estimates`: etas and objective to 1e-9, covariance to 1e-6 of its largest entry."""
    if machine_code:
        monkeypatch.setattr(searching, "MANY", 1)
    wanted = Reference.read()
    seen: list[tuple[int, int]] = []
    fit = fit_table(written_model(tmp_path), str(REFERENCE), threads=2, told=lambda *done: seen.append(done))
    assert fit.modes.converged.all()
    assert np.abs(fit.modes.etas - wanted.etas).max() < 1e-9
    assert np.abs(fit.modes.objective - wanted.objective).max() < 1e-9
    largest = np.abs(wanted.covariance).max(axis=(1, 2))
    assert (np.abs(fit.modes.covariance - wanted.covariance).max(axis=(1, 2)) / largest).max() < 1e-6
    assert fit.rows.pred == pytest.approx(wanted.typical.ravel(), rel=1e-12)
    assert fit.rows.ipred == pytest.approx(wanted.individual.ravel(), rel=5e-4)  # mapbayr's own etas, README
    clearance = 8 * (wanted.weight_kg / 70) ** 0.75 * np.exp(wanted.etas[:, 0])
    assert fit.parameters["clearance"] == pytest.approx(clearance, rel=1e-8)
    assert fit.ids[:2] == ("1", "2") and fit.title == "data.csv"
    assert seen[-1] == (25, 25)
    spread = 1 - wanted.etas.std(axis=0, ddof=1) / 0.3
    assert list(fit.shrinkage.values()) == pytest.approx(spread, abs=1e-8)
    residual = (fit.rows.dv_ng_per_ml - fit.rows.ipred) / np.sqrt(0.25 + 0.0225 * fit.rows.ipred**2)
    assert fit.rows.weighted == pytest.approx(residual, rel=1e-12)
    assert fit.residual_shrinkage == pytest.approx(1 - residual.std(ddof=1), rel=1e-9)


def test_neither_the_order_of_subjects_nor_their_company_matters(tmp_path: Path) -> None:
    model = model_of(tmp_path)
    one, other = (fit_table(model, columns_of(text)) for text in (SOUND, subjects_turned(SOUND)))
    assert other.ids == ("2", "1")
    assert other.modes.etas[::-1] == pytest.approx(one.modes.etas, abs=1e-12)
    alone = fit_table(model, columns_of("\n".join(SOUND.splitlines()[:4]) + "\n"))
    assert alone.modes.etas[0] == pytest.approx(one.modes.etas[0], abs=1e-12)
    assert np.isnan(alone.shrinkage["clearance"])


def test_the_units_of_the_model_file_hold(tmp_path: Path) -> None:
    """The same doses and levels in min, mg and mg/L."""
    (tmp_path / "other").mkdir()
    own = columns_of(SOUND)
    other = with_columns(own, TIME=own["TIME"] * 60, AMT=own["AMT"] / 1000, DV=own["DV"] / 1000)
    first = fit_table(model_of(tmp_path), own)
    second = fit_table(model_of(tmp_path / "other", data=("min", "mg", "mg/L")), other)
    assert second.modes.etas == pytest.approx(first.modes.etas, abs=1e-9)
    assert second.rows.dv_ng_per_ml == pytest.approx(first.rows.dv_ng_per_ml)


def test_a_level_below_quantification_counts_as_that(tmp_path: Path) -> None:
    """By CENS with the limit in DV, by LLOQ alone, and by both: as a problem that is built by hand."""
    model = model_of(tmp_path)
    own = columns_of(SOUND.replace(",20\n", ",30\n"))
    mark = np.array([0, 0, 1, 0, 0])
    ways = (
        with_columns(own, CENS=mark),
        with_columns(own, LLOQ=np.full(5, 30.0), DV=np.where(mark == 1, 12.0, own["DV"])),
        with_columns(own, LLOQ=np.full(5, 30.0), CENS=mark, DV=np.where(mark == 1, np.nan, own["DV"])),
    )
    levels = Levels.of([2.0, 8.0], [60.0, 30.0], below=[False, True])
    timeline = Timeline.of_rates([0.0], [0.0], [4000.0])
    typical = typical_values(model, {"weight": np.array([70.0])})
    wanted = find_mode(problem_of(model, timeline=timeline, typical=typical, levels=levels))
    for table in ways:
        fit = fit_table(model, table)
        assert fit.modes.etas[0] == pytest.approx(wanted.etas, abs=1e-9)
        assert fit.rows.below.tolist() == [False, True, False]
        assert fit.rows.dv_ng_per_ml.tolist() == [60, 30, 70]
        assert np.isnan(fit.rows.residual).tolist() == [False, True, False]
        assert "1 of them below quantification" in fit.says[0]


def test_doses_of_every_kind_and_a_weight_that_changes(tmp_path: Path) -> None:
    """An infusion, additional doses and a steady state, with a weight that holds up to the next entry."""
    model = model_of(tmp_path)
    text = """ID,TIME,EVID,AMT,RATE,II,ADDL,SS,WT,DV
7,0,1,3000,0,6,0,1,70,.
7,1,0,0,0,0,0,0,70,180
7,6,1,2000,500,0,0,0,80,.
7,9,0,0,0,0,0,0,60,90
7,12,1,1000,0,4,2,0,60,.
7,22,0,0,0,0,0,0,60,50
"""
    fit = fit_table(model, columns_of(text))
    typical = typical_values(model, {"weight": np.array([70.0, 80.0, 60.0])})
    # Last carried forward: 70 kg up to 6 h, 80 kg up to 9 h, then 60 kg. Eight doses of a steady state stand for all.
    begin = [*(-6.0 * np.arange(40, 0, -1)), 0.0, 6.0, 9.0, 10.0, 12.0, 16.0, 20.0]
    bolus = [3000.0] * 41 + [0.0, 0.0, 0.0, 1000.0, 1000.0, 1000.0]
    rate = [0.0] * 41 + [500.0, 500.0, 0.0, 0.0, 0.0, 0.0]
    row = [0] * 41 + [1, 2, 2, 2, 2, 2]
    timeline = Timeline.of_rates(begin, rate, bolus, row=row)
    levels = Levels.of([1.0, 9.0, 22.0], [180.0, 90.0, 50.0])
    wanted = find_mode(problem_of(model, timeline=timeline, typical=typical, levels=levels))
    assert fit.modes.etas[0] == pytest.approx(wanted.etas, abs=1e-8)


def test_who_has_no_level_is_typical_and_who_has_no_dose_is_named(tmp_path: Path) -> None:
    table = SOUND + "3,0,1,4000,0,50,.\n3,1,0,.,.,50,.\n4,1,0,.,.,50,9\n5,0,0,.,.,50,.\n"
    fit = fit_table(model_of(tmp_path), columns_of(table))
    assert fit.modes.etas[2:].tolist() == [[0.0] * 4] * 3
    assert fit.modes.covariance[2] == pytest.approx(0.09 * np.eye(4), abs=1e-12)
    assert fit.rows.subject.tolist() == [0, 0, 1, 3]
    told = " ".join(fit.says)
    assert "Without a level, and so typical: 2 subjects, 3, 5." in told
    assert "Given nothing: 2 subjects, 4, 5." in told
    assert "1 level is above 0 before anything had been given, of 4" in told
    assert "2 rows without a dose, and without a level that is read." in told


def test_a_search_that_fails_keeps_its_row(tmp_path: Path) -> None:
    fit = fit_table(model_of(tmp_path), columns_of(SOUND.replace(",60\n", ",999999999\n")))
    assert fit.modes.converged.tolist() == [False, True]
    assert np.isnan(fit.parameters["clearance"]).tolist() == [True, False]
    assert np.isnan(fit.rows.ipred).tolist() == [True, True, False]
    assert "No answer for 1 subject, whose search ended in no minimum: 1." in fit.says
    assert any(text.startswith("Implausible: 1 level of 3, of 1. The first, in row 2:") for text in fit.says)


def test_two_answers_are_told(tmp_path: Path) -> None:
    """A level that no other agrees with: near it, or near the others, and both are minima."""
    spread = dict.fromkeys(("clearance", "volume", "q2", "v2"), 1.0)
    model = model_of(tmp_path, omegas=spread, error=("sqrt(a^2 + (b f)^2)", 0.5, 3))
    levels = f"{HEAD}\n1,0,1,4000,0,70,.\n1,1,0,.,.,70,900\n1,2,0,.,.,70,5\n1,4,0,.,.,70,300\n1,12,0,.,.,70,2\n"
    found = [fit_table(model, columns_of(levels.replace(",5\n", f",{low}\n"))) for low in (5, 20, 80, 150)]
    several = [fit.modes.distinct[0] > 1 for fit in found]
    assert any(several)
    for fit, more in zip(found, several, strict=True):
        assert any("allow more than one answer" in text for text in fit.says) is bool(more)


def test_without_an_error_of_its_own_the_project_s_stands_in_for_a_drug_of_the_library(tmp_path: Path) -> None:
    path = written_model(tmp_path, error=None)
    with pytest.raises(RequestError, match=r"does not state how far .* \[residual\]"):
        fit_table(path, columns_of(SOUND))
    given = fit_table(path, columns_of(SOUND), error=ErrorModel(ResidualForm.ROOT_OF_SQUARES, 5.0, 0.15))
    assert not given.error_is_own and fitting.OWN_ERROR not in given.says
    path.write_text(path.read_text(encoding="utf-8").replace("testamine", "milrinone"), encoding="utf-8")
    fit = fit_table(path, columns_of(SOUND))
    assert (fit.error.a_ng_per_ml, fit.error.b) == (5.0, 0.15)  # vocabulary/limits.toml, [fit]
    assert not fit.error_is_own and fitting.OWN_ERROR in fit.says
    assert fit.modes.etas == pytest.approx(given.modes.etas, abs=1e-12)


def test_many_subjects_without_numba_are_told_what_would_be_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "find_spec", lambda name: None)
    monkeypatch.setattr(searching, "MANY", 2)
    fit = fit_table(model_of(tmp_path), columns_of(SOUND), threads=2)
    assert fitting.SLOW in fit.says


def test_what_a_model_cannot_do(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="does not say how patients differ"):
        fit_table(model_of(tmp_path, omegas={}), columns_of(SOUND))
    with pytest.raises(RequestError, match=r"which units a table's TIME, AMT and DV stand"):
        fit_table(model_of(tmp_path, data=None), columns_of(SOUND))
    with pytest.raises(RequestError, match="'0' is no number of threads"):
        fit_table(model_of(tmp_path), columns_of(SOUND), threads=0)
    lacking = fit_table("milrinone/cox_2013", columns_of(SOUND))
    assert lacking.refused.startswith("Model milrinone/cox_2013 gives no course over time.")
    assert fit_table("milrinone/cox_2013", str(tmp_path / "never_read.csv")).title == "never_read.csv"
    path = written_model(tmp_path)
    text = path.read_text(encoding="utf-8").replace("[covariates]", LIMIT + "[covariates]")
    path.write_text(text, encoding="utf-8")
    beyond = fit_table(path, columns_of(SOUND.replace("2,2,0,.,.,60", "2,2,0,.,.,160")))
    assert "table, row 5, ID 2" in beyond.refused and beyond.ids == () and beyond.rows.residual.size == 0


LIMIT = """
[[studied.within]]
of = "weight"
refuse_above = { value = "150 kg", source = "paper:methods", status = "confirmed" }
says = "Nobody weighed more."

"""


def test_a_sum_of_errors_weighs_as_its_form_says(tmp_path: Path) -> None:
    fit = fit_table(model_of(tmp_path, error=(SUM, 2, 10)), columns_of(SOUND))
    assert fit.rows.sd == pytest.approx(2 + 0.1 * fit.rows.ipred)


def test_who_has_no_level_shrinks_nothing(tmp_path: Path) -> None:
    """His estimate is the typical patient because nothing was measured; counted, he would feign shrinkage."""
    model = model_of(tmp_path)
    more = SOUND + "3,0,1,4000,0,60,.\n4,0,1,4000,0,60,.\n"
    with_both, without = fit_table(model, columns_of(more)), fit_table(model, columns_of(SOUND))
    assert with_both.shrinkage == pytest.approx(without.shrinkage, abs=1e-9)
