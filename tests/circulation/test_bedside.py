"""Eight numbers of a bedside, and every pair of them that can contradict itself."""

from __future__ import annotations

import re

import numpy as np
import pytest

from inotrope.circulation import Bedside
from inotrope.errors import CirculationError

SOUND = {
    "heart_rate_per_min": 88.0,
    "cardiac_output_l_per_min": 3.8,
    "mean_arterial_mmhg": 82.0,
    "central_venous_mmhg": 12.0,
    "wedge_mmhg": 25.0,
    "mean_pulmonary_mmhg": 36.0,
    "left_ejection_fraction": 0.2,
    "right_ejection_fraction": 0.28,
}


def test_what_follows_from_them() -> None:
    """By hand: 3,800 mL / 88; 80 x 70 / 3.8 and 80 x 11 / 3.8, the figures of the facts' table."""
    found = Bedside.of(**SOUND)
    assert found.stroke_volume_ml == pytest.approx(43.1818, abs=1e-4)
    assert found.flow_ml_per_s == pytest.approx(63.3333, abs=1e-4)
    assert found.systemic_resistance_dyn_s_per_cm5 == pytest.approx(1473.68, abs=0.01)
    assert found.pulmonary_resistance_dyn_s_per_cm5 == pytest.approx(231.58, abs=0.01)


@pytest.mark.parametrize(
    ("planted", "pair", "says"),
    [
        (
            {"mean_arterial_mmhg": 11.0},
            "mean arterial pressure and central venous pressure",
            "Mean arterial pressure '11 mmHg' and central venous pressure '12 mmHg' contradict each other",
        ),
        (
            {"central_venous_mmhg": 82.0},
            "mean arterial pressure and central venous pressure",
            "Mean arterial pressure '82 mmHg' and central venous pressure '82 mmHg' contradict",
        ),
        (
            {"mean_pulmonary_mmhg": 20.0},
            "mean pulmonary artery pressure and wedge pressure",
            "Mean pulmonary artery pressure '20 mmHg' and wedge pressure '25 mmHg' contradict",
        ),
        (
            {"left_ejection_fraction": 1.2},
            "left ejection fraction and stroke volume",
            "Left ejection fraction '1.2' and stroke volume '43.1818 mL' contradict",
        ),
        (
            {"right_ejection_fraction": 1.0},
            "right ejection fraction and stroke volume",
            "Right ejection fraction '1' and stroke volume '43.1818 mL' contradict",
        ),
    ],
)
def test_a_contradiction_names_the_pair(planted: dict[str, float], pair: str, says: str) -> None:
    with pytest.raises(CirculationError) as caught:
        Bedside.of(**SOUND | planted)
    assert caught.value.where == pair
    assert says in caught.value.says
    assert not Bedside.unchecked(**{k: np.asarray(v) for k, v in (SOUND | planted).items()}).agree()


def test_the_patient_is_named_too() -> None:
    with pytest.raises(
        CirculationError, match=r"'80 mmHg' and central venous pressure '90 mmHg' contradict .* at \[1, 2\]"
    ):
        Bedside.of(**SOUND | {"mean_arterial_mmhg": [[95.0], [80.0]], "central_venous_mmhg": [12.0, 12.0, 90.0]})


@pytest.mark.parametrize("name", SOUND)
def test_each_must_be_above_zero(name: str) -> None:
    for wrong in (0.0, -3.0):
        with pytest.raises(CirculationError, match="is not above zero"):
            Bedside.of(**SOUND | {name: wrong})
        assert not Bedside.unchecked(**{k: np.asarray(v) for k, v in (SOUND | {name: wrong}).items()}).agree()
    missing = Bedside.unchecked(**{k: np.asarray(v) for k, v in (SOUND | {name: np.nan}).items()})
    assert not missing.agree()


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(CirculationError, match=r"heart rate \(2,\), wedge pressure \(3,\)"):
        Bedside.of(**SOUND | {"heart_rate_per_min": [80.0, 81.0], "wedge_mmhg": [20.0, 21.0, 22.0]})


def test_agreement_by_patient() -> None:
    pressures = np.array([82.0, 11.0])
    found = Bedside.unchecked(**{k: np.asarray(v) for k, v in SOUND.items()} | {"mean_arterial_mmhg": pressures})
    assert found.agree().tolist() == [True, False]


def test_further_numbers_that_agree() -> None:
    """Printed values round: 1,474 and 232 are those of the facts' table."""
    Bedside.of(**SOUND).agrees_with(
        agreement=0.05,
        stroke_volume_ml=43,
        systemic_resistance_dyn_s_per_cm5=1474,
        pulmonary_resistance_dyn_s_per_cm5=232,
    )


@pytest.mark.parametrize(
    ("name", "value", "pair"),
    [
        ("stroke_volume_ml", 60, "stroke volume and cardiac output"),
        ("systemic_resistance_dyn_s_per_cm5", 1200, "systemic vascular resistance and cardiac output"),
        ("pulmonary_resistance_dyn_s_per_cm5", [232, 100], "pulmonary vascular resistance and cardiac output"),
    ],
)
def test_an_output_that_the_other_numbers_contradict(name: str, value: object, pair: str) -> None:
    with pytest.raises(CirculationError, match=r"and cardiac output '3\.8 L/min' contradict") as caught:
        Bedside.of(**SOUND).agrees_with(agreement=0.05, **{name: value})
    assert caught.value.where == pair
    assert re.search(r"the other numbers \(.*cardiac output.*\) give [\d.]+ (mL|dyn s/cm5)", caught.value.says)
