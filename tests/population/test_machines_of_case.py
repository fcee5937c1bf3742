"""The machines of a case: hours from `now`, whether all is entered, and what kidneys stand beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from inotrope.findings import Truth
from inotrope.patient import Case, assess_kidney, read_case
from inotrope.population import (
    ENTER,
    Answer,
    Model,
    Standing,
    beside_machines,
    clearances_entered,
    judge_domain,
    load_model,
    machines_of_case,
    made_beside_machines,
    replaced,
)
from inotrope.units import Quantity

from .test_domain import INSIDE
from .test_from_case import ADULT

START = "2026-11-22T01:00:00+00:00"


def machine(what: str = "CRRT", **more: Any) -> dict[str, Any]:
    return {"what": what, "start": START, **more}


def supported(*machines: dict[str, Any]) -> Case:
    return read_case({**ADULT, "support": list(machines)})


def test_they_come_in_hours_from_now() -> None:
    case = supported(
        machine(clearance="20 mL/min"),
        machine("ECMO", clearance="1 L/h", end="2026-11-23T01:30:00+00:00"),
        machine("hemodialysis"),
    )
    start = (case.support or ())[0].start
    crrt, ecmo = machines_of_case(case)
    ago = (start - case.now).total_seconds() / 3600
    assert (crrt.what, crrt.start_h, crrt.end_h) == ("CRRT", ago, np.inf)
    assert crrt.clearance_l_per_h == pytest.approx(1.2, rel=1e-15)
    assert crrt.says == "CRRT clears 1.2 L/h beside the body, as entered: in the case, from 2026-11-22 01:00 on."
    assert ecmo.end_h == pytest.approx(ago + 24.5)
    assert "to 2026-11-23 01:30" in ecmo.says
    assert machines_of_case(read_case(ADULT)) == ()


@pytest.mark.parametrize(
    ("machines", "known"),
    [
        ((), False),
        ((machine(),), False),
        ((machine(clearance="1 L/h"),), True),
        ((machine(clearance="1 L/h"), machine("hemodialysis")), False),
        ((machine(clearance="1 L/h"), machine("hemodialysis", end="2026-11-22T02:00:00+00:00")), True),
        ((machine("ECMO", clearance="1 L/h"), machine()), False),
        ((machine("ECMO", clearance="1 L/h"),), False),
    ],
)
def test_every_machine_in_place_of_the_kidneys_must_be_entered(machines: Any, known: bool) -> None:
    assert clearances_entered(supported(*machines)) is known


def test_beside_a_machine_a_creatinine_tells_nothing_of_the_own_kidneys() -> None:
    case = supported(machine(clearance="1 L/h"))
    assert replaced(case) is Truth.PRESENT
    zero = Quantity(Decimal(0), "mL/min/1.73 m2")
    assert beside_machines(case, assess_kidney(case)).clearance == zero
    assumed = assess_kidney(case, assumed=Quantity(Decimal(12), "mL/min/1.73 m2"))
    assert beside_machines(case, assumed) is assumed
    alone = supported()
    own = assess_kidney(alone)
    assert beside_machines(alone, own) is own


def test_the_refusal_names_where_to_enter_it(model: Model) -> None:
    present = {**INSIDE, "kidney replacement": "present"}
    found = judge_domain(model, present)
    assert found.remarks[0].says.endswith(ENTER)
    assert '"clearance": "1.2 L/h"' in ENTER
    assert "--machine" in ENTER


def test_what_a_clearance_does_not_help() -> None:
    level = judge_domain(
        load_model("milrinone/osaka_2009"),
        {"kidney replacement": "present", "own creatinine clearance": 60.0},
        answer=Answer.STEADY_LEVEL,
        clearance_entered=True,
    )
    assert level.standing is Standing.REFUSAL
    assert "no clearance that a machine's could add to" in " ".join(item.says for item in level.remarks)
    blind = judge_domain(
        load_model("milrinone/prielipp_1996"),
        {"weight": 70.0, "kidney replacement": "present"},
        clearance_entered=True,
    )
    assert "does not know the kidneys: beside a machine" in " ".join(item.says for item in blind.remarks)


def test_who_was_studied_on_a_machine_needs_none_more() -> None:
    assert made_beside_machines(load_model("milrinone/taniguchi_2000"))  # continuous hemofiltration, all of them
    assert not made_beside_machines(load_model("milrinone/label_adult"))
