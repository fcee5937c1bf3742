"""The predictive check: right where the model is right, and not where it is wrong; a small one by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.evaluation.predictive_check import PredictiveCheck, predictive_checks
from inotrope.evaluation.simulated import Anew
from inotrope.population import Model
from tests.estimation.models import ROOT, TYPICAL
from tests.evaluation.drawn_tables import a_model, table_of

TABLES, DRAWN = 20, 200


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return a_model(tmp_path)


def checked(model: Model, truth: Model, tables: int) -> list[tuple[PredictiveCheck, ...]]:
    """Return the plain and the corrected check of some tables."""
    each = [table_of(model, truth=truth, subjects=30, seed=1000 + place) for place in range(tables)]
    return [predictive_checks(fit, replicates=DRAWN, seed=place) for place, fit in enumerate(each)]


def shares_inside(model: Model, truth: Model, tables: int) -> np.ndarray:
    """Return of each table the share of percentiles inside, of the plain and of the corrected check."""
    return np.array([[check.inside.mean() for check in both] for both in checked(model, truth, tables)])


def prove_rate(model: Model, tables: int) -> None:
    """Prove that 90 % lie inside, within three standard errors over tables: percentiles of one are not independent."""
    both = checked(model, model, tables)
    inside = np.array([[check.inside.mean() for check in few] for few in both])
    error = inside.std(axis=0, ddof=1) / np.sqrt(tables)
    assert (np.abs(inside.mean(axis=0) - 0.9) < 3 * error + 1 / DRAWN).all(), (inside.mean(axis=0), error)
    assert error.max() < 0.04
    # As few are inside in a share p of true tables at most with the chance p; counts are whole, so that it is less.
    as_few = np.array([[check.as_few for check in few] for few in both])
    assert (np.mean(as_few <= 0.1, axis=0) <= 0.1 + 3 * np.sqrt(0.09 / tables)).all()


def test_where_the_model_is_true_nine_of_ten_percentiles_lie_inside(model: Model) -> None:
    prove_rate(model, TABLES)


@pytest.mark.slow
def test_they_do_so_over_many_tables(model: Model) -> None:
    prove_rate(model, 200)


def test_a_wrong_model_is_seen(model: Model, tmp_path: Path) -> None:
    slow = a_model(tmp_path, typical=TYPICAL | {"clearance": 5.6}, name="slow.toml")
    assert shares_inside(slow, model, 4).mean() < 0.5  # it clears less than its patients
    checks = predictive_checks(table_of(slow, truth=model, subjects=30), replicates=DRAWN)
    assert max(check.as_few for check in checks) <= 0.02
    narrow = a_model(tmp_path, omegas=dict.fromkeys(TYPICAL, 0.1), name="narrow.toml")
    wide = a_model(tmp_path, error=(ROOT, 0.5, 45), name="wide.toml")
    for wrong in (narrow, wide):
        ends = [
            predictive_checks(table_of(wrong, truth=model, subjects=40, seed=place), replicates=DRAWN)[1].inside
            for place in range(3)
        ]
        assert np.stack(ends)[..., [0, 2]].mean() < 0.6  # the ends of the spread


def test_a_small_check_by_hand(model: Model) -> None:
    fit = table_of(model, subjects=3, times_h=(1.0, 20.0))
    plain, corrected = predictive_checks(fit, replicates=50, seed=4)
    rows = fit.rows
    # Six levels are one bin. Percentiles of six: 5 % is place 0.25, 95 % is 4.75.
    order = np.sort(rows.dv_ng_per_ml)
    by_hand = [
        order[0] + 0.25 * (order[1] - order[0]),
        (order[2] + order[3]) / 2,
        order[4] + 0.75 * (order[5] - order[4]),
    ]
    assert plain.observed[0] == pytest.approx(by_hand, rel=1e-14)
    assert plain.counts.tolist() == [6] and (plain.begin_h, plain.end_h, plain.middle_h) == (1.0, 20.0, 10.5)
    drawn = np.sort(Anew(fit, seed=4).draw(np.arange(50)), axis=1)
    medians = np.sort((drawn[:, 2] + drawn[:, 3]) / 2)
    # Of fifty tables the 5th percentile is place 2.45, the median 24.5, the 95th 46.55.
    expected = [
        medians[2] + 0.45 * (medians[3] - medians[2]),
        (medians[24] + medians[25]) / 2,
        medians[46] + 0.55 * (medians[47] - medians[46]),
    ]
    assert plain.simulated[0, 1] == pytest.approx(expected, rel=1e-13)
    # Bergstrand's correction: measured x median typical prediction of the bin / its own typical prediction.
    middle = np.median(rows.pred)
    assert np.sort(corrected.level_ng_per_ml) == pytest.approx(
        np.sort(rows.dv_ng_per_ml * middle / rows.pred), rel=1e-14
    )
    assert corrected.corrected and not plain.corrected
    assert "The smallest bin holds 6 of the 6 levels" in plain.says[0]


def test_the_correction_brings_levels_of_other_doses_together(model: Model) -> None:
    fit = table_of(model, subjects=40, doses=(1.0, 4.0))
    plain, corrected = predictive_checks(fit, replicates=DRAWN)
    at = fit.rows.time_h == 20.0
    spread = [np.std(np.log(check.level_ng_per_ml[at])) for check in (plain, corrected)]
    # Doses of 1 and 4 alone spread the logarithms by ln(4) / 2 = 0.69, twice what the patients do.
    assert spread[0] > 0.65 and spread[1] < 0.6 * spread[0]
    assert corrected.inside.mean() > 0.6
    # What all share changes nothing: of one weight every typical prediction of a time is the same.
    alike = replace(fit, rows=replace(fit.rows, pred=np.where(at, 200.0, 100.0)))
    same = predictive_checks(alike, replicates=DRAWN)[1]
    assert same.observed == pytest.approx(plain.observed, rel=1e-12)


def test_no_number_depends_on_blocks_and_another_seed_gives_others(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit, told = table_of(model, subjects=10), []
    once = predictive_checks(fit, replicates=60, seed=7)[0]
    monkeypatch.setattr("inotrope.evaluation.predictive_check._BLOCK", 40 * 7)
    again = predictive_checks(fit, replicates=60, seed=7, told=lambda done, total: told.append((done, total)))[0]
    assert (once.simulated == again.simulated).all()
    assert told[0] == (7, 60) and told[-1] == (60, 60) and len(told) == 9
    assert (predictive_checks(fit, replicates=60, seed=8)[0].simulated != once.simulated).all()


def test_levels_below_quantification_are_held_against_those_drawn_below(model: Model) -> None:
    fit = table_of(model, subjects=40, limit=100.0, times_h=(0.5, 6.0, 20.0, 28.0))
    assert 0 < fit.rows.below[3::4].sum() < 40
    plain, corrected = predictive_checks(fit, replicates=DRAWN)
    assert plain.limit_ng_per_ml == 100.0
    last = fit.rows.below[3::4].mean()
    assert plain.below[-1] == pytest.approx(last, rel=1e-15) and plain.below_inside.all()
    assert np.isnan(plain.observed[-1, 0]) and np.isnan(plain.simulated[-1, 0, 0]) and plain.inside[-1, 0]
    assert np.isnan(plain.level_ng_per_ml).sum() == fit.rows.below.sum() == np.isnan(corrected.level_ng_per_ml).sum()
    # A measured percentile below the limit lies outside an interval that begins above it, and one above does the same.
    none = replace(fit.rows, below=np.ones(160, dtype=bool), dv_ng_per_ml=np.full(160, 10.0))
    low = predictive_checks(replace(fit, rows=none), replicates=DRAWN)[0]
    assert not low.inside[:3].any() and low.below.min() == 1 and not low.below_inside[:3].any()


def test_the_highest_limit_counts_for_all(model: Model) -> None:
    fit = table_of(model, subjects=10)
    order = np.argsort(fit.rows.dv_ng_per_ml)
    below = np.zeros(order.size, dtype=bool)
    below[order[[0, 3]]] = True
    check = predictive_checks(replace(fit, rows=replace(fit.rows, below=below)), replicates=50)[0]
    assert check.limit_ng_per_ml == fit.rows.dv_ng_per_ml[order[3]]
    assert set(np.flatnonzero(np.isnan(check.level_ng_per_ml))) == set(order[:4])


def test_a_level_before_every_dose_is_not_corrected_and_nothing_falls_below_zero(tmp_path: Path) -> None:
    sum_of_both = a_model(tmp_path, error=("a + b f", 50, 15), name="sum.toml")
    fit = table_of(sum_of_both, subjects=10, times_h=(-1.0, 6.0, 20.0))
    plain, corrected = predictive_checks(fit, replicates=50)
    assert plain.level.size == 30 and corrected.level.size == 20
    assert corrected.says[0] == "10 levels at which the model expects 0 cannot be corrected."
    assert (plain.simulated >= 0).all() and (Anew(fit, seed=0).draw(np.arange(50)) == 0).any()
    early = replace(fit.rows, pred=np.zeros(30))
    (alone,) = predictive_checks(replace(fit, rows=early), replicates=50)
    assert not alone.corrected


def test_what_cannot_be_checked_is_refused(model: Model) -> None:
    fit = table_of(model, subjects=2)
    with pytest.raises(RequestError, match="19 tables are too few"):
        predictive_checks(fit, replicates=19)
    with pytest.raises(RequestError, match="no level"):
        predictive_checks(replace(fit, refused="It refuses."))
    empty = np.empty(0)
    no = empty.astype(bool)
    none = type(fit.rows)(np.empty(0, dtype=np.int64), empty, empty, no, empty, empty, empty, no)
    with pytest.raises(RequestError, match="no level"):
        predictive_checks(replace(fit, rows=none))
    assert predictive_checks(fit)[0].replicates == 1000


def test_the_limit_holds_for_levels_as_measured_and_not_as_corrected(model: Model) -> None:
    """Of two doses the smaller leads below it; the correction then lifts those levels above it."""
    plain, corrected = predictive_checks(table_of(model, subjects=30, limit=200.0, doses=(1.0, 4.0)), replicates=60)
    assert 0 < plain.below.max() < 1
    assert (corrected.below == plain.below).all() and (corrected.below_simulated == plain.below_simulated).all()


def test_where_all_lies_inside_every_drawn_table_has_as_few(model: Model) -> None:
    checks = [predictive_checks(table_of(model, subjects=12, seed=seed), replicates=60)[0] for seed in range(6)]
    best = [check for check in checks if check.inside.all()]
    assert best and all(check.as_few == 1.0 for check in best)


def test_deviations_are_drawn_with_their_correlation(tmp_path: Path) -> None:
    """One compartment at the end of the load and long after it: SD and correlation of their logarithms."""
    spread, together = {"clearance": 0.5, "volume": 0.2}, 0.8
    own = a_model(
        tmp_path,
        typical={"clearance": 8, "volume": 12},
        omegas=spread,
        correlations={("clearance", "volume"): together},
        error=(ROOT, 0.01, 0.1),
    )
    fit, hours = table_of(own, subjects=1, times_h=(1 / 6, 24.0)), np.array([1 / 6, 24.0])
    drawn = np.log(Anew(fit, seed=3).draw(np.arange(20_000)))
    weight = np.random.default_rng(1).uniform(50, 100, 1)[0]
    covariance = [[0.25, together * 0.5 * 0.2], [together * 0.5 * 0.2, 0.04]]
    etas = np.random.default_rng(2).multivariate_normal([0, 0], covariance, 20_000)
    clearance, volume = 8 * (weight / 70) ** 0.75 * np.exp(etas[:, 0]), 12 * weight / 70 * np.exp(etas[:, 1])
    rate = clearance / volume
    loaded = 300 * weight / clearance * -np.expm1(-rate * hours[0])
    later = hours[1] - hours[0]
    held = loaded * np.exp(-rate * later) + 30 * weight / clearance * -np.expm1(-rate * later)
    by_hand = np.log(np.stack([loaded, held], axis=1))
    assert drawn.std(axis=0) == pytest.approx(by_hand.std(axis=0), rel=0.03)
    assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(np.corrcoef(by_hand.T)[0, 1], abs=0.03)
