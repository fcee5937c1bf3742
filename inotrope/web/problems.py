"""Errors at the fields of a small form: which field an error belongs to, and its sentence.

Knows that an error names its place, repeats the value that it refuses, or speaks of the field by its name; where it
does neither it stands above the form. The case form has its own way (`form/checking.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from inotrope.errors import InotropeError, shorten

CASE = "case"


def of_case(problem: InotropeError) -> bool:
    """Tell whether an error is one of the case itself, which the case form shows at its own fields."""
    return (problem.where or "").startswith(CASE)


def at_field(problem: InotropeError, fields: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong by the name of a field, under an empty name where no field holds it.

    Args:
        problem: What was raised.
        fields: What was typed, by the name of the field, those that the form holds alone.
    """
    place = next((part for part in (problem.where or "").split(": ") if part in fields), None)
    if place is not None:
        return {place: problem.says}
    value = problem.value
    if value:
        for name, text in fields.items():
            if text.strip() and (shorten(text) == value or shorten(text.strip()) == value):
                return {name: problem.says}
    told = problem.says.lower()
    return {next((name for name in fields if name.replace("_", " ") in told), ""): problem.says}
