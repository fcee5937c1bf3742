"""The hard limits: maximum, renal line, what the 24 h total leaves; which one binds, and why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from inotrope.dosing import Ceiling, ceiling, history, room
from inotrope.errors import EquationError
from tests.dosing.adult import adult_entry, case, entry, infusion, quantity


def limits(clearance: str, *, load: str = "50", administrations: list[dict[str, str]] | None = None) -> Ceiling:
    past = history(case(administrations=administrations or []), drug="milrinone")
    return ceiling(
        adult_entry(), clearance=quantity(f"{clearance} mL/min/1.73 m2"), past=past, load_mcg_per_kg=Decimal(load)
    )


def test_above_the_table_the_maximum_and_the_total_hold() -> None:
    found = limits("50.1")
    assert [limit.name for limit in found.limits] == ["maximum", "24 h total"]
    # (1,130 - 50) mcg/kg / 1,440 min = 0.75 mcg/kg/min: with the load both limits are the same.
    assert found.rate == quantity("0.75 mcg/kg/min")
    assert found.named("24 h total") is not None
    assert found.named("renal line") is None


def test_without_a_load_the_total_leaves_more_than_the_maximum() -> None:
    found = limits("80", load="0")
    assert found.lowest.name == "maximum"
    total = found.named("24 h total")
    assert total is not None
    assert total.rate.shown(4) == "0.7847 mcg/kg/min"  # 1,130 / 1,440
    assert "1.13 mg/kg" in total.says


@pytest.mark.parametrize(("clearance", "rate"), [("50", "0.43"), ("5", "0.2"), ("35", "0.355")])
def test_inside_the_table_the_line_binds(clearance: str, rate: str) -> None:
    found = limits(clearance)
    assert found.lowest.name == "renal line"
    assert found.rate == quantity(f"{rate} mcg/kg/min")
    assert f"at a creatinine clearance of {clearance} mL/min/1.73 m2" in found.lowest.says


def test_below_the_table_is_an_error_here() -> None:
    with pytest.raises(EquationError):
        limits("4.9")


def test_an_entry_without_table_or_total_has_its_maximum_alone() -> None:
    past = history(case(), drug="milrinone")
    bare = replace(adult_entry(), renal=None, total_24_h=None)
    found = ceiling(bare, clearance=quantity("20 mL/min/1.73 m2"), past=past, load_mcg_per_kg=Decimal(0))
    assert [limit.name for limit in found.limits] == ["maximum"]


def test_what_was_given_leaves_less() -> None:
    # 24 h at 45 mcg/kg/h = 1,080 of 1,130 mcg/kg: as much leaves as comes, so 45 mcg/kg/h may go on at most; the
    # window that ends in 24 h holds the new rate alone: 1,130 / 24 = 47.08. The lower is found in between: the 50 that
    # are left are used up over the next 24 h at t = 24 only, so 47.08 x 24 = 1,130 is what binds.
    running = [infusion("24", "0.75 mcg/kg/min")]
    found = limits("80", load="0", administrations=running)
    total = found.named("24 h total")
    assert total is not None
    assert total.rate.shown(4) == "0.7847 mcg/kg/min"
    assert found.lowest.name == "maximum"


def test_a_burst_in_the_last_hours_binds_until_it_leaves() -> None:
    # 4 h at 270 mcg/kg/h = 1,080: it leaves from 20 h on; until then only 50 mcg/kg fit: 50 / 20 / 60 = 0.041666...
    burst = [infusion("4", "4.5 mcg/kg/min", duration="4 h")]
    found = limits("80", load="0", administrations=burst)
    assert found.lowest.name == "24 h total"
    assert found.rate.shown(6) == "0.041667 mcg/kg/min"
    assert found.rate.value * 60 * 20 <= 50


def test_nothing_is_left_when_more_than_the_cap_was_given() -> None:
    past = history(case(administrations=[infusion("24", "0.8 mcg/kg/min")]), drug="milrinone")
    assert room(Decimal(1130), past=past, load_mcg_per_kg=Decimal(0)) == 0  # 24 x 48 = 1,152


def test_a_renal_table_needs_a_kidney_function() -> None:
    with pytest.raises(EquationError, match="no kidney function is known"):
        ceiling(adult_entry(), clearance=None, past=history(case(), drug="milrinone"), load_mcg_per_kg=Decimal(0))


@pytest.mark.parametrize("clearance", [None, "20 mL/min/1.73 m2"])
def test_an_entry_for_children_has_its_maximum_alone_whatever_the_kidney(clearance: str | None) -> None:
    # No table was tested in children and no cap is sourced; an impaired kidney is a rule's matter.
    found = ceiling(
        entry("child-septic-shock"),
        clearance=None if clearance is None else quantity(clearance),
        past=history(case(), drug="milrinone"),
        load_mcg_per_kg=Decimal(50),
    )
    assert [(limit.name, limit.rate) for limit in found.limits] == [("maximum", quantity("0.75 mcg/kg/min"))]
