"""A machine's clearance: entered with its reason, dated, added to the body's own, and never guessed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from inotrope.errors import RequestError, UnitError
from inotrope.population import ExtracorporealClearance, with_machines
from inotrope.units import Quantity

FLOW = Quantity(Decimal(20), "mL/min")  # 1.2 L/h


def test_it_adds_while_it_runs() -> None:
    first = ExtracorporealClearance.entered("CRRT", clearance=FLOW, because="measured", start_h=2, end_h=6)
    always = ExtracorporealClearance.entered("ECMO", clearance=Quantity(Decimal(1), "L/h"), because="bench study")
    begin = np.array([0.0, 2.0, 4.0, 6.0])
    found = with_machines({"clearance": np.array([5.0]), "volume": np.array([9.0])}, begin, [first, always])
    assert found["clearance"] == pytest.approx([6, 7.2, 7.2, 6])
    assert found["volume"].tolist() == [9]
    assert first.times_h == (2, 6)
    assert always.times_h == ()


def test_a_start_before_everything_needs_no_stretch_of_its_own() -> None:
    early = ExtracorporealClearance.entered("CRRT", clearance=FLOW, because="measured", start_h=-9)
    assert with_machines({"clearance": np.array([[5.0], [6.0]])}, np.array([0.0, 1.0]), [early])[
        "clearance"
    ] == pytest.approx(np.array([[6.2, 6.2], [7.2, 7.2]]))


def test_a_change_within_a_stretch_is_refused() -> None:
    late = ExtracorporealClearance.entered("CRRT", clearance=FLOW, because="measured", start_h=1.5)
    with pytest.raises(RequestError, match=r"CRRT changes at 1.5 h, within a stretch"):
        with_machines({"clearance": np.array([5.0])}, np.array([0.0, 1.0, 2.0]), [late])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"clearance": Quantity(Decimal(0), "L/h")}, "enter one above zero"),
        ({"start_h": 3.0, "end_h": 3.0}, "ends at 3 h and starts at 3 h"),
        ({"because": " "}, "needs its reason"),
    ],
)
def test_what_is_none_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        ExtracorporealClearance.entered("CRRT", **{"clearance": FLOW, "because": "measured", **change})
    with pytest.raises(UnitError):
        ExtracorporealClearance.entered("CRRT", clearance=Quantity(Decimal(1), "L"), because="measured")
