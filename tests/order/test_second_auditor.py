"""What a second auditor found: words that pass a medicine beside a line over, steps, pushes, routes and ages.

Each silent pass stands beside the sound orders that were stopped for the same words.
"""

from __future__ import annotations

import pytest

from inotrope.plan import OrderCheck, check_order

BAG = "70 kg, 20 mg/100 mL, 10.5 mL/h"
THEN = f"0.5 mcg/kg/min, {BAG}"  # 0.5 x 70 x 60 / 200 = 10.5
ORDER = f"milrinone {THEN}"
AT_TOP = "milrinone 0.75 mcg/kg/min, 80 kg, 20 mg/100 mL, 18 mL/h"  # 0.75 x 80 x 60 / 200 = 18


def rules(check: OrderCheck) -> dict[str, str]:
    """Return the rules that warn or stop an order, with their weight."""
    return {item.rule: item.severity.value for item in check.findings if item.severity.value != "inform"}


@pytest.mark.parametrize(
    ("own", "other", "status"),
    [
        ("PICC", "in the central line", "refused"),
        ("right IJ", "through the CVC", "refused"),
        ("the white port", "through the central line", "refused"),
        ("the distal lumen", "in the white lumen", "refused"),
        ("the grey lumen", "in the gray lumen", "refused"),
        ("the distal lumen", "in the proximal lumen", "consistent"),
        ("the left IJ line", "in the right IJ line", "consistent"),
        ("line 1", "in line 2", "consistent"),
        ("line 2", "in lumen 2", "refused"),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_two_lumens_are_two_only_by_two_names_of_one_kind(own: str, other: str, status: str) -> None:
    assert check_order(f"milrinone 0.5 mcg/kg/min via {own}, {BAG}. Furosemide {other}").status == status


@pytest.mark.parametrize(
    ("tail", "status"),
    [
        ("Patient has no other line so Lasix in the line", "refused"),
        ("Lasix in the line for lack of a free lumen", "refused"),
        ("Lasix in the line with no other iv access", "refused"),
        ("Lasix in the line with no delay", "refused"),
        ("Lasix down the line right after a flush", "refused"),
        ("Sulfa allergy but furosemide runs in the line", "refused"),
        ("Not enough lumens because furosemide in the line", "refused"),
        ("Do not give Bumex and furosemide in this line", "consistent"),
        ("No furosemide in this line", "consistent"),
        ("Furosemide not in this line", "consistent"),
        ("Furosemide through the line: no", "consistent"),
        ("Heparin flush of line", "consistent"),
        ("Flush the catheter: known heparin allergy", "consistent"),
        ("Norepinephrine via its own central line", "consistent"),
        ("Lidocaine for PICC insertion", "consistent"),
        ("Alteplase for occluded lumen", "consistent"),
        ("Epinephrine in line 2, milrinone in line 1", "consistent"),
        ("Keep furosemide out of this line", "consistent"),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_no_and_a_flush_count_only_where_they_speak_of_the_medicine(tail: str, status: str) -> None:
    check = check_order(f"{ORDER}. {tail}")
    assert check.status == status, [item.says for item in (*check.refusals, *check.findings)]


@pytest.mark.parametrize(
    ("order", "rule"),
    [
        (f"{ORDER}. To lower wedge pressure titrate by 0.5 mcg/kg/min q1h", "step-direction-open"),
        (f"{ORDER}. If lactate not down titrate by 0.5 mcg/kg/min q1h", "step-direction-open"),
        (f"{ORDER}. Wean pressors and step by 0.25 mcg/kg/min q1h", "step-direction-open"),
        (f"{ORDER}. Do not wean by 0.125 mcg/kg/min q1h", "step-direction-open"),
        (f"{ORDER}. Lactate is down by 0.125 mcg/kg/min q1h", "step-direction-open"),
        (f"{ORDER}. If lactate not down increase by 0.5 mcg/kg/min q1h", "step-above-maximum"),
        (f"{ORDER}. Titrate by 0.5 mcg/kg/min q1h until pressors off", "step-above-maximum"),
        (f"{ORDER}. Wean pressors, titrate by 0.5 mcg/kg/min q1h", "step-above-maximum"),
        (f"{ORDER}. Wean, then increase by 0.5 mcg/kg/min q1h", "step-above-maximum"),
        (f"{AT_TOP}. Titrate downward by 0.125 mcg/kg/min q6h", None),
        (f"{AT_TOP}. Titrate by 0.125 mcg/kg/min q6h to off", None),
        (f"{AT_TOP}. Titrate by 0.125 mcg/kg/min every 6 hours down to 0.375 mcg/kg/min", None),
        (f"{AT_TOP}, titrate off by 0.125 mcg/kg/min q2h", None),
        (f"{AT_TOP}. Wean, titrate by 0.125 mcg/kg/min q6h", None),
        (f"{AT_TOP}. Weaning plan, steps of 0.125 mcg/kg/min q6h", None),
        (f"{AT_TOP}. Wean as tolerated by 0.125 mcg/kg/min q6h", None),
        (f"{AT_TOP}. Decrease milrinone q6h by 0.125 mcg/kg/min", None),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_which_way_a_step_goes_is_told_by_words_at_its_verb(order: str, rule: str | None) -> None:
    check = check_order(order)
    steps = {name for name in rules(check) if name.startswith(("step-", "titration-without"))}
    assert steps == ({rule} if rule else set())
    assert check.status == {None: "consistent", "step-direction-open": "warned"}.get(rule, "stopped")


@pytest.mark.parametrize(
    ("order", "rule"),
    [
        (f"milrinone load 50 mcg/kg no dilution IV push then {THEN}", {"pushed": "stop"}),
        (f"Do not delay milrinone load 50 mcg/kg IV push then {THEN}", {"pushed": "stop"}),
        (f"milrinone load 50 mcg/kg, flush line, given by RN as IV push, then {THEN}", {"pushed": "stop"}),
        (f"{ORDER}. (IV push)", {"pushed": "stop"}),
        (f"milrinone load 50 mcg/kg to be given in ICU, then {THEN}", {"load-without-time": "warn"}),
        (f"milrinone load 50 mcg/kg given in ED, then {THEN}", {}),
        (f"{ORDER}. Flush with 10 mL NS, IV push, q8h", {}),
        (f"{ORDER}. Diuretic IV push after 1 h", {}),
        (f"{ORDER}. Infusion only, other meds by IV push through other line", {}),
        (f"{ORDER}. IV push of milrinone is prohibited", {}),
        (f"{ORDER}. IV push of milrinone in shock is prohibited", {"pushed": "stop"}),
        (f"{ORDER}. Nurse at bedside for IV push", {"push-of-what": "warn"}),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_push_is_the_drugs_where_it_stands_with_it_and_a_no_is_tied_to_it(order: str, rule: dict[str, str]) -> None:
    assert rules(check_order(order)) == rule


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (f"{ORDER}. MAP via arterial line q15min", "consistent"),
        (f"{ORDER}. BP via art line", "consistent"),
        (f"{ORDER}. BP monitored via arterial line", "consistent"),
        (f"{ORDER} via CVC, heparin subcut for prophylaxis", "consistent"),
        (f"{ORDER}. Ropivacaine via epidural catheter", "consistent"),
        (f"{ORDER} via arterial line", "stopped"),
        (f"{ORDER}. Via arterial line", "stopped"),
        (f"{ORDER}. Milrinone via arterial line, MAP goal 65", "stopped"),
        (f"{ORDER}. BP check, 10.5 mL/h MAP via arterial line", "stopped"),
        (f"{ORDER}, heparin, subcut", "stopped"),
        (f"{ORDER}. MAP by mouth", "stopped"),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_route_beside_a_pressure_or_another_medicine_is_not_the_drugs(order: str, status: str) -> None:
    check = check_order(order)
    assert check.status == status, [item.says for item in (*check.refusals, *check.findings)]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (
            "milrinone 0.5 mcg/kg/min, 80 kg, 20 mg/100 mL, 12 mL/h, titrate by 0.125 mcg/kg/min q2h up to 18 mL/h",
            {"pump-rate-without-rate": "warn"},
        ),
        (f"milrinone load 50 mcg/kg over at least 10 min then {THEN}", {}),
        (f"milrinone load 50 mcg/kg over at least 2 min then {THEN}", {"load-too-fast": "stop"}),
        (f"{AT_TOP}. Titrate by 0.125 mcg/kg/min q2h, max 0.75 mcg/kg/min", {}),
        (f"{AT_TOP}. Titrate by 0.125 mcg/kg/min q2h", {"step-above-maximum": "stop"}),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_a_highest_rate_a_least_time_and_a_cap_are_read(order: str, found: dict[str, str]) -> None:
    assert rules(check_order(order)) == found


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (f"{ORDER}, premature CAD", False),
        (f"{ORDER}, premature contractions", False),
        (f"{ORDER}, premature", True),
        ("infant 18 months, milrinone 0.5 mcg/kg/min, 13.5 kg, 20 mg/100 mL, 2.025 mL/h", False),
        ("infant, milrinone 0.5 mcg/kg/min, 70 kg, 20 mg/100 mL, 10.5 mL/h", True),
        ("infant 18 months, milrinone 0.5 mcg/kg/min, 70 kg, 20 mg/100 mL, 10.5 mL/h", True),
        ("infant 30 weeks, milrinone 0.5 mcg/kg/min, 70 kg, 20 mg/100 mL, 10.5 mL/h", True),
    ],
)
@pytest.mark.hazard("order-that-contradicts-itself")
def test_an_age_in_numbers_goes_before_the_word(text: str, *, asks: bool) -> None:
    assert ("age-and-weight-apart" in {item.id for item in check_order(text).refusals}) is asks
