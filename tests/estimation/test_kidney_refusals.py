"""Why the creatinines of a case tell nothing of the patient's own kidneys."""

from __future__ import annotations

import pytest

from inotrope.estimation.kidney_refusals import off_since, refuse_creatinines, refuse_search, refuse_since_machine
from inotrope.patient import Case
from tests.estimation.test_kidney_of_case import CREATININE, STEADY, case, machine

ONE = (CREATININE, "1.0 mg/dL", 2.0)


def found(one: Case) -> str | None:
    refusal = refuse_creatinines(one, off_since(one))
    if refusal is None:
        return None
    assert refusal.says
    assert refusal.needs
    return refusal.id


def test_a_creatinine_of_an_adult_is_enough() -> None:
    assert found(case(ONE)) is None
    assert found(case(*STEADY, support=[])) is None


@pytest.mark.parametrize(("born", "expected"), [("2008-11-22", None), ("2008-11-23", "kidney-course-of-a-child")])
def test_adults_alone(born: str, expected: str | None) -> None:
    assert found(case(ONE, patient={"born": born, "weight": "60 kg"})) == expected


def test_none_is_recorded() -> None:
    assert found(case()) == "creatinine-absent"


def test_two_of_one_moment_that_differ() -> None:
    assert found(case(ONE, (CREATININE, "1.9 mg/dL", 2.0))) == "conflicting-data"


@pytest.mark.parametrize("what", ["CRRT", "hemodialysis", "peritoneal dialysis"])
def test_beside_a_machine(what: str) -> None:
    one = case(ONE, support=[machine(10.0, None, what=what, clearance="1.2 L/h")])
    refusal = refuse_creatinines(one, off_since(one))
    assert refusal is not None
    assert refusal.id == "kidney-replacement"
    assert refusal.says.startswith(f"On {what} the creatinine is the machine's")
    assert "1.2 L/h" in refusal.says


@pytest.mark.parametrize(("off", "expected"), [(0.0, "kidney-replacement"), (47.9, "kidney-replacement"), (48.0, None)])
def test_for_two_days_after_a_machine(off: float, expected: str | None) -> None:
    assert found(case(*STEADY, support=[machine(200.0, off)])) == expected


def test_without_a_creatinine_a_machine_that_came_off_is_not_forgotten() -> None:
    assert found(case(support=[machine(900.0, 30.0)])) == "kidney-replacement"
    assert found(case(support=[machine(900.0, 600.0)])) == "creatinine-absent"


def test_the_last_of_several_machines_counts() -> None:
    one = case(
        ONE, support=[machine(200.0, 150.0), machine(120.0, 90.0, what="hemodialysis"), machine(9.0, 8.0, "ECMO")]
    )
    off = off_since(one)
    assert off is not None
    assert (one.now - off).total_seconds() == 90 * 3600


def test_refusals_of_what_comes_later() -> None:
    assert (refuse_since_machine().id, refuse_search().id) == ("kidney-replacement", "kidney-walk-not-converged")
    assert refuse_since_machine().needs == refuse_search().needs == (CREATININE,)
