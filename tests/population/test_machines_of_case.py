"""The machines of a case: hours from `now`, whether all is entered, and what kidneys stand beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from inotrope.drug import load_drug
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
    lately_replaced,
    load_model,
    machines_of_case,
    made_beside_machines,
    not_yet_known,
    replaced,
    says_past_machines,
)
from inotrope.units import Quantity

from .test_domain import INSIDE
from .test_from_case import ADULT

START = "2026-11-22T01:00:00+00:00"
MILRINONE = load_drug("milrinone")


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
    assert clearances_entered(supported(*machines), MILRINONE) is known


def test_beside_a_machine_a_creatinine_tells_nothing_of_the_own_kidneys() -> None:
    case = supported(machine(clearance="1 L/h"))
    assert replaced(case) is Truth.PRESENT
    zero = Quantity(Decimal(0), "mL/min/1.73 m2")
    assert beside_machines(case, assess_kidney(case), MILRINONE).clearance == zero
    assumed = assess_kidney(case, assumed=Quantity(Decimal(12), "mL/min/1.73 m2"))
    assert beside_machines(case, assumed, MILRINONE) is assumed
    alone = supported()
    own = assess_kidney(alone)
    assert beside_machines(alone, own, MILRINONE) is own


ENDED = "2026-11-22T07:00:00+00:00"  # an hour before now
LONG_AGO = {"start": "2026-11-10T08:00:00+00:00", "end": "2026-11-20T07:00:00+00:00"}


@pytest.mark.parametrize(
    ("machines", "known"),
    [
        ((machine(end=ENDED),), False),
        ((machine(end=ENDED, clearance="1 L/h"),), True),
        ((machine(end=ENDED, clearance="1 L/h"), machine("hemodialysis", end=ENDED)), False),
        ((machine(end=ENDED, clearance="1 L/h"), machine("hemodialysis", **LONG_AGO)), True),
        ((machine(clearance="1 L/h", **LONG_AGO),), False),
        ((machine("hemodialysis", clearance="1 L/h", start=ENDED), machine(end=ENDED)), True),
    ],
)
def test_lately_ended_machines_must_be_entered_where_none_runs(machines: Any, known: bool) -> None:
    assert clearances_entered(supported(*machines), MILRINONE) is known


def test_after_a_machine_a_creatinine_tells_nothing_of_the_own_kidneys_for_two_days() -> None:
    zero = Quantity(Decimal(0), "mL/min/1.73 m2")
    lately, long_ago = supported(machine(end=ENDED)), supported(machine(**LONG_AGO))
    own = assess_kidney(lately)
    assert lately_replaced(lately, MILRINONE)
    assert beside_machines(lately, own, MILRINONE).clearance == zero
    assert not lately_replaced(long_ago, MILRINONE)
    assert beside_machines(long_ago, own, MILRINONE) is own
    assert not lately_replaced(supported(machine()), MILRINONE)  # it runs
    assert not lately_replaced(lately, None)  # a drug without a folder has no rule that says how long
    assert beside_machines(lately, own, None) is own


def test_so_soon_after_a_machine_nothing_is_told_without_its_clearance_or_a_supposed_one() -> None:
    lately = supported(machine(end=ENDED))
    own, assumed = assess_kidney(lately), assess_kidney(lately, assumed=Quantity(Decimal(12), "mL/min/1.73 m2"))
    says = not_yet_known(lately, own, MILRINONE, entered=False)
    assert "until lately" in says and ENTER in says and "assume a kidney function" in says
    assert not_yet_known(lately, own, MILRINONE, entered=True) == ""
    assert not_yet_known(lately, assumed, MILRINONE, entered=False) == ""
    assert not_yet_known(supported(), own, MILRINONE, entered=False) == ""


def test_a_past_machine_of_unknown_clearance_makes_the_level_now_uncertain() -> None:
    (says,) = says_past_machines(supported(machine(end=ENDED)), [-2.0, -0.5])
    assert says.startswith("CRRT ran until 2026-11-22 07:00, and what it cleared of milrinone is not entered")
    for case, given_h in (
        (supported(machine(end=ENDED)), [-0.5]),  # what was given began after it
        (supported(machine(end=ENDED)), []),
        (supported(machine(end=ENDED, clearance="1 L/h")), [-2.0]),
        (supported(machine()), [-2.0]),
        (supported(machine("ECMO", end=ENDED)), [-2.0]),
        (supported(), [-2.0]),
    ):
        assert says_past_machines(case, given_h) == ()


def test_the_refusal_names_where_to_enter_it(model: Model) -> None:
    present = {**INSIDE, "kidney replacement": "present"}
    found = judge_domain(model, present)
    assert found.remarks[0].says.endswith(ENTER)
    assert "a clearance such as '1.2 L/h'" in ENTER and "'1.2 L/h from 6 h to 30 h'" in ENTER


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
