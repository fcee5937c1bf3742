"""A regimen as a nurse says it: load, rates, pauses; what is accepted, and what is refused by name and part."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inotrope.dosing import PartKind, RegimenPart, WrittenRegimen, read_regimen
from inotrope.errors import InotropeError, RequestError
from inotrope.units import Quantity

SAID = "50 mcg/kg over 10 min; 0.5 mcg/kg/min for 24 h; 0.375 mcg/kg/min for 24 h; pause 2 h"


def test_a_load_two_rates_and_a_pause_are_read_in_order() -> None:
    regimen = read_regimen(SAID)
    assert [part.kind for part in regimen.parts] == [
        PartKind.LOAD,
        PartKind.INFUSION,
        PartKind.INFUSION,
        PartKind.PAUSE,
    ]
    load, first, _, pause = regimen.parts
    assert load.dose == Quantity(Decimal(50), "mcg/kg") and load.duration == Quantity(Decimal(10), "min")
    assert first.rate == Quantity(Decimal("0.5"), "mcg/kg/min") and first.duration == Quantity(Decimal(24), "h")
    assert pause.rate is None and pause.dose is None and pause.duration == Quantity(Decimal(2), "h")


def test_what_is_read_is_written_back_as_it_was_said() -> None:
    assert str(read_regimen(SAID)) == SAID
    assert str(read_regimen("  50 MCG/KG Over 10 min ;\n 0.5 mcg/kg/min;".replace("MCG/KG", "mcg/kg"))) == (
        "50 mcg/kg over 10 min; 0.5 mcg/kg/min"
    )


def test_the_parts_follow_each_other_on_the_clock() -> None:
    timed = read_regimen("50 mcg/kg over 30 min; 0.5 mcg/kg/min for 1 h; pause for 2 h; 21 mcg/min").timed()
    assert [(item.start_h, item.end_h) for item in timed] == [
        (Decimal(0), Decimal("0.5")),
        (Decimal("0.5"), Decimal("1.5")),
        (Decimal("1.5"), Decimal("3.5")),
        (Decimal("3.5"), None),
    ]


def test_each_part_flows_at_a_rate_for_this_weight() -> None:
    # 50 mcg/kg x 70 kg in 0.5 h = 7,000 mcg/h; 0.5 mcg/kg/min x 70 kg = 2,100 mcg/h; 21 mcg/min = 1,260 mcg/h;
    # 4.2 mg over 2 h = 2,100 mcg/h
    regimen = read_regimen("50 mcg/kg over 30 min; 4.2 mg over 2 h; 0.5 mcg/kg/min for 1 h; pause 2 h; 21 mcg/min")
    weight = Quantity(Decimal(70), "kg")
    assert [part.mcg_per_h(weight) for part in regimen.parts] == [7000, 2100, 2100, 0, 1260]


def test_the_rate_in_the_end_is_that_of_the_last_infusion_and_none_after_a_pause() -> None:
    assert read_regimen("0.5 mcg/kg/min for 24 h; 0.375 mcg/kg/min").last_rate == Quantity(
        Decimal("0.375"), "mcg/kg/min"
    )
    assert read_regimen("0.5 mcg/kg/min for 24 h; pause 2 h").last_rate is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "1000 mg over 60 min every 12 h, 2 times",
            "1,000 mg over 60 min; pause 660 min; 1,000 mg over 60 min; pause 660 min",
        ),
        ("1 g over 1 h EVERY 1 h 3 times; 80 mg/h", "1 g over 1 h; 1 g over 1 h; 1 g over 1 h; 80 mg/h"),
        ("2 mg over 10 min every 12 h, 1 times", "2 mg over 10 min; pause 710 min"),
    ],
)
def test_a_dose_is_repeated_with_the_pause_up_to_the_next(text: str, said: str) -> None:
    assert str(read_regimen(text)) == said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 g over 60 min every 12 h", "say how long it takes and how often"),
        ("1 g every 12 h, 3 times", "part 1.*Accepted"),
        ("80 mg/h every 12 h, 3 times", "say how long it takes"),
        ("1 g over 60 min every 12 h, 0 times", "1 to 100 times"),
        ("1 g over 60 min every 12 h, 1000000 times", "1 to 100 times"),
        ("1 g over 60 min every 12, 3 times", "part 1.*has no unit"),
        ("1 g over 2 h every 90 min, 3 times", "A dose over 2 h is not over when the next begins"),
        ("1 g over 1 h every 2 h, 51 times", "With its repeats the regimen has 102 parts"),
    ],
)
def test_a_repeat_that_says_too_little_is_refused(text: str, says: str) -> None:
    with pytest.raises(InotropeError, match=says):
        read_regimen(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no part"),
        ("  ; ; ", "no part"),
        ("0.5 mcg/kg/min; 0.375 mcg/kg/min", "part 1 has no end"),
        ("pause; 0.375 mcg/kg/min", "part 1 has no end"),
        ("0.5 mcg/kg over", "Part 1"),
        ("half for 3 h", "Part 1"),
        ("0.5 mcg/kg/min for 24 h; 0.5 for 2 h", "Part 2"),
        ("0.5 mcg/kg/min over 24 h", "Part 1"),  # a rate has no amount to spread over a time
        ("50 mcg/kg for 10 min", "Part 1"),  # a dose is given over a time
        ("50 mcg/kg", "Part 1"),
        ("0 mcg/kg/min for 2 h", "Part 1"),  # zero is a pause, and is called one
        ("0.5 mcg/kg/min for 0 h", "Part 1"),
        ("0.5 mcg/kg/min for 24", "Part 1"),
        ("0.5 mcg/kg/min for 24 mL", "Part 1"),
        ("0.5 mcg/kg/min for 9000 h; 1 mcg/kg/min", "366 days"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_the_part(text: str, says: str) -> None:
    with pytest.raises(InotropeError) as caught:
        read_regimen(text)
    assert says.lower() in str(caught.value).lower()


def test_a_text_without_end_is_not_read() -> None:
    with pytest.raises(RequestError, match="101"):
        read_regimen("1 mcg/kg/min for 1 min;" * 101)


def test_a_regimen_can_be_put_together_from_parts() -> None:
    rate = Quantity(Decimal("0.375"), "mcg/kg/min")
    assert str(WrittenRegimen((RegimenPart(PartKind.INFUSION, None, rate, None),))) == "0.375 mcg/kg/min"
