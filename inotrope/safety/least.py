"""The facts of which a record that perhaps does not hold all that was given knows only the least.

Knows their names. Where such a fact crosses a limit, it crosses it whatever else was given; where it does not, nobody
can say, and the record is asked for (`Case.incomplete`).
"""

from __future__ import annotations

from inotrope.patient import Case
from inotrope.safety.dose_facts import TOTAL
from inotrope.safety.rate_facts import EARLIER, LOAD_TOO_FAST, ON_TOP, TOO_FAST
from inotrope.safety.trends import SINCE_START

GIVEN = "administrations"
LEAST = frozenset(
    {
        *(TOTAL, EARLIER, TOO_FAST, LOAD_TOO_FAST, ON_TOP, *SINCE_START),
        *("largest dose given", "doses given in 24 h", "given 24 h", "running for"),
    }
)
"""What more doses or more hours could only raise."""


def is_the_least(case: Case, fact: str) -> bool:
    """Tell whether a fact is only the least that is true of this case."""
    return fact in LEAST and GIVEN in case.incomplete
