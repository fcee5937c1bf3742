"""Arrays that are no usable numbers are refused with their place; chunks together are the whole."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.circulation import arrays
from inotrope.circulation.arrays import chunks, first, numbers, place, positive, shape_of
from inotrope.errors import CirculationError


@pytest.mark.parametrize("value", ["high", object(), [[1.0], [1.0, 2.0]]])
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(CirculationError, match="is no number or array of numbers") as caught:
        numbers("mean arterial pressure", value)
    assert caught.value.where == "mean arterial pressure"


def test_the_place_of_a_bad_number_is_named() -> None:
    with pytest.raises(CirculationError, match=r"'inf' is not finite at \[1, 0\]"):
        numbers("x", [[1.0, 2.0], [np.inf, 3.0]])
    with pytest.raises(CirculationError, match=r"^x: 'nan' is not finite\.$"):
        numbers("x", np.nan)
    with pytest.raises(CirculationError, match=r"'-2' is not above zero at \[1\]"):
        positive("x", [1.0, -2.0])
    with pytest.raises(CirculationError, match=r"^x: '0' is not above zero\.$"):
        positive("x", 0)


def test_a_place() -> None:
    assert first(np.array([[False, False], [True, True]])) == (1, 0)
    assert first(np.array(True)) == ()
    assert (place((1, 0)), place(())) == (" at [1, 0]", "")


def test_shapes_that_do_not_fit() -> None:
    assert shape_of({"a": np.zeros((3, 1)), "b": np.zeros(4)}) == (3, 4)
    with pytest.raises(CirculationError, match=r"do not fit together: a \(3,\), b \(4,\)\.$"):
        shape_of({"a": np.zeros(3), "b": np.zeros(4), "c": np.zeros(())})


@pytest.mark.parametrize("chunk", [1, 3, 12, 50])
def test_chunks_are_the_whole(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(arrays, "CHUNK", chunk)
    given = [np.arange(4.0), np.full((3, 1), 7.0), np.asarray(2.0), np.arange(12.0).reshape(3, 4)]
    found = np.full((4, 12), np.nan)
    for part, rows in chunks(given, (3, 4)):
        found[:, part] = rows
    for row, array in zip(found, given, strict=True):
        np.testing.assert_array_equal(row.reshape(3, 4), np.broadcast_to(array, (3, 4)))
