"""A predictive check in words and as a table: what a figure of it shows, for a terminal and for who does not see it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from inotrope.display.sheet import Table
from inotrope.evaluation import TableFit
from inotrope.evaluation.predictive_check import PredictiveCheck
from inotrope.evaluation.record import Floats
from inotrope.simulation.answer import INTERNAL, factor

_DIGITS = 3


def check_says(checks: Sequence[PredictiveCheck]) -> str:
    """Return what was done, and how many measured percentiles lie inside their intervals.

    Args:
        checks: One or more, from the same drawn tables.
    """
    counts = "; ".join(
        f"{_name(check)}: {int(check.inside.sum())} of {check.inside.size} measured percentiles lie inside, and "
        f"{_drawn_with_as_few(check)} as few"
        for check in checks
    )
    return (
        f"The table was drawn {checks[0].replicates:,} times anew by the model, with its spread and its error. In each "
        "bin the percentiles 5, 50 and 95 of the measured levels stand beside the interval that holds 90 % of those "
        f"of the drawn tables. {counts[0].upper()}{counts[1:]}; where the model holds about 90 % do."
    )


def check_table(fit: TableFit, check: PredictiveCheck) -> Table:
    """Return every bin with its measured percentiles, each beside its interval."""
    units = fit.model.data or INTERNAL
    scale, hours = factor("ng/mL", units.concentration), factor("h", units.time)
    rows = []
    for place, count in enumerate(check.counts.tolist()):
        begin, end = check.begin_h[place] * hours, check.end_h[place] * hours
        time = _number(end) if begin == end else f"{_number(begin)} to {_number(end)}"
        cells = [
            _cell(observed * scale, simulated * scale, bool(inside), units.concentration)
            for observed, simulated, inside in zip(
                check.observed[place], check.simulated[place], check.inside[place], strict=True
            )
        ]
        rows.append((f"{time} {units.time}", f"{count:,}", *cells))
    head = ("Time", "Levels", "5 %", "50 %", "95 %")
    return Table(f"{_name(check).capitalize()} check: measured, and where 90 % of drawn tables lie", head, tuple(rows))


def _drawn_with_as_few(check: PredictiveCheck) -> str:
    if not check.as_few:
        return "none of the drawn tables has"
    share = f"{100 * check.as_few:.1f} %" if check.as_few < 1 / 100 else f"{100 * check.as_few:.0f} %"
    return f"{share} of the drawn tables have"


def _name(check: PredictiveCheck) -> str:
    return "prediction-corrected" if check.corrected else "plain"


def _cell(observed: float, simulated: Floats, inside: bool, unit: str) -> str:
    low, _, high = simulated.tolist()
    own = "below the limit" if math.isnan(observed) else f"{_number(observed)} {unit}"
    where = "inside" if inside else "outside"
    if math.isnan(high):
        return f"{own}, {where}: all below it" if inside else f"{own}, {where}: all below the limit"
    if math.isnan(low):
        return f"{own}, {where}: up to {_number(high)} {unit}"
    return f"{own}, {where}: {_number(low)} to {_number(high)} {unit}"


def _number(value: float) -> str:
    """Return three digits, and whole numbers from a hundred on."""
    return f"{float(value):,.{_DIGITS}g}" if abs(value) < 10**_DIGITS else f"{float(value):,.0f}"
