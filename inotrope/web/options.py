"""What is asked beside a case, as text: overrides, an assumed kidney function, changes to suppose, a wanted range.

The same texts as on the command line; what each means is read where the answer is made.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one answer; a field that an answer has no use for is left at its default."""

    overrides: tuple[tuple[str, str], ...] = ()
    """Rule and reason, in pairs."""
    assume_kidney: str | None = None
    """Such as `60 mL/min/1.73 m2`."""
    what_if: tuple[str, ...] = ()
    """Such as `pause 2 h after 6 h`."""
    concentration: str | None = None
    """The wanted levels of a target, such as `100-300 ng/mL`."""
    penalty: str | None = None
    hours: str | None = None
    result_after: str | None = None
    regimen: str | None = None
    """What is given from now on, for the circulation."""
    typical: str | None = None
    """The typical heart that stands in for what was not measured."""
    model: str | None = None
    """A shipped model by its name."""
    models: tuple[str, ...] = ()
    """Shipped models to fit by."""
