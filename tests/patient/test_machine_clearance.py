"""What a person enters that a machine clears: a flow that a machine can have, once for each machine at one time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from inotrope.errors import CaseError, InotropeError, UnitError
from inotrope.units import Quantity

from .conftest import Build

START = "2026-11-22T01:00:00+01:00"
LATER = "2026-11-22T04:00:00+01:00"


def crrt(**more: Any) -> dict[str, Any]:
    return {"what": "CRRT", "start": START, **more}


@pytest.mark.parametrize(("text", "value", "unit"), [("1.2 L/h", "1.2", "L/h"), ("20 mL/min", "20", "mL/min")])
def test_it_is_read_with_its_unit(build: Build, text: str, value: str, unit: str) -> None:
    machine = build(support=[crrt(clearance=text)]).support[0]
    assert machine.clearance == Quantity(Decimal(value), unit)


def test_nothing_is_taken_for_granted(build: Build) -> None:
    assert build(support=[crrt(effluent="2000 mL/h")]).support[0].clearance is None


@pytest.mark.parametrize(
    ("written", "kind", "says"),
    [
        ("1.2", UnitError, "no unit"),
        (1.2, UnitError, "no unit"),
        ("1.2 L", UnitError, "1.2 L"),
        ("20 mL/min/1.73 m2", UnitError, "mL/min/1.73 m2"),
        ("0 L/h", InotropeError, "0 L/h"),
        ("-1 L/h", InotropeError, "-1 L/h"),
        ("1.2 L/min", CaseError, "is above 30 L/h, all the blood that a machine is given"),
    ],
)
def test_what_no_machine_clears_is_refused(build: Build, written: object, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says) as caught:
        build(support=[crrt(), crrt(clearance=written)])
    assert isinstance(caught.value, InotropeError)
    assert caught.value.where == "support[1].clearance"


def test_the_highest_is_read(build: Build) -> None:
    assert build(support=[crrt(clearance="500 mL/min")]).support[0].clearance is not None


def test_one_machine_does_not_clear_twice_at_one_time(build: Build) -> None:
    first, second = crrt(clearance="1 L/h"), crrt(clearance="2 L/h", start=LATER)
    with pytest.raises(CaseError, match="CRRT is entered twice at one time") as caught:
        build(support=[first, second])
    assert caught.value.where == "support[1].clearance"
    ended = {**first, "end": LATER}
    for support in ([ended, second], [second, ended], [first, {**second, "what": "ECMO"}], [first, crrt(start=LATER)]):
        assert len(build(support=support).support) == 2
