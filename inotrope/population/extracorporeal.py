"""What a machine clears beside the body: a dated term, used only where a clearance was entered.

Knows from when to when a machine ran with which clearance of the drug. It never estimates that clearance: whether a
filter takes milrinone away is disputed in the sources (efficiently not, says a review; 99 % in two hours in a closed
circuit, says a bench study), so without an entered clearance or a measured level the model refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from inotrope.errors import RequestError
from inotrope.population.forms import Array
from inotrope.units import Quantity

ENTER = (
    "Enter what it clears of the drug, a clearance such as '1.2 L/h': in a case with the machine itself, with a "
    "regimen alone beside it, with its hours ('1.2 L/h from 6 h to 30 h')."
)
"""Where a machine's clearance is entered; the numbers are examples of form."""


@dataclass(frozen=True, slots=True)
class ExtracorporealClearance:
    """One stretch of a machine: its clearance of the drug, entered by a person who says where it comes from."""

    what: str
    start_h: float
    end_h: float
    clearance_l_per_h: float
    because: str

    @classmethod
    def entered(
        cls, what: str, *, clearance: Quantity, because: str, start_h: float = -np.inf, end_h: float = np.inf
    ) -> ExtracorporealClearance:
        """Return a proved term.

        Args:
            what: The machine, such as `CRRT`.
            clearance: Of the drug by the machine, a flow above zero.
            because: Where the number comes from; shown with every answer.
            start_h: When it starts, h; by default it ran before everything.
            end_h: When it ends, h; by default it runs on.

        Raises:
            RequestError: It ends before it starts, clears nothing, or nobody says where the number comes from.
            UnitError: The clearance is no flow.
        """
        flow = float(clearance.in_unit("L/h"))
        if not flow > 0:
            raise RequestError(f"A clearance of {what} of {clearance} is none. Leave it out, or enter one above zero.")
        if not start_h < end_h:
            raise RequestError(f"{what} ends at {end_h:g} h and starts at {start_h:g} h. Check the times.")
        if not because.strip():
            raise RequestError(f"The clearance of {what} needs its reason: how was {clearance} measured or derived?")
        return cls(what, start_h, end_h, flow, because)

    @property
    def says(self) -> str:
        """What is added, in words."""
        return f"{self.what} clears {self.clearance_l_per_h:g} L/h beside the body, as entered: {self.because}."

    @property
    def times_h(self) -> tuple[float, ...]:
        """The moments at which it changes something, for the boundaries of the stretches."""
        return tuple(time for time in (self.start_h, self.end_h) if np.isfinite(time))


def with_machines(
    parameters: Mapping[str, Array], begin_h: Array, machines: Iterable[ExtracorporealClearance]
) -> dict[str, Array]:
    """Return the parameters with the machines' clearances added to the body's own.

    Args:
        parameters: By name, of individuals, arrays (..., rows).
        begin_h: (segments,), ascending; the starts and ends of the machines must be among them, but for a start before
            the first.
        machines: The terms; those that run at one time add up.

    Returns:
        The same by name; the clearance as (..., segments).

    Raises:
        RequestError: A machine starts or ends within a stretch.
    """
    begin, found = np.asarray(begin_h, dtype=np.float64), dict(parameters)
    for machine in machines:
        inside = [time for time in machine.times_h if time > begin[0] and not (begin == time).any()]
        if inside:
            raise RequestError(f"{machine.what} changes at {inside[0]:g} h, within a stretch of constant parameters.")
        runs = (begin >= machine.start_h) & (begin < machine.end_h)
        found["clearance"] = found["clearance"] + np.where(runs, machine.clearance_l_per_h, 0.0)
    return found
