"""What cannot both be true of one record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from inotrope.findings import Truth
from inotrope.safety.contradictions import BUILD, PRESSURES, contradictions
from tests.safety.conftest import MakeCase

MEAN, UPPER, LOWER = "mean arterial pressure", "systolic blood pressure", "diastolic blood pressure"


def pressures(*found: tuple[str, int, str]) -> list[dict[str, Any]]:
    return [{"what": what, "value": f"{value} mmHg", "at": f"2026-11-22T{at}:00+00:00"} for what, value, at in found]


@pytest.mark.parametrize(
    ("measured", "wrong"),
    [
        ([], Truth.ABSENT),
        ([(MEAN, 110, "07:00")], Truth.ABSENT),
        ([(MEAN, 110, "07:00"), (UPPER, 95, "07:00")], Truth.PRESENT),
        ([(MEAN, 110, "07:00"), (UPPER, 95, "06:45")], Truth.PRESENT),
        ([(MEAN, 110, "07:00"), (UPPER, 95, "06:44")], Truth.ABSENT),
        ([(LOWER, 80, "07:00"), (MEAN, 70, "07:00"), (UPPER, 120, "07:00")], Truth.PRESENT),
        ([(LOWER, 130, "07:00"), (UPPER, 112, "07:00")], Truth.PRESENT),
        ([(LOWER, 60, "07:00"), (MEAN, 60, "07:00"), (UPPER, 60, "07:00")], Truth.ABSENT),
        # Only the newest of each counts: the older mean of 110 is over.
        ([(MEAN, 110, "07:00"), (MEAN, 70, "07:05"), (UPPER, 95, "07:00")], Truth.ABSENT),
    ],
)
def test_a_mean_lies_between(make_case: MakeCase, measured: list[tuple[str, int, str]], wrong: Truth) -> None:
    assert contradictions(make_case(measurements=pressures(*measured)))[PRESSURES] is wrong


@pytest.mark.parametrize(
    ("patient", "build"),
    [
        ({"born": "2019-11-01", "weight": "22 kg", "height": "120 cm"}, Decimal("15.277778")),  # 22 / 1.44
        ({"weight": "180 kg", "height": "150 cm"}, Decimal(80)),
        ({"born": "2025-12-20", "weight": "9 kg", "height": "70 cm"}, Truth.ABSENT),
        ({"born": "2019-11-01", "weight": "22 kg"}, Truth.ABSENT),
    ],
)
def test_weight_over_squared_height(make_case: MakeCase, patient: dict[str, Any], build: object) -> None:
    case = make_case(patient)
    if patient.get("height") is None:
        case = replace(case, patient=replace(case.patient, height=None))
    assert contradictions(case)[BUILD] == build
