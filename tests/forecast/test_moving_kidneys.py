"""Forecasts where the kidneys move: each draw with its own path, against brute force and against kidneys held."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from inotrope.drug import load_drug
from inotrope.estimation import kidney_of_case
from inotrope.forecast import Forecast, KidneyChange, ModelForecast, forecast
from inotrope.forecast import making as forecast_making
from inotrope.forecast.kidneys_ahead import KidneysAhead, kidneys_ahead
from inotrope.forecast.predicting import BLIND, HELD_HERE
from inotrope.forecast.record import KidneysTaken, Side
from inotrope.patient import Case, assess_kidney
from inotrope.population import load_models
from inotrope.population.virtual.even import even_normals
from inotrope.units import read_quantity
from tests.forecast.persons import NOW, adult, given

SEED = 3
KG, RATE = 70.0, 0.375 * 60 * 70.0
RISING = ((-26.0, "1.0 mg/dL"), (-14.0, "1.4 mg/dL"), (-2.0, "2.2 mg/dL"))


def rising(series: tuple[tuple[float, str], ...] = RISING, **changes: Any) -> Case:
    creatinines = [
        {"what": "serum creatinine", "value": value, "at": (NOW + timedelta(hours=hours)).isoformat()}
        for hours, value in series
    ]
    return adult(**({"measurements": creatinines, "conditions": {"oliguria": "absent"}} | changes))


def of(found: Forecast, model: str = "milrinone/label_adult") -> ModelForecast:
    return found.of(model)


def ask(case: Case, regimen: str | None = "0.375 mcg/kg/min", **more: Any) -> Forecast:
    return forecast(case, regimen, seed=SEED, **more)


def ends(item: ModelForecast, hour: float) -> list[float]:
    assert item.curve is not None and item.curve.spread is not None
    place = int(np.searchsorted(item.curve.time_h, hour))
    spread = item.curve.spread
    return [float(end[place]) for end in (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest)]


def test_the_fan_is_that_of_brute_force() -> None:
    """20,000 random pairs of a path and a patient, each level by small steps of a quarter of an hour."""
    case, many = rising(), 20_000
    own = kidney_of_case(case, ahead_h=24, draws=many, seed=99)
    assert own.walk is not None
    rng = np.random.default_rng(1)
    etas = rng.standard_normal((2, many)) * np.sqrt(np.log1p(np.array([0.45, 0.34]) ** 2))[:, None]
    step = 0.25
    middles = (np.arange(96) + 0.5) * step
    kidney = own.indexed(own.walk.clearance_at(middles))
    assert kidney is not None
    cleared = 0.14 * KG * (0.17 + 0.83 * np.minimum(kidney, 150) / 80) * np.exp(etas[0])[:, None]
    volume = 0.45 * KG * np.exp(etas[1])
    level = np.zeros(many)
    levels = []
    for place in range(96):
        kept = np.exp(-cleared[:, place] / volume * step)
        level = level * kept + RATE / cleared[:, place] * (1 - kept)
        levels.append(level)
    found = of(ask(case))
    for hour in (6.0, 12.0, 24.0):
        exact = np.percentile(levels[int(hour / step) - 1], [5, 25, 50, 75, 95])
        assert ends(found, hour) == pytest.approx(exact, rel=0.07)
    left = next(item for item in found.leaving if item.band == "usual" and item.side is Side.ABOVE)
    exact_share = float((np.array(levels).max(axis=0) > 300).mean())
    assert left.chance == pytest.approx(exact_share, abs=0.04)


def test_paths_that_stand_still_give_the_forecast_of_held_kidneys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every path at one clearance: the even draws of held kidneys, to the last digit but rounding."""
    case = rising()
    plain = kidneys_ahead

    def still(*args: Any, **more: Any) -> KidneysAhead:
        found = plain(*args, **more)
        assert isinstance(found, KidneysAhead)
        level = np.log(30 / float(found.moving.indexed(np.ones(1))[0]))
        path = np.full_like(found.walk.log_clearance_l_per_h, level)
        walk = replace(found.walk, log_clearance_l_per_h=path, mode_log_clearance_l_per_h=path[0])
        return KidneysAhead(replace(found.moving, walk=walk), walk)

    monkeypatch.setattr("inotrope.forecast.kidneys_ahead.kidneys_ahead", still)
    moved = of(ask(case, "50 mcg/kg over 10 min; 0.375 mcg/kg/min", draws=200))
    assumed = assess_kidney(
        case, assumed=read_quantity("30 mL/min/1.73 m2", what="k", dimensions=("flow per body surface area",))
    )
    held = of(ask(case, "50 mcg/kg over 10 min; 0.375 mcg/kg/min", draws=200, kidney=assumed))
    assert moved.kidneys is KidneysTaken.IN_MOTION and held.kidneys is KidneysTaken.HELD
    for hour in (0.0, 0.25, 6.0, 24.0):
        assert ends(moved, hour) == pytest.approx(ends(held, hour), rel=1e-9)
    assert moved.steady is not None and held.steady is not None and moved.peak is not None and held.peak is not None
    assert moved.steady.typical == pytest.approx(held.steady.typical) and moved.peak.typical == pytest.approx(
        held.peak.typical
    )
    assert [item.chance for item in moved.leaving] == [item.chance for item in held.leaving]


def test_the_ways_ahead_part_from_now_on_and_keep_their_order() -> None:
    found = of(ask(rising(administrations=[given(20, rate="0.375 mcg/kg/min")]), None))
    assert [way.kidneys for way in found.ahead] == ["recovering", "worsening"]
    better, worse = (way.curve for way in found.ahead)
    own = found.curve
    assert own is not None and own.spread is not None and better.spread is not None and worse.spread is not None
    for name in ("lowest", "median", "highest"):
        low, middle, high = (getattr(item.spread, name) for item in (better, own, worse))
        assert low[0] == middle[0] == high[0] > 0
        assert (low[1:] < middle[1:]).all() and (middle[1:] < high[1:]).all()
    assert (better.typical_ng_per_ml[1:] < own.typical_ng_per_ml[1:]).all()
    above = [item.chance for item in found.leaving if item.side is Side.ABOVE]
    for way, sign in zip(found.ahead, (-1, 1), strict=True):
        others = [item.chance for item in way.leaving if item.side is Side.ABOVE]
        assert all(sign * (other - mine) >= 0 for other, mine in zip(others, above, strict=True))
        assert [item.band for item in way.chances] == [item.band for item in found.chances]


def test_unsure_kidneys_widen_the_fan() -> None:
    case = rising()
    moved, held = of(ask(case)), of(ask(case, kidney=assess_kidney(case, assumed=assess_kidney(case).clearance)))
    assert np.log(ends(moved, 24.0)[4] / ends(moved, 24.0)[0]) > 1.2 * np.log(ends(held, 24.0)[4] / ends(held, 24.0)[0])


def test_who_draws_no_patients_keeps_the_estimate_that_doses() -> None:
    """Steady levels and typical curves: the lowest estimate, not the most probable path as if it were known."""
    case = rising()
    moved, held = ask(case), ask(case, kidney=replace(assess_kidney(case), assumed=True))
    for name in ("milrinone/cox_2013", "milrinone/osaka_2009"):
        one, other = of(moved, name), of(held, name)
        assert one.kidneys is KidneysTaken.HELD and HELD_HERE in one.says and HELD_HERE not in other.says
        assert one.steady is not None and other.steady is not None and one.steady.typical == other.steady.typical
    mild = ask(rising(((-26.0, "0.7 mg/dL"), (-2.0, "0.9 mg/dL"))))
    blind = of(mild, "milrinone/prielipp_1996")
    assert blind.kidneys is KidneysTaken.NOT_USED and BLIND in blind.says and blind.ahead == ()
    assert moved.draws == forecast_making.MOVING_DRAWS and held.draws == forecast_making.DRAWS


def test_a_change_that_is_supposed_breaks_every_path_off() -> None:
    """From 6 h on at 60 mL/min/1.73 m2: long after it the levels are those of kidneys that were always there."""
    case = rising()
    to = read_quantity("60 mL/min/1.73 m2", what="k", dimensions=("flow per body surface area",))
    changed = of(ask(case, kidney_change=KidneyChange(to, 6.0), until="200 h", step="1 h", draws=200))
    always = of(ask(case, kidney=assess_kidney(case, assumed=to), until="200 h", step="1 h", draws=200))
    assert ends(changed, 200.0) == pytest.approx(ends(always, 200.0), rel=0.01)
    plain = of(ask(case, until="200 h", step="1 h", draws=200))
    assert ends(changed, 5.0) == pytest.approx(ends(plain, 5.0), rel=1e-9)
    old = rising(((-80.0, "1.2 mg/dL"), (-50.0, "1.2 mg/dL")))  # which gives no value of now to change from
    later = of(ask(old, kidney_change=KidneyChange(to, 6.0), until="200 h", step="1 h", draws=200))
    assert ends(later, 200.0) == pytest.approx(ends(always, 200.0), rel=0.01)
    for way in changed.ahead:  # after the change nothing is left of the ways
        assert way.curve.typical_ng_per_ml[-1] == pytest.approx(always.curve.typical_ng_per_ml[-1], rel=1e-6)  # type: ignore[union-attr]


def test_ways_that_nobody_asks_for_are_not_told() -> None:
    assert of(ask(rising(), ways_ahead=False)).ahead == ()


def test_a_path_and_a_patient_have_nothing_to_do_with_each_other() -> None:
    found = kidneys_ahead(rising(), ahead_h=24, draws=400, seed=SEED)
    assert isinstance(found, KidneysAhead)
    now = np.log(found.moving.now(found.walk))
    for eta in even_normals(SEED, 400, 2).T:
        assert abs(np.corrcoef(now, eta)[0, 1]) < 0.05
    quiet = np.argsort(now)[:100]
    assert abs(even_normals(SEED, 400, 2)[quiet].mean(axis=0)).max() < 0.15


def test_kidneys_are_held_where_there_is_no_walk_and_why() -> None:
    without_height = rising(patient={"born": "1958-03-02", "sex": "male", "weight": "70 kg"})
    found = ask(without_height)
    assert found.kidneys is None and found.draws == forecast_making.DRAWS
    assert not any("held all the same" in says for says in found.says)  # no model that needs one has a clearance
    child = rising(patient={"born": "2016-03-02", "sex": "male", "weight": "30 kg", "height": "135 cm"})
    held = ask(child)
    assert held.kidneys is None
    assert any("held all the same: How a child's clearance moves" in says for says in held.says)
    assert ask(adult()).kidneys is None  # no creatinine: each model that needs one says so
    baby = adult(patient={"born": "2026-01-02", "sex": "male", "weight": "8 kg", "height": "70 cm"})
    assert ask(baby).kidneys is None


def test_an_old_creatinine_still_bounds_the_kidneys() -> None:
    """Two days old: no value of now, but a walk that is wider the older it is."""
    runs = {"administrations": [given(20, rate="0.375 mcg/kg/min")]}
    old = rising(((-80.0, "1.2 mg/dL"), (-50.0, "1.2 mg/dL")), **runs)
    assert assess_kidney(old).clearance is None
    found = of(ask(old, None))
    assert found.kidneys is KidneysTaken.IN_MOTION and found.curve is not None
    fresh = of(ask(rising(((-32.0, "1.2 mg/dL"), (-2.0, "1.3 mg/dL"), (-1.0, "1.7 mg/dL")), **runs), None))
    assert fresh.kidneys is KidneysTaken.IN_MOTION


def test_a_machine_long_gone_adds_what_it_cleared_and_the_walk_begins_after_it() -> None:
    """CRRT until three days ago with 1.2 L/h of the drug: beside it the body, since then the walk."""
    on = [
        {
            "what": "CRRT",
            "start": (NOW - timedelta(hours=120)).isoformat(),
            "end": (NOW - timedelta(hours=72)).isoformat(),
            "clearance": "1.2 L/h",
        }
    ]
    case = rising(((-60.0, "1.0 mg/dL"), (-14.0, "1.4 mg/dL"), (-2.0, "2.2 mg/dL")), support=on)
    found = ask(case)
    assert found.kidneys is not None and float(found.kidneys.walk.knot_h[0]) == -60
    assert any("A machine replaced the kidneys before" in says for says in found.kidneys.moving.of_case.says)
    now = ask(rising(support=[{**on[0], "end": None} | {"end": (NOW + timedelta(hours=5)).isoformat()}]))
    assert now.kidneys is None


def test_the_same_seed_gives_the_same_fan_and_another_one_nearly() -> None:
    case, models = (
        rising(),
        [model for model in load_models(load_drug("milrinone")) if model.name == "milrinone/label_adult"],
    )
    one, again = (of(forecast(case, "0.375 mcg/kg/min", seed=1, models=models)) for _ in range(2))
    assert ends(one, 24.0) == ends(again, 24.0)
    for seed in (2, 2**62):
        other = of(forecast(case, "0.375 mcg/kg/min", seed=seed, models=models))
        assert ends(one, 24.0) == pytest.approx(ends(other, 24.0), rel=0.12)
