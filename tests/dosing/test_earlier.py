"""What ran too fast within the last day: rates that are over, and how much they brought beyond the maximum."""

from __future__ import annotations

import pytest

from inotrope.dosing import given_too_fast, highest_earlier_rate, history
from tests.dosing.adult import ago, bolus, case, entry, infusion, quantity

ADULT = "adult-acute-decompensated-heart-failure"
BELOW_30 = "newborn-below-30-weeks-kemh"


def run(start: str, end: str, rate: str) -> dict[str, str]:
    return {"of": "milrinone", "start": ago(start), "end": ago(end), "rate": rate}


@pytest.mark.parametrize(
    ("id_", "given", "rate", "amount"),
    [
        (ADULT, [], None, None),
        # (25 - 0.75) x 12 min = 291 mcg/kg
        (ADULT, [run("1", "0.8", "25 mcg/kg/min"), infusion("0.8", "0.25 mcg/kg/min")], "25 mcg/kg/min", "291 mcg/kg"),
        (ADULT, [run("26", "24", "5 mcg/kg/min"), infusion("2", "0.25 mcg/kg/min")], None, None),  # a day ago
        (ADULT, [infusion("1", "5 mcg/kg/min")], None, "255 mcg/kg"),  # it runs: (5 - 0.75) x 60
        (ADULT, [run("1", "0", "0.5 mcg/kg/min")], "0.5 mcg/kg/min", None),  # it ends now
        (ADULT, [bolus("3", "30 mcg/kg"), run("2", "1", "1.25 mcg/kg/min")], "1.25 mcg/kg/min", "60 mcg/kg"),
        (ADULT, [bolus("30", "30 mcg/kg"), run("2", "1", "1.25 mcg/kg/min")], "1.25 mcg/kg/min", "30 mcg/kg"),
        (ADULT, [bolus("3", "90 mcg/kg")], None, None),
        # A load by rate, 0.75 for 3 h; then too long, broken, and not first: (0.75 - 0.2) x 60 = 33 mcg/kg an hour.
        (BELOW_30, [run("4", "1", "0.75 mcg/kg/min"), infusion("1", "0.2 mcg/kg/min")], None, None),
        (BELOW_30, [infusion("2", "0.75 mcg/kg/min")], None, None),
        (BELOW_30, [infusion("4", "0.75 mcg/kg/min")], None, "132 mcg/kg"),
        (BELOW_30, [run("5", "1", "0.75 mcg/kg/min")], "0.75 mcg/kg/min", "132 mcg/kg"),
        (
            BELOW_30,
            [run("5", "4", "0.75 mcg/kg/min"), run("3", "2", "0.75 mcg/kg/min")],
            "0.75 mcg/kg/min",
            "33 mcg/kg",
        ),
        (BELOW_30, [run("5", "4", "0.2 mcg/kg/min"), run("4", "3", "0.75 mcg/kg/min")], "0.75 mcg/kg/min", "33 mcg/kg"),
    ],
)
def test_what_ran_too_fast(id_: str, given: list[dict[str, str]], rate: str | None, amount: str | None) -> None:
    past = history(case(administrations=given), drug="milrinone")
    assert highest_earlier_rate(entry(id_), past) == (None if rate is None else quantity(rate))
    assert given_too_fast(entry(id_), past) == (None if amount is None else quantity(amount))
