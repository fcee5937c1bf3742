"""Two runs of one machine at once: what a second "since" makes of one machine that was entered twice.

Knows that a machine that ended is entered again with the "since" that it began with. With another one it is a second
run, and the first goes on: that is told, and neither is chosen.
"""

from __future__ import annotations

from itertools import combinations

from inotrope.course.meaning.folding import CaseTable
from inotrope.patient import read_case
from inotrope.patient.case import Support


def runs_twice(table: CaseTable) -> tuple[str, ...]:
    """Return a sentence for each pair of runs of one machine that are recorded for the same time.

    Args:
        table: A case, for a moment.
    """
    case = read_case(table)
    runs = sorted(case.support or (), key=lambda item: item.start)
    return tuple(
        f"{earlier.what} is recorded twice for the same time: {_run(earlier)}, and {_run(later)}. Correct one of "
        "the two entries; a machine that ended is entered with the 'since' that it began with."
        for earlier, later in combinations(runs, 2)
        if earlier.what == later.what and (earlier.end is None or earlier.end > later.start)
    )


def _run(item: Support) -> str:
    """Return a run in words, in the clock that it was written in."""
    until = "with no end" if item.end is None else f"until {item.end:%Y-%m-%d %H:%M}"
    return f"since {item.start:%Y-%m-%d %H:%M} {until}"
