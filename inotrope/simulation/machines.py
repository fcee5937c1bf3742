"""Machines beside a regimen, as text: what one clears of the drug, from when and to when.

Knows the sentence `1.2 L/h from 6 h to 30 h`. It adds nothing up and estimates nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from inotrope.errors import InotropeError, RequestError, shorten
from inotrope.patient.machine_clearance import read_machine_clearance
from inotrope.population import ExtracorporealClearance
from inotrope.units import read_quantity

_SENTENCE = re.compile(
    r"\s*(?P<clearance>.+?)(\s+from\s+(?P<start>.+?))?(\s+to\s+(?P<end>.+?))?\s*", re.IGNORECASE | re.DOTALL
)
_LONGEST = 200
"""Characters of one sentence."""
_EXAMPLE = "1.2 L/h from 6 h to 30 h"


def read_machines(written: Iterable[str | ExtracorporealClearance]) -> tuple[ExtracorporealClearance, ...]:
    """Return the machines; those of one time add up.

    Args:
        written: Each as text, a clearance with its times from 0 h on (without `from` it ran before, without `to` it
            runs on), or as entered before.

    Raises:
        RequestError: No such sentence, or it ends before it starts.
        UnitError: A clearance or a time without a unit, or with one of another kind.
        CaseError: A clearance that no machine has.
    """
    return tuple(item if isinstance(item, ExtracorporealClearance) else _read(item) for item in written)


def _read(text: str) -> ExtracorporealClearance:
    found = _SENTENCE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise RequestError(f"'{shorten(text)}' is no machine. Write '{_EXAMPLE}'.", value=text, accepted=_EXAMPLE)
    try:
        return ExtracorporealClearance.entered(
            "The machine",
            clearance=read_machine_clearance(found["clearance"]),
            because=f"'{' '.join(text.split())}'",
            start_h=-np.inf if found["start"] is None else _hour("Start", found["start"]),
            end_h=np.inf if found["end"] is None else _hour("End", found["end"]),
        )
    except InotropeError as problem:
        raise problem.at(f"machine '{shorten(text)}'") from None


def _hour(what: str, text: str) -> float:
    time = read_quantity(text, what=what, dimensions=("time",), positive=False)
    if time.value < 0:
        raise RequestError(
            f"{what} '{shorten(text)}' lies before 0 h. Leave it out.", value=text, accepted="0 h or more"
        )
    return float(time.in_unit("h"))
