"""Which pump rate belongs to which rate, where an order names several: side by side, by role, or in their order.

Worked by hand: 0.5 x 70 x 60 / 200 = 10.5 mL/h, 0.375 gives 7.875, 0.25 gives 5.25, 0.75 gives 15.75 mL/h.
"""

from __future__ import annotations

import pytest

from inotrope.plan import check_order

BAG = "70 kg, milrinone 200 mcg/mL, "


def compared(text: str) -> list[tuple[str, str]]:
    """Return what was stated and what was computed for it."""
    return [(pair.stated, str(pair.computed)) for pair in check_order(BAG + text).pairs]


def test_rates_and_then_flows_belong_together_in_their_order() -> None:
    right, turned = (
        f"0.5 mcg/kg/min, 0.375 mcg/kg/min, {flows}" for flows in ("10.5 mL/h, 7.875 mL/h", "7.875 mL/h, 10.5 mL/h")
    )
    assert compared(right) == [("10.5 mL/h", "10.5 mL/h"), ("7.875 mL/h", "7.875 mL/h")]
    assert check_order(BAG + right).status == "consistent"
    assert compared(turned) == [("7.875 mL/h", "10.5 mL/h"), ("10.5 mL/h", "7.875 mL/h")]
    assert check_order(BAG + turned).status == "stopped"


@pytest.mark.parametrize(("flow", "status"), [("5.25 mL/h", "consistent"), ("52.5 mL/h", "stopped")])
def test_a_highest_rate_and_the_pump_of_now_are_not_taken_for_each_other(flow: str, status: str) -> None:
    """10.5 mL/h would be the pump rate of the highest rate: what runs now is that of 0.25."""
    found = check_order(f"{BAG}0.25 mcg/kg/min = 5.25 mL/h, max 0.5 mcg/kg/min. Pump {flow}")
    assert found.status == status


@pytest.mark.parametrize(("flow", "status"), [("15.75 mL/h", "consistent"), ("157.5 mL/h", "stopped")])
def test_a_stage_that_says_how_long_and_one_that_does_not(flow: str, status: str) -> None:
    found = check_order(f"{BAG}0.25 mcg/kg/min, 5.25 mL/h for 1 h, then 0.75 mcg/kg/min, {flow}")
    assert found.status == status


def test_a_rate_that_is_faster_than_any_load_is_no_load_however_short() -> None:
    """3.75 x 70 x 60 / 200 = 78.75 mL/h fits the rate, and stays far above the highest one."""
    found = check_order(f"{BAG}3.75 mcg/kg/min = 78.75 mL/h for 1 h then 0.25 mcg/kg/min = 5.25 mL/h")
    assert found.status == "stopped"
    assert [item.rule for item in found.findings] == ["rate-above-maximum"]


@pytest.mark.parametrize(("flow", "status"), [("105 mL/h", "warned"), ("1050 mL/h", "stopped")])
def test_a_load_as_a_faster_rate_of_the_bag_is_compared_with_the_bag(flow: str, status: str) -> None:
    """5 x 70 x 60 / 200 = 105 mL/h; a load of an adult is drawn from a vial, so that the bag is told as well."""
    found = check_order(f"{BAG}load 5 mcg/kg/min for 10 min = {flow}, then 0.5 mcg/kg/min = 10.5 mL/h")
    assert found.status == status
    assert "load-from-bag" in [item.rule for item in found.findings]
    assert (flow.replace("1050", "1,050"), "105 mL/h") in [(pair.stated, str(pair.computed)) for pair in found.pairs]


def test_a_stage_at_the_very_end_of_an_order_is_held_against_the_limits() -> None:
    sound, tenfold = (check_order(f"{BAG}0.25 mcg/kg/min for 1 h then {rate} mcg/kg/min") for rate in ("0.5", "5"))
    assert [item.rule for item in sound.findings] == []
    assert tenfold.status == "stopped"
    assert "above-maximum" in " ".join(item.rule for item in tenfold.findings)
