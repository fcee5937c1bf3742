"""The sheet of a model held against a table: every number and every figure is there, and what failed is said first."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from inotrope.display import to_html, to_text
from inotrope.display.check_table import check_table
from inotrope.display.evaluation_figures import check_figures, curve_figures, predicted_figures, residual_figures
from inotrope.display.evaluation_sheet import Pictures, evaluation_sheet, evaluation_svg
from inotrope.display.figure import Figure, Layer, svg_figure
from inotrope.display.shapes import Shape
from inotrope.evaluation import Foresight, LaterRows, Prospective, TableFit
from inotrope.evaluation.curves import some_curves
from inotrope.evaluation.predictive_check import predictive_checks
from inotrope.population.model import DataUnits
from tests.display.test_html import Page
from tests.evaluation.drawn_tables import a_model, table_of


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> TableFit:
    return table_of(
        a_model(tmp_path_factory.mktemp("model")), subjects=20, limit=60.0, times_h=(0.5, 20.0, 30.0), searched=True
    )


def pictures(fit: TableFit) -> Pictures:
    return Pictures(predictive_checks(fit, replicates=100), some_curves(fit))


def layer(figure: Figure, words: str) -> Layer:
    (found,) = (one for one in figure.layers if one.words == words)
    return found


def test_parameters_shrinkage_and_agreement_are_told(fit: TableFit) -> None:
    shown = " ".join(to_text(evaluation_sheet(fit, notice="A notice.")).split())
    clearance = fit.parameters["clearance"]
    assert f"clearance {np.percentile(clearance, 5):.3g} L/h {np.median(clearance):.3g} L/h" in shown
    assert "q2" in shown and "0.3 20 %" in shown and "weighted residuals 1 20 %" in shown
    assert "[+] FITTED 20 subjects, one by one" in shown
    assert "sqrt(a^2 + (b f)^2), a = 0.5 ng/mL, b = 15 %; as the model states it" in shown
    assert "typical prediction" in shown and "individual prediction" in shown and "more than 1.96 SD off" in shown
    assert "A remark." in shown and "A notice." in shown
    assert "Later levels foreseen" not in shown and "Predictive check" not in shown


def test_a_page_has_every_figure_and_runs_no_script(fit: TableFit) -> None:
    drawn = pictures(fit)
    page = to_html(evaluation_sheet(fit, notice="A notice.", pictures=drawn))
    for title in (
        "Measured against typical prediction",
        "Measured against individual prediction",
        "Weighted residuals by time",
        "Weighted residuals by individual prediction",
        "Visual predictive check",
        "Share below quantification",
        "Prediction-corrected predictive check",
    ):
        assert f"<figcaption>{title}</figcaption>" in page
    assert page.count("<figcaption>Subject ") == 6
    assert page.count('<svg class="chart figure"') == 13
    read = Page(page)  # fails where a tag is not closed
    assert {tag for tag, _ in read.tags} >= {"figure", "figcaption", "polyline", "circle"}
    named = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(named) == len(set(named))
    for tag, attributes in read.tags:  # every figure says in words what it shows; samples of the key are told beside
        if tag == "svg":
            assert attributes.get("aria-label") or attributes.get("aria-hidden") == "true"
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
    alone = ElementTree.fromstring(evaluation_svg(fit, drawn))
    assert len(alone.findall("{http://www.w3.org/2000/svg}svg")) == 13


def test_a_level_stands_at_its_prediction_in_the_unit_of_the_model(fit: TableFit) -> None:
    typical, own = predicted_figures(fit)
    measured = ~fit.rows.below
    assert layer(own, "a level").x == pytest.approx(fit.rows.ipred[measured].tolist())
    assert layer(typical, "a level").y == pytest.approx(fit.rows.dv_ng_per_ml[measured].tolist())
    assert set(layer(own, "below quantification, at its limit").y) == {60.0}
    other = replace(fit, model=replace(fit.model, data=DataUnits("day", "mg", "mg/L")))
    figure = predicted_figures(other)[0]
    assert figure.up.unit == "mg/L" and figure.up.high == pytest.approx(typical.up.high / 1000)
    time = residual_figures(other)[0]
    assert time.across.unit == "day" and max(layer(time, "a level").x) == pytest.approx(30 / 24)
    (first, *_) = curve_figures(other, some_curves(other))
    assert first.across.high == pytest.approx(30 / 24, rel=0.05) and first.up.unit == "mg/L"


def test_residuals_are_those_of_the_fit(fit: TableFit) -> None:
    by_time, by_prediction = residual_figures(fit)
    weighted = fit.rows.weighted[np.isfinite(fit.rows.weighted)]
    assert layer(by_time, "a level").y == pytest.approx(weighted.tolist())
    assert layer(by_prediction, "95 % are expected inside").y == pytest.approx((-1.96, -1.96), abs=1e-3)


def test_the_check_shows_what_lies_outside(fit: TableFit) -> None:
    plain, corrected = predictive_checks(fit, replicates=100)
    figure, below = check_figures(fit, plain)
    assert "of 9 measured values lie inside" in figure.says and below.up.unit == "%"
    assert layer(figure, "limit of quantification").y == (60.0, 60.0)
    box = figure.layers[0]  # of the 5th percentile
    assert box.y[-1] == 60.0 and box.until_x[:-1] == box.x[1:]  # it reaches down to the limit; no gap between boxes
    (alone,) = check_figures(fit, corrected)
    assert alone.layers[0].y[-1] == 0.0 and alone.up.name == "level, corrected"
    far = replace(plain, observed=plain.observed * 10)
    assert Shape.DISK in {one.shape for one in check_figures(fit, far)[0].layers}
    shown = to_text(evaluation_sheet(fit, notice="", pictures=Pictures((far, corrected), ())), width=200)
    assert "Plain: " in shown and " of 9 measured percentiles lie inside, and " in shown
    assert "; prediction-corrected: " in shown and "of the drawn tables have as few" in shown
    one_time = replace(plain, begin_h=np.zeros(1), end_h=np.zeros(1), middle_h=np.zeros(1), observed=plain.observed[:1])
    one_time = replace(one_time, simulated=plain.simulated[:1], below=np.zeros(1), below_simulated=np.zeros((1, 3)))
    (narrow,) = check_figures(fit, one_time)
    assert (narrow.across.low, narrow.across.high) == (-1.0, 1.0)


def test_of_many_levels_some_are_drawn_and_that_is_said(fit: TableFit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inotrope.display.evaluation_figures.MOST_POINTS", 20)
    figure = predicted_figures(fit)[0]
    assert figure.remark == "20 of 60 levels are drawn, evenly chosen."
    assert sum(len(one.x) for one in figure.layers if not one.shape.is_line) == 20
    times = residual_figures(fit)[0].layers[-1].x
    assert set(times) == {0.5, 20.0, 30.0}  # of every planned time, though each subject has three levels
    check = check_figures(fit, predictive_checks(fit, replicates=100)[0])[0]
    assert "levels are drawn, evenly chosen." in check.remark and check.remark in check.key


def test_bars_are_one_sd_of_a_measurement(fit: TableFit) -> None:
    curves = some_curves(fit)
    for curve, figure in zip(curves, curve_figures(fit, curves), strict=True):
        seen = curve.level[~fit.rows.below[curve.level]]
        assert layer(figure, "measured, bar: one SD").errors == pytest.approx(fit.rows.sd[seen].tolist())
        assert fit.ids[curve.subject] in figure.title and ElementTree.fromstring(svg_figure(figure)) is not None
    assert any(Shape.TRIANGLE in dict(figure.legend) for figure in curve_figures(fit, some_curves(fit, most=20)))


def test_who_has_no_answer_is_said_first(fit: TableFit) -> None:
    failed = fit.modes.converged.copy()
    failed[[2, 5]] = False
    some = replace(fit, modes=replace(fit.modes, converged=failed), error_is_own=False)
    shown = to_text(evaluation_sheet(some, notice=""))
    assert shown.splitlines()[2].startswith("[!] FITTED IN PART  Not every subject is fitted")
    assert "2 subjects of 20 without an answer" in shown and "not the model's own" in " ".join(shown.split())


def test_a_refusal_shows_no_number(fit: TableFit) -> None:
    shown = to_text(evaluation_sheet(replace(fit, refused="The model does not hold."), notice=""))
    assert shown.splitlines()[2] == "[-] REFUSED  No subject is fitted" and "The model does not hold." in shown
    assert "Parameters" not in shown


def test_where_nothing_was_measured_nothing_is_drawn(fit: TableFit) -> None:
    nothing = np.full(60, np.nan)
    rows = replace(fit.rows, pred=nothing, ipred=nothing, sd=nothing)
    none = replace(
        fit,
        rows=rows,
        parameters={"clearance": nothing, "q3": nothing},
        shrinkage={"clearance": np.nan, "clearance, occasion 1": 0.4},
    )
    assert predicted_figures(none) == () and residual_figures(none) == ()
    sheet = evaluation_sheet(none, notice="", pictures=Pictures((), ()))
    assert "Measured against predicted" not in [section.title for section in sheet.sections]
    shown = " ".join(to_text(sheet).split())
    assert "No level can be counted." in shown and "not known" in shown and "clearance, occasion 1" in shown


def test_foresight_has_a_line_for_each_number_of_levels(fit: TableFit) -> None:
    lines = tuple(Foresight(used, 20, 40 - used, 0, 0.1, 0.1, 0.3, 0.2, 0.5, 0.6, 0.9 + used / 100) for used in (0, 1))
    none = np.empty(0)
    later = LaterRows(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), none, none, none)
    shown = to_text(evaluation_sheet(fit, notice="", prospective=Prospective(lines, later, ("Said beside it.",))))
    assert "Later levels foreseen from earlier ones" in shown and "Said beside it." in shown
    assert "0      20        40        10 %    20 %  30 %  50 %     60 %     90 %" in shown


def test_a_terminal_is_told_the_check_as_a_table(fit: TableFit) -> None:
    plain, corrected = predictive_checks(fit, replicates=100)
    few = Pictures((plain, replace(corrected, as_few=0.004)), ())
    shown = to_text(evaluation_sheet(fit, notice="", pictures=few, figures=False), width=200)
    assert "Predictive check" in shown and "Measured against predicted" not in shown and "0.4 % of the drawn" in shown
    none = Pictures((plain, replace(corrected, as_few=0.0)), ())
    assert "none of the drawn tables has as few" in to_text(evaluation_sheet(fit, notice="", pictures=none), width=999)
    assert "The smallest bin holds 20 of the 60 levels" not in shown  # 20 are enough
    words = " ".join(shown.split())
    low, _, high = corrected.simulated[1, 1]
    where = "inside" if corrected.inside[1, 1] else "outside"
    assert f"{corrected.observed[1, 1]:.3g} ng/mL, {where}: {low:.3g} to {high:.3g} ng/mL" in words
    none = to_text(evaluation_sheet(fit, notice="", pictures=Pictures((), ()), figures=False))
    assert "Predictive check" not in none


def test_a_cell_says_what_lies_below_the_limit(fit: TableFit) -> None:
    plain = predictive_checks(fit, replicates=100)[0]
    nan = np.nan
    observed = np.array([[nan, nan, 70.0], [1234.5, 2.0, 3.0], [4.0, 5.0, 6.0]])
    simulated = np.ones((3, 3, 3)) * [1.0, 2.0, 3.0]
    simulated[0] = [[nan, nan, nan], [nan, nan, 65.0], [nan, nan, nan]]
    begin, end = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.5, 2.0])
    table = check_table(fit, replace(plain, observed=observed, simulated=simulated, begin_h=begin, end_h=end))
    assert table.rows[0][2:] == (
        "below the limit, inside: all below it",
        "below the limit, inside: up to 65 ng/mL",
        "70 ng/mL, outside: all below the limit",
    )
    assert table.rows[1][0] == "1 to 1.5 h" and table.rows[2][0] == "2 h"
    assert table.rows[1][2:4] == ("1,234 ng/mL, outside: 1 to 3 ng/mL", "2 ng/mL, inside: 1 to 3 ng/mL")
