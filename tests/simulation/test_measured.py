"""Measured levels: the residual error in its stated form, drawn for each patient and place alone."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.population import Model, draw_etas_at, draw_occasion_etas, load_model, standard_normals
from inotrope.population.virtual.randoms import Stream, normals_at
from inotrope.simulation import course, levels, measured, simulate
from inotrope.simulation.tables import reading

from .models import SPREAD, write_model

RESIDUAL = """
[residual]
form = "{form}"
a = {{ value = "{a} ng/mL", source = "paper:table 1", status = "confirmed" }}
b = {{ value = "{b} %", source = "paper:table 1", status = "confirmed" }}
"""
OCCASIONS = """
[variability.between_occasions]
clearance = { cv = { value = "20 %", source = "paper:table 1", status = "confirmed" } }
"""
ROOT, SUM = "sqrt(a^2 + (b f)^2)", "a + b f"
ONE = {"CL": "5 L/h", "V1": "20 L", "weight": "70 kg"}
GIVEN = "10 mg/h for 48 h"  # to 2,000 ng/mL
MANY = 40_000


def model_of(folder: Path, form: str = ROOT, a: float = 60, b: float = 10, more: str = "") -> Model:
    folder.mkdir(exist_ok=True)
    own = RESIDUAL.format(form=form, a=a, b=b)
    return load_model(write_model(folder, compartments=1, more=more + own))


@pytest.mark.parametrize("form", [ROOT, SUM])
def test_the_distribution_is_the_stated_one(tmp_path: Path, form: str) -> None:
    """Mean, SD and quantiles by hand, around the one level that all of these draws have."""
    found = simulate(
        model_of(tmp_path, form), GIVEN, covariates=ONE, patients=MANY, seed=3, times_h=[2, 40], residual=True
    )
    for place, hour in enumerate((2, 40)):
        level = 2000 * (1 - math.exp(-hour / 4))
        sd = math.hypot(60, 0.1 * level) if form == ROOT else 60 + 0.1 * level
        assert found.concentration_ng_per_ml[:, place] == pytest.approx(np.full(MANY, level), rel=1e-12)  # type: ignore[index]
        drawn = found.measured_ng_per_ml[:, place]  # type: ignore[index]
        assert drawn.mean() == pytest.approx(level, abs=4 * sd / math.sqrt(MANY))
        assert drawn.std() == pytest.approx(sd, rel=4 / math.sqrt(2 * MANY))
        for share in (0.05, 0.25, 0.5, 0.75, 0.95):
            quantile = NormalDist(level, sd).inv_cdf(share)
            below = float((drawn <= quantile).mean())
            assert below == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / MANY))
    assert course.NO_SPREAD_DRAWS in found.says


def test_below_zero_stands_as_zero_and_is_counted(tmp_path: Path) -> None:
    """At 0 h the level is 0 and the SD is a: half of them fall below 0, and the quantiles above stay exact."""
    found = simulate(model_of(tmp_path), GIVEN, covariates=ONE, patients=MANY, seed=3, times_h=[0], residual=True)
    drawn = found.measured_ng_per_ml
    assert drawn is not None and drawn.min() == 0
    deviates = standard_normals(3, np.arange(MANY), 1, Stream.RESIDUAL)
    assert drawn == pytest.approx(np.maximum(60 * deviates, 0), rel=1e-15)
    low = int((deviates < 0).sum())
    assert f"Of {MANY:,} measured levels {low:,} fell below 0 and stand as 0" in " ".join(found.says)
    above = 60 * NormalDist().inv_cdf(0.9)
    assert float((drawn <= above).mean()) == pytest.approx(0.9, abs=4 * 0.3 / math.sqrt(MANY))


def both(folder: Path, **more: Any) -> Any:
    asked: dict[str, Any] = {"patients": 50, "seed": 5, "times_h": [1, 2, 5, 9, 20, 30], **more}
    return simulate(model_of(folder, more=SPREAD), GIVEN, covariates=ONE, residual=True, **asked)


def test_a_patient_is_the_same_among_few_and_many_in_any_blocks_and_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = both(tmp_path)
    assert (both(tmp_path, patients=7).measured_ng_per_ml == whole.measured_ng_per_ml[:7]).all()
    assert (both(tmp_path, times_h=[1, 2, 5]).measured_ng_per_ml == whole.measured_ng_per_ml[:, :3]).all()
    assert (both(tmp_path, seed=6).measured_ng_per_ml != whole.measured_ng_per_ml).all()
    blood = simulate(
        model_of(tmp_path, more=SPREAD), GIVEN, covariates=ONE, patients=50, seed=5, times_h=[1, 2, 5, 9, 20, 30]
    )
    assert (blood.concentration_ng_per_ml == whole.concentration_ng_per_ml).all()
    assert blood.measured_ng_per_ml is None and course.NO_ERROR in blood.says
    monkeypatch.setattr(measured, "BLOCK", 13)
    assert (both(tmp_path).measured_ng_per_ml == whole.measured_ng_per_ml).all()
    monkeypatch.setattr(levels, "MUCH", 1)
    fast = both(tmp_path)
    assert fast.measured_ng_per_ml == pytest.approx(whole.measured_ng_per_ml, rel=1e-12)
    assert (both(tmp_path, threads=2).measured_ng_per_ml == fast.measured_ng_per_ml).all()


def test_quantiles_are_those_of_the_measured_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = both(tmp_path)
    monkeypatch.setattr(measured, "BLOCK", 13)  # two times in one go
    found = both(tmp_path, quantiles=[0.05, 0.5, 0.95])
    wanted = np.quantile(whole.measured_ng_per_ml, [0.05, 0.5, 0.95], axis=0).T
    assert found.quantiles_ng_per_ml == pytest.approx(wanted, rel=1e-12)
    assert list(found.columns()) == list(found.units) == ["TIME", "DV_P5", "DV_P50", "DV_P95"]


def test_columns_and_virtual_patients() -> None:
    label = load_model("milrinone/label_adult")
    assert label.residual is not None
    found = simulate(
        label, "0.5 mcg/kg/min", population="adults_in_heart_failure", patients=4, seed=1, times_h=[6], residual=True
    )
    assert found.units == {"ID": "", "TIME": "h", "CP": "ng/mL", "DV": "ng/mL"}
    assert found.columns()["DV"].tolist() == found.measured_ng_per_ml[:, 0].tolist()  # type: ignore[index]


def test_what_is_refused(tmp_path: Path, one: Model) -> None:
    with pytest.raises(RequestError, match="does not state how far a measured level"):
        simulate(one, GIVEN, covariates=ONE, patients=3, seed=1, residual=True)
    with pytest.raises(RequestError, match="does not state how far a measured level"):
        simulate(
            load_model("milrinone/bailey_2004"),
            "1 mg/h",
            population="adults_in_heart_failure",
            patients=3,
            seed=1,
            residual=True,
        )
    with pytest.raises(RequestError, match="Give patients"):
        simulate(model_of(tmp_path), GIVEN, covariates=ONE, residual=True)
    with pytest.raises(RequestError, match="Give a seed"):
        simulate(model_of(tmp_path), table(3), residual=True)


def test_numbers_in_parts_and_by_place_are_those_of_the_whole() -> None:
    whole = standard_normals(9, [4, 7], 23, Stream.RESIDUAL)
    for first in range(9):
        assert (standard_normals(9, [4, 7], 11, Stream.RESIDUAL, first=first) == whole[:, first : first + 11]).all()
    patients, places = np.repeat([4, 7], 23), np.tile(np.arange(23), 2)
    assert (normals_at(9, patients, places, Stream.RESIDUAL) == whole.ravel()).all()
    with pytest.raises(RequestError, match="2 patients and 1 places"):
        normals_at(9, [1, 2], [0], Stream.RESIDUAL)


def table(subjects: int, occasion: Any = None) -> dict[str, Any]:
    """Return a dose and three looks for each, on two occasions of 24 h."""
    hours = [0, 10, 24, 24, 30, 40]
    found: dict[str, Any] = {
        "ID": np.repeat(np.arange(subjects) + 1, 6),
        "TIME": np.tile(hours, subjects),
        "AMT": np.tile([9000.0, 0, 0, 9000, 0, 0], subjects),
        "CL": np.full(6 * subjects, 5.0),
        "V1": np.full(6 * subjects, 20.0),
        "WT": np.full(6 * subjects, 70.0),
    }
    return found if occasion is None else found | {"OCC": np.tile(occasion, subjects)}


def test_a_row_of_a_table_has_its_subject_s_own_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sample j of the subject of ID k is number j of patient k, as in a regimen; a file in pieces comes to the same."""
    model = model_of(tmp_path)
    found = simulate(model, table(5), seed=8, residual=True)
    level = found.concentration_ng_per_ml.reshape(5, 4)  # type: ignore[union-attr]
    deviates = standard_normals(8, np.arange(5) + 1, 4, Stream.RESIDUAL)
    wanted = np.maximum(level + np.hypot(60, 0.1 * level) * deviates, 0)
    assert found.measured_ng_per_ml == pytest.approx(wanted.ravel(), rel=1e-14)
    assert course.NO_SPREAD in found.says
    path = tmp_path / "table.csv"
    columns = table(5)
    rows = zip(*(columns[name].tolist() for name in columns), strict=True)
    path.write_text("\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]), encoding="utf-8")
    monkeypatch.setattr(reading, "PIECE", 30)
    assert (simulate(model, path, seed=8, residual=True).measured_ng_per_ml == found.measured_ng_per_ml).all()
    assert simulate(model, table(5)).measured_ng_per_ml is None


def test_each_occasion_has_its_own_clearance(tmp_path: Path) -> None:
    """By hand: an occasion holds from its first row on, so the decay up to the second dose is the first one's."""
    model = model_of(tmp_path, more=SPREAD + OCCASIONS)
    found = simulate(model, table(3, [1, 1, 1, 2, 2, 2]), seed=4, columns={"OCC": "occasion"})
    whom = simulate(model, table(3), seed=4)
    own = draw_occasion_etas(model, patients=np.arange(3) + 1, seed=4, occasions=3)["clearance"]
    assert (draw_etas_at(model, patients=[3, 1], occasions=[1, 2], seed=4)["clearance"] == [own[2, 1], own[0, 2]]).all()
    alone = whom.concentration_ng_per_ml.reshape(3, 4)  # type: ignore[union-attr]
    mixed = found.concentration_ng_per_ml.reshape(3, 4)  # type: ignore[union-attr]
    for subject in range(3):
        clearance = -math.log(alone[subject, 0] / 450) * 20 / 10  # 9,000 mcg in 20 L, after 10 h
        first, second = clearance * np.exp(own[subject, 1:3])
        left = 450 * math.exp(-first / 20 * 24)
        assert mixed[subject, 0] == pytest.approx(450 * math.exp(-first / 20 * 10), rel=1e-10)
        assert mixed[subject, 1] == pytest.approx(left, rel=1e-10)
        assert mixed[subject, 2] == pytest.approx((left + 450) * math.exp(-second / 20 * 6), rel=1e-10)
    assert course.NO_OCCASIONS in whom.says and course.NO_OCCASIONS not in found.says
    assert any("Column OCC is the occasion" in says for says in found.says)


def test_occasions_that_are_not_drawn_or_not_counted(tmp_path: Path) -> None:
    model = model_of(tmp_path, more=SPREAD)
    named = simulate(model, table(2, [1, 1, 1, 2, 2, 2]), seed=4, columns={"OCC": "occasion"})
    assert (named.concentration_ng_per_ml == simulate(model, table(2), seed=4).concentration_ng_per_ml).all()
    assert "Column OCC is the occasion: the model knows no spread between them." in named.says
    with_occasions = model_of(tmp_path / "more", more=SPREAD + OCCASIONS)
    with pytest.raises(RequestError, match="An occasion is a whole number") as raised:
        simulate(with_occasions, table(1, [1, 1, 1.5, 2, 2, 2]), seed=4, columns={"OCC": "occasion"})
    assert "row 3, column OCC" in str(raised.value)
