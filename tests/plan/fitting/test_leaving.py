"""When a fitted patient leaves a range: against the draws' own levels, held and moving, and on the sheet."""

from __future__ import annotations

import pytest

from inotrope.display import to_text
from inotrope.display.fit_sheet import fit_sheet
from inotrope.plan import fit_case
from inotrope.plan.fitting.kidneys import HELD
from inotrope.plan.fitting.record import Fit, ModelFit
from inotrope.population import load_model
from tests.plan.fitting.bedside_levels import bedside, level

RISING = ("1.0 mg/dL", "1.4 mg/dL", "2.2 mg/dL")


def fit(*levels: dict[str, str], **changes: object) -> Fit:
    return fit_case(bedside(*levels, **changes), models=[load_model("milrinone/label_adult")], draws=2000)


def usual(model: ModelFit) -> tuple[float, float, float]:
    above = next(item for item in model.leaves if (item.band, item.side) == ("usual", "above"))
    return float(above.now.value), float(above.chance.value), float(above.at_the_end.value)


def test_a_high_level_is_above_now_and_a_low_one_is_not() -> None:
    high, low = (fit(level(value)).models[0] for value in ("420 ng/mL", "120 ng/mL"))
    now, chance, end = usual(high)
    assert now > 90 and chance >= now and end <= chance
    assert usual(low)[1] < 5
    # The end of the interval of 90 % at the last time, and the share above 300 there, tell the same.
    assert high.curve is not None
    top = high.curve.intervals.highest.values[-1]
    assert (top > 300) == (end >= 5)


def test_moving_kidneys_have_a_fan_for_each_way() -> None:
    (model,) = fit(level("250 ng/mL"), creatinine=RISING).models
    better, worse = (next(way for way in model.ahead if way.kidneys == name) for name in ("recovering", "worsening"))
    own = next(way for way in model.ahead if way.kidneys == "unchanged")
    assert own.leaves == model.leaves and model.curve is not None
    place = model.curve.time.values.index(0.0)
    assert own.time.values == model.curve.time.values[place:] and own.time.values[-1] == 24
    assert own.intervals.median.values == model.curve.intervals.median.values[place:]
    assert own.intervals.median.values[-1] == pytest.approx(float(own.level.median.value), abs=0.06)
    for name in ("lowest", "median", "highest"):
        low, middle, high = (getattr(way.intervals, name).values for way in (better, own, worse))
        assert low[0] == middle[0] == high[0] and low[-1] < middle[-1] < high[-1]
    shares = [way.leaves[0].chance.value for way in (better, own, worse)]
    assert shares == sorted(shares) and shares[0] < shares[-1]


def test_the_sheet_says_when_it_is_left() -> None:
    moving = " ".join(to_text(fit_sheet(fit(level("250 ng/mL"), creatinine=RISING)), width=200).split())
    assert "When 100 to 300 ng/mL is left by label_adult, as the kidneys go on" in moving
    held = fit(level("420 ng/mL"))
    text = " ".join(to_text(fit_sheet(held), width=300).split())
    assert "are above it then; kidneys that begin to fail are not counted." in text
    assert held.kidney.because == (HELD,) and HELD in text
