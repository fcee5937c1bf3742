"""The outcome of a double check, for the person who entered second: what agrees, and never what the first one meant.

Knows words and order only. A difference weighs as much as a stop, for nothing may be set on it.
"""

from __future__ import annotations

from inotrope.display.sheet import Card, Mark, Row
from inotrope.plan.double_check.comparing import DoubleCheck
from inotrope.plan.double_check.first_given import DRAWN_UP, FIRST_RATE, NOTHING, FirstGiven
from inotrope.plan.double_check.items import (
    CONCENTRATION,
    IN_ALL,
    LOAD,
    LOAD_RATE,
    OVER,
    PUMP_RATE,
    RATE,
    STRENGTH,
    VOLUME,
    WEIGHT,
    as_shown,
)
from inotrope.plan.double_check.settings import AFTER, AS_IT_RUNS, DOWN, START, UP, ToBeSet

NAMES = {
    WEIGHT: "Weight",
    CONCENTRATION: "Concentration on the pump",
    LOAD: "What goes in first",
    STRENGTH: "Strength of the vial",
    VOLUME: "Volume drawn up",
    IN_ALL: "Volume in the syringe, diluted or not",
    OVER: "Time in which it goes in",
    LOAD_RATE: "Rate on the pump while it goes in",
    PUMP_RATE: "Rate on the pump",
    RATE: "Rate per body weight",
}
"""Each item as a reader sees it."""
SETTINGS = {
    START: "the start of the infusion",
    AS_IT_RUNS: "the rate that runs",
    AFTER: "the rate after the load, once that is in",
    UP: "the next step up",
    DOWN: "the next step down",
}
"""Each setting as the second person sees it: it does not tell what goes in first."""
WAYS = {
    NOTHING: "nothing: no load, the infusion starts at its rate",
    DRAWN_UP: "a load that is drawn up from a vial",
    FIRST_RATE: "a first rate of the same bag, for a time",
}
"""Each way to begin, as a second person chooses it."""
BOTH_MAY_BE_WRONG = (
    "Two people who agree can both be wrong: the order, the patient and the line are still to be checked."
)
_NOTHING_SHOWN = (
    "Do not set the pump. Neither entry is shown here, so that nobody copies one: go back to the order, the scale and "
    "the label of the bag, each for yourself, then enter again."
)
_NOT_COMPARED = "not compared: the plan does not say it. The pharmacist says how it is diluted"


def outcome_card(check: DoubleCheck, attempts: int, when: str = "") -> Card:
    """Return what came out.

    Args:
        check: What was compared.
        attempts: How many entries there were, this one counted.
        when: The time of the server's clock at which both agreed.
    """
    rows = [
        Row(NAMES[item.item], "agrees" if item.agrees else "differs", strong=not item.agrees) for item in check.items
    ]
    rows += [Row(NAMES[item], _NOT_COMPARED, mark=Mark.WARN) for item in check.unchecked]
    rows.append(Row("Entries so far", str(attempts)))
    if check.agrees:
        rows += [Row("Agreed at", f"{when}, by the clock of this computer", strong=True)] if when else []
        return Card(Mark.PASSED, "Both mean the same", "", (*rows, Row("", BOTH_MAY_BE_WRONG)), "AGREE:")
    differing = " and ".join(NAMES[item][0].lower() + NAMES[item][1:] for item in check.differing)
    return Card(Mark.STOP, differing, "", (*rows, Row("", _NOTHING_SHOWN)), "DIFFERS:")


def called(meant: ToBeSet) -> str:
    """Return what the first person means to set, in a few words: a start with what goes in before it."""
    first = meant.first
    if first is None:
        return SETTINGS[meant.name]
    if first.how == FIRST_RATE:
        return f"{SETTINGS[meant.name]}, with a first rate in the place of a load"
    if first.how == NOTHING:
        return f"{SETTINGS[meant.name]}, without {'the' if first.left_out else 'a'} load"
    amounts = dict(first.amounts)
    if IN_ALL not in amounts:
        return f"{SETTINGS[meant.name]}, with its load, diluted as the pharmacist says"
    diluted = amounts[IN_ALL] != amounts[VOLUME]
    return f"{SETTINGS[meant.name]}, with its load {f'made up to {amounts[IN_ALL]}' if diluted else 'undiluted'}"


def setting_card(meant: ToBeSet, head: str = "TO BE SET:") -> Card:
    """Return what was meant, for the first person, and for both once they agreed: each item that is entered."""
    bag = f"of {meant.drug} {as_shown(CONCENTRATION, meant.concentration)}"
    rows = [Row("Set aside, with a reason", title, strong=True, mark=Mark.OVERRIDDEN) for title in meant.set_aside]
    rows += [
        Row(NAMES[WEIGHT], str(as_shown(WEIGHT, meant.weight))),
        Row(NAMES[CONCENTRATION], str(as_shown(CONCENTRATION, meant.concentration))),
    ]
    rows += [] if meant.first is None else _first(meant.first, bag)
    then = "then " if meant.first is not None and meant.first.how != NOTHING else ""
    rows += [
        Row(NAMES[PUMP_RATE], f"{then}{as_shown(PUMP_RATE, meant.pump_rate)} {bag}", strong=True),
        Row(NAMES[RATE], f"{then}{as_shown(RATE, meant.rate)}"),
    ]
    return Card(Mark.INFORM, f"{meant.drug}, {called(meant)}", "", tuple(rows), head)


def _first(first: FirstGiven, bag: str) -> list[Row]:
    amounts = {item: as_shown(item, amount) for item, amount in first.amounts}
    says = WAYS[first.how]
    says += " (the load of the plan is left out)" if first.left_out else ""
    rows = [Row(NAMES[LOAD], says, strong=True)]
    of = bag if first.how == FIRST_RATE else "of this syringe"
    ends = {VOLUME: " of the vial", LOAD_RATE: f" {of}"}
    rows += [Row(NAMES[item], f"{amount}{ends.get(item, '')}", strong=True) for item, amount in amounts.items()]
    if first.how == DRAWN_UP and IN_ALL not in amounts:
        rows.append(Row(NAMES[IN_ALL], _NOT_COMPARED, mark=Mark.WARN))
    return rows
