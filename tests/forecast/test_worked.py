"""Levels that a pencil computes, against the forecast: one compartment, from zero, with a load, a pause, a history."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from inotrope.forecast import Forecast, KidneyChange, ModelForecast, forecast
from inotrope.units import Quantity
from tests.forecast.persons import CL, RATE, STEADY, K, adult, given, kidney, label


def of_label(regimen: str, **more: Any) -> tuple[Forecast, ModelForecast]:
    case = more.pop("case", adult())
    kidneys = more.pop("kidney", kidney(case))
    found = forecast(case, regimen, models=[label()], kidney=kidneys, seed=1, **more)
    (model,) = found.models
    return found, model


def at(model: ModelForecast, hour: float) -> float:
    assert model.curve is not None
    (place,) = np.flatnonzero(np.isclose(model.curve.time_h, hour))
    return float(model.curve.typical_ng_per_ml[place])


def test_half_a_microgram_from_zero_reaches_181_at_6_h_209_at_12_h_and_214_in_the_end() -> None:
    _, model = of_label("0.5 mcg/kg/min")
    assert at(model, 0) == 0
    assert at(model, 6) == pytest.approx(181.15, abs=0.01)  # 214.2857 x (1 - exp(-0.311111 x 6)), exp = 0.154638
    assert at(model, 12) == pytest.approx(209.16, abs=0.01)  # exp(-3.733333) = 0.023913
    assert model.steady is not None and model.steady.typical == pytest.approx(214.29, abs=0.01)
    assert model.time_to_90_h is not None and model.time_to_90_h.typical == pytest.approx(7.40, abs=0.01)  # ln 10 / k


def test_the_grid_is_fifteen_minutes_over_a_day() -> None:
    _, model = of_label("0.5 mcg/kg/min")
    assert model.curve is not None
    assert model.curve.time_h.tolist() == [quarter / 4 for quarter in range(97)]


def test_the_load_gives_108_when_it_is_in_and_the_infusion_goes_on_from_there() -> None:
    _, model = of_label("50 mcg/kg over 10 min; 0.5 mcg/kg/min", step="10 min", until="6 h")
    end = 21000 / CL * (1 - math.exp(-K / 6))  # 3,500 mcg in 10 min
    assert end == pytest.approx(108.28, abs=0.01)
    assert at(model, 1 / 6) == pytest.approx(end, rel=1e-9)
    left = math.exp(-K * (6 - 1 / 6))
    assert at(model, 6) == pytest.approx(end * left + STEADY * (1 - left), rel=1e-9)


def test_the_peak_of_a_load_is_found_between_two_times_of_the_curve() -> None:
    found, model = of_label("50 mcg/kg over 10 min; pause")
    end = 21000 / CL * (1 - math.exp(-K / 6))  # when the load is in, 5 min before the first quarter of an hour
    assert model.peak is not None and model.peak.typical == pytest.approx(end, rel=1e-12)
    assert model.peak_at_h == pytest.approx(1 / 6, rel=1e-12)
    assert found.highest_peak is not None and found.highest_peak.level_ng_per_ml == model.peak.typical
    assert model.curve is not None and model.curve.spread is not None and model.peak.spread is not None
    assert at(model, 0.25) < end
    # Each draw has its own peak, and all of them have it when the load is in.
    assert float(model.peak.spread.median) > float(model.curve.spread.median.max())


def test_in_a_pause_the_level_falls_by_its_half_life_and_rises_again_after() -> None:
    _, model = of_label("0.5 mcg/kg/min for 6 h; pause 2 h; 0.5 mcg/kg/min")
    six = STEADY * (1 - math.exp(-6 * K))
    eight = six * math.exp(-2 * K)
    assert at(model, 8) == pytest.approx(eight, rel=1e-9)
    assert eight == pytest.approx(97.23, abs=0.01)  # 181.15 x 0.536748
    left = math.exp(-4 * K)
    assert at(model, 12) == pytest.approx(eight * left + STEADY * (1 - left), rel=1e-9)


def test_what_ran_for_twelve_hours_stands_at_209_now_and_the_proposal_goes_on_from_there() -> None:
    case = adult(administrations=[given(12, rate="0.5 mcg/kg/min")])
    _, model = of_label("0.375 mcg/kg/min", case=case)
    now = STEADY * (1 - math.exp(-12 * K))
    assert model.now is not None and model.now.typical == pytest.approx(now, rel=1e-9)
    assert now == pytest.approx(209.16, abs=0.01)
    left = math.exp(-6 * K)
    assert at(model, 6) == pytest.approx(now * left + 0.75 * STEADY * (1 - left), rel=1e-9)


def test_a_load_that_is_half_in_goes_on_beside_what_is_planned() -> None:
    case = adult(administrations=[given(0.25, dose="50 mcg/kg", duration="30 min")])
    _, model = of_label("0.5 mcg/kg/min", case=case)
    quarter = math.exp(-K / 4)
    now = 7000 / CL * (1 - quarter)  # 3,500 mcg in 30 min
    assert model.now is not None and model.now.typical == pytest.approx(now, rel=1e-9)
    assert at(model, 0.25) == pytest.approx(now * quarter + (7000 + RATE) / CL * (1 - quarter), rel=1e-9)


def test_the_kidneys_at_40_halve_the_part_that_follows_them() -> None:
    case = adult()
    _, model = of_label("0.5 mcg/kg/min", case=case, kidney=kidney(case, "40"))
    assert model.steady is not None
    assert model.steady.typical == pytest.approx(STEADY / (0.17 + 0.83 * 0.5), rel=1e-9)  # 366.3 ng/mL


def test_kidneys_that_fall_after_the_curve_s_end_change_the_steady_level_and_nothing_of_the_curve() -> None:
    change = KidneyChange(Quantity(Decimal(40), "mL/min/1.73 m2"), at_h=30)
    _, model = of_label("0.5 mcg/kg/min", kidney_change=change)
    assert at(model, 24) == pytest.approx(STEADY * (1 - math.exp(-24 * K)), rel=1e-9)
    assert model.steady is not None and model.steady.typical == pytest.approx(STEADY / 0.585, rel=1e-9)


def test_draws_spread_as_log_normal_clearance_says() -> None:
    _, model = of_label("0.5 mcg/kg/min", draws=4000)
    assert model.steady is not None and model.steady.spread is not None
    omega = math.sqrt(math.log(1 + 0.45**2))  # between patients, CV 45 %
    spread = model.steady.spread
    assert float(spread.median) == pytest.approx(STEADY, rel=0.03)
    assert float(spread.highest) == pytest.approx(STEADY * math.exp(1.645 * omega), rel=0.06)
    assert float(spread.lowest) == pytest.approx(STEADY * math.exp(-1.645 * omega), rel=0.06)
    assert float(spread.upper) == pytest.approx(STEADY * math.exp(0.6745 * omega), rel=0.04)
    assert float(spread.lower) == pytest.approx(STEADY * math.exp(-0.6745 * omega), rel=0.04)


def test_the_chance_of_a_range_is_the_share_of_draws_in_it() -> None:
    found, model = of_label("0.5 mcg/kg/min", draws=4000)
    omega = math.sqrt(math.log(1 + 0.45**2))

    def below(level: float) -> float:  # the share of patients whose steady level lies below
        return 0.5 * (1 + math.erf(math.log(level / STEADY) / omega / math.sqrt(2)))

    usual = next(band for band in found.bands if band.low.value.value == 100 and band.high.value.value == 300)
    chance = next(item for item in model.steady_chances if item.band == usual.id)
    assert float(chance.below) == pytest.approx(below(100), abs=0.02)
    assert float(chance.within) == pytest.approx(below(300) - below(100), abs=0.03)
    assert float(chance.above) == pytest.approx(1 - below(300), abs=0.02)
