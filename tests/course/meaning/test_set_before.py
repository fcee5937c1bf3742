"""A pump that was set by another weight or another bag gives another rate than the record says."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.course.meaning.as_of import Knowing, case_at, case_now
from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.recording import correct, record_case, record_given, record_happened
from inotrope.course.meaning.set_before import set_before
from tests.course.meaning.ward import Ward, adult, at, rate, written

STRONG = {"product": "vial", "concentration": "1 mg/mL", "volume": "50 mL"}


def weigh(bed: Ward, weight: str) -> None:
    case: dict[str, Any] = fold(bed.events, bed.store.document)
    case["patient"] = {**case["patient"], "weight": weight}
    case["measurements"] = [item for item in case["measurements"] if item["what"] != "body weight"]
    record_case(bed.by(), {**case, "now": bed.now.isoformat()})


def gives(bed: Ward) -> str:
    found = case_now(bed.events, bed.store.document, bed.now)
    assert (found.pump is None) is not any(text.startswith("Look at the pump.") for text in found.says)
    return "" if found.pump is None else found.pump.gives.shown(4)


@pytest.mark.hazard("wrong-weight")
def test_a_weight_that_was_wrong_ten_fold(bed: Ward) -> None:
    weigh(bed, "8.2 kg")
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    assert gives(bed) == ""
    weigh(bed.set(2), "82 kg")
    # 0.375 for 8.2 kg is 3.075 mcg/min; over 82 kg that is a tenth
    assert gives(bed) == "0.0375 mcg/kg/min"
    found = case_now(bed.events, bed.store.document, bed.now)
    assert "the weight that doses was 8.2 kg and is 82 kg" in found.says[0]
    record_given(bed.set(3).by(), rate("0.375 mcg/kg/min", 3))  # the pump was set anew
    assert gives(bed) == ""


@pytest.mark.hazard("concentration-entry")
def test_a_bag_of_another_strength(bed: Ward) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    record_happened(bed.set(2).by(), "preparation", {**STRONG, "hung": written(2)})
    assert gives(bed) == "1.875 mcg/kg/min"  # five times as strong
    assert "the bag held 200 mcg/mL and holds 1,000 mcg/mL" in case_now(bed.events, bed.store.document, bed.now).says[0]
    record_given(bed.set(3).by(), rate("0 mcg/kg/min", 3))
    assert gives(bed) == ""  # nothing runs


def test_both_at_once_and_a_bag_that_nobody_knows(bed: Ward) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    record_happened(bed.by(), "preparation", {**STRONG, "hung": written(1)})
    weigh(bed.set(2), "41 kg")
    assert gives(bed) == "3.75 mcg/kg/min"  # twice for the weight, five times for the bag
    record_happened(bed.by(), "preparation", {"product": "vial", "hung": written(2)})
    assert gives(bed) == "0.75 mcg/kg/min"  # of the bag nothing can be said


@pytest.mark.parametrize(("weight", "told"), [("86.1 kg", False), ("87 kg", True), ("79 kg", False), ("78 kg", True)])
def test_the_weight_of_another_day_is_no_alarm(bed: Ward, weight: str, told: bool) -> None:
    # 5 % is the vocabulary's judgement of the parts of an order: 82 / 86.1 is 4.8 % less, 82 / 78 is 5.1 % more,
    # 82 / 87 is 5.7 % less, 82 / 79 is 3.8 % more
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    weigh(bed, weight)
    assert bool(gives(bed)) is told


def test_a_rate_that_was_corrected_was_written_down_by_its_correction(bed: Ward) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    weigh(bed.set(2), "41 kg")
    assert gives(bed) == "0.75 mcg/kg/min"
    correct(bed.by(), 3, why="as the pump stands", instead=rate("0.75 mcg/kg/min", 1))
    assert gives(bed) == ""


def test_a_rate_that_stands_in_the_case_alone(empty_bed: Ward) -> None:
    empty_bed.set(1)
    given = [rate("0.25 mcg/kg/min", 0), rate("0.375 mcg/kg/min", 0.5)]
    record_case(empty_bed.by(), adult(administrations=given, now=written(1)))
    weigh(empty_bed.set(2), "41 kg")
    assert gives(empty_bed) == "0.75 mcg/kg/min"
    record_given(empty_bed.by(), {**rate("0.1 mcg/kg/min", 0.1), "of": "dobutamine"})
    assert gives(empty_bed) == "0.75 mcg/kg/min"


def test_what_was_struck_out_wrote_nothing_down(bed: Ward) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    record_given(bed.by(), rate("0.5 mcg/kg/min", 1))
    correct(bed.by(), 4, why="of another bed")
    record_given(bed.by(), rate("0.5 mcg/kg/min", 0.5))
    weigh(bed.set(2), "41 kg")
    assert gives(bed) == "0.75 mcg/kg/min"


def test_it_is_told_of_a_moment_that_has_passed_by_what_was_known_then(bed: Ward) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    weigh(bed.set(2), "41 kg")
    record_given(bed.set(3).by(), rate("0.375 mcg/kg/min", 3))
    then = case_at(bed.events, bed.store.document, at(2.5))
    assert then.pump is not None and then.pump.says in then.says
    since = case_at(bed.events, bed.store.document, at(2.5), knowing=Knowing.SINCE)
    assert since.pump is None


def test_events_that_do_not_hold_the_rate_say_nothing(bed: Ward) -> None:
    record_given(bed.set(1).by(), rate("0.375 mcg/kg/min", 1))
    found = case_now(bed.events, bed.store.document, bed.now)
    assert set_before(bed.events[:2], bed.store.document, found.case) is None
