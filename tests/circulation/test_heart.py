"""The parameters of a heart, in the order in which the solvers take them, and factors on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import Changes, Heart, calibrate, loop
from inotrope.circulation.heart import filling_pressure
from inotrope.errors import CirculationError

from .patients import failing, member


def test_the_order_is_that_of_the_rows() -> None:
    names = list(member()[0].arrays)
    for row, name in (
        (loop.RATE, "rate_per_min"),
        (loop.STRESSED, "stressed_volume_ml"),
        (loop.LEFT_EES, "left.elastance_mmhg_per_ml"),
        (loop.LEFT_START, "left.start_ml"),
        (loop.RIGHT_V0, "right.v0_ml"),
        (loop.RIGHT_B, "right.filling_per_ml"),
        (loop.RIGHT_START, "right.start_ml"),
        (loop.RS, "vessels.systemic_mmhg_s_per_ml"),
        (loop.RV, "vessels.venous_mmhg_s_per_ml"),
        (loop.CPV, "vessels.pulmonary_veins_ml_per_mmhg"),
    ):
        assert names[row] == name
    assert len(names) == loop.CPV + 1


def test_factors_go_where_they_belong() -> None:
    heart = member()[0]
    factors = {
        "rate": "rate_per_min",
        "left_elastance": "left.elastance_mmhg_per_ml",
        "right_elastance": "right.elastance_mmhg_per_ml",
        "left_filling": "left.filling_per_ml",
        "systemic_resistance": "vessels.systemic_mmhg_s_per_ml",
        "pulmonary_resistance": "vessels.pulmonary_mmhg_s_per_ml",
        "stressed_volume": "stressed_volume_ml",
    }
    assert set(factors) == set(Changes.__dataclass_fields__)
    for name, place in factors.items():
        moved = heart.changed(Changes.of(**{name: 1.25})).arrays
        for other, before in heart.arrays.items():
            assert moved[other] == before * (1.25 if other == place else 1), (name, other)


def test_no_change_changes_no_bit() -> None:
    heart = member()[0]
    assert heart.changed(Changes.of()).arrays == heart.arrays


@pytest.mark.parametrize("wrong", [0.0, -0.1, np.inf, np.nan])
def test_a_factor_that_is_none(wrong: float) -> None:
    with pytest.raises(CirculationError) as caught:
        Changes.of(systemic_resistance=wrong)
    assert caught.value.where == "systemic_resistance"


def test_a_checked_heart() -> None:
    heart = calibrate(failing().bedside, failing().assumed(left_v0_ml=-5.0))
    assert heart.checked() is heart
    with pytest.raises(CirculationError, match=r"vessels.systemic_mmhg_s_per_ml: '-1' is not above zero"):
        _with_resistance(heart, -1.0).checked()
    with pytest.raises(CirculationError, match="do not fit together"):
        replace(_with_resistance(heart, [1.0, 2.0]), rate_per_min=np.ones(3)).checked()


def _with_resistance(heart: Heart, value: object) -> Heart:
    return replace(heart, vessels=replace(heart.vessels, systemic_mmhg_s_per_ml=np.asarray(value)))


def test_the_filling_curve_gives_the_calibrated_pressures() -> None:
    heart = member()[0]
    assert filling_pressure(heart.left, heart.left.start_ml) == pytest.approx(25, rel=1e-14)
    assert filling_pressure(heart.right, heart.right.start_ml) == pytest.approx(12, rel=1e-14)
    assert filling_pressure(heart.right, heart.right.vd_ml) == 0
