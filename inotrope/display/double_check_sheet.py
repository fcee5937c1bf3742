"""The outcome of a double check, for the person who entered second: what agrees, and never what the first one meant.

Knows words and order only. A difference weighs as much as a stop, for nothing may be set on it.
"""

from __future__ import annotations

from inotrope.display.sheet import Card, Mark, Row
from inotrope.plan.double_check.comparing import DoubleCheck
from inotrope.plan.double_check.settings import AS_IT_RUNS, DOWN, START, UP, ToBeSet

NAMES = {
    "weight": "Weight",
    "concentration": "Concentration",
    "pump rate": "Rate on the pump",
    "rate": "Rate per body weight",
}
"""Each item as a reader sees it."""
SETTINGS = {
    START: "the rate of this plan",
    AS_IT_RUNS: "the rate that runs",
    UP: "the next step up",
    DOWN: "the next step down",
}
"""Each setting as a reader sees it."""
BOTH_MAY_BE_WRONG = (
    "Two people who agree can both be wrong: the order, the patient and the line are still to be checked."
)
_NOTHING_SHOWN = (
    "Do not set the pump. Neither entry is shown here, so that nobody copies one: go back to the order, the scale and "
    "the label of the bag, each for yourself, then enter again."
)


def outcome_card(check: DoubleCheck, attempts: int) -> Card:
    """Return what came out.

    Args:
        check: What was compared.
        attempts: How many entries there were, this one counted.
    """
    rows = [
        Row(NAMES[item.item], "agrees" if item.agrees else "differs", strong=not item.agrees) for item in check.items
    ]
    rows.append(Row("Entries so far", str(attempts)))
    if check.agrees:
        return Card(Mark.PASSED, "Both mean the same", "", (*rows, Row("", BOTH_MAY_BE_WRONG)), "AGREE:")
    differing = " and ".join(NAMES[item].lower() for item in check.differing)
    return Card(Mark.STOP, differing, "", (*rows, Row("", _NOTHING_SHOWN)), "DIFFERS:")


def setting_card(meant: ToBeSet) -> Card:
    """Return what was meant, for the record after both agreed and for the first person alone."""
    return Card(
        Mark.INFORM,
        f"{meant.drug}, {SETTINGS[meant.name]}",
        "",
        (
            Row("Weight", f"{meant.weight}"),
            Row("Concentration", f"{meant.concentration}"),
            Row("Rate on the pump", f"{meant.pump_rate} of {meant.drug} {meant.concentration}", strong=True),
            Row("Rate per body weight", meant.rate.shown(4)),
        ),
        "TO BE SET:",
    )
