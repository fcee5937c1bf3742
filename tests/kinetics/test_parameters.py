"""Parameters are checked when they are made, and an error names parameter, position and value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inotrope.errors import KineticsError
from inotrope.kinetics import Parameters


def test_scalars_become_one_row() -> None:
    made = Parameters.of(clearance_l_per_h=7, volume_l=14)
    assert (made.compartments, made.rows, made.batch, made.is_complex) == (1, 1, (), False)
    assert made.clearance_l_per_h.dtype == np.float64


def test_draws_and_rows_broadcast() -> None:
    made = Parameters.of(
        clearance_l_per_h=np.full((5, 1), 7.0), volume_l=[14.0, 15.0, 16.0], q2_l_per_h=18.0, v2_l=22.0
    )
    assert (made.compartments, made.rows, made.batch) == (2, 3, (5,))
    assert all(array.shape == (5, 3) for array in made.named().values())


def test_one_complex_number_makes_all_complex() -> None:
    made = Parameters.of(clearance_l_per_h=7 + 1e-30j, volume_l=14.0, q2_l_per_h=1, v2_l=2, q3_l_per_h=3, v3_l=4)
    assert made.is_complex and made.compartments == 3
    assert {array.dtype for array in made.named().values()} == {np.dtype(np.complex128)}


@pytest.mark.parametrize("name", ["clearance_l_per_h", "volume_l", "q2_l_per_h", "v2_l", "q3_l_per_h", "v3_l"])
@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf, -1.0 + 1e-30j])
def test_a_wrong_number_is_named(name: str, value: complex) -> None:
    sound: dict[str, Any] = {
        "clearance_l_per_h": 7.0,
        "volume_l": 14.0,
        "q2_l_per_h": 18.0,
        "v2_l": 22.0,
        "q3_l_per_h": 4.0,
        "v3_l": 120.0,
    }
    numbers = np.full((3, 2), sound[name], dtype=np.asarray(value).dtype)
    numbers[2, 1] = value
    with pytest.raises(KineticsError) as caught:
        Parameters.of(**sound | {name: numbers})
    assert caught.value.where == f"parameters: {name}[2, 1]"
    assert caught.value.value == str(value if isinstance(value, complex) else float(value))


def test_clearances_may_be_zero_and_volumes_may_not() -> None:
    Parameters.of(clearance_l_per_h=0.0, volume_l=14.0, q2_l_per_h=0.0, v2_l=22.0)
    with pytest.raises(KineticsError, match=r"v2_l.*above 0"):
        Parameters.of(clearance_l_per_h=0.0, volume_l=14.0, q2_l_per_h=0.0, v2_l=0.0)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"q2_l_per_h": 1.0}, "v2_l"),
        ({"v2_l": 1.0}, "q2_l_per_h"),
        ({"q2_l_per_h": 1.0, "v2_l": 1.0, "v3_l": 1.0}, "q3_l_per_h"),
        ({"q3_l_per_h": 1.0, "v3_l": 1.0}, "q2_l_per_h"),
    ],
)
def test_half_a_compartment_is_refused(given: dict[str, float], names: str) -> None:
    with pytest.raises(KineticsError) as caught:
        Parameters.of(clearance_l_per_h=7.0, volume_l=14.0, **given)
    assert caught.value.where == f"parameters: {names}"


def test_shapes_that_do_not_fit_and_words_are_refused() -> None:
    with pytest.raises(KineticsError, match=r"volume_l \(2,\)"):
        Parameters.of(clearance_l_per_h=[1.0, 2.0, 3.0], volume_l=[1.0, 2.0])
    with pytest.raises(KineticsError, match="'fast'"):
        Parameters.of(clearance_l_per_h="fast", volume_l=14.0)  # type: ignore[arg-type]


def test_rows_are_taken_in_order_and_missing_ones_named() -> None:
    made = Parameters.of(clearance_l_per_h=[1.0, 2.0, 3.0], volume_l=10.0)
    assert made.taken(np.array([2, 0])).clearance_l_per_h.tolist() == [3.0, 1.0]
    one = Parameters.of(clearance_l_per_h=1.0, volume_l=10.0)
    assert one.taken(np.array([5, 7])) is one
    for missing in (3, -1):
        with pytest.raises(KineticsError, match=f"row '{missing}'"):
            made.taken(np.array([0, missing]))
