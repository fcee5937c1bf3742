"""Levels that mean nothing: an error that names row and column in one line; never a level left out in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import ErrorModel
from inotrope.evaluation import fit_table, foresee
from inotrope.evaluation.agreement import agreement, residuals
from inotrope.population import ResidualForm

from .tables import SOUND, columns_of, model_of

SHARE = ErrorModel(ResidualForm.ROOT_OF_SQUARES, 0.0, 0.15)
MARKED = """ID,TIME,EVID,AMT,RATE,WT,DV,MDV,CENS,LLOQ
1,0,1,4000,0,70,.,1,.,.
1,2,0,.,.,70,60,0,0,5
1,8,0,.,.,70,20,0,0,5
"""


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        (",60,0,0,5", ",-5,0,0,5", "row 3, column DV", "A level of '-5' is impossible"),
        (",60,0,0,5", ",abc,0,0,5", "row 3, column DV", "'abc' is not a finite number"),
        (",60,0,0,5", ",2e9,0,0,5", "row 3, column DV", "'2000000000 ng/mL' is more than water itself weighs"),
        (",60,0,0,5", ",60,0,1,2e9", "row 3, column LLOQ", "'2000000000 ng/mL' is more than water itself weighs"),
        (",60,0,0,5", ",60,2,0,5", "row 3, column MDV", "'2' is no mark; accepted is 0, 1"),
        (",60,0,0,5", ",60,0,-1,5", "row 3, column CENS", "'-1' is no mark; accepted is 1"),
        (",60,0,0,5", ",60,0,0,0", "row 3, column LLOQ", "A limit of '0' is none"),
        (",60,0,0,5", ",60,0,1,5", "row 3, column CENS", "its DV lies above its LLOQ"),
        (",60,0,0,5", ",3,0,0,5", "row 3, column CENS", "its DV lies below its LLOQ"),
        (",60,0,0,5", ",.,0,1,.", "row 3, column CENS", "no limit is known"),
        (",60,0,0,5", ",0,0,1,.", "row 3, column CENS", "no limit is known"),
        ("70,.,1,.,.", "70,35,0,.,.", "row 2, column DV", "A dose stands on the row of the level '35'"),
        ("1,0,1,4000", "1,0,1,1e300", "row 3, column DV", "more than water itself weighs. Check AMT"),
        ("1,0,1,4000", "1,0,1,1e308", "row 3, column DV", "more than water itself weighs. Check AMT"),
        ("DV,MDV", "CONC,MDV", "row 1", "There is no column DV. Columns not known: CONC."),
        ("LLOQ", "BLQ", "row 1, column 10", "read from CENS (1: DV is the limit) or LLOQ (the limit, in ng/mL) alone"),
    ],
)
def test_a_level_that_means_nothing(tmp_path: Path, old: str, new: str, where: str, says: str) -> None:
    path = tmp_path / "table.csv"
    assert MARKED.count(old) == 1
    path.write_text(MARKED.replace(old, new), encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        fit_table(model_of(tmp_path), path)
    told = str(caught.value)
    assert told.startswith(f"table.csv, {where}: ") and says in told and "\n" not in told


def test_a_level_at_the_limit_is_measured_and_the_higher_of_two_limits_counts(tmp_path: Path) -> None:
    """DV = LLOQ is not below it; DV = 2 marked as below with an LLOQ of 5 is only known to lie below 5."""
    text = MARKED.replace(",60,0,0,5", ",5,0,0,5").replace(",20,0,0,5", ",2,0,1,5")
    rows = fit_table(model_of(tmp_path), columns_of(text)).rows
    assert rows.dv_ng_per_ml.tolist() == [5, 5] and rows.below.tolist() == [False, True]


def test_what_a_mark_leaves_out_is_no_level(tmp_path: Path) -> None:
    """MDV = 1 on a row that asks, an EVID of 2, and a dose's own DV with MDV = 1."""
    text = MARKED.replace(",20,0,0,5", ",20,1,0,5").replace("70,.,1", "70,35,1") + "1,9,2,.,.,70,4,.,.,.\n"
    fit = fit_table(model_of(tmp_path), columns_of(text))
    assert fit.rows.dv_ng_per_ml.tolist() == [60]
    assert "2 rows without a dose, and without a level that is read." in fit.says


def test_a_level_of_0_and_one_before_any_dose(tmp_path: Path) -> None:
    """With a part of the error that every level has they can be weighed, and are told; without it they cannot."""
    zero, early = SOUND.replace(",20\n", ",0\n"), SOUND.replace("1,0,1,4000", "1,3,1,4000").replace("1,2,0", "1,1,0")
    early = early.replace("1,3,1,4000,0,70,.\n1,1,0,.,.,70,60\n", "1,1,0,.,.,70,60\n1,3,1,4000,0,70,.\n")
    gone = SOUND.replace("1,8,0", "1,1e9,0")
    model = model_of(tmp_path)
    assert any(
        text.startswith("1 level is 0, and taken as measured.") for text in fit_table(model, columns_of(zero)).says
    )
    told = fit_table(model, columns_of(early)).says
    assert any(text.startswith("1 level is above 0 before anything had been given, of 1:") for text in told)
    without = fit_table(model, columns_of(early.replace("70,60", "70,.")))
    assert fit_table(model, columns_of(early)).modes.etas == pytest.approx(without.modes.etas, abs=1e-12)
    for text, row, says in (
        (zero, 3, "The level is 0"),
        (early, 1, "measured before anything had been given"),
        (gone, 3, "Nothing is left of the drug by the model"),
    ):
        with pytest.raises(RequestError, match=rf"table, row {row}, column DV: .*{says}"):
            fit_table(model, columns_of(text), error=SHARE)


def test_no_error_is_counted_of_a_level_before_any_dose(tmp_path: Path) -> None:
    """It would be a prediction of 0, wrong by 100 % and 24 SDs: that is of the doses, not of the model."""
    model = model_of(tmp_path)
    early = SOUND.replace("1,0,1", "1,0,0,.,.,70,12\n1,0,1").replace("2,0,1", "2,0,0,.,.,60,0\n2,0,1")
    fit, without = fit_table(model, columns_of(early)), fit_table(model, columns_of(SOUND))
    assert fit.rows.early.tolist() == [True, False, False, True, False] and not without.rows.early.any()
    assert np.isnan(fit.rows.weighted).tolist() == fit.rows.early.tolist()
    assert fit.residual_shrinkage == pytest.approx(without.residual_shrinkage, abs=1e-9)
    assert residuals(fit) == pytest.approx(residuals(without), abs=1e-9)
    assert agreement(fit, fit.rows.pred) == agreement(without, without.rows.pred)
    later, alone = foresee(fit).by_used[1], foresee(without).by_used[0]
    assert (later.levels, later.left_out) == (3, 0)  # the first of each is known, and tells nothing
    assert later.rms_error == pytest.approx(alone.rms_error, abs=1e-12)
    assert (foresee(fit).by_used[0].levels, foresee(fit).by_used[0].left_out) == (3, 2)


def test_below_quantification_before_any_dose_tells_nothing(tmp_path: Path) -> None:
    """With an error in proportion alone: the answer is that without it, and the row stays."""
    model = model_of(tmp_path)
    own = MARKED.replace("1,0,1", "1,0,0,.,.,70,.,0,1,5\n1,0,1")
    fit, without = (fit_table(model, columns_of(text), error=SHARE) for text in (own, MARKED))
    assert fit.modes.etas == pytest.approx(without.modes.etas, abs=1e-12)
    assert fit.rows.below.tolist() == [True, False, False] and fit.rows.pred[0] == 0
    assert any("tells nothing" in text for text in fit.says)
    assert not any(text.startswith("Implausible") for text in fit.says)


def test_a_wrong_unit_is_implausible_and_named(tmp_path: Path) -> None:
    """Levels in mg/L in a table whose model file says ng/mL."""
    fit = fit_table(model_of(tmp_path), columns_of(SOUND.replace(",60\n", ",0.06\n").replace(",70\n", ",0.07\n")))
    told = next(text for text in fit.says if text.startswith("Implausible: "))
    assert told.startswith("Implausible: 2 levels of 3, of 1, 2. The first, in row 2: The level of 0.06 ng/mL at 2 h")
    assert "the number is in mg/L" in told


@pytest.mark.parametrize(("old", "new"), [("1,8,0", "1,1e308,0"), ("2,0,1,4000,0,60,.", "2,0,1,4000,1e-300,60,.")])
def test_times_and_durations_beyond_all_measure_warn_of_nothing(tmp_path: Path, old: str, new: str) -> None:
    """An answer, or none for that subject, and no warning of the arithmetic."""
    assert SOUND.count(old) == 1
    fit = fit_table(model_of(tmp_path), columns_of(SOUND.replace(old, new)))
    assert foresee(fit).by_used[0].subjects == 2
