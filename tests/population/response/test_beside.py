"""Medicines that move heart and vessels: those with a size move the drive, the others are named as not in the model."""

from __future__ import annotations

import pytest

from inotrope.patient import Case
from inotrope.population.response import drive_beside, not_counted
from tests.estimation.response.bedsides import shipped
from tests.plan.circulation.whom import case


def given(of: str, start: str, **more: str) -> dict[str, str]:
    return {"of": of, "start": f"{start}:00+01:00", **more}


def with_(*entries: dict[str, str], medicines: tuple[str, ...] = ()) -> Case:
    return case(administrations=list(entries), medicines=list(medicines))  # now: 2026-11-22 08:00


RATE = {"rate": "0.05 mcg/kg/min"}


@pytest.mark.hazard("electrolytes-and-company")
@pytest.mark.parametrize(
    "name", ["epinephrine", "dopamine", "levosimendan", "norepinephrine", "nitroglycerin", "nicardipine"]
)
def test_whatever_moves_the_circulation_without_a_size_is_named(name: str) -> None:
    for one in (with_(given(name, "2026-11-22T02:00", **RATE)), with_(medicines=(name,))):
        assert not_counted(shipped(), one).startswith(f"Not in the model: {name}. ")
        drive, says = drive_beside(shipped(), one)
        assert says == () and float(drive.now) == 1


def test_what_has_a_size_is_not_named_again() -> None:
    one = with_(given("dobutamine", "2026-11-22T02:00", rate="5 mcg/kg/min"), medicines=("metoprolol",))
    assert not_counted(shipped(), one) == ""
    assert len(drive_beside(shipped(), one)[1]) == 2


def test_what_is_no_matter_of_the_circulation_is_not_named() -> None:
    own = given("milrinone", "2026-11-22T02:00", rate="0.375 mcg/kg/min")
    assert not_counted(shipped(), with_(own, medicines=("furosemide", "paracetamol", "no such medicine"))) == ""


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ([given("levosimendan", "2026-11-21T08:00", **RATE, end="2026-11-21T09:00:00+01:00")], True),  # 23 h ago
        ([given("levosimendan", "2026-11-20T08:00", **RATE, end="2026-11-21T07:00:00+01:00")], False),  # 25 h ago
        ([given("ephedrine", "2026-11-21T09:00", dose="10 mg")], True),
        ([given("ephedrine", "2026-11-21T07:00", dose="10 mg")], False),
        ([given("epinephrine", "2026-11-20T08:00", **RATE)], True),  # it still runs
        # Set to zero 25 h ago, and 1 h ago.
        (
            [
                given("epinephrine", "2026-11-20T08:00", **RATE),
                given("epinephrine", "2026-11-21T07:00", rate="0 mcg/kg/min"),
            ],
            False,
        ),
        (
            [
                given("epinephrine", "2026-11-20T08:00", **RATE),
                given("epinephrine", "2026-11-22T07:00", rate="0 mcg/kg/min"),
            ],
            True,
        ),
        ([given("epinephrine", "2026-11-22T07:00", rate="0 mcg/kg/min")], False),
    ],
)
def test_what_ran_within_a_day_counts_as_given(entries: list[dict[str, str]], *, named: bool) -> None:
    assert bool(not_counted(shipped(), with_(*entries))) is named


def test_each_is_named_once() -> None:
    one = with_(
        given("epinephrine", "2026-11-22T02:00", **RATE), given("epinephrine", "2026-11-22T03:00", dose="10 mcg")
    )
    says = not_counted(shipped(), one)
    assert says.count("epinephrine") == 1
